//! What an association gives: target role, session policy, session tags, and how long an apply waits for it.

use tfmodel::{Diagnostics, Value};
use tfplugin_testing::core::{Applied, State};

use crate::cloud::fake::Account;
use crate::lab::{Lab, PODS, owned, text};

const TARGET: &str = r#""target_role_arn": "arn:aws:iam::444455556666:role/data""#;
const POLICY: &str = r#""session_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}""#;
const EXTERNAL_ID: &str = "us-west-2/111122223333/demo/shop/checkout";

fn with(more: &[&str]) -> String {
    let mut all = vec![owned("pod_identity")];
    all.extend(more.iter().map(|&one| one.to_owned()));
    all.join(", ")
}

fn attribute<'s>(state: &'s State, name: &str) -> Option<&'s str> {
    state.value.get(name).and_then(Value::as_str)
}

fn own_policies(lab: &Lab) -> Vec<String> {
    lab.aws.account(|account| {
        let names = account.roles["checkout"].inline.keys();
        names
            .filter(|name| name.starts_with("pod-identity-target-"))
            .cloned()
            .collect()
    })
}

async fn apply(lab: &Lab, state: &State, arguments: &str) -> Applied {
    let plan = lab.bindings.plan(state, &lab.binding(arguments)).await.unwrap();
    lab.bindings.apply(&plan).await.unwrap()
}

/// What the host shows if the change is refused, by plan or apply.
fn refusal(outcome: Result<Applied, Diagnostics>) -> String {
    match outcome {
        Err(problems) => text(&problems),
        Ok(applied) => {
            assert!(applied.diagnostics.has_errors(), "not refused");
            text(&applied.diagnostics)
        }
    }
}

#[tokio::test]
async fn every_setting_of_an_association_comes_changes_and_goes_in_place() {
    let lab = Lab::new().await;
    let mut state = State::default();
    let mut ids = Vec::new();
    let other_target = TARGET.replace("data", "other");
    let other_policy = POLICY.replace("s3:GetObject", "sqs:SendMessage");
    let off = r#""disable_session_tags": true"#;
    for (settings, target, policy, disabled) in [
        (vec![], None, false, false),
        (vec![TARGET], Some("data"), false, false),
        (vec![other_target.as_str()], Some("other"), false, false),
        (vec![other_target.as_str(), POLICY], Some("other"), true, true),
        (vec![POLICY], None, true, true),
        (vec![other_policy.as_str()], None, true, true),
        (vec![off], None, false, true),
        (vec![], None, false, false),
        (vec![TARGET, POLICY], Some("data"), true, true),
        (vec![], None, false, false),
    ] {
        let config = lab.binding(&with(&settings));
        state = lab.bindings.converge(&state, &config).await.unwrap();
        let (id, terms) = lab.aws.account(|account| {
            let one = account.associations.values().next().unwrap();
            (one.id.clone(), one.terms.clone())
        });
        ids.push(id);
        let name = terms.target_role_arn.as_deref().and_then(|arn| arn.rsplit('/').next());
        assert_eq!(
            (name, terms.session_policy.is_some(), terms.disable_session_tags),
            (target, policy, disabled),
            "{settings:?}"
        );
        assert_eq!(own_policies(&lab).len(), usize::from(target.is_some()), "{settings:?}");
        let trust = lab.trust("checkout");
        assert_eq!(trust.len(), 1, "{settings:?}");
        assert_eq!(trust[0].conditions.len() == 1, disabled, "{settings:?}");
        let id = (target.is_some() && disabled).then_some(EXTERNAL_ID);
        assert_eq!(attribute(&state, "external_id"), id, "{settings:?}");
        let read = lab.bindings.read(&state).await.unwrap();
        assert_eq!(read.value, state.value, "{settings:?}");
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "the association was made anew");
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn trust_for_both_stands_while_session_tags_are_switched() {
    let lab = Lab::new().await;
    let state = lab.made(&with(&[TARGET])).await;
    let other_target = TARGET.replace("data", "other");
    apply(&lab, &state, &with(&[&other_target, POLICY]))
        .await
        .success()
        .unwrap();
    assert_eq!(
        lab.writes()
            .iter()
            .map(|write| write.split(' ').next().unwrap())
            .collect::<Vec<_>>(),
        [
            "UpdateAssumeRolePolicy",
            "PutRolePolicy",
            "UpdatePodIdentityAssociation",
            "UpdateAssumeRolePolicy",
            "DeleteRolePolicy",
        ]
    );
}

#[tokio::test]
async fn a_switch_that_fails_between_leaves_both_and_is_finished_by_the_next_apply() {
    for operation in ["UpdatePodIdentityAssociation", "DeleteRolePolicy"] {
        let lab = Lab::new().await;
        let state = lab.made(&with(&[TARGET])).await;
        let changed = with(&[&TARGET.replace("data", "other"), POLICY]);
        lab.aws.fail(operation, crate::cloud::Problem::Other, "ServerException");
        let failed = apply(&lab, &state, &changed).await;
        assert!(failed.diagnostics.has_errors(), "{operation}");
        assert_eq!(own_policies(&lab).len(), 2, "{operation}");
        let read = lab.bindings.read(&failed.state).await.unwrap();
        let config = lab.binding(&changed);
        let state = lab.bindings.converge(&read, &config).await.unwrap();
        assert_eq!(
            (own_policies(&lab).len(), lab.trust("checkout").len()),
            (1, 1),
            "{operation}"
        );
        lab.bindings.destroy(&state).await.unwrap();
    }
}

/// A change behind the provider's back, and the attribute that has to show it.
type Drift = (&'static str, fn(&mut Account));

const DRIFTS: &[Drift] = &[
    ("target_role_arn", |account| {
        association(account).terms.target_role_arn = Some("arn:aws:iam::444455556666:role/else".to_owned());
    }),
    ("target_role_arn", |account| {
        association(account).terms.target_role_arn = None
    }),
    ("session_policy", |account| {
        association(account).terms.session_policy = None
    }),
    ("disable_session_tags", |account| {
        association(account).terms.session_policy = None;
        association(account).terms.disable_session_tags = false;
    }),
    ("target_permissions_policy", |account| {
        let inline = &mut account.roles.get_mut("checkout").unwrap().inline;
        inline.retain(|name, _| !name.starts_with("pod-identity-target-"));
    }),
    ("target_permissions_policy", |account| {
        let inline = &mut account.roles.get_mut("checkout").unwrap().inline;
        let text = inline
            .iter_mut()
            .find(|(name, _)| name.starts_with("pod-identity-target-"));
        let (_, text) = text.unwrap();
        *text = text.replace("arn:aws:iam::444455556666:role/data", "*");
    }),
];

fn association(account: &mut Account) -> &mut crate::cloud::Association {
    account.associations.values_mut().next().unwrap()
}

#[tokio::test]
async fn every_drift_of_an_association_shows_in_its_own_attribute_and_is_repaired_in_place() {
    for (position, (attribute, drift)) in DRIFTS.iter().enumerate() {
        let lab = Lab::new().await;
        let arguments = with(&[TARGET, POLICY]);
        let before = lab.made(&arguments).await;
        lab.aws.account(drift);
        let drifted = lab.bindings.read(&before).await.unwrap();
        let of = |state: &Value| state.get(attribute).cloned();
        assert_ne!(of(&before.value), of(&drifted.value), "{position}: {attribute}");
        let config = lab.binding(&arguments);
        let repaired = lab.bindings.converge(&drifted, &config).await.unwrap();
        for name in [
            "target_role_arn",
            "session_policy",
            "disable_session_tags",
            "target_permissions_policy",
            "role",
        ] {
            let (before, now) = (before.value.get(name), repaired.value.get(name));
            assert_eq!(before, now, "{position}: {attribute}: {name}");
        }
    }
}

#[tokio::test]
async fn an_imported_association_with_everything_needs_no_change() {
    let lab = Lab::new().await;
    let arguments = with(&[TARGET, POLICY]);
    lab.made(&arguments).await;
    let imported = lab.bindings.import("demo/shop/checkout").await.unwrap();
    let plan = lab.bindings.plan(&imported, &lab.binding(&arguments)).await.unwrap();
    lab.bindings.apply(&plan).await.unwrap().success().unwrap();
    assert!(lab.writes().is_empty(), "{:?}", lab.writes());
    assert_eq!(attribute(&imported, "external_id"), Some(EXTERNAL_ID));
}

#[tokio::test]
async fn an_add_on_that_owns_the_association_is_told_and_left_alone() {
    let lab = Lab::new().await;
    let state = lab.made(&with(&[])).await;
    let owner = "arn:aws:eks:us-west-2:111122223333:addon/demo/vpc-cni/1";
    lab.aws
        .account(|account| association(account).owner_arn = Some(owner.to_owned()));
    let read = lab.bindings.read(&state).await.unwrap();
    assert_eq!(attribute(&read, "owner_arn"), Some(owner));
    let config = lab.binding(&with(&[TARGET]));
    let told = match lab.bindings.plan(&read, &config).await {
        Err(problems) => text(&problems),
        Ok(plan) => refusal(lab.bindings.apply(&plan).await),
    };
    assert!(told.starts_with("The association belongs to an add-on"), "{told}");
    assert!(lab.writes().is_empty(), "{:?}", lab.writes());
}

#[tokio::test]
async fn a_session_policy_that_stays_although_it_was_to_go_is_an_error() {
    let lab = Lab::new().await;
    let state = lab.made(&with(&[POLICY])).await;
    lab.aws.account(|account| account.keeps_session_policies = true);
    let off = with(&[r#""disable_session_tags": true"#]);
    let applied = apply(&lab, &state, &off).await;
    let told = text(&applied.diagnostics);
    assert!(
        applied.diagnostics.has_errors() && told.contains("still has the session policy"),
        "{told}"
    );
    let read = lab.bindings.read(&applied.state).await.unwrap();
    assert!(read.value.get("session_policy").unwrap().is_known());
}

#[tokio::test]
async fn another_external_id_than_the_documented_one_is_told_and_taken_if_it_has_its_form() {
    for (said, is_taken) in [("us-west-2/999988887777/demo/shop/checkout", true), ("some-id", false)] {
        let lab = Lab::new().await;
        lab.aws.account(|account| account.external_id = Some(said.to_owned()));
        let arguments = with(&[TARGET, POLICY]);
        let applied = apply(&lab, &State::default(), &arguments).await;
        let told = text(&applied.diagnostics);
        assert!(
            told.starts_with("EKS sends another external id than it documents") && told.contains(said),
            "{told}"
        );
        let state = applied.state;
        assert_eq!(attribute(&state, "external_id"), Some(EXTERNAL_ID));
        let read = lab.bindings.read(&state).await.unwrap();
        let taken = if is_taken { said } else { EXTERNAL_ID };
        assert_eq!(attribute(&read, "external_id"), Some(taken));
        let state = lab.bindings.converge(&read, &lab.binding(&arguments)).await.unwrap();
        let trust = attribute(&state, "target_trust_policy").unwrap();
        assert!(trust.contains(taken), "{trust}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_waiting_for_the_effect_only_waits_that_guard_pods_are_left() {
    for (waits, seconds) in [(true, 20), (false, 10)] {
        let lab = Lab::with(r#"{"propagation_wait": "10s"}"#).await;
        lab.aws.account(|account| account.add_cluster("demo"));
        let arguments = with(&[&format!(r#""wait_for_effect": {waits}"#)]);
        let plan = lab
            .bindings
            .plan(&State::default(), &lab.binding(&arguments))
            .await
            .unwrap();
        let start = tokio::time::Instant::now();
        lab.bindings.apply(&plan).await.unwrap().success().unwrap();
        assert_eq!(start.elapsed().as_secs(), seconds, "{waits}");
    }
}

const EC2: &str = r#"{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}"#;

const LEGACY: &str = r#""role_arn": "arn:aws:iam::111122223333:role/legacy""#;

#[tokio::test]
async fn a_role_of_somebody_else_that_refuses_the_pods_stops_the_apply_and_not_the_plan() {
    let lab = Lab::new().await;
    lab.role("legacy", &[EC2]).await;
    lab.aws.account(|account| account.writes.clear());
    let plan = lab
        .bindings
        .plan(&State::default(), &lab.binding(LEGACY))
        .await
        .unwrap();
    assert!(text(&plan.warnings).starts_with("Role refuses pods that come through EKS Pod Identity"));
    let told = refusal(lab.bindings.apply(&plan).await);
    assert!(
        told.starts_with("Role refuses pods that come through EKS Pod Identity"),
        "{told}"
    );
    assert!(lab.writes().is_empty() && lab.associations() == 0, "{:?}", lab.writes());
}

#[tokio::test(start_paused = true)]
async fn a_trust_policy_that_arrives_within_the_propagation_time_is_waited_for() {
    for (stale, succeeds) in [(5, true), (60, false)] {
        let lab = Lab::with(r#"{"propagation_wait": "10s"}"#).await;
        lab.aws.account(|account| account.add_cluster("demo"));
        lab.role("legacy", &[EC2]).await;
        let plan = lab
            .bindings
            .plan(&State::default(), &lab.binding(LEGACY))
            .await
            .unwrap();
        lab.aws.account(|account| {
            let role = account.roles.get_mut("legacy").unwrap();
            role.stale_trust = vec![role.role.trust_policy.clone(); stale];
            role.role.trust_policy = role.role.trust_policy.replace(EC2, PODS);
        });
        let applied = lab.bindings.apply(&plan).await.unwrap();
        assert_eq!(
            !applied.diagnostics.has_errors(),
            succeeds,
            "{stale}: {:?}",
            applied.diagnostics
        );
        assert_eq!(lab.associations(), usize::from(succeeds), "{stale}");
    }
}
