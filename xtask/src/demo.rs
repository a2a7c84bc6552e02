//! The main job, on local AWS servers: two bindings, a mode switch, and its plan in the page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use pod_tests::cluster::Account;
use pod_tests::servers::{self, Server};
use serde_json::Value;
use tfplugin_testing::cli::{Plan, Workspace};

use crate::prerequisites::{self, Program};
use crate::servers::Package;
use crate::step::step;
use crate::{cli, page, web, workspace};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-central-1";
const CLUSTER: &str = "quickstart";
const OTHER: &str = "pod_identity_binding.checkout";
/// The binding whose mode is switched.
const SWITCHED: &str = "pod_identity_binding.exporter";

/// How the demo ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By serving the page until it is interrupted.
    Serve,
    /// When all is shown.
    Once,
}

pub(crate) fn run(ending: Ending) -> Result<()> {
    println!("Building what is shown (the first time takes minutes)");
    step("prerequisites", || {
        prerequisites::require(&[
            Program::CCompiler,
            Program::WasmTarget,
            Program::Node,
            Program::Python,
            Program::AnyCli,
        ])
    })?;
    step("provider", workspace::build_provider)?;
    web::build_all()?;

    let plan = scenario(|text| println!("{text}"))?;

    let html = page::with_plan(&web::dist(), &fs::read_to_string(&plan)?)?;
    match ending {
        Ending::Once => Ok(()),
        Ending::Serve => page::serve(&web::dist(), &html),
    }
}

/// Applies the quickstart, switches one binding, and leaves the plan of the switch as JSON.
///
/// The provider is built before. Plans and policies go to `tell`.
pub(crate) fn scenario(tell: fn(&str)) -> Result<PathBuf> {
    let output = workspace::output("demo")?;
    tell("Preparing a terraform and an AWS on this machine");
    let program = step("terraform or tofu", cli::any)?;
    let server = step("local AWS server", || {
        let venv = Package::MiniStack.install()?;
        servers::ministack(&venv, servers::Access::Open, &output.join("ministack.log"))
    })?;
    step("cluster with an OIDC provider", || {
        let account = Account {
            server: server.url(),
            id: ACCOUNT,
            region: REGION,
        };
        let issuer = account.create_cluster(CLUSTER)?;
        account.install_agent(CLUSTER)?;
        account.create_oidc_provider(&issuer)
    })?;
    let quickstart = quickstart(&program, &server)?;

    tell("Applying examples/scenarios/quickstart");
    let first = step("plan", || Ok(quickstart.plan(&[])?))?;
    tell(changes(&quickstart.show(&first)?));
    step("apply", || Ok(quickstart.apply_plan(&first)?))?;
    step("second plan is empty", || {
        let second = quickstart.plan(&[])?;
        ensure!(second.is_empty(), "it is not:\n{}", second.output);
        Ok(())
    })?;
    for address in [OTHER, SWITCHED] {
        tell(&trust_policy(&quickstart, address)?);
    }

    tell(&format!("Switching {SWITCHED} from IRSA to both mechanisms"));
    let switch = step("plan of the switch", || plan_switch(&quickstart))?;
    tell(changes(&quickstart.show(&switch)?));
    let file = output.join("plan.json");
    fs::write(&file, switch.json.to_string())?;
    step("apply of the switch", || Ok(quickstart.apply_plan(&switch)?))?;
    tell(&trust_policy(&quickstart, SWITCHED)?);
    tell(&format!("The plan of the switch is in {}", file.display()));
    Ok(file)
}

fn quickstart(program: &Path, server: &Server) -> Result<Workspace> {
    let mut quickstart = Workspace::new(program, &[workspace::provider()?])?;
    quickstart.copy_from(&workspace::root().join("examples/scenarios/quickstart"))?;
    for (name, value) in [
        ("AWS_ENDPOINT_URL", server.url()),
        ("AWS_ACCESS_KEY_ID", ACCOUNT),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ] {
        quickstart.set_env(name, value);
    }
    Ok(quickstart)
}

fn plan_switch(quickstart: &Workspace) -> Result<Plan> {
    let plan = quickstart.plan(&["-var-file=dual.tfvars"])?;
    ensure!(
        plan.actions(SWITCHED) == ["update"],
        "the switch is not an update in place:\n{}",
        plan.output
    );
    Ok(plan)
}

/// The part of a plan's text that is about this plan.
fn changes(text: &str) -> &str {
    let begin = text.find(" will perform the following actions:");
    let begin = begin.and_then(|at| text.get(..at)?.rfind('\n')).unwrap_or_default();
    let end = text.find("\n───").unwrap_or(text.len());
    text.get(begin..end).unwrap_or(text).trim()
}

fn trust_policy(quickstart: &Workspace, address: &str) -> Result<String> {
    let values = quickstart.resource(address)?;
    let policy = values
        .pointer("/trust_policy")
        .and_then(Value::as_str)
        .with_context(|| format!("`{address}` has no trust policy"))?;
    let policy: Value = serde_json::from_str(policy)?;
    Ok(format!("Trust policy of {address}:\n{policy:#}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_plan_says_is_left_out() {
        let plan = "Warning: overrides\n\nTerraform will perform the following actions:\n\n  # a.b\n\nPlan: 1 to add.\n\n───\n\nSaved";
        assert_eq!(
            changes(plan),
            "Terraform will perform the following actions:\n\n  # a.b\n\nPlan: 1 to add."
        );
        assert_eq!(changes("No changes.\n"), "No changes.");
    }
}
