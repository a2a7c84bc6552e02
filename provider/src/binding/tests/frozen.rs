//! States as hosts have stored them. A file stays as it is for as long as states of its version exist.

use tfmodel::json::{self, Node};
use tfmodel::{Value, encoding};
use tfplugin_testing::core::State;

use crate::lab::Lab;

/// Schema version 0, every argument set.
const VERSION_0: &str = include_str!("states/version_0.json");

/// What made it.
const ARGUMENTS: &str = r#""mode": "dual", "allow_disruptive_switch": true, "tags": {"team": "shop"},
    "oidc_issuer": "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
    "trust": {"scope": "namespace", "source_account": true,
        "conditions": [{"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"], "mechanism": "both"}],
        "statements": ["{\"Sid\":\"People\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},\"Action\":\"sts:AssumeRole\"}"]},
    "timeouts": {"create": "5m", "update": "5m", "delete": "5m"},
    "role": {"name": "checkout", "path": "/shop/", "description": "Reads orders", "max_session_duration": 7200, "force_delete": true,
        "permissions_boundary": "arn:aws:iam::aws:policy/PowerUserAccess", "tags": {"cost": "42"},
        "managed_policy_arns": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
        "inline_policies": {"orders": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}"}}"#;

fn value(lab: &Lab, stored: &str) -> Value {
    let node: Node = json::parse(stored).unwrap();
    encoding::json::decode_named(&node, &lab.bindings.schema().ty()).unwrap()
}

#[tokio::test]
async fn a_state_of_version_0_reads_without_a_change_and_plans_no_call() {
    let lab = Lab::new().await;
    let made = lab.made(ARGUMENTS).await;
    let upgraded = lab.bindings.upgrade(0, VERSION_0).await.unwrap();
    assert_eq!(
        upgraded,
        value(&lab, VERSION_0),
        "nothing is lost and nothing is made up"
    );
    let state = State {
        value: upgraded.clone(),
        ..made
    };
    let read = lab.bindings.read(&state).await.unwrap();
    assert_eq!(read.value, upgraded);
    let plan = lab.bindings.plan(&read, &lab.binding(ARGUMENTS)).await.unwrap();
    lab.bindings.apply(&plan).await.unwrap().success().unwrap();
    assert_eq!(
        lab.writes(),
        [""; 0],
        "a newer provider must not touch what an older one made"
    );
}

#[tokio::test]
async fn a_state_that_todays_checks_would_refuse_can_be_read_and_destroyed() {
    let lab = Lab::new().await;
    let made = lab.made(ARGUMENTS).await;
    let odd = VERSION_0
        .replace(r#""Reads orders""#, r#""""#)
        .replace("7200", "60")
        .replace(r#""5m""#, r#""2562048h""#);
    assert_ne!(odd, VERSION_0);
    let state = State {
        value: lab.bindings.upgrade(0, &odd).await.unwrap(),
        ..made
    };
    let read = lab.bindings.read(&state).await.unwrap();
    lab.bindings.destroy(&read).await.unwrap();
    assert_eq!((lab.roles(), lab.associations()), (Vec::<String>::new(), 0));
}
