//! What is shipped, measured.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::prerequisites::{self, Program};
use crate::step::{step, succeed};
use crate::workspace::{cargo, target};
use crate::{npm, wasm, web};

/// Starts that are timed.
const STARTS: usize = 31;
/// What a host gives a provider to know it by (go-plugin's handshake).
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// A certificate like a host's own; its key is nowhere.
const HOST_CERTIFICATE: &str = include_str!("bench/host.pem");

/// Size, start and memory against their budgets.
pub(crate) fn weight() -> Result<()> {
    step("prerequisites", || {
        prerequisites::require(&[Program::CCompiler, Program::WasmTarget, Program::Node])
    })?;
    let binary = step("provider, profile dist", build_provider)?;
    step("npm packages", npm::install)?;
    step("engine for the browser", wasm::build)?;
    step("page", web::build)?;
    let starts = step("starts of the provider", || starts(&binary))?;
    hold(&[
        (
            "provider, stripped",
            fs::metadata(&binary)?.len() as f64 / 1e6,
            "MB",
            14.0,
        ),
        ("start to handshake, median", median_ms(&starts), "ms", 10.0),
        ("resident when idle, most", most_resident_mb(&starts), "MB", 20.0),
        (
            "engine, gzip",
            wasm::size()?.gzip as f64 / 1e3,
            "kB",
            wasm::BUDGET as f64 / 1e3,
        ),
        (
            "page scripts, gzip",
            web::size()?.gzip as f64 / 1e3,
            "kB",
            web::BUDGET as f64 / 1e3,
        ),
    ])
}

/// What a provider costs that has next to nothing of its own: start, memory, and the time in which it answers.
pub(crate) fn framework() -> Result<()> {
    step("prerequisites", || prerequisites::require(&[Program::CCompiler]))?;
    let examples = step("examples of the framework, profile dist", build_examples)?;
    let starts = step("starts of the provider", || starts(&examples.provider))?;
    let output = step("reads and plans", || succeed(&mut Command::new(&examples.round_trip)))?;
    print!("{output}");
    hold(&[
        ("start to handshake, median", median_ms(&starts), "ms", 5.0),
        ("resident when idle, most", most_resident_mb(&starts), "MB", 10.0),
        ("read and plan, median", number_after("median", &output)?, "µs", 200.0),
    ])
}

/// How long the engine takes to say which pods of a fleet may assume which roles.
pub(crate) fn engine() -> Result<()> {
    let name = "evaluate_many";
    let example = step("example of the engine, release", || {
        let package = "pod-identity-core";
        succeed(&mut cargo([
            "build",
            "--package",
            package,
            "--example",
            name,
            "--release",
        ]))?;
        let folder = target()?.join("release/examples");
        Ok(folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
    })?;
    let output = step("answers", || succeed(&mut Command::new(&example)))?;
    print!("{output}");
    hold(&[(
        "10,000 pods, 100 roles",
        number_after("answered in", &output)?,
        "ms",
        1000.0,
    )])
}

/// What was measured, its unit and the most that it may be.
type Row<'a> = (&'a str, f64, &'a str, f64);

fn hold(rows: &[Row<'_>]) -> Result<()> {
    println!("\n{:<28} {:>10} {:>10}", "", "measured", "budget");
    for (what, measured, unit, budget) in rows {
        println!("{what:<28} {measured:>7.1} {unit} {budget:>7.1} {unit}");
    }
    for (what, measured, unit, budget) in rows {
        ensure!(
            measured <= budget,
            "{what}: {measured:.1} {unit} is over {budget:.1} {unit}"
        );
    }
    Ok(())
}

fn median_ms(starts: &[Start]) -> f64 {
    let mut times: Vec<Duration> = starts.iter().map(|start| start.handshake).collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e3
}

fn most_resident_mb(starts: &[Start]) -> f64 {
    let most = starts.iter().filter_map(|start| start.resident_kib).max();
    most.unwrap_or_default() as f64 * 1024.0 / 1e6
}

/// A number that an example prints.
fn number_after(words: &str, output: &str) -> Result<f64> {
    let number = output
        .split_once(words)
        .and_then(|(_, after)| after.split_whitespace().next()?.parse().ok());
    number.with_context(|| format!("no number after `{words}` in `{}`", output.trim()))
}

struct Examples {
    provider: PathBuf,
    round_trip: PathBuf,
}

fn build_examples() -> Result<Examples> {
    succeed(&mut cargo([
        "build",
        "--package",
        "tfplugin",
        "--examples",
        "--profile",
        "dist",
    ]))?;
    let folder = target()?.join("dist/examples");
    let example = |name: &str| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    Ok(Examples {
        provider: example("textfile"),
        round_trip: example("round_trip"),
    })
}

fn build_provider() -> Result<PathBuf> {
    let package = "terraform-provider-pod";
    succeed(&mut cargo(["build", "--package", package, "--profile", "dist"]))?;
    Ok(target()?
        .join("dist")
        .join(package)
        .with_extension(std::env::consts::EXE_EXTENSION))
}

struct Start {
    handshake: Duration,
    resident_kib: Option<u64>,
}

fn starts(binary: &Path) -> Result<Vec<Start>> {
    (0..STARTS).map(|_| start(binary)).collect()
}

/// Starts the provider as a host does, up to the handshake line.
fn start(binary: &Path) -> Result<Start> {
    let begin = Instant::now();
    let child = Command::new(binary)
        .env("TF_PLUGIN_MAGIC_COOKIE", COOKIE)
        .env("PLUGIN_PROTOCOL_VERSIONS", "5,6")
        .env("PLUGIN_CLIENT_CERT", HOST_CERTIFICATE)
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{}`", binary.display()))?;
    let mut child = Ended(child);
    let mut line = String::new();
    let stdout = child.0.stdout.take().context("no standard output")?;
    BufReader::new(stdout).read_line(&mut line)?;
    let handshake = begin.elapsed();
    ensure!(line.starts_with("1|6|"), "not a handshake: `{}`", line.trim());
    Ok(Start {
        handshake,
        resident_kib: resident_kib(child.0.id()),
    })
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // Both fail only for a child that is gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Resident memory, where the system says it in a file.
fn resident_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_what_examples_print() {
        let line = "read and plan of 30 attributes, 20000 times: median 42 µs, 95th percentile 61 µs\n";
        assert_eq!(number_after("median", line).unwrap(), 42.0);
        assert!(number_after("median", "the plan is not empty").is_err());
    }

    #[test]
    fn a_number_over_its_budget_is_an_error_that_names_it() {
        assert!(hold(&[("a", 1.0, "ms", 1.0)]).is_ok());
        let error = hold(&[("a", 1.0, "ms", 2.0), ("b", 2.1, "MB", 2.0)]).unwrap_err();
        assert_eq!(error.to_string(), "b: 2.1 MB is over 2.0 MB");
    }
}
