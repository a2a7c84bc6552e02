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

    /// A command that runs tests and prints how they went in a form that `count` reads.
    /// Whether all passed comes back.
    pub(crate) fn tests(&mut self, title: &str, command: &mut Command, count: fn(&str) -> Result<Counts>) -> bool {
        let mut counts = Counts::default();
        let result = step::step(title, || {
            let (success, output) = step::capture(command)?;
            counts = count(&output)?;
            ensure!(success && counts.failed == 0, "{output}");
            Ok(())
        });
        self.counts += counts;
        let Err(error) = result else {
            return true;
        };
        // What is wrong may be none of the counted tests: a build that broke, a test that is not
        // run.
        if counts.failed == 0 {
            self.counts.failed += 1;
        }
        println!("{error:#}");
        false
    }

    fn fail(&mut self, text: &str) {
        self.counts.failed += 1;
        println!("{text}");
    }
}
