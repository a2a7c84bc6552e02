//! A binding from its creation through every mode to its end.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tfplugin_testing::cli::{Cli, Plan};

use crate::lab::{CLUSTER, Lab, Profile, variable};

const ADDRESS: &str = "pod_identity_binding.checkout";
const ROLE: &str = "shop-checkout";
const KEY: &str = "shop/checkout";
const MANAGED: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

/// The principal of EKS Pod Identity.
const AGENT: &str = "pods.eks.amazonaws.com";
const IRSA: &str = "sts:AssumeRoleWithWebIdentity";
const POD_IDENTITY: [&str; 2] = ["sts:AssumeRole", "sts:TagSession"];

#[test]
fn terraform_on_localstack() {
    lifecycle(Cli::Terraform, Profile::LocalStack);
}

#[test]
fn terraform_on_ministack() {
    lifecycle(Cli::Terraform, Profile::MiniStack);
}

#[test]
fn terraform_on_a_strict_aws() {
    lifecycle(Cli::Terraform, Profile::Strict);
}

#[test]
fn tofu_on_localstack() {
    lifecycle(Cli::Tofu, Profile::LocalStack);
}

#[test]
fn tofu_on_ministack() {
    lifecycle(Cli::Tofu, Profile::MiniStack);
}

#[test]
fn tofu_on_a_strict_aws() {
    lifecycle(Cli::Tofu, Profile::Strict);
}

fn lifecycle(cli: Cli, profile: Profile) {
    let lab = Lab::new(cli, profile);
    let bystander = lab.aws.create_role("bystander", &pods_trust());
    lab.aws.create_association(CLUSTER, "other/bystander", &bystander);

    let create = lab.plan(&binding("irsa", "one"));
    assert_eq!(create.actions(ADDRESS), ["create"]);
    // The cluster is there, so that nothing but ids is unknown.
    assert!(trust_after(&create).contains(IRSA), "{}", create.output);
    lab.apply(&create);
    assert_eq!(lab.aws.trusted_actions(ROLE), [IRSA]);
    assert_eq!(lab.aws.policies(ROLE), [MANAGED, "orders"]);
    assert_eq!(lab.aws.associations(CLUSTER), ["other/bystander"]);
    let annotations = lab.workspace.resource(ADDRESS).unwrap()["service_account_annotations"].clone();
    assert_eq!(
        annotations["eks.amazonaws.com/role-arn"],
        format!("arn:aws:iam::{}:role/{ROLE}", lab.account)
    );

    let update = lab.plan(&binding("irsa", "two"));
    assert_eq!(update.actions(ADDRESS), ["update"]);
    lab.apply(&update);

    direct_switch_is_refused(&lab);

    let dual = switch(&lab, "dual");
    assert_dual(&lab);
    keep(cli, profile, &dual);
    repair_association(&lab);

    switch(&lab, "pod_identity");
    assert_eq!(lab.aws.trusted_actions(ROLE), POD_IDENTITY);
    assert_eq!(lab.aws.associations(CLUSTER), ["other/bystander", KEY]);
    let annotations = lab.workspace.resource(ADDRESS).unwrap()["service_account_annotations"].clone();
    assert_eq!(annotations, json!({}), "an annotation would make half-IRSA pods");

    switch(&lab, "dual");
    assert_dual(&lab);

    switch(&lab, "irsa");
    assert_eq!(lab.aws.trusted_actions(ROLE), [IRSA]);
    assert_eq!(lab.aws.associations(CLUSTER), ["other/bystander"]);

    repair_trust(&lab);
    repair_policies(&lab);
    import(&lab);

    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(lab.aws.roles(), ["bystander"], "ours are gone, others are not");
    assert_eq!(lab.aws.associations(CLUSTER), ["other/bystander"]);
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
            name                = "{ROLE}"
            description         = "{description}"
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

fn switch(lab: &Lab, mode: &str) -> Plan {
    let plan = lab.plan(&binding(mode, "two"));
    assert_eq!(plan.actions(ADDRESS), ["update"], "a switch to {mode} is made in place");
    lab.apply(&plan);
    plan
}

fn direct_switch_is_refused(lab: &Lab) {
    lab.workspace.write("main.tf", &binding("pod_identity", "two")).unwrap();
    let error = lab.workspace.plan(&[]).unwrap_err().to_string();
    assert!(
        error.contains("dual") && error.contains("allow_disruptive_switch"),
        "{error}"
    );
}

fn assert_dual(lab: &Lab) {
    let [assume, tag] = POD_IDENTITY;
    assert_eq!(lab.aws.trusted_actions(ROLE), [assume, IRSA, tag]);
    assert_eq!(lab.aws.associations(CLUSTER), ["other/bystander", KEY]);
}

fn repair_association(lab: &Lab) {
    lab.aws.delete_association(CLUSTER, KEY);
    let change = repair(lab, &binding("dual", "two"));
    assert_eq!(change["before"]["association_id"], Value::Null, "{change}");
    assert_eq!(change["after_unknown"]["association_id"], true, "{change}");
    assert_dual(lab);
}

fn repair_trust(lab: &Lab) {
    lab.aws.set_trust(ROLE, &pods_trust());
    let change = repair(lab, &binding("irsa", "two"));
    let admits_agent = |side: &str| change[side]["trust_policy"].as_str().unwrap().contains(AGENT);
    assert!(admits_agent("before") && !admits_agent("after"), "{change}");
    assert_eq!(lab.aws.trusted_actions(ROLE), [IRSA]);
}

fn repair_policies(lab: &Lab) {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }],
    });
    lab.aws.put_inline_policy(ROLE, "backdoor", &policy);
    let change = repair(lab, &binding("irsa", "two"));
    let names = |side: &str| -> Vec<String> {
        let policies = change[side]["role"]["inline_policies"].as_object().unwrap();
        policies.keys().cloned().collect()
    };
    assert_eq!(names("before"), ["backdoor", "orders"], "{change}");
    assert_eq!(names("after"), ["orders"], "{change}");
    assert_eq!(lab.aws.policies(ROLE), [MANAGED, "orders"]);
}

/// Drift shows as an update, and is gone after an apply; the change comes back.
fn repair(lab: &Lab, configuration: &str) -> Value {
    let plan = lab.plan(configuration);
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    lab.apply(&plan);
    change(&plan).clone()
}

/// All is found again but what AWS does not hold, and putting that into the state changes nothing in AWS.
fn import(lab: &Lab) {
    lab.workspace.forget(ADDRESS).unwrap();
    let id = format!("{CLUSTER}/{KEY}");
    lab.workspace.import(ADDRESS, &id).unwrap();
    let same = lab.workspace.plan(&[]).unwrap();
    assert_eq!(differing(change(&same)), [""; 0], "{}", same.output);
    assert!(same.is_empty(), "{}", same.output);

    let configuration = binding("irsa", "two").replace("role = {", "allow_disruptive_switch = true\nrole = {");
    let plan = lab.plan(&configuration);
    assert_eq!(plan.actions(ADDRESS), ["update"], "{}", plan.output);
    assert_eq!(differing(change(&plan)), ["allow_disruptive_switch"], "{}", plan.output);
    assert_eq!(change(&plan)["after"]["steps"], json!([]), "{}", plan.output);
    let before = lab.aws.objects(ROLE, CLUSTER);
    lab.apply(&plan);
    assert_eq!(lab.aws.objects(ROLE, CLUSTER), before);
}

/// The attributes that a change sets to something else, or to what is not known yet.
fn differing(change: &Value) -> Vec<&str> {
    let (before, after, unknown) = (&change["before"], &change["after"], &change["after_unknown"]);
    let names: BTreeSet<&String> = [before, after, unknown]
        .into_iter()
        .flat_map(|side| side.as_object().unwrap().keys())
        .collect();
    let differs = |name: &&String| before[name.as_str()] != after[name.as_str()] || unknown[name.as_str()] == true;
    names.into_iter().filter(differs).map(String::as_str).collect()
}

fn pods_trust() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": AGENT },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }],
    })
}

fn change(plan: &Plan) -> &Value {
    let changes = plan.json["resource_changes"].as_array().unwrap();
    &changes.iter().find(|change| change["address"] == ADDRESS).unwrap()["change"]
}

fn trust_after(plan: &Plan) -> String {
    change(plan)["after"]["trust_policy"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Leaves a plan for whoever wants to look at it.
fn keep(cli: Cli, profile: Profile, plan: &Plan) {
    let file = PathBuf::from(variable("POD_TEST_OUTPUT")).join(format!("{cli:?}-{profile:?}-dual.json"));
    fs::write(file, plan.json.to_string()).unwrap();
}
