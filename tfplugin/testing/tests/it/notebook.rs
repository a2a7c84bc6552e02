//! The example with one of every kind, as a host starts it: what no host at hand asks for.

use std::fs;

use tempfile::TempDir;
use tfmodel::Value;
use tfplugin_testing::core::State;
use tfplugin_testing::{Core, Failure, Host, Launch};

async fn notebook() -> Result<(Host, Core, TempDir), Failure> {
    let folder = tempfile::tempdir().expect("a folder");
    let program = env!("CARGO_BIN_EXE_terraform-provider-notebook");
    let host = Launch::new(program)?.start().await?;
    let core = Core::connected(&host.client).await?;
    let settings = serde_json::json!({ "folder": folder.path() }).to_string();
    let settings = core.provider_config(&settings)?;
    core.configure(&settings).await.expect("configured");
    Ok((host, core, folder))
}

#[tokio::test]
async fn a_configuration_is_generated_for_what_a_list_has_found() -> Result<(), Failure> {
    let (host, core, folder) = notebook().await?;
    for (name, text) in [("a", "one two"), ("b", ""), ("c", "three")] {
        fs::write(folder.path().join(format!("{name}.txt")), text).expect("written");
    }
    let (list, notes) = (core.list_resource("notebook_note")?, core.resource("notebook_note")?);
    let query = list.query(&list.config("{}")?).limit(2).with_objects();
    let found = query.all().await.success().expect("listed");
    let names: Vec<_> = found.iter().map(|one| one.display_name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);

    let note = found.first().expect("a note");
    assert_eq!(
        note.object.as_ref().and_then(|note| note.get("words")),
        Some(&Value::number(2))
    );
    let imported = notes.import_identity(&note.identity).await.expect("imported");
    let config = notes.generate_config(&imported).await.expect("generated");
    assert_eq!(config, notes.config(r#"{"name": "a", "text": "one two"}"#)?);
    let kept = notes.converge(&imported, &config).await.expect("nothing to do");
    assert_eq!(kept.value, imported.value);
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn an_action_says_how_far_it_is_and_does_it() -> Result<(), Failure> {
    let (host, core, folder) = notebook().await?;
    let notes = core.resource("notebook_note")?;
    let config = notes.config(r#"{"name": "a", "text": "one"}"#)?;
    notes.converge(&State::default(), &config).await.expect("created");

    let archive = core.action("notebook_archive")?;
    let config = archive.config(r#"{"note": "a"}"#)?;
    archive.plan(&config).await.expect("planned");
    let progress = archive.invoke(&config).await.success().expect("done");
    assert_eq!(progress, ["copying `a`"]);
    let copy = fs::read_to_string(folder.path().join("archive").join("a.txt"));
    assert_eq!(copy.expect("a copy"), "one");

    let nothing = archive.config(r#"{"note": "b"}"#)?;
    let refused = archive
        .invoke(&nothing)
        .await
        .success()
        .expect_err("there is no such note");
    assert!(
        refused
            .iter()
            .any(|one| one.summary == "The note could not be archived")
    );
    host.shutdown().await.map(drop)
}
