//! The example provider as a host starts it: a process, mutually authenticated TLS, and every step from nothing to an object and back.

use std::fs;

use tfmodel::Value;
use tfplugin_testing::core::{Action, State};
use tfplugin_testing::{Core, Failure, Launch};

#[tokio::test]
async fn the_example_manages_files_over_an_authenticated_connection() -> Result<(), Failure> {
    let folder = tempfile::tempdir().expect("a folder");
    let host = Launch::new(env!("CARGO_BIN_EXE_terraform-provider-example"))?
        .start()
        .await?;
    let core = Core::connected(&host.client).await?;
    let settings = serde_json::json!({ "folder": folder.path() }).to_string();
    core.configure(&core.provider_config(&settings)?)
        .await
        .expect("configured");

    let files = core.resource("example_text_file")?;
    let short = files.config(r#"{"name": "a.txt", "text": "one"}"#)?;
    let made = files.converge(&State::default(), &short).await.expect("created");
    let path = folder.path().join("a.txt");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "one");

    let long = files.config(r#"{"name": "a.txt", "text": "one and two"}"#)?;
    let plan = files.plan(&made, &long).await.expect("plan");
    assert_eq!(
        (plan.action, plan.planned.value.get("bytes")),
        (Action::Update, Some(&Value::number(11)))
    );
    let changed = files.converge(&made, &long).await.expect("changed");

    fs::write(&path, "drift").expect("written");
    let drifted = files.read(&changed).await.expect("read");
    let plan = files.plan(&drifted, &long).await.expect("plan");
    assert_eq!(plan.action, Action::Update);
    let repaired = files.converge(&drifted, &long).await.expect("repaired");

    let imported = files.import("a.txt").await.expect("imported");
    assert_eq!(imported.value, repaired.value);
    let taken = files.plan(&State::default(), &long).await.expect("plan");
    let refused = files
        .apply(&taken)
        .await
        .expect("an answer")
        .success()
        .expect_err("refused");
    assert!(refused.iter().any(|one| one.summary == "The file could not be created"));

    files.destroy(&imported).await.expect("destroyed");
    assert!(!path.exists());
    let slug = core.call("slug", &[Value::string("Hello, world")]).await;
    assert_eq!(slug, Ok(Value::string("hello-world")));
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn a_folder_that_is_not_known_yet_does_not_stop_a_plan() -> Result<(), Failure> {
    let host = Launch::new(env!("CARGO_BIN_EXE_terraform-provider-example"))?
        .start()
        .await?;
    let core = Core::connected(&host.client).await?;
    let unknown = Value::object([("folder", Value::unknown())]);
    core.configure(&unknown).await.expect("configured");
    let files = core.resource("example_text_file")?;
    let config = files.config(r#"{"name": "a.txt"}"#)?;
    let plan = files.plan(&State::default(), &config).await.expect("plan");
    assert_eq!(plan.planned.value.get("bytes"), Some(&Value::number(0)));
    let failed = files
        .apply(&plan)
        .await
        .expect("an answer")
        .success()
        .expect_err("refused");
    assert!(failed.iter().any(|one| one.summary == "The folder is not known yet"));
    host.shutdown().await.map(drop)
}

#[test]
fn run_by_hand_it_tells_its_version_and_how_it_is_used() {
    let run = |argument: &str| {
        let program = env!("CARGO_BIN_EXE_terraform-provider-example");
        let done = std::process::Command::new(program)
            .arg(argument)
            .output()
            .expect("started");
        assert!(done.status.success(), "{argument}");
        String::from_utf8(done.stdout).expect("text")
    };
    assert_eq!(
        run("--version"),
        format!("terraform-provider-example {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert!(run("--help").contains("source  = \"example/example\""));
}
