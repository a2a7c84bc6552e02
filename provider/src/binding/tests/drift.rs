use tfmodel::Value;

use crate::cloud::fake::Account;
use crate::lab::{Lab, owned};

/// A change behind the provider's back, and the attribute that has to show it.
type Drift = (&'static str, fn(&mut Account));

const DRIFTS: &[Drift] = &[
    ("role", |account| role(account).attached.clear()),
    ("role", |account| {
        role(account)
            .attached
            .push("arn:aws:iam::aws:policy/AdministratorAccess".to_owned());
    }),
    ("role", |account| role(account).inline.clear()),
    ("role", |account| {
        let more = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
        role(account).inline.insert("more".to_owned(), more.to_owned());
    }),
    ("role", |account| {
        role(account).role.description = Some("edited".to_owned())
    }),
    ("role", |account| role(account).role.max_session_duration = Some(7200)),
    ("role", |account| {
        role(account).role.permissions_boundary = Some("arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned());
    }),
    ("tags_all", |account| {
        role(account).role.tags.remove("team");
    }),
    ("tags_all", |account| {
        account.associations.values_mut().for_each(|one| {
            one.tags.insert("team".to_owned(), "else".to_owned());
        });
    }),
    ("trust_policy", |account| {
        role(account).role.trust_policy = r#"{"Version":"2012-10-17","Statement":[]}"#.to_owned();
    }),
    ("trust_policy", |account| {
        let trust = &mut role(account).role.trust_policy;
        let foreign = r#""Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"},"#;
        *trust = trust.replace(r#""Statement":["#, foreign);
    }),
    ("association_id", |account| account.associations.clear()),
    ("role_arn", |account| {
        account
            .associations
            .values_mut()
            .for_each(|one| one.terms.role_arn = "arn:aws:iam::111122223333:role/other".to_owned());
    }),
    ("role", |account| account.roles.clear()),
];

fn role(account: &mut Account) -> &mut crate::cloud::fake::FakeRole {
    account.roles.get_mut("checkout").unwrap()
}

#[tokio::test]
async fn every_drift_shows_in_an_attribute_and_is_repaired_in_place() {
    for (position, (attribute, drift)) in DRIFTS.iter().enumerate() {
        let lab = Lab::new().await;
        let arguments = format!(r#"{}, "tags": {{"team": "shop"}}"#, owned("dual"));
        let config = lab.binding(&arguments);
        let before = lab.made(&arguments).await;
        lab.aws.account(drift);
        let drifted = lab.bindings.read(&before).await.unwrap();
        let of = |state: &Value| state.get(attribute).cloned();
        assert_ne!(of(&before.value), of(&drifted.value), "{position}: {attribute}");
        let repaired = lab.bindings.converge(&drifted, &config).await;
        let repaired = repaired.unwrap_or_else(|problems| panic!("{position}: {attribute}: {problems:?}"));
        for name in ["role", "tags_all", "trust_policy", "role_arn"] {
            assert_eq!(
                before.value.get(name),
                repaired.value.get(name),
                "{position}: {attribute}: {name}"
            );
        }
    }
}

#[tokio::test]
async fn a_binding_of_which_nothing_is_left_is_gone() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("dual")).await;
    lab.aws.account(|account| {
        account.roles.clear();
        account.associations.clear();
    });
    assert!(lab.bindings.read(&state).await.unwrap().value.is_null());
}

#[tokio::test]
async fn another_spelling_of_the_trust_policy_is_no_drift() {
    let lab = Lab::new().await;
    let state = lab.made(&owned("irsa")).await;
    lab.aws.account(|account| {
        let trust = &mut role(account).role.trust_policy;
        *trust = trust.replace(
            r#""sts:AssumeRoleWithWebIdentity""#,
            r#"["sts:AssumeRoleWithWebIdentity"]"#,
        );
        assert!(trust.contains('['));
    });
    assert_eq!(lab.bindings.read(&state).await.unwrap().value, state.value);
}
