//! Programs that have to be there, and the command that installs each.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, anyhow};

use crate::step::{capture, succeed};
use crate::workspace::root;

/// A program of the machine that a command needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    CCompiler,
    WasmTarget,
    Node,
    Python,
    Terraform,
    Go,
    /// terraform, tofu, or Go to build tofu with.
    AnyCli,
    Chromium,
}

/// Finds or installs all of these; the error names every one that is missing.
pub(crate) fn require(programs: &[Program]) -> Result<()> {
    let needs_terraform = programs.contains(&Program::Terraform);
    let missing: Vec<String> = programs
        .iter()
        .filter(|program| **program != Program::AnyCli || !needs_terraform)
        .filter_map(|program| program.check().err())
        .map(|error| format!("{error:#}"))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(anyhow!("{}", missing.join("\n")))
    }
}

impl Program {
    fn check(self) -> Result<()> {
        match self {
            Program::CCompiler => c_compiler(),
            Program::WasmTarget => wasm_target(),
            Program::Node => node(),
            Program::Python => python().map(drop),
            Program::Terraform => terraform().map(drop),
            Program::Go => go(),
            Program::AnyCli => match (terraform(), tofu_on_path(), go()) {
                (Err(_), None, Err(_)) => Err(anyhow!(
                    "neither terraform, tofu nor Go (which builds tofu) is there; {}",
                    install_go()
                )),
                _ => Ok(()),
            },
            Program::Chromium => chromium().map(drop),
        }
    }
}

fn c_compiler() -> Result<()> {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".into());
    if cfg!(windows) || answers(&compiler, &["--version"]).is_some() {
        return Ok(());
    }
    Err(anyhow!(
        "a C compiler is missing (aws-lc needs it); {}",
        install("apt-get install gcc libc6-dev", "gcc", "your system's package manager")
    ))
}

fn wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = succeed(Command::new("rustc").args(["--print", "sysroot"]).current_dir(root()))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]).current_dir(root());
    succeed(&mut rustup).map(drop).map_err(|error| {
        anyhow!("Rust's target {TARGET} is missing; `rustup target add {TARGET}` installs it ({error:#})")
    })
}

fn node() -> Result<()> {
    const MAJOR: u32 = 20;
    // Debian's own may be older than what is needed.
    let debian = "curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install nodejs";
    let advice = install(debian, "node", "https://nodejs.org");
    let Some(version) = answers("node", &["--version"]) else {
        return Err(anyhow!("Node is missing; {advice}"));
    };
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|m| m.parse::<u32>().ok());
    if major.is_none_or(|major| major < MAJOR) {
        return Err(anyhow!(
            "Node {} is too old: {MAJOR} or newer is needed; {advice}",
            version.trim()
        ));
    }
    match answers(npm(), &["--version"]) {
        Some(_) => Ok(()),
        None => Err(anyhow!("npm is missing; {advice}")),
    }
}

/// The name of npm's launcher.
pub(crate) fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// A Python that can make virtual environments.
pub(crate) fn python() -> Result<&'static str> {
    const USABLE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    ["python3", "python"]
        .into_iter()
        .find(|name| answers(name, &["-c", USABLE]).is_some())
        .ok_or_else(|| {
            anyhow!(
                "Python 3.11 or newer with venv is missing; {}",
                install(
                    "apt-get install python3 python3-venv",
                    "python@3.12",
                    "https://www.python.org/downloads/"
                )
            )
        })
}

/// Terraform from `TERRAFORM_BIN` or `PATH`; no package registry has it.
pub(crate) fn terraform() -> Result<PathBuf> {
    from_variable("TERRAFORM_BIN")?
        .or_else(|| on_path("terraform"))
        .ok_or_else(|| {
            anyhow!(
                "terraform is missing, and no package registry has it; put it on PATH or its path in \
                 TERRAFORM_BIN (https://developer.hashicorp.com/terraform/install)"
            )
        })
}

/// A tofu that somebody installed.
pub(crate) fn tofu_on_path() -> Option<PathBuf> {
    on_path("tofu")
}

/// The Go that builds tofu. It fetches a newer toolchain by itself if tofu needs one.
fn go() -> Result<()> {
    const MINOR: u32 = 21;
    let advice = install_go();
    let Some(version) = answers("go", &["env", "GOVERSION"]) else {
        return Err(anyhow!("Go is missing (it builds tofu); {advice}"));
    };
    let minor = version
        .trim()
        .strip_prefix("go1.")
        .and_then(|rest| rest.split('.').next())
        .and_then(|minor| minor.parse::<u32>().ok());
    if minor.is_some_and(|minor| minor < MINOR) {
        return Err(anyhow!(
            "{} is too old to build tofu: 1.{MINOR} or newer is needed; https://go.dev/dl/ has it",
            version.trim()
        ));
    }
    Ok(())
}

/// A Chromium or Chrome; Debian's is installed when that is allowed.
pub(crate) fn chromium() -> Result<PathBuf> {
    const NAMES: [&str; 5] = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
    ];
    const PATHS: [&str; 3] = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];
    let installed = || {
        let on_path = NAMES.into_iter().find_map(on_path);
        on_path.or_else(|| PATHS.into_iter().map(PathBuf::from).find(|path| path.is_file()))
    };
    if let Some(found) = from_variable("CHROMIUM_BIN")?.or_else(installed) {
        return Ok(found);
    }
    if is_debian() && is_root() {
        succeed(Command::new("apt-get").arg("update"))?;
        let install = ["install", "--yes", "--no-install-recommends", "chromium"];
        succeed(
            Command::new("apt-get")
                .args(install)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    installed().ok_or_else(|| {
        anyhow!(
            "Chromium or Chrome is missing; {}, or put the path of one in CHROMIUM_BIN",
            install(
                "apt-get install chromium",
                "--cask google-chrome",
                "https://www.google.com/chrome/"
            )
        )
    })
}

fn install_go() -> String {
    let architecture = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "amd64"
    };
    // Debian's own is too old to fetch the toolchain that tofu asks for.
    let debian = format!(
        "curl -fsSL https://go.dev/dl/go1.26.8.linux-{architecture}.tar.gz | tar -C /usr/local -xz \
         && ln -s /usr/local/go/bin/go /usr/local/bin/go"
    );
    install(&debian, "go", "https://go.dev/dl/")
}

/// How something is installed: by a command on Debian, by a package of Homebrew, or from a page.
fn install(debian: &str, homebrew: &str, elsewhere: &str) -> String {
    if is_debian() {
        format!("`{debian}` installs it")
    } else if cfg!(target_os = "macos") {
        format!("`brew install {homebrew}` installs it")
    } else {
        format!("install it from {elsewhere}")
    }
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").is_file()
}

fn is_root() -> bool {
    answers("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}

/// What a program prints when it is there and succeeds.
fn answers(program: &str, arguments: &[&str]) -> Option<String> {
    let (success, output) = capture(Command::new(program).args(arguments)).ok()?;
    success.then_some(output)
}

fn from_variable(name: &str) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(name).map(PathBuf::from) else {
        return Ok(None);
    };
    if path.is_file() {
        return Ok(Some(fs::canonicalize(path)?));
    }
    Err(anyhow!("{name} is `{}`, which is not a file", path.display()))
}

fn on_path(name: &str) -> Option<PathBuf> {
    let file = if cfg!(windows) {
        format!("{name}.exe")
    } else {
        name.to_owned()
    };
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}
