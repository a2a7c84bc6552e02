//! Pod Identity associations, and the clusters they are in.

use serde_json::{Value, json};

use crate::client::{ACCOUNT, Answer, Client, OTHER, REGION, encode, of_statement, pods, refused, start};

const PATH: &str = "/clusters/demo/pod-identity-associations";

struct Lab {
    aws: pod_fake_aws::FakeAws,
    client: Client,
    role: String,
}

impl Lab {
    fn new() -> Self {
        let (aws, client) = start();
        aws.account(ACCOUNT).cluster(REGION, "demo");
        let role = aws.account(ACCOUNT).create_role("checkout", &pods());
        Self { aws, client, role }
    }

    /// A request for `shop/checkout`, with more or other fields.
    fn request(&self, more: &Value) -> Value {
        let mut request = json!({ "namespace": "shop", "serviceAccount": "checkout", "roleArn": self.role });
        request
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        request
    }

    fn create(&self, more: &Value) -> Answer {
        self.client.eks("POST", PATH, &self.request(more))
    }

    fn made(&self, more: &Value) -> Value {
        self.create(more).done().json()["association"].clone()
    }

    fn update(&self, id: &str, change: &Value) -> Answer {
        self.client.eks("POST", &format!("{PATH}/{id}"), change)
    }

    fn described(&self, id: &str) -> Value {
        self.client.get(&format!("{PATH}/{id}")).done().json()["association"].clone()
    }
}

fn invalid(message: &str) -> (u16, String, String) {
    refused(400, "InvalidParameterException", message)
}

#[test]
fn an_association_comes_back_as_it_was_made() {
    let lab = Lab::new();
    let policy = of_statement(&json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" })).to_string();
    let made = lab.made(&json!({
        "targetRoleArn": "arn:aws:iam::444455556666:role/data",
        "disableSessionTags": true,
        "policy": policy,
        "tags": { "team": "shop" },
    }));
    let id = made["associationId"].as_str().unwrap();
    assert!(id.starts_with("a-") && id.len() == 19, "{id}");
    let arn = format!("arn:aws:eks:us-west-2:111122223333:podidentityassociation/demo/{id}");
    assert_eq!(made["associationArn"], arn.as_str());
    assert_eq!(made["externalId"], "us-west-2/111122223333/demo/shop/checkout");
    assert_eq!(made["policy"], policy.as_str());
    assert_eq!(made["tags"], json!({ "team": "shop" }));
    assert_eq!(made.get("ownerArn"), None);
    assert_eq!(lab.described(id), made);

    let listed = lab.client.get(PATH).done().json();
    let fields: Vec<&String> = listed["associations"][0].as_object().unwrap().keys().collect();
    let summary = [
        "associationArn",
        "associationId",
        "clusterName",
        "namespace",
        "serviceAccount",
    ];
    assert_eq!(fields, summary, "neither role nor policy");

    let deleted = lab.client.eks("DELETE", &format!("{PATH}/{id}"), &Value::Null).done();
    assert_eq!(deleted.json()["association"]["associationId"], id);
    assert_eq!(
        lab.client.get(&format!("{PATH}/{id}")).refusal().1,
        "ResourceNotFoundException"
    );
}

#[test]
fn a_service_account_has_one_association() {
    let lab = Lab::new();
    let id = lab.made(&json!({}))["associationId"].as_str().unwrap().to_owned();
    let message = format!("Association already exists: {id}");
    assert_eq!(
        lab.create(&json!({})).refusal(),
        refused(409, "ResourceInUseException", &message)
    );
    lab.create(&json!({ "namespace": "other" })).done();
}

#[test]
fn the_same_token_again_is_the_same_create() {
    let lab = Lab::new();
    let token = json!({ "clientRequestToken": "one" });
    let first = lab.made(&token);
    assert_eq!(lab.made(&token), first);
    assert_eq!(lab.aws.account(ACCOUNT).cluster(REGION, "demo").associations().len(), 1);
    let other = json!({ "clientRequestToken": "two" });
    assert_eq!(lab.create(&other).refusal().1, "ResourceInUseException");
}

#[test]
fn a_missing_cluster_is_told_by_name() {
    let lab = Lab::new();
    let missing = refused(404, "ResourceNotFoundException", "No cluster found for name: none.");
    let path = "/clusters/none/pod-identity-associations";
    assert_eq!(
        lab.client.eks("POST", path, &lab.request(&json!({}))).refusal(),
        missing
    );
    assert_eq!(lab.client.get(path).refusal(), missing);
    assert_eq!(lab.client.get("/clusters/none").refusal(), missing);
    // Regions and accounts have clusters of their own.
    let mut elsewhere = lab.client.clone();
    elsewhere.region = "eu-central-1".to_owned();
    assert_eq!(elsewhere.get("/clusters/demo").refusal().0, 404);
    assert_eq!(Client::new(&lab.aws, OTHER).get("/clusters/demo").refusal().0, 404);
}

#[test]
fn the_role_must_be_there_be_of_the_account_and_trust_pods() {
    let lab = Lab::new();
    let account = lab.aws.account(ACCOUNT);
    let of_role = |arn: &str| lab.create(&json!({ "roleArn": arn })).refusal();
    assert_eq!(
        of_role("arn:aws:iam::111122223333:role/none"),
        invalid("Role provided in the request does not exist.")
    );
    assert_eq!(
        of_role("arn:aws:iam::111122223333:role/path/checkout"),
        invalid("Role provided in the request does not exist."),
        "the path is part of the name"
    );
    let other = lab.aws.account(OTHER).create_role("checkout", &pods());
    assert_eq!(
        of_role(&other),
        refused(403, "AccessDeniedException", "Cross-account pass role is not allowed.")
    );
    assert_eq!(of_role("checkout").1, "InvalidParameterException");

    let untrusting = [
        json!({ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }),
        json!({ "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": "sts:AssumeRole" }),
        json!({ "Effect": "Deny", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": ["sts:AssumeRole", "sts:TagSession"] }),
    ];
    for (number, statement) in untrusting.iter().enumerate() {
        let arn = account.create_role(&format!("r{number}"), &of_statement(statement));
        let expected = invalid("Trust policy of the role provided is invalid.");
        assert_eq!(of_role(&arn), expected, "{statement}");
    }
    // Two statements together are enough; conditions are not looked at.
    let mut both = pods();
    both["Statement"] = json!([
        { "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": "sts:AssumeRole" },
        { "Effect": "Allow", "Principal": { "Service": "pods.eks.amazonaws.com" }, "Action": "sts:TagSession",
          "Condition": { "StringEquals": { "aws:SourceAccount": "999999999999" } } },
    ]);
    let arn = account.create_role("both", &both);
    lab.create(&json!({ "roleArn": arn })).done();
}

#[test]
fn session_policies_have_rules() {
    let lab = Lab::new();
    let policy = of_statement(&json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" })).to_string();
    let create = |policy: &str, off: bool| {
        lab.create(&json!({ "policy": policy, "disableSessionTags": off }))
            .refusal()
    };
    assert_eq!(
        create(&policy, false),
        invalid("A policy requires that disableSessionTags is true")
    );
    assert_eq!(create("{", true), invalid("Syntax errors in policy."));
    assert_eq!(create(&format!("{policy}{}", " ".repeat(2048)), true).0, 400);
    lab.aws.set_quotas(|quotas| quotas.packed_policy = 10);
    assert!(create(&policy, true).2.starts_with("PackedPolicyTooLarge"));
}

#[test]
fn names_are_those_of_kubernetes() {
    let lab = Lab::new();
    for (field, name) in [
        ("namespace", "Not_Valid"),
        ("namespace", "a.b"),
        ("namespace", "-a"),
        ("serviceAccount", "UPPER"),
        ("serviceAccount", "*"),
    ] {
        let refusal = lab.create(&json!({ field: name })).refusal();
        assert_eq!(
            (refusal.0, refusal.1.as_str()),
            (400, "InvalidParameterException"),
            "{name}"
        );
    }
    lab.create(&json!({ "serviceAccount": "a.b" })).done();
    for tag in ["aws:x", "a*"] {
        assert_eq!(
            lab.create(&json!({ "namespace": "tags", "tags": { tag: "" } }))
                .refusal()
                .0,
            400
        );
    }
}

#[test]
fn an_update_changes_what_it_names_and_empty_texts_clear() {
    let lab = Lab::new();
    let policy = of_statement(&json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" })).to_string();
    let target = "arn:aws:iam::444455556666:role/data";
    let made = lab.made(&json!({ "targetRoleArn": target, "disableSessionTags": true, "policy": policy }));
    let id = made["associationId"].as_str().unwrap();
    assert_eq!(lab.update(id, &json!({})).refusal().1, "InvalidParameterException");
    let updated = |change: Value| lab.update(id, &change).done().json()["association"].clone();

    let another = lab.aws.account(ACCOUNT).create_role("another", &pods());
    let answer = updated(json!({ "roleArn": another }));
    assert_eq!(
        (&answer["roleArn"], &answer["targetRoleArn"]),
        (&json!(another), &json!(target))
    );
    let refusal = lab.update(id, &json!({ "disableSessionTags": false })).refusal();
    assert_eq!(refusal, invalid("A policy requires that disableSessionTags is true"));

    let answer = updated(json!({ "targetRoleArn": "" }));
    assert_eq!((answer.get("targetRoleArn"), answer.get("externalId")), (None, None));
    let answer = updated(json!({ "policy": "", "disableSessionTags": false }));
    assert_eq!(answer.get("policy"), None);
    assert_eq!(lab.described(id), answer);

    let refusal = lab
        .update(id, &json!({ "roleArn": "arn:aws:iam::111122223333:role/none" }))
        .refusal();
    assert_eq!(refusal, invalid("Role provided in the request does not exist."));
}

#[test]
fn ids_have_nineteen_characters() {
    let lab = Lab::new();
    let message = "The parameter associationId should be 19 characters long.";
    assert_eq!(lab.client.get(&format!("{PATH}/a-1")).refusal(), invalid(message));
    let refusal = lab.client.get(&format!("{PATH}/a-{}", "0".repeat(17))).refusal();
    assert_eq!((refusal.0, refusal.1.as_str()), (404, "ResourceNotFoundException"));
}

#[test]
fn lists_are_filtered_and_paged() {
    let lab = Lab::new();
    let cluster = lab.aws.account(ACCOUNT).cluster(REGION, "demo");
    for number in 0..150 {
        cluster.associate("many", &format!("sa-{number}"), &lab.role);
    }
    cluster.associate("few", "sa-0", &lab.role);
    let page = lab.client.get(PATH).done().json();
    assert_eq!(page["associations"].as_array().unwrap().len(), 100);
    let next = encode(page["nextToken"].as_str().unwrap());
    let rest = lab.client.get(&format!("{PATH}?nextToken={next}")).done().json();
    assert_eq!(
        (rest["associations"].as_array().unwrap().len(), rest.get("nextToken")),
        (51, None)
    );

    let filtered = lab
        .client
        .get(&format!("{PATH}?namespace=few&serviceAccount=sa-0"))
        .done();
    assert_eq!(filtered.json()["associations"].as_array().unwrap().len(), 1);
    let small = lab.client.get(&format!("{PATH}?maxResults=1")).done().json();
    assert_eq!(small["associations"].as_array().unwrap().len(), 1);
    for bad in ["maxResults=0", "maxResults=101", "nextToken=x"] {
        assert_eq!(lab.client.get(&format!("{PATH}?{bad}")).refusal().0, 400, "{bad}");
    }
}

#[test]
fn a_cluster_has_five_thousand() {
    let lab = Lab::new();
    lab.aws.set_quotas(|quotas| {
        assert_eq!(quotas.associations, 5000);
        quotas.associations = 1;
    });
    lab.made(&json!({}));
    let refusal = lab.create(&json!({ "namespace": "more" })).refusal();
    assert_eq!((refusal.0, refusal.1.as_str()), (400, "ResourceLimitExceededException"));
}

#[test]
fn what_an_addon_owns_only_it_changes() {
    let lab = Lab::new();
    let cluster = lab.aws.account(ACCOUNT).cluster(REGION, "demo");
    let id = cluster.associate_for_addon("vpc-cni", "kube-system", "aws-node", &lab.role);
    let owner = lab.described(&id)["ownerArn"].as_str().unwrap().to_owned();
    assert!(
        owner.starts_with("arn:aws:eks:us-west-2:111122223333:addon/demo/vpc-cni/"),
        "{owner}"
    );
    let update = lab.update(&id, &json!({ "roleArn": lab.role })).refusal();
    let delete = lab
        .client
        .eks("DELETE", &format!("{PATH}/{id}"), &Value::Null)
        .refusal();
    assert_eq!(
        (update.1.as_str(), delete.1.as_str()),
        ("InvalidRequestException", "InvalidRequestException")
    );
    assert_eq!(cluster.associations().len(), 1);
}

#[test]
fn associations_and_clusters_carry_tags() {
    let lab = Lab::new();
    let association = lab.made(&json!({}))["associationArn"].as_str().unwrap().to_owned();
    let cluster = lab.aws.account(ACCOUNT).cluster(REGION, "demo").arn();
    for arn in [association, cluster] {
        let path = format!("/tags/{}", encode(&arn));
        lab.client
            .eks("POST", &path, &json!({ "tags": { "a": "1", "A": "2" } }))
            .done();
        assert_eq!(
            lab.client.get(&path).done().json()["tags"],
            json!({ "a": "1", "A": "2" })
        );
        lab.client
            .eks("DELETE", &format!("{path}?tagKeys=a&tagKeys=b"), &Value::Null)
            .done();
        assert_eq!(lab.client.get(&path).done().json()["tags"], json!({ "A": "2" }));
        let bad = lab
            .client
            .eks("POST", &path, &json!({ "tags": { "aws:a": "1" } }))
            .refusal();
        assert_eq!(bad.1, "BadRequestException");
    }
    let path = format!("/tags/{}", encode("arn:aws:eks:us-west-2:111122223333:cluster/none"));
    assert_eq!(lab.client.get(&path).refusal().1, "NotFoundException");
}

#[test]
fn clusters_are_described() {
    let lab = Lab::new();
    let cluster = lab.aws.account(ACCOUNT).cluster(REGION, "demo");
    cluster.version("1.33", "eks.3").auto_mode();
    cluster.nodegroup("workers", "arn:aws:iam::111122223333:role/node");
    cluster.fargate_profile("batch", "jobs", &[("tier", "low")]);
    let described = lab.client.get("/clusters/demo").done().json()["cluster"].clone();
    assert_eq!(described["computeConfig"]["enabled"], true);
    assert_eq!(
        (&described["version"], &described["platformVersion"]),
        (&json!("1.33"), &json!("eks.3"))
    );
    let issuer = described["identity"]["oidc"]["issuer"].as_str().unwrap();
    let id = issuer
        .strip_prefix("https://oidc.eks.us-west-2.amazonaws.com/id/")
        .unwrap();
    assert_eq!(id.len(), 32);
    assert_eq!(lab.client.get("/clusters").done().json()["clusters"], json!(["demo"]));

    let group = lab.client.get("/clusters/demo/node-groups/workers").done().json();
    assert_eq!(group["nodegroup"]["nodeRole"], "arn:aws:iam::111122223333:role/node");
    assert_eq!(
        lab.client.get("/clusters/demo/node-groups").done().json()["nodegroups"],
        json!(["workers"])
    );
    let profiles = lab.client.get("/clusters/demo/fargate-profiles").done().json();
    assert_eq!(profiles["fargateProfileNames"], json!(["batch"]));
    let profile = lab.client.get("/clusters/demo/fargate-profiles/batch").done().json();
    let selectors = json!([{ "namespace": "jobs", "labels": { "tier": "low" } }]);
    assert_eq!(profile["fargateProfile"]["selectors"], selectors);

    cluster.status("CREATING");
    let described = lab.client.get("/clusters/demo").done().json()["cluster"].clone();
    assert_eq!(
        (&described["status"], described.get("identity")),
        (&json!("CREATING"), None)
    );
    let arn = cluster.arn();
    let fresh = cluster.recreate();
    assert_eq!(fresh.arn(), arn);
    assert_ne!(fresh.issuer(), issuer);
}

#[test]
fn china_has_its_own_names() {
    let (aws, mut client) = start();
    client.region = "cn-north-1".to_owned();
    aws.account(ACCOUNT).cluster("cn-north-1", "demo");
    let described = client.get("/clusters/demo").done().json()["cluster"].clone();
    assert_eq!(described["arn"], "arn:aws-cn:eks:cn-north-1:111122223333:cluster/demo");
    let issuer = described["identity"]["oidc"]["issuer"].as_str().unwrap();
    assert!(
        issuer.starts_with("https://oidc.eks.cn-north-1.amazonaws.com.cn/id/"),
        "{issuer}"
    );
    let role = aws
        .account(ACCOUNT)
        .in_region("cn-north-1")
        .create_role("checkout", &pods());
    assert_eq!(role, "arn:aws-cn:iam::111122223333:role/checkout");
    let request = json!({ "namespace": "a", "serviceAccount": "b", "roleArn": role });
    client.eks("POST", PATH, &request).done();
}
