//! Credentials are in nothing that a command leaves behind: logs at the most detailed level, state, plans, messages.
//!
//! Each life has its credentials from somewhere else. That they were used at all is seen in what AWS was sent.

mod life;
mod proxy;
mod search;

use std::fs;

use tfplugin_testing::cli::Cli;

use self::life::{ACCOUNT, Life};
use self::search::{Secret, Told};

/// Where hosts have what the configuration says: variables in plans and what `show -json` makes of them, and what providers are sent.
const KEPT: [&str; 3] = ["tfplan", "show.json", "_Request_Config.msgpack"];

/// Everything that is secret of the keys that a life begins with.
fn base_keys() -> [Secret; 3] {
    [
        Secret::new("access key", "AKIASTARTSWITHTHISKEY"),
        Secret::new("secret key", "Secret/Of+TheKeyThatEverythingBeginsWith"),
        Secret::new("session token", "TokenOfTheKey/ThatEverything+BeginsWith=="),
    ]
}

fn variables(life: &mut Life, keys: &[Secret; 3]) {
    let [access_key, secret_key, token] = keys;
    life.set("AWS_ACCESS_KEY_ID", &access_key.text);
    life.set("AWS_SECRET_ACCESS_KEY", &secret_key.text);
    life.set("AWS_SESSION_TOKEN", &token.text);
}

/// What AWS received proves that the credentials were in use, and adds what they became on the way.
fn used(life: &Life, keys: &[Secret; 3]) -> Vec<Secret> {
    let [access_key, _, token] = keys;
    let calls = life.aws.calls();
    let by_key = |call: &&pod_fake_aws::Call| call.authorization.contains(&format!("Credential={}/", access_key.text));
    let signed = calls.iter().find(by_key).expect("a call signed with the key");
    assert_eq!(signed.security_token, token.text);
    life.issued()
}

#[test]
fn keys_of_variables_roles_that_they_assume_and_proxies_stay_secret() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let mut life = Life::new(cli);
        let keys = base_keys();
        variables(&mut life, &keys);
        life.aws.account(ACCOUNT).create_access_key(&keys[0].text);
        let external_id = Secret::new("external id", "ExternalIdOfTheRole/1");
        let [user, password] = [
            Secret::new("proxy user", "user-of-proxy"),
            Secret::new("proxy password", "PasswordOfTheProxy1"),
        ];
        let proxy = proxy::Proxy::start(&life.aws.url());
        life.set(
            "HTTP_PROXY",
            &format!("http://{}:{}@{}", user.text, password.text, proxy.address),
        );
        life.role("first", &external_id.text);
        life.role("second", "");
        life.set("TF_VAR_external_id", &external_id.text);
        life.provider(
            r#"
            endpoints {
              eks = "http://aws.test"
              iam = "http://aws.test"
              sts = "http://aws.test"
            }
            assume_role {
              role_arn    = "arn:aws:iam::111122223333:role/first"
              external_id = var.external_id
            }
            assume_role {
              role_arn = "arn:aws:iam::111122223333:role/second"
            }
            "#,
            &["external_id"],
        );
        let told = life.live();
        assert!(
            proxy.authorizations().contains(&password.in_base64_after(&user)),
            "the proxy was told the password"
        );
        let asked = life
            .aws
            .calls()
            .into_iter()
            .any(|call| call.parameter("ExternalId") == external_id.text);
        assert!(asked, "the external id was sent");
        let mut secrets = used(&life, &keys);
        secrets.push(Secret::new("proxy credentials", &password.in_base64_after(&user)));
        secrets.extend(keys);
        secrets.push(password);
        told.hold_none(&secrets);
        told.hold_only_in(&[external_id], &KEPT);
    }
}

#[test]
fn settings_are_only_in_what_the_host_keeps_of_them() {
    let mut life = Life::new(Cli::Terraform);
    let keys = base_keys();
    life.aws.account(ACCOUNT).create_access_key(&keys[0].text);
    let names = ["access_key", "secret_key", "token"];
    for (name, key) in names.iter().zip(&keys) {
        life.set(&format!("TF_VAR_{name}"), &key.text);
    }
    let url = life.aws.url();
    life.provider(
        &format!(
            r#"
            access_key = var.access_key
            secret_key = var.secret_key
            token      = var.token
            endpoints {{
              eks = "{url}"
              iam = "{url}"
              sts = "{url}"
            }}
            "#
        ),
        &names,
    );
    let told = life.live();
    told.hold_none(&used(&life, &keys));
    told.hold_only_in(&keys, &KEPT);
}

#[test]
fn a_token_of_an_identity_provider_and_what_it_is_changed_for_stay_secret() {
    let life = Life::new(Cli::Tofu);
    let issuer = life.issuer();
    let token = life
        .aws
        .web_identity_token(&issuer, "system:serviceaccount:ci:deploy", "sts.amazonaws.com");
    let file = life.input("token", &format!("{token}\n"));
    life.federated_role("ci", &issuer);
    let url = life.aws.url();
    life.provider(
        &format!(
            r#"
            endpoints {{
              eks = "{url}"
              iam = "{url}"
              sts = "{url}"
            }}
            assume_role_with_web_identity {{
              role_arn                = "arn:aws:iam::111122223333:role/ci"
              web_identity_token_file = "{file}"
            }}
            "#
        ),
        &[],
    );
    let told = life.live();
    let calls = life.aws.calls();
    let asked = calls.iter().any(|call| call.parameter("WebIdentityToken") == token);
    assert!(asked, "the token was sent");
    let mut secrets = life.issued();
    // Any of its three parts would do to recognise it.
    secrets.extend(token.split('.').map(|part| Secret::new("web identity token", part)));
    told.hold_none(&secrets);
}

#[test]
fn keys_of_shared_files_stay_secret() {
    let mut life = Life::new(Cli::Terraform);
    let keys = base_keys();
    let [access_key, secret_key, token] = &keys;
    life.aws.account(ACCOUNT).create_access_key(&access_key.text);
    let external_id = Secret::new("external id", "ExternalIdOfTheProfile");
    life.role("first", &external_id.text);
    let earlier = Secret::new("key that another file replaces", "ReplacedByTheKeyOfTheCredentialsFile");
    let config = format!(
        "[profile base]\naws_access_key_id = {}\naws_secret_access_key = {}\n\
         [profile deploy]\nsource_profile = base\nrole_arn = arn:aws:iam::111122223333:role/first\nexternal_id = {}\nregion = eu-central-1\n",
        access_key.text, earlier.text, external_id.text
    );
    let credentials = format!(
        "[base]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}\n",
        access_key.text, secret_key.text, token.text
    );
    let (config, credentials) = (life.input("config", &config), life.input("credentials", &credentials));
    life.set("AWS_CONFIG_FILE", &config);
    life.set("AWS_SHARED_CREDENTIALS_FILE", &credentials);
    let url = life.aws.url();
    life.set("AWS_ENDPOINT_URL", &url);
    life.provider("profile = \"deploy\"", &[]);
    let told = life.live();
    let mut secrets = used(&life, &keys);
    let asked = life
        .aws
        .calls()
        .into_iter()
        .any(|call| call.parameter("ExternalId") == external_id.text);
    assert!(asked, "the external id was sent");
    secrets.extend(keys);
    secrets.extend([earlier, external_id]);
    told.hold_none(&secrets);
}

#[test]
fn a_token_of_sso_and_the_password_of_a_proxy_stay_secret_when_nobody_answers() {
    // `aws sso login` names the file by the SHA-1 of the session's name.
    const CACHED: &str = ".aws/sso/cache/71b21161ffa1e6516bcc072aaf5ef38cbe85b511.json";
    let mut life = Life::new(Cli::Terraform);
    let token = Secret::new("token of SSO", "TokenOfSso-that-was-cached");
    let (user, password) = (
        Secret::new("proxy user", "user-of-proxy"),
        Secret::new("proxy password", "PasswordOfTheProxy1"),
    );
    let proxy = proxy::Proxy::start(&life.aws.url());
    let config = life.input(
        "config",
        "[profile work]\nsso_session = company\nsso_account_id = 111122223333\nsso_role_name = Deploy\nregion = eu-west-1\n\
         [sso-session company]\nsso_region = eu-north-1\nsso_start_url = https://company.example/start\n",
    );
    life.set("AWS_CONFIG_FILE", &config);
    life.set(
        "HTTPS_PROXY",
        &format!("http://{}:{}@{}", user.text, password.text, proxy.address),
    );
    life.provider("profile = \"work\"", &[]);
    let home = life.home();
    let cached = |expires: &str| {
        let file = home.join(CACHED);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = format!(
            r#"{{"accessToken": "{}", "expiresAt": "{expires}", "region": "eu-north-1", "startUrl": "https://company.example/start"}}"#,
            token.text
        );
        fs::write(file, text).unwrap();
    };
    cached("2099-01-01T00:00:00Z");
    let refused = life.fails();
    // It asks for credentials only with the token in hand.
    assert_eq!(
        proxy.tunnels(),
        ["portal.sso.eu-north-1.amazonaws.com:443"],
        "{refused}"
    );
    assert!(proxy.authorizations().contains(&password.in_base64_after(&user)));
    cached("2020-01-01T00:00:00Z");
    let expired = life.fails();
    assert!(expired.contains("aws sso login"), "{expired}");
    let in_base64 = Secret::new("proxy credentials", &password.in_base64_after(&user));
    fs::remove_dir_all(home.join(".aws")).unwrap();
    life.told().hold_none(&[token, password, in_base64]);
}

#[test]
fn addresses_that_hold_a_password_are_refused_without_it() {
    for (settings, variable, setting) in [
        (r"endpoints { sts = var.address }", None, "endpoints { sts }"),
        (r"", Some("AWS_ENDPOINT_URL_STS"), "AWS_ENDPOINT_URL_STS"),
        (r"https_proxy = var.address", None, "https_proxy"),
    ] {
        let mut life = Life::new(Cli::Terraform);
        variables(&mut life, &base_keys());
        let password = Secret::new("password", "PasswordInAnAddress1");
        // A proxy has to be one that can be reached by HTTP.
        let scheme = if setting == "https_proxy" { "socks5" } else { "http" };
        let address = format!("{scheme}://user:{}@127.0.0.1:1", password.text);
        life.set("TF_VAR_address", &address);
        if let Some(variable) = variable {
            life.set(variable, &address);
        }
        life.provider(settings, &["address"]);
        let error = life.fails();
        assert!(error.contains(setting), "{error}");
        match variable {
            None => life.told().hold_only_in(&[password], &KEPT),
            Some(_) => life.told().hold_none(&[password]),
        }
    }
}

/// Whatever form it is in.
#[test]
fn what_is_there_is_found() {
    let secret = Secret::new("secret", "a secret/of+mine=");
    for form in [
        "a secret/of+mine=",
        "a%20secret%2Fof%2Bmine%3D",
        "YSBzZWNyZXQvb2YrbWluZT0=",
    ] {
        let told = Told::new(vec![(
            "somewhere".to_owned(),
            format!("before {form} after").into_bytes(),
        )]);
        assert_eq!(told.places(&secret), ["secret in somewhere"], "{form}");
    }
}
