//! Users who sign with a key of their own and may do what their policies say: those of the guide, and less.

use serde_json::{Value, json};
use tfplugin_testing::cli::Cli;

use crate::lab::{CLUSTER, Lab, Profile, Servers};

const ADDRESS: &str = "pod_identity_binding.checkout";
/// Who calls where it is not the root user.
const USER: &str = "terraform";
const MANAGED: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

/// As the guide has it.
const OWN_PATH: &str = r#"role_defaults { path = "/pods/" }"#;

/// The policies of the guide for plans and for applies, for this account.
fn guide(account: &str) -> [String; 2] {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guides/permissions.md");
    let guide = std::fs::read_to_string(path).unwrap().replace("111122223333", account);
    let mut policies = guide
        .split("```json")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    [policies.next().unwrap().to_owned(), policies.next().unwrap().to_owned()]
}

/// A policy in the words of MiniStack, which has roles without their paths, and for everything in a cluster the cluster with its tags.
fn for_ministack(policy: &str) -> String {
    let mut policy: Value = serde_json::from_str(&policy.replace(":role/pods/*", ":role/*")).unwrap();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        if statement["Sid"] == "ChangeOwnAssociations" {
            statement["Resource"] = json!("arn:aws:eks:*:*:cluster/*");
            statement.as_object_mut().unwrap().remove("Condition");
        }
    }
    policy.to_string()
}

/// A policy that allows everything but one action.
fn without(policy: &str, action: &str) -> String {
    let mut policy: Value = serde_json::from_str(policy).unwrap();
    let mut found = false;
    let statements = policy["Statement"].as_array_mut().unwrap();
    for statement in statements.iter_mut().filter(|statement| statement["Effect"] == "Allow") {
        if let Some(actions) = statement["Action"].as_array_mut() {
            found |= actions.iter().any(|one| one == action);
            actions.retain(|one| one != action);
        }
    }
    let before = statements.len();
    statements.retain(|statement| statement["Action"] != action);
    assert!(found || statements.len() < before, "{action} is not in {policy}");
    policy.to_string()
}

fn binding(mode: &str, description: &str) -> String {
    format!(
        r#"
        resource "pod_identity_binding" "checkout" {{
          cluster_name    = "{CLUSTER}"
          namespace       = "shop"
          service_account = "checkout"
          mode            = "{mode}"
          role = {{
            name                = "shop-checkout"
            description         = "{description}"
            tags                = {{ {description} = "yes" }}
            managed_policy_arns = ["{MANAGED}"]
            inline_policies = {{
              orders = jsonencode({{
                Version   = "2012-10-17"
                Statement = [{{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }}]
              }})
            }}
          }}
        }}
        "#
    )
}

/// A binding from its creation to its end, in every mode.
fn life(lab: &Lab) {
    for (mode, description) in [("irsa", "one"), ("dual", "one"), ("pod_identity", "two")] {
        lab.apply(&lab.plan(&binding(mode, description)));
    }
    lab.workspace.destroy(&[]).unwrap();
    assert!(roles(lab).is_empty() && lab.aws.associations(CLUSTER).is_empty());
}

/// An account with a cluster in it.
fn lab(cli: Cli, profile: Profile) -> Lab {
    let lab = Lab::without_cluster(cli, profile);
    if profile == Profile::MiniStackAuth {
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{ "Effect": "Allow", "Principal": { "Service": "eks.amazonaws.com" }, "Action": "sts:AssumeRole" }],
        });
        lab.aws.create_role("cluster", &trust);
    }
    lab.create_cluster();
    lab
}

/// From now on the provider calls as a user who may do what these policies say; `settings` is further ones.
fn become_user(lab: &Lab, policies: &[&str], settings: &str) {
    let (access_key, secret_key) = match lab.servers() {
        Servers::Local { .. } => lab.aws.create_user(USER, policies),
        Servers::Strict(_) => {
            let key = format!("AKIA{}", lab.account);
            lab.strict_account().create_user_key(&key, USER, policies);
            (key, "any".to_owned())
        }
    };
    sign_with(lab, &access_key, &secret_key, settings);
}

fn sign_with(lab: &Lab, access_key: &str, secret_key: &str, settings: &str) {
    lab.configure(&format!(
        "access_key = \"{access_key}\"\nsecret_key = \"{secret_key}\"\n{settings}"
    ));
}

/// The roles but for that of the cluster.
fn roles(lab: &Lab) -> Vec<String> {
    let mut roles = lab.aws.roles();
    roles.retain(|role| role != "cluster");
    roles
}

/// What the user is told instead of a binding, of which nothing is left.
fn refused(lab: &Lab) -> String {
    let plan = lab.plan(&binding("pod_identity", "one"));
    assert_eq!(
        plan.actions(ADDRESS),
        ["create"],
        "a plan needs nothing that is missing"
    );
    let answer = lab.workspace.try_apply_plan(&plan).unwrap();
    assert!(!answer.is_success(), "{}", answer.text());
    assert!(lab.aws.associations(CLUSTER).is_empty(), "{}", answer.text());
    answer.errors().map(ToString::to_string).collect()
}

#[test]
fn the_policies_of_the_guide_are_enough_on_a_strict_aws() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = lab(cli, Profile::Strict);
        let [plans, applies] = guide(&lab.account);
        become_user(&lab, &[&plans, &applies], OWN_PATH);
        life(&lab);
    }
}

#[test]
fn the_policies_of_the_guide_are_enough_on_ministack_in_its_words() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = lab(cli, Profile::MiniStackAuth);
        let [plans, applies] = guide(&lab.account).map(|policy| for_ministack(&policy));
        become_user(&lab, &[&plans, &applies], "");
        life(&lab);
    }
}

/// What starts to work fails here: then the policies of the guide can be used there as they are.
#[test]
fn ministack_knows_no_paths_of_roles_no_resources_in_clusters_and_no_roles_that_are_handed_on() {
    let lab = lab(Cli::Terraform, Profile::MiniStackAuth);
    let [plans, applies] = guide(&lab.account);
    become_user(&lab, &[&plans, &applies], OWN_PATH);
    let told = refused(&lab);
    assert!(told.contains("may not do `iam:CreateRole`"), "{told}");
    assert!(roles(&lab).is_empty());

    let in_words = for_ministack(&applies);
    let association = in_words.replace(
        "arn:aws:eks:*:*:cluster/*",
        "arn:aws:eks:*:*:podidentityassociation/*/*",
    );
    become_user(&lab, &[&plans, &association], "");
    lab.apply(&lab.plan(&binding("pod_identity", "one")));
    let told = lab.workspace.destroy(&[]).unwrap_err().to_string();
    assert!(told.contains("may not do `eks:DeletePodIdentityAssociation`"), "{told}");

    become_user(&lab, &[&plans, &without(&in_words, "iam:PassRole")], "");
    lab.apply(&lab.plan(&binding("pod_identity", "two")));
    lab.workspace.destroy(&[]).unwrap();
}

#[test]
fn each_action_that_is_missing_is_named_and_nothing_is_left() {
    for (profile, settings, actions) in [
        (
            Profile::MiniStackAuth,
            "",
            &[
                "iam:CreateRole",
                "iam:AttachRolePolicy",
                "iam:PutRolePolicy",
                "eks:CreatePodIdentityAssociation",
            ][..],
        ),
        (
            Profile::Strict,
            OWN_PATH,
            &["iam:TagRole", "iam:PassRole", "eks:TagResource"],
        ),
    ] {
        let lab = lab(Cli::Terraform, profile);
        let mut policies = guide(&lab.account);
        if profile == Profile::MiniStackAuth {
            policies = policies.map(|policy| for_ministack(&policy));
        }
        let [plans, applies] = policies;
        for action in actions {
            become_user(&lab, &[&plans, &without(&applies, action)], settings);
            let told = refused(&lab);
            assert!(told.contains(&format!("may not do `{action}`")), "{action}: {told}");
            assert!(roles(&lab).is_empty(), "{action}: {told}");
        }
    }
}

#[test]
fn who_may_only_plan_is_told_what_an_apply_needs() {
    for profile in [Profile::MiniStackAuth, Profile::Strict] {
        let lab = lab(Cli::Tofu, profile);
        let [plans, _] = guide(&lab.account);
        become_user(&lab, &[&plans], OWN_PATH);
        let told = refused(&lab);
        assert!(told.contains("may not do `iam:CreateRole`"), "{told}");
        assert!(roles(&lab).is_empty());
    }
}

#[test]
fn wrong_keys_are_told_from_each_other() {
    let lab = lab(Cli::Terraform, Profile::MiniStackAuth);
    let (access_key, _) = lab.aws.create_user(USER, &[]);
    lab.workspace.write("main.tf", &binding("irsa", "one")).unwrap();
    for (key, said) in [
        (
            access_key.as_str(),
            [
                "SignatureDoesNotMatch",
                "the secret key does not belong to the access key",
            ],
        ),
        (
            "AKIANOBODYHASTHISKEY",
            ["InvalidClientTokenId", "AWS does not know the access key"],
        ),
    ] {
        sign_with(&lab, key, "wrong-secret-key", "");
        let answer = lab.workspace.try_plan(&[]).unwrap().unwrap_err();
        let told: String = answer.errors().map(ToString::to_string).collect();
        assert!(said.iter().all(|said| told.contains(said)), "{told}");
        assert!(told.contains("`secret_key`") || told.contains("`access_key`"), "{told}");
        assert!(!told.contains("wrong-secret-key"), "{told}");
    }
}
