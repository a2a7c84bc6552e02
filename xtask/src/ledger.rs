//! What was checked, how it went and how long it took.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::step;

/// Passed and failed checks and tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// What the output of a test runner says.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) counts: Counts,
    /// What is wrong beside failed tests.
    pub(crate) faults: Vec<String>,
}

/// Groups in the order in which they ran.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    groups: Vec<Group>,
}

/// Checks and tests that belong together.
#[derive(Debug)]
pub(crate) struct Group {
    name: &'static str,
    counts: Counts,
    elapsed: Duration,
}

impl Ledger {
    /// Runs a group. An error in it is one failure, and the next group runs all the same.
    pub(crate) fn run(&mut self, name: &'static str, work: impl FnOnce(&mut Group) -> Result<()>) {
        println!("{name}");
        let start = Instant::now();
        let mut group = Group {
            name,
            counts: Counts::default(),
            elapsed: Duration::ZERO,
        };
        if let Err(error) = work(&mut group) {
            group.fail(&format!("{error:#}"));
        }
        group.elapsed = start.elapsed();
        self.groups.push(group);
    }

    /// Prints the time and counts of each group; the last line is the sum.
    pub(crate) fn close(self) -> ExitCode {
        let mut sum = Counts::default();
        println!("\n{:<16} {:>7} {:>7} {:>9}", "group", "passed", "failed", "time");
        for group in &self.groups {
            let Counts { passed, failed } = group.counts;
            let seconds = group.elapsed.as_secs_f64();
            println!("{:<16} {passed:>7} {failed:>7} {seconds:>7.1} s", group.name);
            sum += group.counts;
        }
        let seconds: f64 = self.groups.iter().map(|g| g.elapsed.as_secs_f64()).sum();
        println!("{:<16} {:>7} {:>7} {seconds:>7.1} s\n", "all", sum.passed, sum.failed);
        println!("{} passed, {} failed", sum.passed, sum.failed);
        if sum.failed == 0 && sum.passed > 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

impl Group {
    /// Something that has to work before the group's own checks, and counts only if it fails.
    pub(crate) fn prepare<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        step::step(title, work)
    }

    /// One check; the group goes on after a failure.
    pub(crate) fn check(&mut self, title: &str, work: impl FnOnce() -> Result<()>) {
        match step::step(title, work) {
            Ok(()) => self.pass(),
            Err(error) => self.fail(&format!("{error:#}")),
        }
    }

    /// Counts something that was seen to work.
    pub(crate) fn pass(&mut self) {
        self.counts.passed += 1;
    }

    /// A command that is one check.
    pub(crate) fn command(&mut self, title: &str, command: &mut Command) {
        self.check(title, || step::succeed(command).map(drop));
    }

    /// A command that runs tests and prints how they went in a form that `read` understands.
    /// Whether all is well comes back.
    pub(crate) fn tests(&mut self, title: &str, command: &mut Command, read: fn(&str) -> Verdict) -> bool {
        let mut verdict = Verdict::default();
        let result = step::step(title, || {
            let (success, output) = step::capture(command)?;
            verdict = read(&output);
            if !success && verdict.counts.failed == 0 {
                verdict
                    .faults
                    .push("ended as a failure without a failed test".to_owned());
            }
            let faults = verdict.faults.join("\n");
            ensure!(success && faults.is_empty(), "{}\n{faults}", without_passed(&output));
            Ok(())
        });
        let mut counts = verdict.counts;
        counts.failed += verdict.faults.len();
        // A command that did not even start.
        if result.is_err() && counts.failed == 0 {
            counts.failed = 1;
        }
        self.counts += counts;
        if let Err(error) = &result {
            println!("{error:#}");
        }
        result.is_ok()
    }

    fn fail(&mut self, text: &str) {
        self.counts.failed += 1;
        println!("{text}");
    }
}

/// Output of a test runner without the lines that nobody looks for.
fn without_passed(output: &str) -> String {
    let lines = output.lines().filter(|line| !line.ends_with("... ok"));
    lines.collect::<Vec<_>>().join("\n")
}
