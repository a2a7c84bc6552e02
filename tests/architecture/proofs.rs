//! Tests by their names: `crate::module::test`, with the target's name after the crate's for integration tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::graph::metadata;

/// Where the workspace's tests are.
pub(crate) struct Proofs {
    crates: BTreeMap<String, Vec<Target>>,
}

struct Target {
    /// What follows the crate's name in a path; nothing for the crate itself.
    name: Option<String>,
    root: PathBuf,
}

impl Proofs {
    pub(crate) fn of_the_workspace() -> Self {
        let metadata = metadata();
        let packages = metadata["packages"].as_array().unwrap().iter();
        let ours = packages.filter(|package| package["source"].is_null());
        let crates = ours.map(|package| {
            let targets = package["targets"].as_array().unwrap().iter().map(|target| {
                let is_test = target["kind"][0] == "test";
                Target {
                    name: is_test.then(|| crate_name(target["name"].as_str().unwrap())),
                    root: PathBuf::from(target["src_path"].as_str().unwrap()),
                }
            });
            (crate_name(package["name"].as_str().unwrap()), targets.collect())
        });
        Self {
            crates: crates.collect(),
        }
    }

    /// Why there is no test of that name.
    pub(crate) fn find(&self, name: &str) -> Result<(), String> {
        let mut segments: Vec<&str> = name.split("::").collect();
        let test = segments.pop().unwrap();
        let Some((first, rest)) = segments.split_first() else {
            return Err("it has no crate".to_owned());
        };
        let targets = self
            .crates
            .get(*first)
            .ok_or("no crate of the workspace has that name")?;
        let integration = |target: &&Target| target.name.is_some() && target.name.as_deref() == rest.first().copied();
        if let Some(target) = targets.iter().find(integration) {
            return in_target(target, &rest[1..], test);
        }
        // A crate can have a library and binaries.
        let roots = targets.iter().filter(|target| target.name.is_none());
        let found: Vec<_> = roots.map(|target| in_target(target, rest, test)).collect();
        let first = found
            .first()
            .cloned()
            .unwrap_or_else(|| Err("the crate has only integration tests".to_owned()));
        if found.iter().any(Result::is_ok) { Ok(()) } else { first }
    }
}

fn crate_name(name: &str) -> String {
    name.replace('-', "_")
}

fn in_target(target: &Target, modules: &[&str], test: &str) -> Result<(), String> {
    let folder = target.root.parent().unwrap();
    let case = folder.join(modules.iter().collect::<PathBuf>()).join(test);
    if case.with_extension("rs").is_file() && case.with_extension("stderr").is_file() {
        // What must not compile, held by trybuild.
        return Ok(());
    }
    let mut module = Module {
        text: read(&target.root),
        folder: folder.to_path_buf(),
    };
    for name in modules {
        module = module.child(name)?;
    }
    if is_test(&module.text, test) {
        Ok(())
    } else {
        Err("its module has no test function of that name".to_owned())
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

struct Module {
    text: String,
    /// Where the files of its children are.
    folder: PathBuf,
}

impl Module {
    /// A file that no `mod` declares is never compiled, so it is not one.
    fn child(&self, name: &str) -> Result<Self, String> {
        let folder = self.folder.join(name);
        let declarations = self.text.lines().map(without_visibility);
        if declarations.clone().any(|line| line == format!("mod {name};")) {
            let files = [folder.with_extension("rs"), folder.join("mod.rs")];
            let file = files.iter().find(|file| file.is_file());
            let text = read(file.ok_or_else(|| format!("the module `{name}` has no file"))?);
            return Ok(Self { text, folder });
        }
        let opening = format!("mod {name} {{");
        let line = self.text.lines().find(|line| without_visibility(line) == opening);
        let line = line.ok_or_else(|| format!("there is no module `{name}`"))?;
        let closing = format!("{}}}", indentation(line));
        let inside = self.text.lines().skip_while(|other| *other != line).skip(1);
        let inside: Vec<&str> = inside.take_while(|line| *line != closing).collect();
        Ok(Self {
            text: inside.join("\n"),
            folder,
        })
    }
}

fn without_visibility(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
    line.strip_prefix("pub ").unwrap_or(line)
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// Whether a module has a test of that name, itself and not in a module within it.
fn is_test(text: &str, name: &str) -> bool {
    let lines = own_lines(text);
    lines.iter().enumerate().any(|(at, line)| {
        let code = without_visibility(line);
        let code = code.strip_prefix("async ").unwrap_or(code);
        let rest = code.strip_prefix("fn ").and_then(|code| code.strip_prefix(name));
        let above = lines.iter().take(at).rev().map(|line| line.trim());
        let mut attributes = above.take_while(|line| !line.is_empty() && !line.ends_with('}'));
        rest.is_some_and(|rest| rest.starts_with('('))
            && attributes.any(|line| line == "#[test]" || line.starts_with("#[tokio::test"))
    })
}

fn own_lines(text: &str) -> Vec<&str> {
    let mut lines = text.lines();
    let mut own = Vec::new();
    while let Some(line) = lines.next() {
        let code = without_visibility(line);
        if code.starts_with("mod ") && code.ends_with('{') {
            let closing = format!("{}}}", indentation(line));
            lines.by_ref().find(|line| *line == closing);
        } else {
            own.push(line);
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_every_kind_are_found() {
        let proofs = Proofs::of_the_workspace();
        for name in [
            "tfplugin::private::tests::what_is_stored_comes_back",
            "tfmodel::plan::tests::properties::an_unchanged_configuration_plans_nothing",
            "tfplugin::it::server::calls::types_that_do_not_exist_are_named",
            "tfmodel::it::refused::attribute_without_usage",
            "xtask::test::counts::tests::ignored_tests_are_a_fault",
            "pod_tests::architecture::proofs::tests::tests_of_every_kind_are_found",
            "tfplugin_testing::hosts::green::terraform_takes_the_example_from_nothing_and_back",
        ] {
            assert_eq!(proofs.find(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_is_no_test_is_not_found() {
        let proofs = Proofs::of_the_workspace();
        for (name, why) in [
            ("what_is_stored_comes_back", "it has no crate"),
            ("nothing::tests::a", "no crate of the workspace has that name"),
            ("tfplugin::secret::tests::a", "there is no module `secret`"),
            ("tfplugin::it::servers::calls::a", "there is no module `servers`"),
            (
                "tfmodel::it::refused::attribute_without",
                "there is no module `refused`",
            ),
        ] {
            assert_eq!(proofs.find(name), Err(why.to_owned()), "{name}");
        }
        for name in [
            // Not there; a part of a name; in a module within; not a test; without its target.
            "tfplugin::private::tests::what_is_stored",
            "tfplugin::private::tests::what_is_stored_comes",
            "tfplugin::private::what_is_stored_comes_back",
            "tfplugin::it::server::told",
        ] {
            let why = "its module has no test function of that name";
            assert_eq!(proofs.find(name), Err(why.to_owned()), "{name}");
        }
        assert!(
            proofs
                .find("tfplugin::server::calls::types_that_do_not_exist_are_named")
                .is_err()
        );
    }

    #[test]
    fn a_function_is_a_test_by_its_attribute_alone() {
        let text = "#[test]\nfn a() {}\n\nfn b() {}\n\n#[tokio::test(start_paused = true)]\n#[expect(x)]\nasync fn c() {}\n\
                    #[cfg(test)]\nmod tests {\n    #[test]\n    fn d() {}\n}\n";
        assert!(is_test(text, "a") && is_test(text, "c"));
        assert!(!is_test(text, "b") && !is_test(text, "d"));
    }
}
