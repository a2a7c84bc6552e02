//! Holds the committed code to the .proto files.

use tfplugin_proto_codegen::{generate, output_dir, read_files};

#[test]
fn committed_code_is_what_the_proto_files_generate() {
    let generated = generate().expect("the .proto files compile");
    let committed = read_files(&output_dir()).expect("the generated files can be read");
    assert!(generated.contains_key("tfplugin6.rs") && generated.contains_key("plugin.rs"));
    for (name, text) in &generated {
        assert!(
            committed.get(name) == Some(text),
            "{name} is not what its .proto file generates: run `cargo xtask codegen`"
        );
    }
    assert!(
        committed.keys().eq(generated.keys()),
        "src/gen has a file that nothing generates: run `cargo xtask codegen`"
    );
}
