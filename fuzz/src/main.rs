//! libFuzzer for the target that `FUZZ_TARGET` names. `cargo xtask fuzz` builds and starts it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").expect("`cargo xtask fuzz` sets FUZZ_TARGET");
    let mut targets = tfmodel::fuzzing::TARGETS
        .iter()
        .chain(tfplugin::fuzzing::TARGETS)
        .chain(pod_identity_core::fuzzing::TARGETS);
    let found = targets.find(|(target, _)| *target == name);
    found.unwrap_or_else(|| panic!("`{name}` is no fuzz target")).1
});

fuzz_target!(|bytes: &[u8]| TARGET(bytes));
