// Part of the tests of each crate that has fuzz targets.

use std::fs;
use std::path::Path;

/// Runs each target on all of its seeds.
pub(crate) fn replay(targets: &[super::super::Target]) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    for (name, target) in targets {
        let folder = seeds.join(name);
        let files: Vec<_> = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("`{name}` has no seeds in `{}`: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        assert!(!files.is_empty(), "`{name}` has no seeds in `{}`", folder.display());
        for file in files {
            // The harness shows this only if the target panics.
            eprintln!("{}", file.display());
            target(&fs::read(&file).unwrap());
        }
    }
}
