//! A switch gives before it takes, and waits between: what is called, in which order and how far apart.

use std::time::Duration;

use pod_fake_aws::Call;
use serde_json::Value;
use tfplugin_testing::cli::{Cli, Plan};

use crate::lab::{ADDRESS, Lab, Profile, binding, warnings};

const WAIT: Duration = Duration::from_millis(1500);

const TRUST: &str = "iam:UpdateAssumeRolePolicy shop-checkout";
const CREATE: &str = "eks:CreatePodIdentityAssociation checkout";
const POLICY: &str = "iam:PutRolePolicy shop-checkout";

#[test]
fn a_switch_adds_waits_and_then_removes() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.configure(&format!("propagation_wait = \"{}ms\"", WAIT.as_millis()));
    lab.converge(&owned("irsa"));

    let calls = switched(&lab, "dual");
    assert_eq!(names(&calls), [TRUST, CREATE]);
    assert_eq!(admitted(&calls[0]), ["irsa", "pod_identity"]);
    assert_waits(&calls);

    let calls = switched(&lab, "pod_identity");
    assert_eq!(names(&calls), [TRUST]);
    assert_eq!(admitted(&calls[0]), ["pod_identity"]);

    let calls = switched(&lab, "dual");
    assert_eq!(names(&calls), [TRUST]);
    assert_eq!(admitted(&calls[0]), ["irsa", "pod_identity"]);

    let calls = switched(&lab, "irsa");
    assert!(
        calls[0].operation == "DeletePodIdentityAssociation",
        "{:?}",
        names(&calls)
    );
    assert_eq!(names(&calls[1..]), [TRUST]);
    assert_eq!(admitted(&calls[1]), ["irsa"]);
    assert_waits(&calls);
}

/// While the association changes, the role lets in what it sent before and what it will send.
#[test]
fn what_an_association_sends_is_trusted_before_and_after_it_changes() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.configure(&format!("propagation_wait = \"{}ms\"", WAIT.as_millis()));
    lab.converge(&owned("pod_identity"));

    let tags_off = format!("{}\n disable_session_tags = true", role("pod_identity"));
    let calls = applied(&lab, &binding(&tags_off));
    assert_passes_through_the_union(&lab, &calls);
    assert_eq!(associations(&lab), [(true, None, false)]);

    let policy = r#"session_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })"#;
    let with_policy = format!("{tags_off}\n {policy}");
    let calls = applied(&lab, &binding(&with_policy));
    assert_eq!(calls.len(), 1, "{:?}", names(&calls));
    assert_eq!(associations(&lab), [(true, None, true)]);

    // One argument goes, and tags are on again.
    let calls = applied(&lab, &owned("pod_identity"));
    assert_passes_through_the_union(&lab, &calls);
    assert_eq!(associations(&lab), [(false, None, false)]);

    let target = format!(
        "{}\n target_role_arn = \"arn:aws:iam::999988887777:role/data\"",
        role("pod_identity")
    );
    let calls = applied(&lab, &binding(&target));
    assert_eq!(calls[0].to_string(), POLICY, "{:?}", names(&calls));
    assert!(calls[1].operation == "UpdatePodIdentityAssociation");
    assert_waits(&calls);
    let [(false, Some(target), false)] = &associations(&lab)[..] else {
        panic!("{:?}", associations(&lab))
    };
    assert_eq!(target, "arn:aws:iam::999988887777:role/data");

    let calls = applied(&lab, &owned("pod_identity"));
    assert!(
        calls[0].operation == "UpdatePodIdentityAssociation",
        "{:?}",
        names(&calls)
    );
    assert_eq!(names(&calls[1..]), ["iam:DeleteRolePolicy shop-checkout"]);
    assert_waits(&calls);
    assert_eq!(associations(&lab), [(false, None, false)]);
}

#[test]
fn a_switch_without_both_in_between_has_to_be_allowed() {
    for (from, to) in [("irsa", "pod_identity"), ("pod_identity", "irsa")] {
        let lab = Lab::new(Cli::Terraform, Profile::Strict);
        lab.converge(&owned(from));
        let refused = lab.refused(&owned(to));
        let [error] = &refused[..] else { panic!("{refused:?}") };
        assert_eq!(error.summary, "Switch would interrupt running pods");
        assert_eq!(error.attribute.as_deref(), Some("mode"), "{error}");
        for said in [from, to, "`mode = \"dual\"`", "allow_disruptive_switch = true"] {
            assert!(error.detail.contains(said), "{said}: {error}");
        }
        lab.converge(&binding(&format!("{}\n allow_disruptive_switch = true", role(to))));
    }
}

#[test]
fn going_back_to_irsa_says_what_to_restart_and_when() {
    let lab = Lab::new(Cli::Tofu, Profile::Strict);
    lab.converge(&owned("dual"));
    let plan = lab.plan(&owned("irsa"));
    let told = warnings(&plan.diagnostics);
    let [warning] = &told[..] else { panic!("{told:?}") };
    assert_eq!(
        warning.summary,
        "Going back to IRSA interrupts pods until they are restarted"
    );
    assert!(warning.detail.contains("service_account_annotations"), "{warning}");
    let steps = steps(&plan);
    assert!(steps.iter().any(|step| step.contains("restart")), "{steps:#?}");
    lab.apply(&plan);
}

fn role(mode: &str) -> String {
    format!("mode = \"{mode}\"\n role = {{ name = \"shop-checkout\" }}")
}

fn owned(mode: &str) -> String {
    binding(&role(mode))
}

fn switched(lab: &Lab, mode: &str) -> Vec<Call> {
    applied(lab, &owned(mode))
}

/// The writes of an apply; the plan has told them as its steps.
fn applied(lab: &Lab, configuration: &str) -> Vec<Call> {
    let plan = lab.plan(configuration);
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    lab.strict().forget_calls();
    lab.apply(&plan);
    let calls: Vec<Call> = lab.strict().calls().into_iter().filter(Call::took_effect).collect();
    let steps = steps(&plan);
    let told = steps.iter().filter(|step| !step.contains("Wait until")).count();
    assert_eq!(told, calls.len(), "{steps:#?}\n{:#?}", names(&calls));
    calls
}

fn steps(plan: &Plan) -> Vec<String> {
    let steps = plan.resource(ADDRESS).unwrap()["change"]["after"]["steps"]
        .as_array()
        .unwrap();
    steps.iter().map(|step| step.as_str().unwrap().to_owned()).collect()
}

fn names(calls: &[Call]) -> Vec<String> {
    calls.iter().map(ToString::to_string).collect()
}

/// The mechanisms that a written trust policy admits.
fn admitted(call: &Call) -> Vec<&'static str> {
    let text = call.parameter("PolicyDocument");
    let mechanisms = [
        ("irsa", "AssumeRoleWithWebIdentity"),
        ("pod_identity", "pods.eks.amazonaws.com"),
    ];
    let found = mechanisms.into_iter().filter(|(_, mark)| text.contains(mark));
    found.map(|(name, _)| name).collect()
}

fn assert_waits(calls: &[Call]) {
    for pair in calls.windows(2) {
        let gap = pair[1].at - pair[0].at;
        assert!(gap >= WAIT, "{gap:?} between {} and {}", pair[0], pair[1]);
    }
}

/// The trust policy is widened, the association changes, and only then is the old trust taken away.
fn assert_passes_through_the_union(lab: &Lab, calls: &[Call]) {
    let [widened, changed, narrowed] = calls else {
        panic!("{:#?}", names(calls))
    };
    assert_eq!(changed.operation, "UpdatePodIdentityAssociation");
    let count = |call: &Call| {
        assert_eq!(call.to_string(), TRUST);
        let trust: Value = serde_json::from_str(call.parameter("PolicyDocument")).unwrap();
        trust["Statement"].as_array().unwrap().len()
    };
    assert_eq!((count(widened), count(narrowed)), (2, 1));
    assert_waits(calls);
    assert_eq!(
        lab.aws.trusted_actions("shop-checkout"),
        ["sts:AssumeRole", "sts:TagSession"]
    );
}

/// Whether tags are off, the target, and whether there is a session policy.
fn associations(lab: &Lab) -> Vec<(bool, Option<String>, bool)> {
    let all = lab.strict_cluster().associations().into_iter();
    all.map(|one| (one.disable_session_tags, one.target_role_arn, one.policy.is_some()))
        .collect()
}
