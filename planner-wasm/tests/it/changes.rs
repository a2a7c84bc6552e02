use pod_identity_planner::{Class, GroupKind, LeafKind, Node, NodeStatus, Row, Session, Shape};

use crate::sessions::{all_classes, everything, read, sample};

fn rows(session: &mut Session, text: &str, classes: &[&str]) -> Vec<Row> {
    let classes: Vec<_> = classes.iter().map(ToString::to_string).collect();
    let groups = session.filter(text, &classes).unwrap();
    groups
        .iter()
        .flat_map(|group| session.rows(group.id, 0, 1000).unwrap())
        .collect()
}

fn nodes(session: &mut Session, address: &str, class: &str) -> Vec<Node> {
    let found = rows(session, address, &[class]);
    let row = found.iter().find(|row| row.address == address).unwrap();
    session.detail(row.id).unwrap().nodes
}

fn node<'a>(nodes: &'a [Node], path: &[&str]) -> &'a Node {
    let (first, rest) = path.split_first().unwrap();
    let found = nodes
        .iter()
        .find(|node| node.name == *first)
        .unwrap_or_else(|| panic!("no `{first}` in {nodes:?}"));
    if rest.is_empty() {
        found
    } else {
        node(&found.children, rest)
    }
}

#[test]
fn changes_are_grouped_by_module_then_outputs_then_drift() {
    let groups = sample().filter("", &all_classes()).unwrap();
    let named: Vec<_> = groups
        .iter()
        .map(|group| (group.kind, group.module.as_str(), group.total))
        .collect();
    assert_eq!(
        named,
        [
            (GroupKind::Module, "", 5),
            (GroupKind::Module, "module.data", 4),
            (GroupKind::Module, "module.legacy", 1),
            (GroupKind::Outputs, "", 2),
            (GroupKind::Drift, "", 1),
        ]
    );
}

#[test]
fn filters_choose_by_class_and_by_text() {
    let mut session = sample();
    let addresses = |rows: &[Row]| rows.iter().map(|row| row.address.clone()).collect::<Vec<_>>();
    assert_eq!(
        addresses(&rows(&mut session, "", &["replace"])),
        ["aws_iam_role.replica"]
    );
    assert_eq!(
        addresses(&rows(&mut session, " LEGACY ", &["delete", "update"])),
        ["module.legacy.aws_iam_role.batch[\"nightly\"]"]
    );
    // The name of an attribute that changes is found as well.
    assert_eq!(
        addresses(&rows(&mut session, "password", &["update"])),
        ["module.data.aws_db_instance.orders"]
    );
    assert!(rows(&mut session, "", &[]).is_empty());
}

#[test]
fn rows_are_handed_out_in_ranges() {
    let mut session = sample();
    session.filter("", &all_classes()).unwrap();
    let all = session.rows(0, 0, 100).unwrap();
    assert_eq!(session.rows(0, 1, 2).unwrap(), all[1..3]);
    assert!(session.rows(0, 100, 2).unwrap().is_empty());
    assert!(session.rows(99, 0, 1).is_err());
}

#[test]
fn a_row_tells_what_changes_and_why() {
    let mut session = sample();
    let row = &rows(&mut session, "replica", &["replace"])[0];
    assert_eq!(
        row.reason.as_deref(),
        Some("`name` changes and cannot be changed in place")
    );
    assert_eq!(row.gist, "`name`, `arn`, `assume_role_policy` and 2 more");
    let row = &rows(&mut session, "exports", &["move"])[0];
    assert_eq!((row.class, row.name.as_str()), (Class::Move, "aws_s3_bucket.exports"));
    assert_eq!(row.remarks, ["moved from `aws_s3_bucket.exports`"]);
}

#[test]
fn an_update_shows_both_values_and_counts_what_stays() {
    let nodes = nodes(&mut sample(), "module.data.aws_db_instance.orders", "update");
    let class = node(&nodes, &["instance_class"]);
    assert_eq!(class.status, NodeStatus::Changed);
    assert_eq!(class.before.as_ref().unwrap().text, "db.r6g.large");
    assert_eq!(class.after.as_ref().unwrap().text, "db.r7g.large");
    assert_eq!(
        nodes.iter().filter(|node| node.status == NodeStatus::Unchanged).count(),
        6
    );
}

#[test]
fn a_policy_in_a_string_is_compared_inside() {
    let nodes = nodes(&mut sample(), "module.data.aws_iam_policy.exports", "update");
    let policy = node(&nodes, &["policy"]);
    assert_eq!((policy.shape, policy.status), (Shape::Json, NodeStatus::Changed));
    let added = node(&policy.children, &["Statement", "[0]", "Action", "[1]"]);
    assert_eq!(added.status, NodeStatus::Added);
    assert_eq!(added.after.as_ref().unwrap().text, "s3:PutObject");
}

#[test]
fn unknown_and_sensitive_values_are_marked() {
    let mut session = sample();
    let replaced = nodes(&mut session, "aws_iam_role.replica", "replace");
    assert_eq!(
        node(&replaced, &["arn"]).after.as_ref().unwrap().kind,
        LeafKind::Unknown
    );
    assert!(node(&replaced, &["name"]).forces_replacement);
    assert!(!node(&replaced, &["arn"]).forces_replacement);
    // The old policy is told in full beside what is unknown.
    let policy = node(&replaced, &["assume_role_policy"]);
    assert_eq!(
        (policy.shape, policy.after.as_ref().unwrap().kind),
        (Shape::Json, LeafKind::Unknown)
    );
    assert_eq!(node(&policy.children, &["Version"]).status, NodeStatus::Removed);

    let masked = nodes(&mut session, "module.data.aws_db_instance.orders", "update");
    let password = node(&masked, &["password"]);
    assert_eq!(password.status, NodeStatus::Changed);
    assert_eq!(password.after.as_ref().unwrap().kind, LeafKind::Sensitive);
}

#[test]
fn no_answer_holds_a_sensitive_value() {
    let all = everything(&mut sample());
    assert!(all.contains("db.r7g.large"));
    for secret in ["correct-horse-battery", "staple-battery-horse"] {
        assert!(crate::sessions::SAMPLE.contains(secret));
        assert!(!all.contains(secret));
    }
}

#[test]
fn no_answer_tells_a_sensitive_value_from_inside_of_json_or_an_import() {
    let plan = r#"{"format_version": "1.2", "resource_changes": [
        {"address": "vault.x", "type": "vault", "change": {"actions": ["create"], "before": null,
            "after": {"password": "hunter2secret"}, "after_sensitive": {"password": true}}},
        {"address": "secret.x", "type": "secret", "change": {"actions": ["update"], "importing": {"id": "hunter2secret"},
            "before": {"value": "{\"password\":\"hunter2secret\",\"user\":\"a\"}"},
            "after": {"value": "{\"password\":\"hunter2secret\",\"user\":\"b\"}"}}},
        {"address": "aws_iam_role.x", "type": "aws_iam_role", "change": {"actions": ["create"], "before": null,
            "after": {"assume_role_policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"hunter2secret\"}}}]}"}}}]}"#;
    let all = everything(&mut read(plan.as_bytes()).unwrap());
    assert!(all.contains("aws_iam_role.x") && all.contains("imported"), "{all}");
    assert!(!all.contains("hunter2"), "{all}");
}

#[test]
fn a_binding_tells_the_steps_of_its_change_apart_from_its_attributes() {
    let mut session = sample();
    let found = rows(&mut session, "pod_identity_binding.orders", &["update"]);
    let detail = session.detail(found[0].id).unwrap();
    assert_eq!(detail.steps.len(), 4);
    assert!(detail.steps[0].contains("trust policy"), "{:?}", detail.steps);
    assert!(detail.nodes.iter().all(|node| node.name != "steps"));
    let policy = session.trust_policy(detail.trust.unwrap()).unwrap();
    assert_eq!(policy.row.address, "pod_identity_binding.orders");
}

#[test]
fn an_output_is_shown_as_one_value() {
    let nodes = nodes(&mut sample(), "output.orders_ready", "output");
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0].before.as_ref().unwrap().text, "b7c1e0");
    assert_eq!(nodes[0].after.as_ref().unwrap().kind, LeafKind::Unknown);
}

#[test]
fn markup_and_odd_names_are_plain_data() {
    let plan =
        br#"{"format_version": "1.2", "resource_changes": [{"address": "a.<img src=x onerror=alert(1)>", "change":
        {"actions": ["create"], "before": null, "after": {"__proto__": {"polluted": true}, "constructor": "x"}}}]}"#;
    let mut session = read(plan).unwrap();
    let found = rows(&mut session, "<img", &["create"]);
    let nodes = session.detail(found[0].id).unwrap().nodes;
    assert_eq!(
        node(&nodes, &["__proto__", "polluted"]).after.as_ref().unwrap().text,
        "true"
    );
}
