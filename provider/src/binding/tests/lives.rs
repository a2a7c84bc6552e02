//! Several lives of one binding, and bindings that look like one.

use tfmodel::Value;
use tfplugin_testing::core::{Action, State};

use crate::cloud::Iam;
use crate::cloud::fake::ACCOUNT;
use crate::lab::{Lab, OWNED, owned, text};

fn unique_id(lab: &Lab) -> String {
    lab.aws
        .account(|account| account.roles["checkout"].role.unique_id.clone())
}

fn association_id(lab: &Lab) -> String {
    lab.aws
        .account(|account| account.associations.values().next().unwrap().id.clone())
}

#[tokio::test]
async fn an_apply_whose_state_was_lost_is_taken_up_again_with_a_new_role() {
    let lab = Lab::new().await;
    lab.made(&owned("dual")).await;
    let (role, association) = (unique_id(&lab), association_id(&lab));
    let config = lab.binding(&owned("dual"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    let planned = text(&plan.warnings);
    assert!(planned.contains("Role `checkout` is made anew"), "{planned}");
    let applied = lab.bindings.apply(&plan).await.unwrap();
    let told = text(&applied.diagnostics);
    assert!(
        told.contains("Role `checkout` is made anew") && told.contains("taken up again"),
        "{told}"
    );
    let state = lab.bindings.converge(&applied.state, &config).await.unwrap();
    // Nobody has a session of a role that nobody has seen.
    assert_ne!(unique_id(&lab), role);
    assert_eq!(association_id(&lab), association);
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn the_same_binding_in_two_states_is_refused_in_the_second_and_kept_in_the_first() {
    let lab = Lab::new().await;
    let first = lab.made(&owned("dual")).await;
    lab.age();
    let told = lab.refusal(&State::default(), &owned("dual")).await;
    for said in [
        "made for this same binding",
        "`moved`",
        "create_before_destroy",
        "adopt",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(lab.writes().is_empty());
    lab.bindings
        .converge(&first, &lab.binding(&owned("dual")))
        .await
        .unwrap();
    assert!(lab.writes().is_empty());
}

#[tokio::test]
async fn a_resource_that_was_renamed_without_moved_keeps_what_its_new_name_made() {
    // The host neither waits with the new one for the old one nor the other way round.
    for new_first in [true, false] {
        let lab = Lab::new().await;
        let old = lab.made(&owned("dual")).await;
        let config = lab.binding(&owned("dual"));
        let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
        let new = if new_first {
            let new = lab.bindings.apply(&plan).await.unwrap().success().unwrap();
            lab.bindings.destroy(&old).await.unwrap();
            new
        } else {
            lab.bindings.destroy(&old).await.unwrap();
            lab.bindings.apply(&plan).await.unwrap().success().unwrap()
        };
        assert_eq!((lab.roles().len(), lab.associations()), (1, 1), "{new_first}");
        lab.aws.account(|account| account.writes.clear());
        let new = lab.bindings.converge(&new, &config).await.unwrap();
        assert!(lab.writes().is_empty(), "{new_first}: {:?}", lab.writes());
        lab.bindings.destroy(&new).await.unwrap();
        assert!(lab.roles().is_empty() && lab.associations() == 0);
    }
}

#[tokio::test]
async fn operations_on_one_key_come_one_after_the_other() {
    let lab = Lab::new().await;
    let config = lab.binding(&owned("dual"));
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    let (first, second) = tokio::join!(lab.bindings.apply(&plan), lab.bindings.apply(&plan));
    let states = [first.unwrap().success().unwrap(), second.unwrap().success().unwrap()];
    assert_eq!((lab.roles().len(), lab.associations()), (1, 1));
    // One of them made what is there now, and only it may delete it.
    for state in &states {
        lab.bindings.destroy(state).await.unwrap();
    }
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn a_replaced_binding_is_not_in_its_own_way() {
    let lab = Lab::new().await;
    let state = lab.made(OWNED).await;
    lab.age();
    let role = unique_id(&lab);
    let json = format!(r#"{{"cluster_name": "demo", "namespace": "shop", "service_account": "cart", {OWNED}}}"#);
    let config = lab.bindings.config(&json).unwrap();
    let plan = lab.bindings.plan(&state, &config).await.unwrap();
    assert_eq!(plan.action, Action::Replace);
    let state = lab.bindings.apply(&plan).await.unwrap().success().unwrap();
    assert_ne!(unique_id(&lab), role);
    lab.bindings.destroy(&state).await.unwrap();
    assert!(lab.roles().is_empty() && lab.associations() == 0);
}

#[tokio::test]
async fn a_role_that_somebody_prepared_under_the_name_is_not_taken_up() {
    let lab = Lab::new().await;
    let made = lab.made(OWNED).await;
    // The tag of the binding, on a role that was made this minute, with one policy more.
    let policy = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    lab.aws
        .put_inline_policy("checkout", "back-door", policy)
        .await
        .unwrap();
    lab.aws.account(|account| account.writes.clear());
    let told = lab.refusal(&State::default(), OWNED).await;
    assert!(told.starts_with("A role of this name exists"), "{told}");
    assert!(lab.writes().is_empty());
    drop(made);
}

#[tokio::test]
async fn bindings_of_clusters_with_one_name_in_two_regions_do_not_meet() {
    let lab = Lab::new().await;
    lab.aws.account(|account| {
        let (at, cluster) = account.clusters.iter().next().unwrap();
        let (mut at, mut cluster) = (at.clone(), cluster.clone());
        at.region = "eu-west-1".to_owned();
        cluster.arn = format!("arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo");
        account.clusters.insert(at, cluster);
    });
    let arguments = r#""role": {}, "mode": "dual""#;
    let west = lab.made(arguments).await;
    let elsewhere = format!(r#"{arguments}, "region": "eu-west-1""#);
    let east = lab.made(&elsewhere).await;
    assert_eq!((lab.roles().len(), lab.associations()), (2, 2));
    // Both states stay as they are.
    for (state, arguments) in [(&west, arguments), (&east, elsewhere.as_str())] {
        lab.bindings.converge(state, &lab.binding(arguments)).await.unwrap();
    }
    assert!(lab.writes().is_empty());
    lab.bindings.destroy(&west).await.unwrap();
    let name = east.value.get("role_name").and_then(Value::as_str).unwrap();
    assert_eq!((lab.roles(), lab.associations()), (vec![name.to_owned()], 1));

    // One name for both is refused: the role says whose it is.
    let shared = format!(r#""role": {{"name": "{name}"}}"#);
    let told = lab.refusal(&State::default(), &shared).await;
    assert!(told.contains("another binding's"), "{told}");
}
