//! The scenarios of `examples/`, as they stand, with both hosts: planned, applied, planned again, destroyed.
//!
//! Those that need another provider's plugin are listed and run where that plugin is installed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tfplugin_testing::cli::{Cli, Plan};

use crate::lab::{Lab, Profile, REGION};

struct Scenario {
    folder: &'static str,
    /// Clusters that it takes to be there.
    clusters: &'static [&'static str],
    /// Variable files to apply one after the other, and back.
    stages: &'static [&'static str],
    /// Whether it has the variable `account_id`.
    names_account: bool,
}

impl Scenario {
    const fn of(folder: &'static str, clusters: &'static [&'static str]) -> Self {
        Self {
            folder,
            clusters,
            stages: &[],
            names_account: false,
        }
    }
}

const SCENARIOS: [Scenario; 7] = [
    Scenario {
        stages: &["dual.tfvars"],
        ..Scenario::of("quickstart", &["quickstart"])
    },
    Scenario::of("irsa", &["demo"]),
    Scenario::of("pod-identity", &["demo"]),
    Scenario {
        stages: &["1-irsa.tfvars", "2-dual.tfvars", "3-pod-identity.tfvars"],
        ..Scenario::of("dual-migration", &["demo"])
    },
    Scenario {
        names_account: true,
        ..Scenario::of("cross-account", &["demo"])
    },
    Scenario::of("many-clusters", &["blue", "green"]),
    Scenario::of("self-run-cluster", &[]),
];

/// They need hashicorp/aws and hashicorp/kubernetes, which no package registry that tests may use has.
const OF_OTHER_PROVIDERS: [&str; 2] = ["coexistence", "kubernetes-wiring"];

#[test]
fn terraform_applies_plans_again_and_destroys_every_scenario() {
    all(Cli::Terraform);
}

#[test]
fn tofu_applies_plans_again_and_destroys_every_scenario() {
    all(Cli::Tofu);
}

#[test]
fn every_scenario_is_in_the_list() {
    let folders = fs::read_dir(examples()).unwrap();
    let folders: BTreeSet<String> = folders
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let listed = SCENARIOS.iter().map(|one| one.folder).chain(OF_OTHER_PROVIDERS);
    assert_eq!(folders, listed.map(str::to_owned).collect());
}

/// Cross-account in one plan: the target role's trust policy has nothing unknown in it, and one apply makes both sides.
#[test]
fn the_trust_of_a_target_role_is_known_in_the_plan_of_its_binding() {
    let scenario = SCENARIOS.iter().find(|one| one.folder == "cross-account").unwrap();
    let (lab, arguments) = lab(Cli::Terraform, scenario);
    let plan = plan(&lab, scenario, &arguments, &[]);
    let change = plan.resource("terraform_data.warehouse_reader").unwrap();
    let trust = change["change"]["after"]["input"]["assume_role_policy"]
        .as_str()
        .unwrap();
    assert!(
        trust.contains("role/reports-exporter") && trust.contains("kubernetes-service-account"),
        "{trust}"
    );
    let binding = &plan.resource("pod_identity_binding.exporter").unwrap()["change"]["after"];
    assert_eq!(
        binding["target_trust_policy"], trust,
        "function and attribute say the same"
    );
}

fn all(cli: Cli) {
    for scenario in &SCENARIOS {
        let (lab, arguments) = lab(cli, scenario);
        let first = plan(&lab, scenario, &arguments, &[]);
        apply(&lab, scenario, &first, &arguments, &[]);
        let back = scenario.stages.iter().rev().skip(1);
        for stage in scenario.stages.iter().chain(back) {
            let stage = [format!("-var-file={stage}")];
            let change = plan(&lab, scenario, &arguments, &stage);
            apply(&lab, scenario, &change, &arguments, &stage);
        }
        lab.workspace.destroy(&borrowed(&arguments, &[])).unwrap();
        assert!(lab.aws.roles().is_empty(), "{}: {:?}", scenario.folder, lab.aws.roles());
        for cluster in scenario.clusters {
            assert!(lab.aws.associations(cluster).is_empty(), "{}", scenario.folder);
        }
    }
}

fn lab(cli: Cli, scenario: &Scenario) -> (Lab, Vec<String>) {
    let mut lab = Lab::without_cluster(cli, Profile::MiniStack);
    for cluster in scenario.clusters {
        let issuer = lab.servers().create_cluster(&lab.account, cluster);
        lab.servers().install_agent(&lab.account, cluster);
        lab.servers().create_oidc_provider(&lab.account, &issuer);
    }
    let (eks, iam) = (lab.servers().eks(), lab.servers().iam());
    // The scenario has a provider block of its own: where AWS is comes from the environment, as for users.
    lab.workspace.clear().unwrap();
    lab.workspace.copy_from(&examples().join(scenario.folder)).unwrap();
    let wait = "provider \"pod\" {\n  propagation_wait = \"0s\"\n}\n";
    lab.workspace.write("without_waiting_override.tf", wait).unwrap();
    for (name, value) in [
        ("AWS_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", lab.account.clone().as_str()),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_ENDPOINT_URL_EKS", &eks),
        ("AWS_ENDPOINT_URL_IAM", &iam),
        ("AWS_ENDPOINT_URL_STS", &iam),
    ] {
        lab.workspace.set_env(name, value);
    }
    let account = scenario
        .names_account
        .then(|| format!("-var=account_id={}", lab.account));
    (lab, account.into_iter().collect())
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/scenarios")
}

fn borrowed<'a>(arguments: &'a [String], more: &'a [String]) -> Vec<&'a str> {
    arguments.iter().chain(more).map(String::as_str).collect()
}

#[track_caller]
fn plan(lab: &Lab, scenario: &Scenario, arguments: &[String], more: &[String]) -> Plan {
    let plan = lab.workspace.plan(&borrowed(arguments, more));
    plan.unwrap_or_else(|error| panic!("{}: {error}", scenario.folder))
}

#[track_caller]
fn apply(lab: &Lab, scenario: &Scenario, planned: &Plan, arguments: &[String], more: &[String]) {
    if let Err(error) = lab.workspace.apply_plan(planned) {
        panic!("{}: {error}\nof\n{}", scenario.folder, planned.output);
    }
    let second = plan(lab, scenario, arguments, more);
    assert!(
        second.is_empty(),
        "{}: the second plan:\n{}",
        scenario.folder,
        second.output
    );
}
