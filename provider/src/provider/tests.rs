mod documentation;

use tfmodel::value::Dynamic;
use tfmodel::{Datum, Value};
use tfplugin_testing::core::{Action, State};

use crate::cloud::fake::ACCOUNT;
use crate::cloud::{OidcProvider, Problem, Tags};
use crate::lab::{Lab, OWNED, text};

async fn refusal(settings: &str) -> String {
    let lab = Lab::unconfigured().await;
    let config = lab.core.provider_config(settings).unwrap();
    text(&lab.core.configure(&config).await.unwrap_err())
}

#[tokio::test]
async fn an_account_that_is_not_allowed_is_refused_when_configuring() {
    let told = refusal(r#"{"allowed_account_ids": ["444455556666"]}"#).await;
    assert!(
        told.contains(ACCOUNT) && told.contains("`allowed_account_ids`"),
        "{told}"
    );
    let told = refusal(&format!(r#"{{"forbidden_account_ids": ["{ACCOUNT}"]}}"#)).await;
    assert!(told.contains("`forbidden_account_ids`"), "{told}");
    Lab::with(&format!(r#"{{"allowed_account_ids": ["444455556666", "{ACCOUNT}"]}}"#)).await;
}

#[tokio::test]
async fn half_a_key_and_what_is_no_duration_are_refused() {
    let told = refusal(r#"{"access_key": "AKIAIOSFODNN7EXAMPLE"}"#).await;
    assert!(told.contains("secret_key"), "{told}");
    let told = refusal(r#"{"propagation_wait": "10 seconds"}"#).await;
    assert!(told.contains("`10 seconds`"), "{told}");
}

#[tokio::test]
async fn what_settings_cannot_mean_is_refused_before_anything_is_called() {
    const ROLE: &str = r#""role_arn": "arn:aws:iam::111122223333:role/deployer""#;
    const SKIPPED: &str = r#""skip_credentials_validation": true, "skip_requesting_account_id": true"#;
    let role = |more: &str| format!(r#""assume_role": [{{{ROLE}, {more}}}]"#);
    let identity = |more: &str| format!(r#""assume_role_with_web_identity": {{{more}}}"#);
    for (settings, named) in [
        (r#""assume_role": [{"role_arn": "deployer"}]"#.to_owned(), "`deployer`"),
        (role(r#""duration": "5m""#), "`5m`"),
        (role(r#""session_name": "two words""#), "`two words`"),
        (role(r#""external_id": "?""#), "2 to 1224"),
        (role(r#""policy": "nothing""#), "`nothing`"),
        (
            role(r#""transitive_tag_keys": ["team"], "tags": {"stage": "test"}"#),
            "`team`",
        ),
        (role(r#""source_identity": "a""#), "`a`"),
        (identity(r#""web_identity_token": "t""#), "`AWS_ROLE_ARN`"),
        (identity(ROLE), "`web_identity_token_file`"),
        (
            identity(&format!(
                r#"{ROLE}, "web_identity_token": "t", "web_identity_token_file": "f""#
            )),
            "web_identity_token_file",
        ),
        (
            format!(
                r#""access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "s", {}"#,
                identity(ROLE)
            ),
            "`assume_role_with_web_identity`",
        ),
        (
            r#""endpoints": {"iam": "localhost:4566"}"#.to_owned(),
            "`localhost:4566`",
        ),
        (r#""http_proxy": "ftp://proxy""#.to_owned(), "`http_proxy`"),
        (r#""no_proxy": "example.com:443""#.to_owned(), "`example.com:443`"),
        (r#""allowed_account_ids": ["1234"]"#.to_owned(), "`1234`"),
        (r#""retry_mode": "legacy""#.to_owned(), "`legacy`"),
        (SKIPPED.to_owned(), "`allowed_account_ids`"),
    ] {
        let told = refusal(&format!("{{{settings}}}")).await;
        assert!(told.contains(named), "{settings}: {told}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_sts_the_account_is_the_one_that_is_allowed() {
    let lab = Lab::unconfigured().await;
    lab.aws.account(|account| {
        account.is_silent = true;
        account.add_cluster("demo");
    });
    let configure = async |settings: &str| {
        let config = lab.core.provider_config(settings).unwrap();
        lab.core.configure(&config).await
    };
    let skipped = r#""allowed_account_ids": ["111122223333"], "skip_requesting_account_id": true"#;
    configure(&format!("{{{skipped}}}")).await.unwrap_err();
    let settings = format!(r#"{{{skipped}, "skip_credentials_validation": true, "region": "cn-north-1"}}"#);
    configure(&settings).await.unwrap();
    let plan = lab.bindings.plan(&State::default(), &lab.binding(OWNED)).await.unwrap();
    let arn = plan.planned.value.get("role_arn").unwrap();
    assert_eq!(arn.as_str(), Some("arn:aws-cn:iam::111122223333:role/checkout"));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_named() {
    let lab = Lab::unconfigured().await;
    lab.aws.account(|account| account.is_silent = true);
    let config = lab.core.provider_config("{}").unwrap();
    let told = text(&lab.core.configure(&config).await.unwrap_err());
    assert!(told.contains("`http://127.0.0.1:4566`"), "{told}");
    assert!(told.contains("no answer within 25 seconds"), "{told}");
}

#[tokio::test]
async fn the_size_that_a_trust_policy_may_have_follows_the_quota_of_the_account() {
    for quota in ["2047", "8193"] {
        let told = refusal(&format!(r#"{{"trust_policy_quota": {quota}}}"#)).await;
        assert!(told.contains(&format!("`{quota}`")), "{told}");
    }
    let statements: Vec<String> = (0..10)
        .map(|number| {
            let sid = format!("Person{number}");
            format!(
                r#"{{\"Sid\":\"{sid}\",\"Effect\":\"Allow\",\"Principal\":{{\"AWS\":\"arn:aws:iam::{ACCOUNT}:role/some-long-name-of-a-person-{number}\"}},\"Action\":\"sts:AssumeRole\",\"Condition\":{{\"Bool\":{{\"aws:MultiFactorAuthPresent\":\"true\"}}}}}}"#
            )
        })
        .collect();
    let arguments = format!(
        r#"{OWNED}, "trust": {{"statements": ["{}"]}}"#,
        statements.join(r#"", ""#)
    );
    let mut told = Vec::new();
    for settings in ["{}", r#"{"trust_policy_quota": 4096}"#] {
        let lab = Lab::with(settings).await;
        let planned = lab.bindings.plan(&State::default(), &lab.binding(&arguments)).await;
        told.push(planned.err().map(|problems| text(&problems)));
    }
    assert!(
        told[0]
            .as_ref()
            .is_some_and(|told| told.starts_with("Trust policy is too large")),
        "{told:?}"
    );
    assert_eq!(told[1], None);
}

#[tokio::test]
async fn default_tags_that_no_object_can_have_are_refused() {
    for (tags, named) in [
        (r#"{"team": null}"#, "can be null"),
        (r#"{"aws:team": "shop"}"#, "aws:team"),
        (r#"{"pod-identity-binding": "shop"}"#, "pod-identity-binding"),
        (r#"{"": "shop"}"#, "1 to 128"),
    ] {
        let told = refusal(&format!(r#"{{"default_tags": {{"tags": {tags}}}}}"#)).await;
        assert!(told.contains(named), "{tags}: {told}");
    }
}

#[tokio::test]
async fn settings_that_are_not_known_yet_neither_fail_nor_replace() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    let mut settings = lab.core.provider_config("{}").unwrap();
    if let Value::Known(Datum::Object(attributes)) = &mut settings {
        attributes.insert("region".to_owned(), Value::unknown());
    }
    lab.core.configure(&settings).await.unwrap();

    let config = lab.binding(OWNED);
    let read = lab.bindings.read(&state).await.unwrap();
    assert_eq!(lab.bindings.plan(&read, &config).await.unwrap().action, Action::NoOp);
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    assert!(plan.planned.value.get("role_arn").unwrap().is_unknown());
    let applied = lab.bindings.apply(&plan).await.unwrap();
    assert!(text(&applied.diagnostics).contains("settings are not known yet"));
}

#[tokio::test]
async fn default_tags_are_on_role_and_association_and_a_tag_of_the_binding_wins() {
    let lab =
        Lab::with(r#"{"propagation_wait": "0s", "default_tags": {"tags": {"team": "platform", "stage": "prod"}}}"#)
            .await;
    lab.aws.account(|account| account.add_cluster("demo"));
    let state = lab.made(&format!(r#"{OWNED}, "tags": {{"team": "shop"}}"#)).await;
    let (role, association) = lab.aws.account(|account| {
        let association = account.associations.values().next().unwrap();
        (account.roles["checkout"].role.tags.clone(), association.tags.clone())
    });
    for tags in [role, association] {
        assert_eq!((tags["team"].as_str(), tags["stage"].as_str()), ("shop", "prod"));
        assert_eq!(tags.len(), 3, "team, stage and the owner: {tags:?}");
    }
    let all = state.value.get("tags_all").unwrap().children();
    assert_eq!(all.len(), 2, "the owner is nobody's business");
}

#[tokio::test]
async fn the_facts_of_a_cluster_are_null_where_nobody_says() {
    let lab = Lab::new().await;
    let clusters = lab.core.data_source("pod_identity_cluster").unwrap();
    let config = clusters.config(r#"{"name": "demo"}"#).unwrap();
    let read = |value: Value| move |name: &str| value.get(name).cloned().unwrap();

    let facts = read(clusters.read(&config).await.unwrap());
    assert_eq!(facts("account_id").as_str(), Some(ACCOUNT));
    assert_eq!(facts("region").as_str(), Some("us-west-2"));
    assert_eq!(facts("oidc_provider_exists"), Value::bool(false));
    assert_eq!(facts("agent_addon"), Value::bool(true));
    let provider = facts("oidc_provider_arn");
    lab.aws.account(|account| {
        let made = OidcProvider {
            client_ids: vec!["sts.amazonaws.com".to_owned()],
            tags: Tags::new(),
        };
        account
            .oidc_providers
            .insert(provider.as_str().unwrap().to_owned(), made);
    });
    lab.aws
        .fail("DescribeAddon", Problem::AccessDenied, "AccessDeniedException");
    let facts = read(clusters.read(&config).await.unwrap());
    assert_eq!(facts("oidc_provider_exists"), Value::bool(true));
    assert_eq!(facts("agent_addon"), Value::Null);

    let missing = clusters.config(r#"{"name": "other"}"#).unwrap();
    let told = text(&clusters.read(&missing).await.unwrap_err());
    assert!(told.starts_with("Cannot read the cluster"), "{told}");
}

#[tokio::test]
async fn the_function_says_what_the_resource_plans() {
    let lab = Lab::new().await;
    let plan = lab.bindings.plan(&State::default(), &lab.binding(OWNED)).await.unwrap();
    let planned = plan.planned.value.get("trust_policy").cloned().unwrap();
    let whole = Value::Known(Datum::Dynamic(Box::new(Dynamic {
        ty: lab.bindings.schema().ty(),
        value: plan.planned.value.clone(),
    })));
    assert_eq!(lab.core.call("trust_policy", &[whole]).await.unwrap(), planned);
}

const PLAIN: &str = r#""role": {}"#;

fn with(settings: &str) -> String {
    format!(r#"{{"propagation_wait": "0s", {settings}}}"#)
}

async fn reconfigure(lab: &Lab, settings: &str) {
    let config = lab.core.provider_config(&with(settings)).unwrap();
    lab.core.configure(&config).await.unwrap();
}

#[tokio::test]
async fn new_roles_are_as_role_defaults_say_and_what_a_role_says_itself_wins() {
    const DEFAULTS: &str = r#""role_defaults": {"path": "/pods/", "name_prefix": "pod-", "tags": {"team": "platform", "stage": "prod"},
        "permissions_boundary": "arn:aws:iam::111122223333:policy/bounds"}"#;
    let lab = Lab::with(&with(DEFAULTS)).await;
    lab.aws.account(|account| account.add_cluster("demo"));
    lab.made(&format!(r#"{PLAIN}, "tags": {{"team": "shop"}}"#)).await;
    let roles = lab.roles();
    let [name] = roles.as_slice() else { panic!("{roles:?}") };
    assert!(name.starts_with("pod-demo-shop-checkout-"), "{name}");
    let role = lab.aws.account(|account| account.roles[name].role.clone());
    assert_eq!(role.arn, format!("arn:aws:iam::{ACCOUNT}:role/pods/{name}"));
    assert_eq!(
        role.permissions_boundary.as_deref(),
        Some("arn:aws:iam::111122223333:policy/bounds")
    );
    assert_eq!(
        (role.tags["team"].as_str(), role.tags["stage"].as_str()),
        ("shop", "prod")
    );
    let association = lab
        .aws
        .account(|account| account.associations.values().next().unwrap().tags.clone());
    assert_eq!(association.get("stage"), None, "defaults of roles are for roles");

    let own = r#""role": {"name": "own", "path": "/own/", "permissions_boundary": "arn:aws:iam::111122223333:policy/own", "tags": {"stage": "test"}}"#;
    let lab = Lab::with(&with(DEFAULTS)).await;
    lab.aws.account(|account| account.add_cluster("demo"));
    lab.made(own).await;
    let role = lab.aws.account(|account| account.roles["own"].role.clone());
    assert_eq!((role.path.as_str(), role.tags["stage"].as_str()), ("/own/", "test"));
    assert_eq!(
        role.permissions_boundary.as_deref(),
        Some("arn:aws:iam::111122223333:policy/own")
    );
}

#[tokio::test]
async fn new_defaults_rename_and_move_no_role_and_reach_it_otherwise() {
    let lab = Lab::new().await;
    let state = lab.made(PLAIN).await;
    let name = lab.roles();
    reconfigure(&lab, r#""role_defaults": {"path": "/pods/", "name_prefix": "pod-"}"#).await;
    let config = lab.binding(PLAIN);
    assert_eq!(lab.bindings.plan(&state, &config).await.unwrap().action, Action::NoOp);

    reconfigure(
        &lab,
        r#""role_defaults": {"name_prefix": "pod-", "tags": {"stage": "prod"},
           "permissions_boundary": "arn:aws:iam::111122223333:policy/bounds"}"#,
    )
    .await;
    let state = lab.bindings.converge(&state, &config).await.unwrap();
    assert_eq!(lab.roles(), name);
    let mut writes = lab.writes();
    writes.sort();
    assert_eq!(
        writes,
        [
            format!("PutRolePermissionsBoundary {}", name[0]),
            format!("TagRole {}", name[0])
        ]
    );

    // Somebody takes the tag away: that shows, and is put back.
    lab.aws
        .account(|account| account.roles.get_mut(&name[0]).unwrap().role.tags.remove("stage"));
    let read = lab.bindings.read(&state).await.unwrap();
    assert_eq!(lab.bindings.plan(&read, &config).await.unwrap().action, Action::Update);
    lab.bindings.converge(&read, &config).await.unwrap();
    assert_eq!(
        lab.aws
            .account(|account| account.roles[&name[0]].role.tags["stage"].clone()),
        "prod"
    );
}

#[tokio::test]
async fn ignored_tags_are_no_drift_and_stay() {
    let lab = Lab::with(&with(
        r#""ignore_tags": {"keys": ["cost"], "key_prefixes": ["audit:"]}"#,
    ))
    .await;
    lab.aws.account(|account| account.add_cluster("demo"));
    let tagged = |team: &str| format!(r#"{OWNED}, "tags": {{"team": "{team}"}}"#);
    let state = lab.made(&tagged("shop")).await;
    lab.aws.account(|account| {
        let association = account.associations.values_mut().next().unwrap();
        let role = &mut account.roles.get_mut("checkout").unwrap().role;
        for tags in [&mut role.tags, &mut association.tags] {
            tags.insert("cost".to_owned(), "42".to_owned());
            tags.insert("audit:seen".to_owned(), "yes".to_owned());
        }
    });
    let read = lab.bindings.read(&state).await.unwrap();
    let plan = lab.bindings.plan(&read, &lab.binding(&tagged("shop"))).await.unwrap();
    assert_eq!(plan.action, Action::NoOp);
    lab.bindings
        .converge(&read, &lab.binding(&tagged("other")))
        .await
        .unwrap();
    lab.aws.account(|account| {
        let association = account.associations.values().next().unwrap();
        for tags in [&account.roles["checkout"].role.tags, &association.tags] {
            assert_eq!((tags["cost"].as_str(), tags["team"].as_str()), ("42", "other"));
            assert_eq!(tags["audit:seen"], "yes");
        }
    });
}

#[tokio::test]
async fn a_tag_cannot_be_set_and_ignored() {
    let told = refusal(r#"{"ignore_tags": {"keys": ["team"]}, "default_tags": {"tags": {"team": "shop"}}}"#).await;
    assert!(told.contains("`default_tags` sets `team`"), "{told}");
    let lab = Lab::with(&with(r#""ignore_tags": {"key_prefixes": ["te"]}"#)).await;
    lab.aws.account(|account| account.add_cluster("demo"));
    let config = lab.binding(&format!(r#"{OWNED}, "tags": {{"team": "shop"}}"#));
    let told = text(&lab.bindings.plan(&State::default(), &config).await.unwrap_err());
    assert!(told.starts_with("Tag is set and ignored"), "{told}");
    for (name, config) in [
        (
            "pod_oidc_provider",
            r#"{"url": "https://tokens.example.com", "tags": {"team": "shop"}}"#,
        ),
        (
            "pod_identity_agent",
            r#"{"cluster_name": "demo", "tags": {"team": "shop"}}"#,
        ),
    ] {
        let resource = lab.core.resource(name).unwrap();
        let config = resource.config(config).unwrap();
        let told: Vec<_> = resource
            .plan(&State::default(), &config)
            .await
            .unwrap_err()
            .into_iter()
            .collect();
        assert_eq!(told.len(), 1, "{name}: {told:?}");
        assert_eq!(told[0].summary, "Tag is set and ignored", "{name}");
        assert_eq!(told[0].path.clone().unwrap().to_string(), r#"tags["team"]"#, "{name}");
    }
}

/// A lab with these settings, and a cluster.
async fn with_findings(block: &str) -> Lab {
    let lab = Lab::with(&format!(r#"{{"propagation_wait": "0s", "findings": {{{block}}}}}"#)).await;
    lab.aws.account(|account| account.add_cluster("demo"));
    lab
}

#[tokio::test]
async fn a_binding_as_it_should_be_is_planned_without_a_word() {
    for mode in ["pod_identity", "irsa", "dual"] {
        let lab = with_findings(r#""fail_on": "suggestion""#).await;
        let config = lab.binding(&format!(r#"{OWNED}, "mode": "{mode}""#));
        let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
        assert_eq!(text(&plan.warnings), "", "{mode}");
    }
}

#[tokio::test]
async fn a_finding_is_a_warning_an_error_or_known_as_the_settings_say() {
    const OPEN: &str = "PIB203: Pod Identity trust is open to every association of the account (`111122223333/us-west-2/demo/shop/checkout`)";
    #[derive(Debug, PartialEq)]
    enum Told {
        Warning,
        Error,
        Nothing,
    }
    let waived = |expires: &str| format!(r#""waive": [{{"code": "PIB203", "reason": "a lab"{expires}}}]"#);
    for (block, expected) in [
        (String::new(), Told::Warning),
        (r#""fail_on": "security""#.to_owned(), Told::Error),
        (r#""fail_on": "suggestion""#.to_owned(), Told::Error),
        (waived(""), Told::Nothing),
        (waived(r#", "expires": "2999-12-31""#), Told::Nothing),
        (waived(r#", "expires": "2020-01-31""#), Told::Warning),
        (format!(r#""fail_on": "security", {}"#, waived("")), Told::Nothing),
        (
            format!(r#""fail_on": "security", {}"#, waived(r#", "expires": "2020-01-31""#)),
            Told::Error,
        ),
    ] {
        let lab = with_findings(&block).await;
        let config = lab.binding(&format!(r#"{OWNED}, "trust": {{"scope": "account"}}"#));
        let (told, said) = match lab.bindings.plan(&State::default(), &config).await {
            Err(problems) => (Told::Error, text(&problems)),
            Ok(plan) if plan.warnings.is_empty() => (Told::Nothing, String::new()),
            Ok(plan) => (Told::Warning, text(&plan.warnings)),
        };
        assert_eq!(told, expected, "{block}: {said}");
        assert!(told == Told::Nothing || said.starts_with(OPEN), "{said}");
        let is_over = said.contains("It was waived, and the waiver has expired.");
        assert_eq!(is_over, block.contains("2020"), "{said}");
    }
}

#[tokio::test]
async fn a_waiver_that_is_over_is_told_once_by_the_provider() {
    let lab = Lab::unconfigured().await;
    let block = |expires: &str| {
        let waiver = format!(r#"{{"code": "open-to-account", "reason": "A lab.", "expires": "{expires}"}}"#);
        let settings = format!(r#"{{"findings": {{"waive": [{waiver}]}}}}"#);
        lab.core.provider_config(&settings).unwrap()
    };
    let said = lab.core.configure(&block("2020-01-31")).await.unwrap();
    let said: Vec<_> = said.into_iter().collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].summary, "Waiver of open-to-account has expired");
    assert!(said[0].detail.contains("Its last day was 2020-01-31"), "{said:?}");
    assert!(said[0].detail.contains("Its reason was: A lab. Put right"), "{said:?}");
    assert_eq!(said[0].path.clone().unwrap().to_string(), "findings.waive[0].expires");
    assert!(lab.core.configure(&block("2999-12-31")).await.unwrap().is_empty());
}

#[tokio::test]
async fn settings_of_findings_that_mean_nothing_are_refused() {
    let waived = |fields: &str| format!(r#""waive": [{{{fields}}}]"#);
    for (block, named) in [
        (
            waived(r#""code": "PIB999", "reason": "a lab""#),
            "There is no such rule",
        ),
        (
            waived(r#""code": "open-to-acount", "reason": "a lab""#),
            "`PIB203` (`open-to-account`: Pod Identity trust is open to every association of the account)",
        ),
        (waived(r#""code": "pib230", "reason": "a lab""#), "`PIB220`"),
        (waived(r#""code": "PIB203""#), "reason"),
        (waived(r#""code": "PIB203", "reason": "  ""#), "It has to say something"),
        (waived(r#""reason": "a lab""#), "code"),
        (
            waived(r#""code": "PIB203", "reason": "a lab", "expires": "soon""#),
            "`soon`",
        ),
        (
            waived(r#""code": "PIB203", "reason": "a lab", "expires": "2027-02-29""#),
            "`2027-02-29`",
        ),
        (r#""fail_on": "sometimes""#.to_owned(), "`sometimes`"),
    ] {
        let told = refusal(&format!(r#"{{"findings": {{{block}}}}}"#)).await;
        assert!(told.contains(named), "{block}: {told}");
    }
}

#[tokio::test]
async fn of_a_role_of_somebody_else_findings_are_told_once() {
    let lab = with_findings("").await;
    let arn = lab.role("legacy", &[crate::lab::PODS]).await;
    let config = lab.binding(&format!(r#""role_arn": "{arn}""#));
    let first = lab.bindings.plan(&State::default(), &config).await.unwrap();
    let open = format!("PIB203: Pod Identity trust is open to every association of the account (`{arn}`)");
    assert!(text(&first.warnings).starts_with(&open), "{:?}", first.warnings);
    let state = lab.bindings.apply(&first).await.unwrap().state;
    let second = lab.bindings.plan(&state, &config).await.unwrap();
    assert_eq!(text(&second.warnings), "");
}
