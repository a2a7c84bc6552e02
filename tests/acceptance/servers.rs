//! What the servers cannot do, by declaration. What starts to work fails here too: then a test
//! that had to do without can be written.

use aws_sdk_iam::types::Tag;
use serde_json::json;

use crate::aws::Aws;
use crate::lab::{Profile, fresh_account};

/// Something that AWS does.
struct Capability {
    name: &'static str,
    works: fn(&Aws) -> bool,
}

const IAM: [Capability; 9] = [
    Capability {
        name: "refuses a trust policy that is not JSON",
        works: refuses_broken_trust,
    },
    Capability {
        name: "refuses a trust policy without Principal",
        works: refuses_trust_without_principal,
    },
    Capability {
        name: "refuses a trust policy over the quota",
        works: refuses_long_trust,
    },
    Capability {
        name: "refuses a role name over 64 characters",
        works: refuses_long_role_name,
    },
    Capability {
        name: "refuses a managed policy that is not there",
        works: refuses_missing_policy,
    },
    Capability {
        name: "keeps markup in descriptions",
        works: keeps_markup,
    },
    Capability {
        name: "pages roles",
        works: pages_roles,
    },
    Capability {
        name: "adds a client id to an OIDC provider",
        works: adds_client_id,
    },
    Capability {
        name: "tags an OIDC provider later",
        works: tags_oidc_provider,
    },
];

const EKS: [Capability; 6] = [
    Capability {
        name: "refuses an association with a role that is not there",
        works: refuses_missing_role,
    },
    Capability {
        name: "answers a repeated request token with the same association",
        works: is_idempotent,
    },
    Capability {
        name: "clears the target role",
        works: clears_target_role,
    },
    Capability {
        name: "pages associations",
        works: pages_associations,
    },
    Capability {
        name: "tags an association later",
        works: tags_association,
    },
    Capability {
        name: "lists Fargate profiles",
        works: lists_fargate_profiles,
    },
];

#[test]
fn localstack_iam_lacks_what_is_declared() {
    check(
        Profile::LocalStack,
        &IAM,
        &[
            "refuses a trust policy without Principal",
            "refuses a trust policy over the quota",
            "refuses a role name over 64 characters",
            "pages roles",
            "adds a client id to an OIDC provider",
        ],
    );
}

#[test]
fn ministack_iam_lacks_what_is_declared() {
    check(
        Profile::MiniStack,
        &IAM,
        &[
            "refuses a trust policy that is not JSON",
            "refuses a trust policy without Principal",
            "refuses a trust policy over the quota",
            "refuses a role name over 64 characters",
            "refuses a managed policy that is not there",
            "keeps markup in descriptions",
            "pages roles",
            "adds a client id to an OIDC provider",
            "tags an OIDC provider later",
        ],
    );
}

#[test]
fn ministack_eks_lacks_what_is_declared() {
    check(
        Profile::MiniStack,
        &EKS,
        &[
            "refuses an association with a role that is not there",
            "answers a repeated request token with the same association",
            "clears the target role",
            "pages associations",
            "tags an association later",
            "lists Fargate profiles",
        ],
    );
}

#[test]
fn our_own_aws_lacks_nothing() {
    check(Profile::Strict, &IAM, &[]);
    check(Profile::Strict, &EKS, &[]);
}

fn check(profile: Profile, capabilities: &[Capability], lacking: &[&str]) {
    let servers = profile.servers();
    let missing: Vec<&str> = capabilities
        .iter()
        .filter(|capability| {
            let account = fresh_account();
            servers.create_cluster(&account, CLUSTER);
            !(capability.works)(&Aws::new(&account, &servers))
        })
        .map(|capability| capability.name)
        .collect();
    assert_eq!(missing, lacking);
}

const CLUSTER: &str = "capable";
const ROLE: &str = "capable";

fn trust() -> serde_json::Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }],
    })
}

fn creates_role(aws: &Aws, name: &str, trust: &str) -> bool {
    let request = aws.iam.create_role().role_name(name);
    aws.wait(request.assume_role_policy_document(trust).send()).is_ok()
}

fn refuses_broken_trust(aws: &Aws) -> bool {
    !creates_role(aws, ROLE, "{")
}

fn refuses_trust_without_principal(aws: &Aws) -> bool {
    let mut trust = trust();
    trust["Statement"][0].as_object_mut().unwrap().remove("Principal");
    !creates_role(aws, ROLE, &trust.to_string())
}

fn refuses_long_trust(aws: &Aws) -> bool {
    let mut trust = trust();
    trust["Statement"][0]["Sid"] = "x".repeat(3000).into();
    !creates_role(aws, ROLE, &trust.to_string())
}

fn refuses_long_role_name(aws: &Aws) -> bool {
    !creates_role(aws, &"x".repeat(65), &trust().to_string())
}

fn refuses_missing_policy(aws: &Aws) -> bool {
    aws.create_role(ROLE, &trust());
    let request = aws.iam.attach_role_policy().role_name(ROLE);
    let arn = "arn:aws:iam::111122223333:policy/not-there";
    aws.wait(request.policy_arn(arn).send()).is_err()
}

fn keeps_markup(aws: &Aws) -> bool {
    let request = aws.iam.create_role().role_name(ROLE).description("a < b & c");
    let made = aws.wait(request.assume_role_policy_document(trust().to_string()).send());
    let read = aws.wait(aws.iam.get_role().role_name(ROLE).send());
    made.is_ok() && read.is_ok_and(|answer| answer.role().unwrap().description() == Some("a < b & c"))
}

fn pages_roles(aws: &Aws) -> bool {
    aws.create_role("one", &trust());
    aws.create_role("two", &trust());
    let answer = aws.wait(aws.iam.list_roles().max_items(1).send()).unwrap();
    answer.roles().len() == 1 && answer.is_truncated()
}

fn oidc_provider(aws: &Aws) -> String {
    let request = aws
        .iam
        .create_open_id_connect_provider()
        .url("https://oidc.example.com/id/1");
    let answer = aws.wait(request.client_id_list("sts.amazonaws.com").send()).unwrap();
    answer.open_id_connect_provider_arn().unwrap().to_owned()
}

fn adds_client_id(aws: &Aws) -> bool {
    let request = aws.iam.add_client_id_to_open_id_connect_provider().client_id("second");
    aws.wait(request.open_id_connect_provider_arn(oidc_provider(aws)).send())
        .is_ok()
}

fn tags_oidc_provider(aws: &Aws) -> bool {
    let tag = Tag::builder().key("a").value("b").build().unwrap();
    let request = aws.iam.tag_open_id_connect_provider().tags(tag);
    aws.wait(request.open_id_connect_provider_arn(oidc_provider(aws)).send())
        .is_ok()
}

fn refuses_missing_role(aws: &Aws) -> bool {
    let request = aws.eks.create_pod_identity_association().cluster_name(CLUSTER);
    let request = request.namespace("shop").service_account("checkout");
    let arn = "arn:aws:iam::111122223333:role/not-there";
    aws.wait(request.role_arn(arn).send()).is_err()
}

fn is_idempotent(aws: &Aws) -> bool {
    let arn = aws.create_role(ROLE, &trust());
    let create = || {
        let request = aws.eks.create_pod_identity_association().cluster_name(CLUSTER);
        let request = request.namespace("shop").service_account("checkout").role_arn(&arn);
        aws.wait(request.client_request_token("the-same-token").send()).ok()
    };
    let (first, second) = (create().unwrap(), create());
    second.is_some_and(|second| second.association() == first.association())
}

fn association(aws: &Aws) -> (String, String) {
    let arn = aws.create_role(ROLE, &trust());
    let request = aws.eks.create_pod_identity_association().cluster_name(CLUSTER);
    let request = request.namespace("shop").service_account("checkout").role_arn(&arn);
    let answer = aws.wait(request.target_role_arn(&arn).send()).unwrap();
    let made = answer.association().unwrap();
    (
        made.association_id().unwrap().to_owned(),
        made.association_arn().unwrap().to_owned(),
    )
}

fn clears_target_role(aws: &Aws) -> bool {
    let (id, _) = association(aws);
    let request = aws.eks.update_pod_identity_association().cluster_name(CLUSTER);
    let cleared = aws.wait(request.association_id(&id).target_role_arn("").send());
    let request = aws.eks.describe_pod_identity_association().cluster_name(CLUSTER);
    let read = aws.wait(request.association_id(&id).send()).unwrap();
    cleared.is_ok() && read.association().unwrap().target_role_arn().is_none_or(str::is_empty)
}

fn pages_associations(aws: &Aws) -> bool {
    let arn = aws.create_role(ROLE, &trust());
    aws.create_association(CLUSTER, "shop/one", &arn);
    aws.create_association(CLUSTER, "shop/two", &arn);
    let request = aws.eks.list_pod_identity_associations().cluster_name(CLUSTER);
    let answer = aws.wait(request.max_results(1).send()).unwrap();
    answer.associations().len() == 1 && answer.next_token().is_some()
}

fn tags_association(aws: &Aws) -> bool {
    let (_, arn) = association(aws);
    let request = aws.eks.tag_resource().resource_arn(arn);
    aws.wait(request.tags("a", "b").send()).is_ok()
}

fn lists_fargate_profiles(aws: &Aws) -> bool {
    let request = aws.eks.list_fargate_profiles().cluster_name(CLUSTER);
    aws.wait(request.send()).is_ok()
}
