//! `cargo xtask`: everything that is done with this repository from a command line.

#![expect(clippy::print_stdout, reason = "a command-line tool talks on stdout")]

mod bench;
mod cli;
mod codegen;
mod demo;
mod docs;
mod fuzz;
mod ledger;
mod npm;
mod page;
mod prerequisites;
mod servers;
mod step;
mod test;
mod tofu;
mod wasm;
mod web;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo [--once]       apply the quickstart to local AWS servers, switch a mode, and serve the
                      page with the plan; --once ends instead of serving
  test [GROUP…]       every check and test, or the named groups (`test --help` lists them)
  codegen [--check]   write generated code; --check only says if it is what would be written
  docs                write the pages that tables, schemas and examples make
  fuzz [TARGET] [--seconds N | --inputs N]
                      look for bytes that break a decoder; a minute for each target
  wasm                build the engine for the browser
  web                 build the engine and the page, and hold their budgets
  bench weight        size, start and memory of what is shipped
  bench framework     start, memory and answering time of a provider that does next to nothing
  bench engine        time in which the engine says which of 10,000 pods may assume which of 100 roles
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<ExitCode> {
    match arguments {
        [] | ["help" | "--help" | "-h"] => println!("{USAGE}"),
        ["test", "--help"] => println!("{}", test::groups()),
        ["test", groups @ ..] => return test::run(groups),
        ["demo"] => demo::run(demo::Ending::Serve)?,
        ["demo", "--once"] => demo::run(demo::Ending::Once)?,
        ["codegen"] => codegen::write()?,
        ["codegen", "--check"] => codegen::check()?,
        ["docs"] => docs::write()?,
        ["fuzz", arguments @ ..] => fuzz::run(arguments)?,
        ["wasm"] => wasm::run()?,
        ["web"] => web::run()?,
        ["bench", "weight"] => bench::weight()?,
        ["bench", "framework"] => bench::framework()?,
        ["bench", "engine"] => bench::engine()?,
        other => bail!("`{}` is not a command\n\n{USAGE}", other.join(" ")),
    }
    Ok(ExitCode::SUCCESS)
}
