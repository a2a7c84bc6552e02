use std::collections::BTreeSet;

use pod_identity_core::policy::{Callers, KNOWN_KEYS, KnownKey};

#[test]
fn no_key_is_listed_twice() {
    let names: BTreeSet<String> = KNOWN_KEYS.iter().map(|key| key.name.to_ascii_lowercase()).collect();
    assert_eq!(names.len(), KNOWN_KEYS.len());
}

#[test]
fn a_key_is_found_whatever_its_case_and_with_the_key_of_a_tag() {
    let name = |key: &str| KnownKey::find(key).map(|known| known.name);
    assert_eq!(name("AWS:sourceaccount"), Some("aws:SourceAccount"));
    assert_eq!(name("aws:requesttag/kubernetes-namespace"), Some("aws:RequestTag/"));
    assert_eq!(name("aws:RequestTag/"), None);
    assert_eq!(name("aws:RequestTag"), None);
    assert_eq!(name("aws:SourceAccounts"), None);
}

#[test]
fn a_slip_is_recognised_and_a_key_of_somebody_else_is_not() {
    assert_eq!(KnownKey::near("aws:SourceAcount").as_deref(), Some("aws:SourceAccount"));
    assert_eq!(
        KnownKey::near("aws:RequestTags/kubernetes-namespace").as_deref(),
        Some("aws:RequestTag/kubernetes-namespace")
    );
    for other in [
        "aws:SourceAccount",
        "iam:PassedToService",
        "token.example.com:sub",
        "aws:RequestTag/x",
        "",
    ] {
        assert_eq!(KnownKey::near(other), None, "{other}");
    }
}

#[test]
fn every_slip_of_one_letter_is_recognised() {
    for known in KNOWN_KEYS {
        let slip = format!("{}x", known.name.trim_end_matches('/'));
        let (slip, meant) = if known.takes_tag() {
            (format!("{slip}/team"), format!("{}team", known.name))
        } else {
            (slip, known.name.to_owned())
        };
        assert_eq!(KnownKey::near(&slip), Some(meant));
    }
}

#[test]
fn only_services_carry_whom_they_act_for() {
    let carries = |key: &str, callers: Callers| KnownKey::find(key).unwrap().callers.contains(callers);
    assert!(carries("aws:SourceAccount", Callers::SERVICE));
    assert!(!carries("aws:SourceAccount", Callers::WEB_IDENTITY));
    assert!(!carries("aws:SourceAccount", Callers::IDENTITY));
}
