//! Fuzzing: looks for bytes that break a law of a fuzz target.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::prerequisites::{self, Program};
use crate::step::{capture, step, succeed};
use crate::workspace::{cargo, output, root};

/// What makes coverage visible to libFuzzer; `fuzzing` opens the targets of the crates.
const FLAGS: [&str; 7] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
];

/// One input that takes longer is a hang.
const SLOWEST_INPUT: &str = "-timeout=10";

/// When a target has run enough.
enum Until {
    Seconds(u64),
    Inputs(u64),
}

impl Until {
    fn flag(&self) -> String {
        match self {
            Self::Seconds(seconds) => format!("-max_total_time={seconds}"),
            Self::Inputs(inputs) => format!("-runs={inputs}"),
        }
    }
}

/// Runs one target, or all one after the other.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let (target, limit) = match arguments {
        [target, rest @ ..] if !target.starts_with('-') => (Some(*target), rest),
        all => (None, all),
    };
    let until = match limit {
        [] => Until::Seconds(60),
        ["--seconds", number] => Until::Seconds(number.parse().context("`--seconds` takes a number")?),
        ["--inputs", number] => Until::Inputs(number.parse().context("`--inputs` takes a number")?),
        other => bail!("`{}` is not an option of `fuzz`", other.join(" ")),
    };
    let all = targets()?;
    if let Some(target) = target.filter(|target| !all.iter().any(|name| name == target)) {
        bail!("`{target}` is no target; there are: {}", all.join(", "));
    }
    step("prerequisites", || prerequisites::require(&[Program::CCompiler]))?;
    let binary = step("targets, with coverage", build)?;
    for name in all.iter().filter(|name| target.is_none_or(|target| *name == target)) {
        let report = step(name, || fuzz(&binary, name, &until))?;
        println!("    {report}");
    }
    Ok(())
}

/// Each target has a folder of seeds; the tests of its crate see to that.
fn targets() -> Result<Vec<String>> {
    let folders = fs::read_dir(root().join("fuzz/seeds"))?;
    let mut names = folders
        .map(|folder| Ok(folder?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

fn build() -> Result<PathBuf> {
    let version = succeed(Command::new("rustc").arg("-vV").current_dir(root()))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("`rustc -vV` names no host")?;
    let folder = output("fuzz")?;
    // With a target named, the flags are not for build scripts and macros, which could not be linked with them.
    let arguments = [
        "build",
        "--release",
        "--locked",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--target",
        host,
    ];
    succeed(
        cargo(arguments)
            .arg("--target-dir")
            .arg(&folder)
            .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f")),
    )?;
    Ok(folder.join(host).join("release/fuzz"))
}

/// Looks for new inputs beside the seeds. The answer says how many were tried.
fn fuzz(binary: &PathBuf, name: &str, until: &Until) -> Result<String> {
    let found = output(&format!("fuzz/corpus/{name}"))?;
    let failures = output(&format!("fuzz/failures/{name}"))?;
    let mut command = Command::new(binary);
    command
        .env("FUZZ_TARGET", name)
        .args([
            SLOWEST_INPUT,
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            "-use_value_profile=1",
        ])
        .arg(until.flag())
        .arg(format!("-artifact_prefix={}/", failures.display()))
        .arg(found)
        .arg(root().join("fuzz/seeds").join(name));
    let (success, output) = capture(&mut command)?;
    ensure!(
        success,
        "`{name}` failed. The input is in `{}`: once it is understood and the cause is gone, it belongs into `fuzz/seeds/{name}`.\n{output}",
        failures.display()
    );
    let stat = |key: &str| {
        let line = output
            .lines()
            .find_map(|line| line.strip_prefix(&format!("stat::{key}:")));
        line.map_or("?", str::trim)
    };
    Ok(format!(
        "{} inputs, {} a second, {} MB at most",
        stat("number_of_executed_units"),
        stat("average_exec_per_sec"),
        stat("peak_rss_mb")
    ))
}
