//! Every change behind a binding's back shows in an attribute of its name, and the next apply puts it right in place.

use serde_json::{Value, json};
use tfplugin_testing::cli::Cli;

use crate::lab::{ADDRESS, CLUSTER, Lab, Profile, binding};

const ROLE: &str = "shop-checkout";
const MANAGED: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const BOUNDARY: &str = "arn:aws:iam::aws:policy/PowerUserAccess";
const SESSION_POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

fn full(mode: &str) -> String {
    binding(&format!(
        r#"
        mode = "{mode}"
        tags = {{ team = "shop" }}
        role = {{
          name                 = "{ROLE}"
          description          = "takes orders"
          max_session_duration = 7200
          permissions_boundary = "{BOUNDARY}"
          managed_policy_arns  = ["{MANAGED}"]
          tags                 = {{ cost = "42" }}
          inline_policies = {{
            orders = jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }}] }})
          }}
        }}
        "#
    ))
}

/// What a refresh finds: the paths of the attributes that differ from the state, such as `role.description`.
fn drifted(lab: &Lab) -> Vec<String> {
    let plan = lab.workspace.plan(&["-refresh-only"]).unwrap();
    let Some(drift) = plan.drift(ADDRESS) else {
        return Vec::new();
    };
    let (before, after) = (&drift["change"]["before"], &drift["change"]["after"]);
    let mut found = Vec::new();
    for (name, value) in before.as_object().unwrap() {
        match (value, &after[name]) {
            (Value::Object(before), Value::Object(after)) if name == "role" => {
                let differs = |name: &&String| before.get(*name) != after.get(*name);
                found.extend(before.keys().filter(differs).map(|name| format!("role.{name}")));
            }
            (before, after) if before != after => found.push(name.clone()),
            _ => {}
        }
    }
    found
}

/// The named attributes show it, and one apply in place brings everything back to what it was.
#[track_caller]
fn shows_and_is_repaired(lab: &Lab, configuration: &str, attributes: &[&str]) {
    let found = drifted(lab);
    let is_found = |name: &&str| found.iter().any(|one| one == *name);
    let missing: Vec<&&str> = attributes.iter().filter(|name| !is_found(name)).collect();
    assert!(missing.is_empty(), "{missing:?} are not among {found:?}");
    let before = lab.workspace.resource(ADDRESS).unwrap();
    let plan = lab.plan(configuration);
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    lab.apply(&plan);
    let after = lab.workspace.resource(ADDRESS).unwrap();
    for name in [
        "role",
        "role_arn",
        "tags_all",
        "trust_policy",
        "oidc_issuer",
        "session_policy",
        "target_role_arn",
    ] {
        assert_eq!(before[name], after[name], "{name}");
    }
}

#[test]
fn everything_that_somebody_changes_in_a_role_shows_and_is_put_right() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&full("dual"));
    let made = lab.strict_account().role(ROLE).unwrap();

    let iam = |operation: &str, parameters: &[(&str, &str)]| {
        let mut all = vec![("RoleName", ROLE)];
        all.extend(parameters);
        lab.strict_account().iam(operation, &all);
    };
    let anything = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    iam(
        "UpdateRole",
        &[("Description", "edited"), ("MaxSessionDuration", "3600")],
    );
    iam(
        "PutRolePermissionsBoundary",
        &[("PermissionsBoundary", "arn:aws:iam::aws:policy/ReadOnlyAccess")],
    );
    iam(
        "AttachRolePolicy",
        &[("PolicyArn", "arn:aws:iam::aws:policy/AdministratorAccess")],
    );
    iam(
        "PutRolePolicy",
        &[("PolicyName", "backdoor"), ("PolicyDocument", anything)],
    );
    iam(
        "TagRole",
        &[("Tags.member.1.Key", "cost"), ("Tags.member.1.Value", "0")],
    );
    add_statement(&lab, &foreign(&lab));
    let attributes = [
        "role.description",
        "role.max_session_duration",
        "role.permissions_boundary",
        "role.managed_policy_arns",
        "role.inline_policies",
        "role.tags",
        "trust_policy",
    ];
    shows_and_is_repaired(&lab, &full("dual"), &attributes);
    assert_eq!(lab.strict_account().role(ROLE).unwrap(), made);

    // And what somebody takes away.
    iam("UpdateRole", &[("Description", "")]);
    iam("DeleteRolePermissionsBoundary", &[]);
    iam("DetachRolePolicy", &[("PolicyArn", MANAGED)]);
    iam(
        "PutRolePolicy",
        &[("PolicyName", "orders"), ("PolicyDocument", anything)],
    );
    iam(
        "UntagRole",
        &[("TagKeys.member.1", "team"), ("TagKeys.member.2", "cost")],
    );
    let mut trust = made.trust.clone();
    trust["Statement"].as_array_mut().unwrap().remove(0);
    lab.aws.set_trust(ROLE, &trust);
    let attributes = [
        "role.description",
        "role.permissions_boundary",
        "role.managed_policy_arns",
        "role.inline_policies",
        "role.tags",
        "tags_all",
        "trust_policy",
    ];
    shows_and_is_repaired(&lab, &full("dual"), &attributes);
    let repaired = lab.strict_account().role(ROLE).unwrap();
    assert_eq!(
        (&repaired.id, &repaired.tags, &repaired.inline),
        (&made.id, &made.tags, &made.inline)
    );

    // One of the binding's own statements, opened to others.
    let mut trust = made.trust.clone();
    trust["Statement"][0]["Condition"] = json!({});
    lab.aws.set_trust(ROLE, &trust);
    shows_and_is_repaired(&lab, &full("dual"), &["trust_policy"]);
    assert_eq!(lab.aws.trust(ROLE), made.trust);
}

#[test]
fn everything_that_somebody_changes_in_an_association_shows_and_is_put_right() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let other = lab.aws.create_role("other", &pods());
    lab.converge(&full("pod_identity"));
    let association = || lab.strict_cluster().associations().remove(0);
    let made = association();

    update(&lab, |request| request.role_arn(&other));
    untag(&lab, "team");
    shows_and_is_repaired(&lab, &full("pod_identity"), &["role_arn", "tags_all"]);
    assert_eq!(association(), made);

    update(&lab, |request| {
        request.target_role_arn("arn:aws:iam::999988887777:role/data")
    });
    shows_and_is_repaired(&lab, &full("pod_identity"), &["target_role_arn"]);
    assert_eq!(association(), made);

    update(&lab, |request| {
        request.disable_session_tags(true).policy(SESSION_POLICY)
    });
    shows_and_is_repaired(&lab, &full("pod_identity"), &["session_policy", "disable_session_tags"]);
    assert_eq!(association(), made);

    lab.aws.delete_association(CLUSTER, "shop/checkout");
    shows_and_is_repaired(&lab, &full("pod_identity"), &["association_id"]);
    assert_ne!(association().id, made.id);
    assert_eq!(association().role_arn, made.role_arn);
}

#[test]
fn what_is_left_without_its_role_gets_a_new_one_and_what_is_gone_is_made_anew() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = Lab::new(cli, Profile::Strict);
        let configuration = binding(&format!("role = {{ name = \"{ROLE}\" }}"));
        lab.converge(&configuration);
        let made = lab.strict_account().role(ROLE).unwrap();
        let association = lab.strict_cluster().associations()[0].id.clone();
        lab.strict_account().iam("DeleteRole", &[("RoleName", ROLE)]);
        let plan = lab.plan(&configuration);
        assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
        lab.apply(&plan);
        assert_ne!(lab.strict_account().role(ROLE).unwrap().id, made.id);
        assert_eq!(lab.strict_cluster().associations()[0].id, association);

        lab.strict_cluster().dissociate("shop", "checkout");
        lab.strict_account().iam("DeleteRole", &[("RoleName", ROLE)]);
        let plan = lab.plan(&configuration);
        assert_eq!(plan.actions(ADDRESS), ["create"], "{}", plan.output);
        lab.apply(&plan);
        lab.workspace.destroy(&[]).unwrap();
        assert!(lab.aws.roles().is_empty() && lab.aws.associations(CLUSTER).is_empty());
    }
}

/// Same name, same ARN, another issuer, and nothing in it.
#[test]
fn a_cluster_that_was_made_anew_shows_in_the_issuer_and_the_trust_follows() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let configuration = binding(&format!("mode = \"dual\"\n role = {{ name = \"{ROLE}\" }}"));
    lab.converge(&configuration);
    let before = lab.workspace.resource(ADDRESS).unwrap();
    lab.strict_cluster().recreate();
    let issuer = lab.create_cluster();
    let bare = issuer.trim_start_matches("https://");

    let plan = lab.converge(&configuration);
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    let change = &plan.resource(ADDRESS).unwrap()["change"];
    assert_eq!(
        change["before"]["association_id"],
        Value::Null,
        "it went with the old cluster"
    );
    for name in ["oidc_issuer", "oidc_provider_arn", "trust_policy"] {
        let (is, will_be) = (&change["before"][name], &change["after"][name]);
        assert!(
            is != will_be && will_be.to_string().contains(bare),
            "{name}: {is} {will_be}"
        );
    }
    let after = lab.workspace.resource(ADDRESS).unwrap();
    assert_ne!(before["oidc_issuer"], after["oidc_issuer"]);
    assert_eq!(after["oidc_issuer"], bare);
    let trust = lab.aws.trust(ROLE).to_string();
    let old = before["oidc_issuer"].as_str().unwrap();
    assert!(trust.contains(bare) && !trust.contains(old), "{trust}");
    assert_eq!(lab.aws.associations(CLUSTER), ["shop/checkout"]);
}

/// IAM orders statements and spells lists and principals as it likes.
#[test]
fn other_words_for_the_same_trust_are_no_drift() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.converge(&full("dual"));
    let mut trust = lab.aws.trust(ROLE);
    trust["Statement"].as_array_mut().unwrap().reverse();
    for statement in trust["Statement"].as_array_mut().unwrap() {
        match &mut statement["Action"] {
            Value::Array(actions) => actions.reverse(),
            action => *action = json!([action.clone()]),
        }
    }
    lab.aws.set_trust(ROLE, &trust);
    assert_eq!(drifted(&lab), [""; 0]);
    let plan = lab.plan(&full("dual"));
    assert!(plan.is_empty(), "{}", plan.output);
}

fn pods() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }],
    })
}

fn foreign(lab: &Lab) -> Value {
    json!({
        "Effect": "Allow",
        "Principal": { "AWS": format!("arn:aws:iam::{}:root", lab.account) },
        "Action": "sts:AssumeRole",
    })
}

fn add_statement(lab: &Lab, statement: &Value) {
    let mut trust = lab.aws.trust(ROLE);
    trust["Statement"].as_array_mut().unwrap().push(statement.clone());
    lab.aws.set_trust(ROLE, &trust);
}

type Update =
    aws_sdk_eks::operation::update_pod_identity_association::builders::UpdatePodIdentityAssociationFluentBuilder;

/// Changes the one association of the cluster, as somebody else would.
fn update(lab: &Lab, change: impl FnOnce(Update) -> Update) {
    let id = lab.strict_cluster().associations().remove(0).id;
    let request = lab.aws.eks.update_pod_identity_association();
    let request = request.cluster_name(CLUSTER).association_id(id);
    lab.aws.wait(change(request).send()).unwrap();
}

fn untag(lab: &Lab, key: &str) {
    let arn = lab.strict_cluster().associations().remove(0).arn;
    let request = lab.aws.eks.untag_resource().resource_arn(arn).tag_keys(key);
    lab.aws.wait(request.send()).unwrap();
}
