use crate::tree::{files, shipped_rust};

/// What reaches out of a computation.
const IMPURE: [&str; 15] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::io",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "HashMap",
    "HashSet",
    "tokio::",
    "rand::",
    "async fn",
    "println!",
    "thread_local!",
];

#[test]
fn the_model_and_the_engine_compute_and_do_nothing_else() {
    for folder in ["tfmodel/src", "core/src"] {
        for source in shipped_rust(folder) {
            for word in IMPURE {
                assert!(
                    !source.text.contains(word),
                    "{} has `{word}`: these crates have no I/O, clock, randomness, environment or async, and all they \
                     print is in a fixed order, so that the browser's plan is Terraform's plan",
                    source.path
                );
            }
        }
    }
}

#[test]
fn the_model_and_the_engine_are_never_deserialized() {
    for folder in ["tfmodel/src", "core/src", "planner-wasm/src"] {
        for source in shipped_rust(folder) {
            assert!(
                !source.text.contains("Deserialize"),
                "{} has `Deserialize`: it weighs 100 kB in the browser and has no positions; tfmodel has the one JSON reader",
                source.path
            );
        }
    }
}

#[test]
fn only_the_cloud_module_knows_the_aws_sdk() {
    let mut users = 0;
    for folder in [
        "core/src",
        "planner-wasm/src",
        "provider/src",
        "tfmodel/src",
        "tfplugin/src",
        "tfplugin/testing/src",
    ] {
        for source in shipped_rust(folder) {
            let names_sdk = ["aws_sdk_", "aws_config", "aws_smithy_", "aws_types"]
                .iter()
                .any(|name| source.text.contains(name));
            let is_cloud = source.path == "provider/src/cloud.rs" || source.path.starts_with("provider/src/cloud/");
            assert!(
                !names_sdk || is_cloud,
                "{} names the AWS SDK: everything else speaks in the engine's types, which a fake can answer with too",
                source.path
            );
            users += usize::from(names_sdk);
        }
    }
    assert!(
        users > 0,
        "nothing names the AWS SDK: the rule looks in the wrong place"
    );
}

#[test]
fn only_the_wire_module_knows_the_protocols_messages() {
    let mut users = 0;
    for folder in [
        "tfplugin/src",
        "provider/src",
        "core/src",
        "planner-wasm/src",
        "tfmodel/src",
    ] {
        for source in shipped_rust(folder) {
            let is_wire = source.path == "tfplugin/src/wire.rs" || source.path.starts_with("tfplugin/src/wire/");
            let is_transport = source.path.starts_with("tfplugin/src/transport");
            for line in source.text.lines().filter(|line| line.contains("tfplugin_proto")) {
                let is_service = line.contains("::go_plugin") || line.contains("::provider_server");
                assert!(
                    is_wire || is_transport && is_service,
                    "{}: `{line}` names generated messages: a change of the protocol must not reach past the wire module",
                    source.path
                );
                users += 1;
            }
        }
    }
    assert!(
        users > 0,
        "nothing names the messages: the rule looks in the wrong place"
    );
}

#[test]
fn targets_without_tests_have_none() {
    for manifest in files("")
        .into_iter()
        .filter(|source| source.path.ends_with("Cargo.toml"))
    {
        let Some((_, rest)) = manifest.text.split_once("\n[lib]\n") else {
            continue;
        };
        let table = rest.split("\n[").next().unwrap();
        if !table.lines().any(|line| line == "test = false") {
            continue;
        }
        let folder = manifest.path.strip_suffix("Cargo.toml").unwrap();
        for source in files(&format!("{folder}src")) {
            let attribute = ["#[te", "st]"].concat();
            assert!(
                !source.text.contains(&attribute),
                "{} has tests that never run: {} says `test = false`",
                source.path,
                manifest.path
            );
        }
    }
}

#[test]
fn files_name_no_folder_of_somebodys_machine() {
    // In two parts, so that this file does not name them either.
    let folders = [("/ro", "ot/"), ("/ho", "me/"), ("/Use", "rs/"), ("C:\\Use", "rs")].map(|(a, b)| format!("{a}{b}"));
    for source in files("") {
        for folder in &folders {
            assert!(
                !source.text.contains(folder),
                "{} names `{folder}`: it would work, or be true, on one machine only",
                source.path
            );
        }
    }
}

#[test]
fn locks_name_no_host_of_somebodys_network() {
    for source in files("") {
        let name = source.path.rsplit('/').next().unwrap();
        if name == "package-lock.json" {
            let address = source.text.lines().find(|line| line.contains("\"resolved\":"));
            assert!(
                address.is_none(),
                "{}: `{}` sends everybody to one registry; a lock without addresses leaves the choice to npm's settings",
                source.path,
                address.unwrap_or_default().trim()
            );
        }
        let is_python_lock = source.path.starts_with("tests/servers/");
        let is_setting = name == ".npmrc" || name == "pip.conf";
        for line in source.text.lines().filter(|_| is_python_lock || is_setting) {
            let line = line.trim();
            assert!(
                ![
                    "--index-url",
                    "--extra-index-url",
                    "--find-links",
                    "registry=",
                    "index-url"
                ]
                .iter()
                .any(|option| line.starts_with(option)),
                "{}: `{line}` sends everybody to one network's own registry",
                source.path
            );
        }
    }
}
