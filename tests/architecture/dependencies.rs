use std::collections::BTreeSet;

use crate::graph::{members, metadata, resolved};

/// What each crate may depend on of ours, outside its own tests. ARCHITECTURE.md has the reasons.
const TABLE: [(&str, &[&str]); 12] = [
    ("tfplugin-proto", &[]),
    ("tfplugin-proto-codegen", &[]),
    ("tfmodel-derive", &[]),
    ("tfmodel", &["tfmodel-derive"]),
    ("tfplugin", &["tfplugin-proto", "tfmodel"]),
    ("tfplugin-testing", &["tfplugin-proto", "tfmodel", "tfplugin"]),
    ("pod-identity-core", &["tfmodel"]),
    ("terraform-provider-pod", &["tfplugin", "tfmodel", "pod-identity-core"]),
    ("pod-identity-planner", &["tfmodel", "pod-identity-core"]),
    // It judges what the provider sends, so it knows nothing that the provider knows.
    ("pod-fake-aws", &[]),
    ("pod-tests", &["tfplugin-testing"]),
    (
        "xtask",
        &[
            "pod-identity-core",
            "pod-tests",
            "tfplugin-proto-codegen",
            "tfplugin-testing",
        ],
    ),
];

#[test]
fn crates_depend_on_each_other_as_the_table_says() {
    let mut wrong = Vec::new();
    for (name, dependencies) in members() {
        let Some((_, allowed)) = TABLE.iter().find(|(member, _)| *member == name) else {
            wrong.push(format!("`{name}` is not in the table"));
            continue;
        };
        for dependency in dependencies.iter().filter(|dependency| !dependency.is_for_tests) {
            if !allowed.contains(&dependency.name.as_str()) {
                wrong.push(format!("`{name}` depends on `{}`", dependency.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "the layers are what keeps engine, framework and provider apart: {wrong:#?}"
    );
}

#[test]
fn nothing_that_ships_has_the_test_harness() {
    for (name, dependencies) in members() {
        for dependency in dependencies {
            assert!(
                dependency.name != "tfplugin-testing"
                    || dependency.is_for_tests
                    || ["pod-tests", "xtask"].contains(&&*name),
                "`{name}` would ship a harness that only tests need"
            );
        }
    }
}

#[test]
fn commands_start_without_a_network_stack() {
    for package in resolved(&["--package", "xtask", "--edges", "normal,build"]) {
        assert!(
            !["tokio", "tonic", "rustls"].contains(&package.name.as_str()),
            "`xtask` compiles `{}`: `cargo xtask` would take a minute to start; of `tfplugin-testing` it needs what is \
             without the feature `client`",
            package.name
        );
    }
}

/// Packages that must not be compiled at all, with the reason.
const BANNED: [(&str, &str); 4] = [
    (
        "ring",
        "it has no P-521, so hosts could not be authenticated; TLS is aws-lc-rs",
    ),
    (
        "openssl",
        "TLS is rustls with aws-lc-rs; a second stack doubles weight and advisories",
    ),
    (
        "openssl-sys",
        "TLS is rustls with aws-lc-rs; a second stack doubles weight and advisories",
    ),
    (
        "native-tls",
        "TLS is rustls with aws-lc-rs; a second stack doubles weight and advisories",
    ),
];

/// Packages of which one version is enough.
const ONCE: [&str; 6] = ["rustls", "hyper", "h2", "tonic", "prost", "tokio"];

#[test]
fn banned_packages_are_not_compiled() {
    let packages = resolved(&["--workspace"]);
    for (name, reason) in BANNED {
        let found = packages.iter().find(|package| package.name == name);
        assert!(found.is_none(), "`{name}` is compiled: {reason}");
    }
    for name in ONCE {
        let of_name = packages.iter().filter(|package| package.name == name);
        let versions: BTreeSet<&str> = of_name.map(|package| package.version.as_str()).collect();
        assert_eq!(
            versions.len(),
            1,
            "`{name}` in versions {versions:?}: two of them double the stack's weight, and types of one do not fit the other"
        );
    }
}

#[test]
fn numbers_keep_the_meaning_serde_json_gives_them_everywhere_else() {
    for package in resolved(&["--workspace"]) {
        assert!(
            package.name != "serde_json" || !package.features.contains("arbitrary_precision"),
            "`arbitrary_precision` changes what every other crate reads as a number; numbers that matter are read by tfmodel"
        );
    }
}

/// Crates that must stay pure, with all they may be built on.
const PURE: [(&str, &[&str]); 2] = [
    ("tfmodel", &["rmp", "serde", "tfmodel-derive", "thiserror"]),
    (
        "pod-identity-core",
        &[
            "percent-encoding",
            "serde",
            "serde_json",
            "sha2",
            "tfmodel",
            "thiserror",
        ],
    ),
];

/// What the pure crates may not even reach through others.
const IMPURE: [&str; 12] = [
    "regex",
    "regex-lite",
    "regex-automata",
    "tokio",
    "rand",
    "getrandom",
    "chrono",
    "time",
    "mio",
    "ureq",
    "hyper",
    "wasm-bindgen",
];

#[test]
fn pure_crates_stand_on_pure_crates() {
    let metadata = metadata();
    for (name, allowed) in PURE {
        let packages = metadata["packages"].as_array().unwrap();
        let package = packages.iter().find(|package| package["name"] == name).unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let dependency_name = dependency["name"].as_str().unwrap();
            assert!(
                dependency["kind"].as_str() == Some("dev") || allowed.contains(&dependency_name),
                "`{name}` depends on `{dependency_name}`: it computes and does nothing else, in the browser too, so what it \
                 stands on is chosen one by one"
            );
        }
        for package in resolved(&["--package", name, "--edges", "normal", "--all-features"]) {
            assert!(
                !IMPURE.contains(&package.name.as_str()) && !package.name.starts_with("aws-"),
                "`{name}` reaches `{}`: it has no I/O, clock, randomness or async, and no regex for its weight in wasm",
                package.name
            );
        }
    }
}

#[test]
fn packages_come_from_one_registry() {
    let metadata = metadata();
    let sources: BTreeSet<&str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|package| package["source"].as_str())
        .collect();
    assert!(
        sources.len() == 1 && sources.iter().all(|source| source.starts_with("registry+")),
        "packages come from {sources:?}: what is locked has to be there for everybody, for good"
    );
}
