use pod_identity_core::binding::Fact;
use pod_identity_core::precedence::{Credentials, Found, LinkKind, Outcome, Sdk, UsedSdk, Verdict};

use super::{ROLE, association, deployment, next};

const KEYS: &str = r#"{"name":"AWS_ACCESS_KEY_ID","value":"x"},{"name":"AWS_SECRET_ACCESS_KEY","value":"y"}"#;
const WEB_IDENTITY: &str = r#"{"name":"AWS_ROLE_ARN","value":"arn:aws:iam::111122223333:role/api"},{"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"/t/token"}"#;

fn chosen(env: &str, sdk: Sdk) -> Credentials {
    let mut situation = deployment(&format!(r#","env":[{env}]"#));
    situation.association = association();
    situation.sdk = Some(UsedSdk { sdk, version: None });
    match next(&situation).verdict {
        Verdict::Decided { credentials, .. } => credentials,
        other @ Verdict::Unknown { .. } => panic!("{sdk:?}: {}", other.sentence()),
    }
}

fn irsa() -> Credentials {
    Credentials::Irsa {
        role: Some(ROLE.to_owned()),
    }
}

#[test]
fn keys_outdo_a_web_identity_except_in_net_3() {
    for sdk in Sdk::ALL {
        let used = chosen(&format!("{KEYS},{WEB_IDENTITY}"), sdk);
        if sdk == Sdk::DotnetV3 {
            assert_eq!(used, irsa());
        } else {
            assert!(matches!(used, Credentials::StaticKeys { .. }), "{sdk:?}: {used}");
        }
    }
}

#[test]
fn a_web_identity_outdoes_an_association_except_in_javascript_2() {
    for sdk in Sdk::ALL {
        let used = chosen(WEB_IDENTITY, sdk);
        if sdk == Sdk::JsV2 {
            assert!(matches!(used, Credentials::PodIdentity { .. }), "{used}");
        } else {
            assert_eq!(used, irsa(), "{sdk:?}");
        }
    }
}

#[test]
fn javascript_3_skips_keys_where_a_profile_is_named() {
    let env = format!(r#"{KEYS},{{"name":"AWS_PROFILE","value":"p"}}"#);
    let mut situation = deployment(&format!(r#","env":[{env}]"#));
    situation.association = association();
    for (sdk, skips) in [(Sdk::JsV3, true), (Sdk::GoV2, false)] {
        situation.sdk = Some(UsedSdk { sdk, version: None });
        let answer = next(&situation);
        let keys = &answer.cases[0].links[0];
        assert_eq!(keys.kind, LinkKind::Environment);
        assert_eq!(keys.found == Found::Absent, skips, "{sdk:?}");
    }
}

#[test]
fn go_stops_at_a_token_file_without_a_role() {
    let env = r#"{"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"/t/token"}"#;
    assert_eq!(chosen(env, Sdk::GoV2), Credentials::Nothing);
    assert!(matches!(chosen(env, Sdk::JavaV2), Credentials::PodIdentity { .. }));
}

#[test]
fn chains_end_with_the_metadata_and_look_nowhere_twice() {
    for sdk in Sdk::ALL {
        let chain = sdk.facts().chain;
        assert_eq!(chain.last(), Some(&LinkKind::InstanceMetadata), "{sdk:?}");
        let mut sorted = chain.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), chain.len(), "{sdk:?}");
        assert!(
            !sdk.facts().source.is_empty() && !sdk.facts().name.is_empty(),
            "{sdk:?}"
        );
    }
}

#[test]
fn versions_are_compared_within_their_line() {
    for (sdk, version, expected) in [
        (Sdk::Boto3, "1.34.41", Some(true)),
        (Sdk::Boto3, "1.34.40", Some(false)),
        (Sdk::Boto3, "1.100.0", Some(true)),
        (Sdk::Cli, "1.30.0", Some(true)),
        (Sdk::Cli, "1.44.2", Some(true)),
        (Sdk::Cli, "2.14.9", Some(false)),
        (Sdk::Cli, "2.15", Some(false)),
        (Sdk::Cli, "2.15.0", Some(true)),
        (Sdk::GoV2, "release-2023-11-14", Some(true)),
        (Sdk::GoV2, "release-2023-11-13", Some(false)),
        (Sdk::GoV2, "1.25.0", None),
        (Sdk::GoV1, "v1.47.11", Some(true)),
        (Sdk::Rust, "release-2024-03-12", Some(false)),
        (Sdk::DotnetV3, "3.7.302.15", Some(true)),
        (Sdk::DotnetV4, "4.0.1", Some(true)),
        (Sdk::JavaV2, "2.21.30", Some(true)),
        (Sdk::JavaV2, "latest", None),
        (Sdk::JavaV2, "", None),
        (Sdk::JavaV2, "99999999999999999999999.1", None),
    ] {
        assert_eq!(sdk.accepts_pod_identity(version), expected, "{sdk:?} {version}");
    }
}

#[test]
fn what_comes_after_the_winner_is_not_reached() {
    let mut situation = deployment(&format!(r#","env":[{KEYS}]"#));
    situation.association = Fact::Absent;
    situation.sdk = Some(UsedSdk {
        sdk: Sdk::Ruby,
        version: None,
    });
    let outcomes: Vec<Outcome> = next(&situation).cases[0]
        .links
        .iter()
        .map(|link| link.outcome)
        .collect();
    assert_eq!(outcomes[0], Outcome::Wins);
    assert!(outcomes[1..].iter().all(|outcome| *outcome == Outcome::NotReached));
}
