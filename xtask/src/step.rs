//! One step of a command: announced when it begins, timed when it ends, silent unless it fails.

use std::io::{self, IsTerminal, Read, Write};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use tfplugin_testing::child::describe;

/// Does a step, with its title and time on one line.
pub(crate) fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("  {title:<58} ");
    flush();
    let start = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "ok" } else { "FAILED" };
    println!("{outcome:>6} {:>7.1} s", start.elapsed().as_secs_f64());
    result
}

/// Runs a command that has to succeed; what it printed on both outputs comes back in the order
/// in which it was printed.
pub(crate) fn succeed(command: &mut Command) -> Result<String> {
    let (success, output) = capture(command)?;
    if !success {
        bail!("`{}` failed\n{output}", describe(command));
    }
    Ok(output)
}

/// Whether a command succeeded, and what it printed.
pub(crate) fn capture(command: &mut Command) -> Result<(bool, String)> {
    let (mut reader, writer) = io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    let child = command.spawn();
    // The command keeps the writing ends open, and reading ends only when all are closed.
    command.stdout(io::stdout()).stderr(io::stderr());
    let mut child = child.with_context(|| format!("cannot start `{}`", describe(command)))?;
    let mut output = Vec::new();
    reader.read_to_end(&mut output)?;
    let success = child.wait()?.success();
    Ok((success, String::from_utf8_lossy(&output).into_owned()))
}

fn flush() {
    if io::stdout().is_terminal() {
        // A terminal that is gone takes nothing from the work.
        let _ = io::stdout().flush();
    }
}
