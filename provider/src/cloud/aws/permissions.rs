//! The policies of the guide for those who write policies: enough for everything that the provider does, and no more.

mod lives;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use pod_fake_aws::{Call, Outcome};
use pod_identity_core::policy::Document;
use tfplugin_testing::core::State;

use self::lives::{LIVES, Life};
use crate::lab::strict::{StrictLab, run};
use crate::lab::text;

const GUIDE: &str = include_str!("../../../../docs/guides/permissions.md");

/// Where the guide has the roles of bindings.
const SETTINGS: &str = r#", "role_defaults": {"path": "/pods/"}"#;

/// It only tells why a change of an add-on failed: the state of the add-on says that it did.
const NOT_MISSED: &str = "eks:DescribeUpdate";

/// The policies in the order of the guide: for plans, for applies, for the agent and the OIDC provider, and to guard the tag.
fn policies() -> [&'static str; 4] {
    let blocks = GUIDE
        .split("```json")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let blocks: Vec<&str> = blocks.collect();
    blocks.try_into().expect("four policies")
}

/// What whoever applies everything has.
fn all() -> Vec<&'static str> {
    policies()[..3].to_vec()
}

/// The actions that policies allow.
fn actions(policies: &[&str]) -> BTreeSet<String> {
    let allowed = policies.iter().flat_map(|policy| allowances(policy));
    allowed.map(|(_, action)| action).collect()
}

/// A policy without one action of one of its statements.
fn without(policy: &str, sid: &str, action: &str) -> String {
    let mut document: serde_json::Value = serde_json::from_str(policy).unwrap();
    let statements = document["Statement"].as_array_mut().unwrap();
    let statement = statements.iter_mut().find(|one| one["Sid"] == sid).unwrap();
    match statement["Action"].as_array_mut() {
        Some(actions) => actions.retain(|one| one != action),
        None => statement["Action"] = serde_json::Value::Array(Vec::new()),
    }
    statements.retain(|one| one["Action"].as_array().is_none_or(|actions| !actions.is_empty()));
    document.to_string()
}

async fn live(policies: &[&str], (_, life): Life) -> (StrictLab, lives::Outcome) {
    let lab = StrictLab::of_user(policies, SETTINGS).await;
    let outcome = Box::into_pin(life(&lab)).await;
    (lab, outcome)
}

/// The actions that AWS asked for.
fn asked(calls: &[Call]) -> BTreeSet<String> {
    calls.iter().flat_map(|call| call.permissions.iter().cloned()).collect()
}

/// Calls that were refused because nobody allowed them.
fn denied(calls: &[Call]) -> Vec<String> {
    let is_denied = |call: &&Call| matches!(&call.outcome, Outcome::Refused(code) if code.starts_with("AccessDenied"));
    calls.iter().filter(is_denied).map(ToString::to_string).collect()
}

fn lines<'a>(names: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
    names.into_iter().map(String::as_str).collect()
}

#[test]
fn the_guide_allows_all_that_is_done_and_nothing_that_is_not() {
    run(|| async {
        let mut used = BTreeSet::new();
        let mut operations = BTreeSet::from(["getcalleridentity".to_owned()]);
        for life in LIVES {
            let (lab, outcome) = live(&all(), life).await;
            assert_eq!(outcome, Ok(()), "{}", life.0);
            let calls = lab.aws.calls();
            assert_eq!(denied(&calls), [""; 0], "{}", life.0);
            operations.extend(calls.iter().map(|call| call.operation.to_lowercase()));
            used.extend(asked(&calls));
        }
        let allowed = actions(&all());
        assert_eq!(lines(used.difference(&allowed)), [""; 0], "not in the guide");
        assert_eq!(lines(allowed.difference(&used)), [""; 0], "superfluous");
        // Whoever adds a call has to add what users do with it.
        assert_eq!(lines(called().difference(&operations)), [""; 0], "in no life");
    });
}

#[test]
fn plans_need_all_of_the_first_policy_and_nothing_else() {
    run(|| async {
        let plans = policies()[0];
        let lab = StrictLab::of_user(&[plans], SETTINGS).await;
        assert_eq!(lives::reading(&lab).await, Ok(()));
        let calls = lab.aws.calls();
        assert_eq!(denied(&calls), [""; 0]);
        assert!(lab.aws.writes().is_empty());
        let (asked, allowed) = (asked(&calls), actions(&[plans]));
        assert_eq!(lines(&asked), lines(&allowed));

        // An apply ends at the first thing that it would make.
        let plan = lab
            .bindings
            .plan(&State::default(), &lab.binding(r#""role": {"name": "checkout"}"#))
            .await;
        let applied = lab.bindings.apply(&plan.unwrap()).await.unwrap();
        let told = text(&applied.diagnostics);
        assert!(told.contains("may not do `iam:CreateRole`"), "{told}");
        assert!(applied.state.value.is_null() && lab.aws.writes().is_empty(), "{told}");
    });
}

#[test]
fn without_any_one_of_the_actions_that_change_things_the_error_names_it() {
    run(|| async {
        let mut of_lives = Vec::new();
        for life in LIVES {
            let (lab, outcome) = live(&all(), life).await;
            assert_eq!(outcome, Ok(()), "{}", life.0);
            of_lives.push((life, asked(&lab.aws.calls())));
        }
        for (position, policy) in policies().into_iter().enumerate().skip(1).take(2) {
            for (sid, action) in allowances(policy) {
                let reduced = without(policy, &sid, &action);
                let mut policies = all();
                policies[position] = &reduced;
                let mut refused = None;
                for (life, asked) in &of_lives {
                    if refused.is_none() && asked.contains(&action) {
                        refused = live(&policies, *life).await.1.err();
                    }
                }
                if action == NOT_MISSED {
                    assert_eq!(refused, None);
                    continue;
                }
                let told = refused.unwrap_or_else(|| panic!("{sid} is enough without {action}"));
                assert!(told.contains(&format!("`{action}`")), "{sid} without {action}: {told}");
            }
        }
    });
}

/// A policy with some of its statements free of conditions.
fn without_conditions(policy: &str, sids: &[&str]) -> String {
    let mut document: serde_json::Value = serde_json::from_str(policy).unwrap();
    for statement in document["Statement"].as_array_mut().unwrap() {
        if sids.contains(&statement["Sid"].as_str().unwrap()) {
            statement.as_object_mut().unwrap().remove("Condition").unwrap();
        }
    }
    document.to_string()
}

#[test]
fn adoption_needs_the_statements_of_own_objects_without_their_conditions() {
    run(|| async {
        let [plans, applies, ..] = policies();
        for (free, missing) in [
            (&["ChangeOwnRoles", "ChangeOwnAssociations"][..], None),
            (&["ChangeOwnAssociations"], Some("`iam:UpdateAssumeRolePolicy`")),
            (&["ChangeOwnRoles"], Some("`eks:UpdatePodIdentityAssociation`")),
        ] {
            let applies = without_conditions(applies, free);
            let lab = StrictLab::of_user(&[plans, &applies], SETTINGS).await;
            let told = lives::adoption(&lab).await.err();
            match missing {
                None => assert_eq!((told, denied(&lab.aws.calls())), (None, Vec::new())),
                Some(action) => assert!(told.as_ref().is_some_and(|told| told.contains(action)), "{told:?}"),
            }
        }
    });
}

/// What each statement of a policy allows, by its name.
fn allowances(policy: &str) -> Vec<(String, String)> {
    let document: serde_json::Value = serde_json::from_str(policy).unwrap();
    let statements = document["Statement"].as_array().unwrap();
    let allowing = statements.iter().filter(|statement| statement["Effect"] == "Allow");
    let allowed = allowing.flat_map(|statement| {
        let names = match &statement["Action"] {
            serde_json::Value::Array(names) => names.clone(),
            name => vec![name.clone()],
        };
        let sid = statement["Sid"].as_str().unwrap().to_owned();
        names
            .into_iter()
            .map(move |name| (sid.clone(), name.as_str().unwrap().to_owned()))
    });
    allowed.collect()
}

#[test]
fn the_policies_of_the_guide_are_documents_that_iam_takes() {
    for policy in policies() {
        Document::parse(policy).unwrap();
    }
}

/// How names of operations start, as the SDK spells its methods.
const VERBS: [&str; 13] = [
    "add_",
    "attach_",
    "create_",
    "delete_",
    "describe_",
    "detach_",
    "get_",
    "list_",
    "put_",
    "remove_",
    "tag_",
    "untag_",
    "update_",
];

/// Begins as operations do, and is a part of an answer.
const NO_CALL: &str = "create_date";

/// Methods of the SDK's clients that the sources call, without underscores.
fn called() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cloud/aws");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let sources = files
        .filter(|path| path.is_file() && !path.ends_with("permissions.rs"))
        .map(|path| fs::read_to_string(path).unwrap());
    let mut called = BTreeSet::new();
    for source in sources {
        for (at, _) in source.match_indices("()") {
            let name = source[..at]
                .rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .next()
                .unwrap();
            let is_method = source[..at - name.len()].ends_with('.');
            if is_method && name != NO_CALL && VERBS.iter().any(|verb| name.starts_with(verb)) {
                called.insert(name.replace('_', ""));
            }
        }
    }
    assert!(called.len() > 20, "{called:?}");
    called
}
