//! Acceptance tests: what they need is made here and handed over in variables, so that it ends
//! with this program whatever becomes of them.

use anyhow::Result;
use pod_tests::servers::{self, Access};
use tfplugin_testing::cli::Cli;

use crate::ledger::Group;
use crate::servers::Package;
use crate::test::counts;
use crate::workspace::{self, cargo};
use crate::{prerequisites, tofu};

/// The test targets that plain `cargo test` leaves out: scenarios of the provider, and of the framework's harness.
pub(crate) const TARGETS: [&str; 4] = ["--test", "acceptance", "--test", "hosts"];

pub(crate) fn run(group: &mut Group) -> Result<()> {
    let output = workspace::output("acceptance")?;
    let terraform = prerequisites::terraform()?;
    let tofu = group.prepare("tofu", tofu::build)?;
    group.prepare("provider", workspace::build_provider)?;
    let (ministack, checking, localstack) = group.prepare("local AWS servers", || {
        let ministack = Package::MiniStack.install()?;
        let localstack = Package::LocalStack.install()?;
        Ok((
            servers::ministack(&ministack, Access::Open, &output.join("ministack.log"))?,
            servers::ministack(&ministack, Access::Checked, &output.join("ministack-auth.log"))?,
            servers::localstack(&localstack, &output.join("localstack.log"))?,
        ))
    })?;

    let mut tests = cargo(["test", "--workspace", "--no-fail-fast"].into_iter().chain(TARGETS));
    tests
        .env(Cli::Terraform.variable(), terraform)
        .env(Cli::Tofu.variable(), tofu)
        .env("POD_TEST_PROVIDER", workspace::provider()?.folder)
        .env("POD_TEST_MINISTACK", ministack.url())
        .env("POD_TEST_MINISTACK_AUTH", checking.url())
        .env("POD_TEST_LOCALSTACK", localstack.url())
        .env("POD_TEST_OUTPUT", &output);
    if !group.tests("scenarios", &mut tests, counts::libtest) {
        println!("the servers' logs are in {}", output.display());
    }
    Ok(())
}
