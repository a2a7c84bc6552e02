use tfmodel::Value;
use tfplugin_testing::core::State;

use crate::cloud::Problem;
use crate::lab::{Lab, PODS, owned, tokens};

/// Makes the next reads of the role `checkout` give the trust policy of now, whatever is written.
fn freeze_trust(lab: &Lab, reads: usize) {
    lab.aws.account(|account| {
        let found = account.roles.get_mut("checkout").unwrap();
        found.stale_trust = vec![found.role.trust_policy.clone(); reads];
    });
}

#[tokio::test(start_paused = true)]
async fn a_trust_policy_that_reads_back_at_the_last_look_is_written() {
    // One look when the change begins, one before the first write, and one after each write.
    for (stale, succeeds) in [(2, true), (5, true), (6, false)] {
        let lab = Lab::new().await;
        let state = lab.made(&owned("irsa")).await;
        let plan = lab.bindings.plan(&state, &lab.binding(&owned("dual"))).await.unwrap();
        freeze_trust(&lab, stale);
        let applied = lab.bindings.apply(&plan).await.unwrap();
        assert_eq!(
            applied.diagnostics.has_errors(),
            !succeeds,
            "{stale}: {:?}",
            applied.diagnostics
        );
    }
}

/// A binding that keeps its statements in the role `checkout`, which somebody else made.
fn sharing(lab: &Lab, service_account: &str, mode: &str) -> Value {
    let json = format!(
        r#"{{"cluster_name": "demo", "namespace": "shop", "service_account": "{service_account}", "mode": "{mode}",
            "role_arn": "arn:aws:iam::111122223333:role/checkout", "manage_trust_policy": true}}"#
    );
    lab.bindings.config(&json).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_was_written_but_did_not_read_back_is_kept_by_the_next_edit() {
    let lab = Lab::new().await;
    lab.made(&owned("irsa")).await;
    let mut plans = Vec::new();
    for service_account in ["first", "second"] {
        let irsa = sharing(&lab, service_account, "irsa");
        let state = lab.bindings.converge(&State::default(), &irsa).await.unwrap();
        let dual = sharing(&lab, service_account, "dual");
        plans.push(lab.bindings.plan(&state, &dual).await.unwrap());
    }
    assert_eq!(lab.trust("checkout").len(), 3);
    let stale = lab
        .aws
        .account(|account| account.roles["checkout"].role.trust_policy.clone());
    for (plan, reads, fails) in [(&plans[0], 60, true), (&plans[1], 5, false)] {
        lab.aws.account(|account| {
            account.roles.get_mut("checkout").unwrap().stale_trust = vec![stale.clone(); reads];
        });
        let applied = lab.bindings.apply(plan).await.unwrap();
        assert_eq!(applied.diagnostics.has_errors(), fails, "{:?}", applied.diagnostics);
    }
    assert_eq!(lab.trust("checkout").len(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_create_wrote_but_could_not_read_back_is_taken_back() {
    let lab = Lab::new().await;
    lab.made(&owned("irsa")).await;
    let config = sharing(&lab, "first", "irsa");
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    // Long enough for the change to give up, and not for taking it back.
    freeze_trust(&lab, 8);
    let applied = lab.bindings.apply(&plan).await.unwrap();
    assert!(applied.diagnostics.has_errors());
    assert!(lab.writes().len() > 4, "nothing was written: {:?}", lab.writes());
    assert_eq!(lab.trust("checkout").len(), 1);
    assert!(applied.state.value.is_null(), "{:?}", applied.diagnostics);
}

/// How often an apply reads the role before it edits its trust policy: once more for the plan, for what is known now, and for what is there.
const LOOKS: usize = 3;

/// What a run of the host needs that reads an AWS which is late.
const PATIENT: &str = r#"{"propagation_wait": "10s"}"#;

/// Somebody else's role, with a statement of theirs.
async fn with_shared_role(lab: &Lab) {
    lab.role("checkout", &[&tokens("id.example.com", "ops:*")]).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_create_wrote_is_taken_back_though_reads_lack_it_already() {
    let lab = Lab::new().await;
    with_shared_role(&lab).await;
    let before = lab
        .aws
        .account(|account| account.roles["checkout"].role.trust_policy.clone());
    let config = sharing(&lab, "first", "dual");
    let plan = lab.bindings.plan(&State::default(), &config).await.unwrap();
    lab.aws.fail(
        "CreatePodIdentityAssociation",
        Problem::AccessDenied,
        "AccessDeniedException",
    );
    lab.aws.before("CreatePodIdentityAssociation", |account| {
        account.roles.get_mut("checkout").unwrap().stale_trust = vec![before; 2];
    });
    let applied = lab.bindings.apply(&plan).await.unwrap();
    assert!(applied.diagnostics.has_errors());
    assert_eq!(lab.trust("checkout").len(), 1, "{:?}", lab.writes());
}

#[tokio::test(start_paused = true)]
async fn a_statement_is_removed_though_reads_lack_it_for_a_while() {
    let lab = Lab::new().await;
    with_shared_role(&lab).await;
    let before = lab
        .aws
        .account(|account| account.roles["checkout"].role.trust_policy.clone());
    let state = lab
        .bindings
        .converge(&State::default(), &sharing(&lab, "first", "dual"))
        .await
        .unwrap();
    assert_eq!(lab.trust("checkout").len(), 3);

    let lab = lab.later(PATIENT).await;
    let config = sharing(&lab, "first", "pod_identity");
    let plan = lab.bindings.plan(&state, &config).await.unwrap();
    stale_after(&lab, LOOKS, &before);
    let applied = lab.bindings.apply(&plan).await.unwrap();
    let state = applied.success().unwrap();
    assert_eq!(lab.trust("checkout").len(), 2, "{:?}", lab.writes());

    let lab = lab.later(PATIENT).await;
    let state = lab.bindings.read(&state).await.unwrap();
    stale_after(&lab, 1, &before);
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!(lab.trust("checkout").len(), 1, "{:?}", lab.writes());
}

#[tokio::test(start_paused = true)]
async fn what_others_wrote_before_a_change_began_is_not_lost_to_a_read_that_lacks_it() {
    let lab = Lab::new().await;
    with_shared_role(&lab).await;
    let state = lab
        .bindings
        .converge(&State::default(), &sharing(&lab, "first", "irsa"))
        .await
        .unwrap();
    let before = lab
        .aws
        .account(|account| account.roles["checkout"].role.trust_policy.clone());
    lab.aws.account(|account| {
        let role = &mut account.roles.get_mut("checkout").unwrap().role;
        role.trust_policy = role
            .trust_policy
            .replacen("\"Statement\":[", &format!("\"Statement\":[{PODS},"), 1);
    });
    assert_eq!(lab.trust("checkout").len(), 3);

    let lab = lab.later(PATIENT).await;
    let plan = lab
        .bindings
        .plan(&state, &sharing(&lab, "first", "dual"))
        .await
        .unwrap();
    stale_after(&lab, LOOKS, &before);
    lab.bindings.apply(&plan).await.unwrap().success().unwrap();
    assert_eq!(lab.trust("checkout").len(), 4, "{:?}", lab.writes());
}

#[tokio::test(start_paused = true)]
async fn a_statement_that_somebody_else_removed_during_a_change_is_not_waited_for_for_ever() {
    let lab = Lab::new().await;
    with_shared_role(&lab).await;
    let before = lab
        .aws
        .account(|account| account.roles["checkout"].role.trust_policy.clone());
    let state = lab
        .bindings
        .converge(&State::default(), &sharing(&lab, "first", "irsa"))
        .await
        .unwrap();
    let lab = lab.later(PATIENT).await;
    let now = lab
        .aws
        .account(|account| account.roles["checkout"].role.trust_policy.clone());
    lab.aws.account(|account| {
        let role = account.roles.get_mut("checkout").unwrap();
        role.role.trust_policy = before;
        role.stale_trust = vec![now];
    });
    lab.aws.account(|account| account.writes.clear());
    lab.bindings.destroy(&state).await.unwrap();
    assert_eq!(lab.trust("checkout").len(), 1);
    assert_eq!(lab.writes(), Vec::<String>::new());
}

/// The next reads of the role `checkout` are as it is now, and some after that are older.
fn stale_after(lab: &Lab, looks: usize, older: &str) {
    lab.aws.account(|account| {
        let found = account.roles.get_mut("checkout").unwrap();
        let now = vec![found.role.trust_policy.clone(); looks];
        found.stale_trust = [vec![older.to_owned(); 3], now].concat();
    });
}
