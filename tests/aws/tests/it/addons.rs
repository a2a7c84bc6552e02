use std::time::Duration;

use pod_fake_aws::Delays;
use serde_json::{Value, json};

use crate::client::{ACCOUNT, REGION, pods, start};

const PATH: &str = "/clusters/demo/addons";

#[test]
fn an_addon_takes_its_time() {
    let (aws, client) = start();
    aws.stop_clock();
    aws.set_delays(Delays {
        addons: Duration::from_secs(60),
        ..Delays::default()
    });
    aws.account(ACCOUNT).cluster(REGION, "demo");
    let path = format!("{PATH}/eks-pod-identity-agent");
    let status = || {
        client.get(&path).done().json()["addon"]["status"]
            .as_str()
            .unwrap()
            .to_owned()
    };

    let request = json!({ "addonName": "eks-pod-identity-agent", "configurationValues": "{\"a\":1}" });
    let made = client.eks("POST", PATH, &request).done().json();
    assert_eq!(
        (&made["addon"]["status"], status()),
        (&json!("CREATING"), "CREATING".to_owned())
    );
    assert_eq!(client.eks("POST", PATH, &request).refusal().1, "ResourceInUseException");
    let update = json!({ "addonVersion": "v1.3.8-eksbuild.2" });
    let too_early = client.eks("POST", &format!("{path}/update"), &update).refusal();
    assert_eq!((too_early.0, too_early.1.as_str()), (409, "ResourceInUseException"));

    aws.advance(Duration::from_secs(60));
    assert_eq!(status(), "ACTIVE");
    client.eks("POST", &format!("{path}/update"), &update).done();
    assert_eq!(status(), "UPDATING");
    aws.advance(Duration::from_secs(60));
    let addon = client.get(&path).done().json()["addon"].clone();
    assert_eq!(
        (&addon["status"], &addon["addonVersion"]),
        (&json!("ACTIVE"), &update["addonVersion"])
    );
    assert_eq!(addon["configurationValues"], "{\"a\":1}", "what is not named stays");

    client.eks("DELETE", &path, &Value::Null).done();
    assert_eq!(status(), "DELETING");
    aws.advance(Duration::from_secs(60));
    assert_eq!(client.get(&path).refusal().1, "ResourceNotFoundException");
    assert_eq!(client.get(PATH).done().json()["addons"], json!([]));
}

#[test]
fn an_addon_owns_its_associations() {
    let (aws, client) = start();
    let account = aws.account(ACCOUNT);
    let cluster = account.cluster(REGION, "demo");
    let role = account.create_role("cni", &pods());
    let owned = json!([{ "serviceAccount": "aws-node", "roleArn": role }]);
    let request = json!({ "addonName": "vpc-cni", "podIdentityAssociations": owned });
    let made = client.eks("POST", PATH, &request).done().json();
    let [association] = &cluster.associations()[..] else {
        panic!("{made}")
    };
    assert_eq!(association.owner_arn.as_deref(), made["addon"]["addonArn"].as_str());
    assert_eq!(made["addon"]["podIdentityAssociations"], json!([association.arn]));
    assert_eq!(
        (association.namespace.as_str(), association.role_arn.as_str()),
        ("kube-system", role.as_str())
    );

    let update = |body: Value| client.eks("POST", &format!("{PATH}/vpc-cni/update"), &body).done();
    update(json!({}));
    assert_eq!(cluster.associations().len(), 1, "what is not named stays");
    update(json!({ "podIdentityAssociations": [] }));
    assert!(cluster.associations().is_empty());
    update(json!({ "podIdentityAssociations": owned }));
    client.eks("DELETE", &format!("{PATH}/vpc-cni"), &Value::Null).done();
    assert!(cluster.associations().is_empty());
}

#[test]
fn only_what_there_is_can_be_had() {
    let (aws, client) = start();
    aws.account(ACCOUNT).cluster(REGION, "demo");
    for (request, message) in [
        (json!({ "addonName": "none" }), "Addon specified is not supported"),
        (
            json!({ "addonName": "coredns", "addonVersion": "v0" }),
            "Addon version specified is not supported",
        ),
    ] {
        let refusal = client.eks("POST", PATH, &request).refusal();
        assert_eq!(
            (refusal.1.as_str(), refusal.2.as_str()),
            ("InvalidParameterException", message)
        );
    }
    let bad = json!({ "addonName": "coredns", "configurationValues": "{" });
    assert_eq!(client.eks("POST", PATH, &bad).refusal().1, "InvalidParameterException");

    let versions = client
        .get("/addons/supported-versions?addonName=eks-pod-identity-agent")
        .done()
        .json();
    assert_eq!(versions["addons"].as_array().unwrap().len(), 1);
    let version = &versions["addons"][0]["addonVersions"][0];
    assert_eq!(version["compatibilities"][0]["defaultVersion"], true);
    let name = version["addonVersion"].as_str().unwrap();
    let schema = client.get(&format!(
        "/addons/configuration-schemas?addonName=vpc-cni&addonVersion={name}"
    ));
    assert_eq!(schema.refusal().1, "InvalidParameterException");
    let schema = client
        .get("/addons/configuration-schemas?addonName=vpc-cni&addonVersion=v1.20.4-eksbuild.1")
        .done()
        .json();
    assert_eq!(schema["podIdentityConfiguration"][0]["serviceAccount"], "aws-node");
}

#[test]
fn a_test_says_what_state_an_addon_is_in() {
    let (aws, client) = start();
    let cluster = aws.account(ACCOUNT).cluster(REGION, "demo");
    cluster.addon("eks-pod-identity-agent", "v1.3.2-eksbuild.2", "DEGRADED");
    let addon = client.get(&format!("{PATH}/eks-pod-identity-agent")).done().json();
    assert_eq!(addon["addon"]["status"], "DEGRADED");
    cluster.remove_addon("eks-pod-identity-agent");
    assert_eq!(client.get(&format!("{PATH}/eks-pod-identity-agent")).refusal().0, 404);
}
