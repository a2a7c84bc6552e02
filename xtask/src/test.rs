//! Every check and test, in groups.

mod acceptance;
mod counts;

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::ledger::{Group, Ledger};
use crate::prerequisites::{self, Program};
use crate::workspace::{self, cargo};
use crate::{codegen, demo, npm, page, wasm, web};

struct Entry {
    name: &'static str,
    about: &'static str,
    needs: &'static [Program],
    run: fn(&mut Group) -> Result<()>,
}

/// In the order in which they run: what fails fast comes first.
const GROUPS: [Entry; 8] = [
    Entry {
        name: "format",
        about: "rustfmt",
        needs: &[],
        run: format,
    },
    Entry {
        name: "clippy",
        about: "clippy, for this machine and for wasm32",
        needs: &[Program::CCompiler, Program::WasmTarget],
        run: clippy,
    },
    Entry {
        name: "codegen",
        about: "generated code is what its sources say",
        needs: &[],
        run: generated,
    },
    Entry {
        name: "unit",
        about: "unit, integration, architecture and documentation tests",
        needs: &[Program::CCompiler],
        run: unit,
    },
    Entry {
        name: "wasm",
        about: "the engine for the browser, and its weight",
        needs: &[Program::WasmTarget, Program::Node],
        run: engine,
    },
    Entry {
        name: "web",
        about: "types, format, lint, build, unit tests and weight of the page",
        needs: &[Program::WasmTarget, Program::Node],
        run: page_without_browser,
    },
    Entry {
        name: "acceptance",
        about: "terraform and tofu with the provider on local AWS servers",
        needs: &[Program::CCompiler, Program::Python, Program::Terraform, Program::Go],
        run: acceptance::run,
    },
    Entry {
        name: "page",
        about: "the quickstart as `cargo xtask demo` shows it, and the page in a real Chromium with its plan",
        needs: &[
            Program::CCompiler,
            Program::WasmTarget,
            Program::Node,
            Program::Python,
            Program::AnyCli,
            Program::Chromium,
        ],
        run: page_in_browser,
    },
];

const QUICK: &str = "quick";
/// The inner loop.
const QUICK_GROUPS: [&str; 3] = ["format", "clippy", "unit"];

/// What these tests say nothing about.
const NOT_RUN: [&str; 2] = [
    "acceptance on LocalStack's own EKS, which needs a licence",
    "acceptance on a real AWS account",
];

/// The names of the groups, with what is in each.
pub(crate) fn groups() -> String {
    let mut text = format!("{QUICK:<12} {}", QUICK_GROUPS.join(", "));
    for Entry { name, about, .. } in GROUPS {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{name:<12} {about}");
    }
    text
}

/// Runs the named groups, or all of them.
pub(crate) fn run(names: &[&str]) -> Result<ExitCode> {
    for name in names {
        ensure!(
            *name == QUICK || GROUPS.iter().any(|group| group.name == *name),
            "`{name}` is not a group of tests\n\n{}",
            groups()
        );
    }
    let is_wanted = |group: &&Entry| {
        names.is_empty() || names.contains(&group.name) || names.contains(&QUICK) && QUICK_GROUPS.contains(&group.name)
    };
    let wanted: Vec<&Entry> = GROUPS.iter().filter(is_wanted).collect();

    let mut needs: Vec<Program> = Vec::new();
    for program in wanted.iter().flat_map(|group| group.needs) {
        if !needs.contains(program) {
            needs.push(*program);
        }
    }
    prerequisites::require(&needs)?;

    let mut ledger = Ledger::default();
    for group in wanted {
        ledger.run(group.name, group.run);
    }
    for profile in NOT_RUN {
        println!("not run: {profile}");
    }
    Ok(ledger.close())
}

fn format(group: &mut Group) -> Result<()> {
    group.command("rustfmt", &mut cargo(["fmt", "--all", "--check"]));
    Ok(())
}

fn clippy(group: &mut Group) -> Result<()> {
    let deny = ["--", "-D", "warnings"];
    let everything = ["clippy", "--workspace", "--all-targets"];
    group.command("native", &mut cargo(everything.into_iter().chain(deny)));
    // Not among "all targets", because plain `cargo test` leaves it out.
    let acceptance = ["clippy", "--workspace"].into_iter().chain(acceptance::TARGETS);
    group.command("acceptance tests", &mut cargo(acceptance.chain(deny)));
    let wasm = ["clippy", "--target", wasm::TARGET];
    let pure = ["tfmodel", "pod-identity-core", "pod-identity-planner"];
    let packages = pure.into_iter().flat_map(|name| ["--package", name]);
    group.command("wasm32", &mut cargo(wasm.into_iter().chain(packages).chain(deny)));
    Ok(())
}

fn generated(group: &mut Group) -> Result<()> {
    group.check("wire types", codegen::check);
    Ok(())
}

fn unit(group: &mut Group) -> Result<()> {
    group.tests(
        "cargo test",
        &mut cargo(["test", "--workspace", "--no-fail-fast"]),
        counts::libtest,
    );
    Ok(())
}

fn engine(group: &mut Group) -> Result<()> {
    group.prepare("npm packages", npm::install)?;
    group.check("engine", wasm::build);
    group.check("weight", || wasm::size()?.hold(wasm::BUDGET));
    Ok(())
}

fn page_without_browser(group: &mut Group) -> Result<()> {
    group.prepare("npm packages", npm::install)?;
    group.prepare("engine", wasm::build)?;
    group.check("types, format and lint", web::check);
    group.check("build", web::build);
    group.check("weight", || web::size()?.hold(web::BUDGET));
    group.tests("unit tests", &mut npm::script("test"), counts::node);
    Ok(())
}

fn page_in_browser(group: &mut Group) -> Result<()> {
    let chromium = group.prepare("Chromium", prerequisites::chromium)?;
    group.prepare("npm packages", npm::install)?;
    group.prepare("engine", wasm::build)?;
    group.prepare("page", web::build)?;
    group.prepare("provider", workspace::build_provider)?;
    let plan = demo::scenario(|_| ())?;
    group.pass();
    let mut browser = npm::script("e2e");
    browser.env("CHROMIUM_BIN", chromium).env(page::PLAN_VARIABLE, plan);
    group.tests("browser tests", &mut browser, counts::node);
    Ok(())
}
