//! What a provider tells beside its answers, when it is asked to tell all: lines of a log, without values, and files with all of them.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use tfmodel::Value;
use tfplugin_testing::core::{Source, State};
use tfplugin_testing::{Core, Failure, Launch};

/// What is in every value, stored or not.
const SECRET: &str = "hunter2hunter2";

/// The vault, started with these variables.
fn vault(variables: &[(&str, &Path)]) -> Result<Launch, Failure> {
    let launch = Launch::new(env!("CARGO_BIN_EXE_terraform-provider-vault"))?;
    Ok(variables
        .iter()
        .fold(launch, |launch, (name, value)| launch.env(name, *value)))
}

/// Does all that can be done with the vault, and returns what it wrote to standard error.
async fn whole_life(variables: &[(&str, &Path)]) -> Result<String, Failure> {
    let host = vault(variables)?.start().await?;
    let core = Core::connected(&host.client).await?;
    let settings = core.provider_config(&format!(r#"{{"token": "{SECRET} token"}}"#))?;
    core.configure(&settings).await.expect("configured");

    let entries = core.resource("vault_entry")?;
    let entry = |content: &str| {
        let json = format!(r#"{{"name": "{SECRET}", "content": "{SECRET} {content}", "hidden": "{SECRET}"}}"#);
        entries.config(&json)
    };
    let made = entries
        .converge(&State::default(), &entry("one")?)
        .await
        .expect("created");
    assert!(String::from_utf8_lossy(&made.private).contains(SECRET));
    let changed = entries.converge(&made, &entry("two")?).await.expect("changed");
    entries.read(&changed).await.expect("read");
    entries.generate_config(&changed).await.expect("generated");
    let told = entries.config(&format!(
        r#"{{"name": "{SECRET}", "more": {{"{SECRET}": "{SECRET}"}}}}"#
    ))?;
    let plan = entries.plan(&changed, &told).await.expect("plan");
    let refused = entries.apply(&plan).await.expect("an answer").success();
    assert!(format!("{refused:?}").contains(SECRET));
    entries.destroy(&changed).await.expect("destroyed");
    entries.import(SECRET).await.expect("imported");
    let stored = format!(r#"{{"name": "{SECRET}"}}"#);
    entries.upgrade(0, &stored).await.expect("upgraded");
    let broken = format!(r#"{{"name": ["{SECRET}"], "{SECRET}": 1}}"#);
    entries.upgrade(0, &broken).await.expect_err("refused");
    let note = Source {
        provider: "registry.terraform.io/example/vault".to_owned(),
        type_name: "vault_note".to_owned(),
        json: format!(r#"{{"text": "{SECRET}"}}"#),
        private: made.private.clone(),
        ..Source::default()
    };
    entries.take_over(&note).await.expect("moved");

    let lookup = core.data_source("vault_lookup")?;
    let key = format!(r#"{{"name": "{SECRET}"}}"#);
    lookup.read(&lookup.config(&key)?).await.expect("read");

    let leases = core.ephemeral_resource("vault_lease")?;
    let opened = leases.open(&leases.config(&key)?).await.expect("opened");
    assert!(String::from_utf8_lossy(&opened.private).contains(SECRET));
    leases.renew(&opened.private).await.expect("renewed");
    assert!(format!("{:?}", leases.close(&opened.private).await).contains(SECRET));

    let list = core.list_resource("vault_entry")?;
    let found = list.query(&list.config(&key)?).with_objects().all().await;
    assert_eq!(found.success().expect("listed").len(), 1);
    let rotate = core.action("vault_rotate")?;
    let config = rotate.config(&key)?;
    rotate.plan(&config).await.expect("planned");
    let invoked = rotate.invoke(&config).await;
    assert!(format!("{:?}", invoked.success()).contains(SECRET));
    for refuse in [false, true] {
        let answer = core.call("reveal", &[Value::string(SECRET), Value::bool(refuse)]).await;
        assert!(format!("{answer:?}").contains(SECRET));
    }
    Ok(host.shutdown().await?.stderr)
}

/// The lines of a log that are about one call.
fn lines(log: &str, rpc: &str) -> Vec<Json> {
    log.lines()
        .map(|line| serde_json::from_str::<Json>(line).expect("a line of JSON"))
        .filter(|line| line["tf_rpc"] == rpc)
        .collect()
}

#[track_caller]
fn line<'a>(lines: &'a [Json], message: &str) -> &'a Json {
    let found = lines.iter().find(|line| line["@message"] == message);
    found.unwrap_or_else(|| panic!("`{message}` is in none of {lines:#?}"))
}

#[tokio::test]
async fn no_value_is_logged_at_the_most_detailed_level() -> Result<(), Failure> {
    let log = whole_life(&[("TF_LOG", Path::new("TRACE"))]).await?;
    let telling: Vec<_> = log.lines().filter(|line| line.contains(SECRET)).collect();
    assert!(telling.is_empty(), "{telling:#?}");
    for (rpc, key, name) in [
        ("ApplyResourceChange", "tf_resource_type", "vault_entry"),
        ("MoveResourceState", "tf_resource_type", "vault_entry"),
        ("ReadDataSource", "tf_data_source_type", "vault_lookup"),
        ("CloseEphemeralResource", "tf_ephemeral_resource_type", "vault_lease"),
        ("ListResource", "tf_list_resource_type", "vault_entry"),
        ("InvokeAction", "tf_action_type", "vault_rotate"),
        ("CallFunction", "tf_function_name", "reveal"),
        (
            "ConfigureProvider",
            "tf_provider_addr",
            "registry.terraform.io/example/vault",
        ),
    ] {
        let lines = lines(&log, rpc);
        let served = line(&lines, "Served request");
        assert_eq!(served[key], name, "{served}");
        assert_eq!(served["tf_proto_version"], "6.11");
        assert_eq!(served["tf_req_id"].as_str().map(str::len), Some(36), "{served}");
        let received = line(&lines, "Received request");
        assert_eq!(received["@level"], "trace");
        let answered = line(&lines, "Received downstream response");
        assert!(answered["tf_req_duration_ms"].is_u64(), "{answered}");
    }
    Ok(())
}

#[tokio::test]
async fn diagnostics_are_counted_and_logged_without_their_details() -> Result<(), Failure> {
    let log = whole_life(&[("TF_LOG_SDK_PROTO", Path::new("DEBUG"))]).await?;
    let applied = lines(&log, "ApplyResourceChange");
    let told = line(&applied, "Response contains error diagnostic");
    assert_eq!(told["@level"], "error");
    assert_eq!(told["diagnostic_severity"], "ERROR");
    assert_eq!(told["diagnostic_summary"], "The entry is refused");
    assert_eq!(told["diagnostic_attribute"], "more[...]");
    let same = |one: &&Json| one["tf_req_id"] == told["tf_req_id"] && one["diagnostic_error_count"].is_u64();
    let counted = applied.iter().find(same).expect("a line of the same call");
    assert_eq!(counted["diagnostic_error_count"], 1);
    assert_eq!(counted["diagnostic_warning_count"], 0);
    let looked_up = lines(&log, "ReadDataSource");
    let warned = line(&looked_up, "Response contains warning diagnostic");
    assert_eq!(
        (
            &warned["@level"],
            &warned["diagnostic_severity"],
            &warned["diagnostic_summary"]
        ),
        (&"warn".into(), &"WARNING".into(), &"Lookups are recorded".into())
    );
    let invoked = lines(&log, "InvokeAction");
    let told = line(&invoked, "Response contains error diagnostic");
    assert_eq!(told["diagnostic_summary"], "It does not turn");
    let called = lines(&log, "CallFunction");
    let refused = called.iter().find(|line| line["function_error_exists"] == true);
    assert_eq!(refused.expect("a refusal")["function_error_argument"], 0);
    Ok(())
}

#[tokio::test]
async fn a_folder_for_raw_values_gets_all_of_them_in_files_of_the_user() -> Result<(), Failure> {
    let folder = tempfile::tempdir().expect("a folder");
    let log = whole_life(&[("TF_LOG_SDK_PROTO_DATA_DIR", folder.path())]).await?;
    assert_eq!(log, "");
    let files: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("a file").path();
            let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
            let (time, name) = name.split_once('_').expect("a time");
            assert_eq!(time.parse::<u64>().map(|_| time.len()), Ok(13), "{time}");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = fs::metadata(&path).expect("a file").permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "{name}");
            }
            (name.to_owned(), fs::read(&path).expect("a file"))
        })
        .collect();
    for name in [
        "ConfigureProvider_Request_Config.msgpack",
        "PlanResourceChange_Response_PlannedState.msgpack",
        "ApplyResourceChange_Request_Config.msgpack",
        "ApplyResourceChange_Response_NewState.msgpack",
        "ApplyResourceChange_Response_Private",
        "ReadResource_Request_Private",
        "ImportResourceState_Response_ImportedResource_State.msgpack",
        "UpgradeResourceState_Request_RawState.json",
        "MoveResourceState_Response_TargetState.msgpack",
        "ReadDataSource_Response_State.msgpack",
        "OpenEphemeralResource_Response_Result.msgpack",
        "CloseEphemeralResource_Request_Private",
        "ListResource_Request_Config.msgpack",
        "InvokeAction_Request_Config.msgpack",
        "CallFunction_Request_Arguments_0.msgpack",
        "CallFunction_Response_Result.msgpack",
    ] {
        let telling = |(one, bytes): &(String, Vec<u8>)| one == name && String::from_utf8_lossy(bytes).contains(SECRET);
        assert!(files.iter().any(telling), "{name}");
    }
    let prior = ("PlanResourceChange_Request_PriorPrivate.empty".to_owned(), Vec::new());
    assert!(files.contains(&prior));
    let applied = |(name, _): &&(String, Vec<u8>)| name == "ApplyResourceChange_Request_Config.msgpack";
    assert!(
        files.iter().filter(applied).count() > 1,
        "a later file took the place of an earlier one"
    );
    Ok(())
}

#[tokio::test]
async fn a_folder_for_raw_values_that_does_not_exist_hinders_nothing() -> Result<(), Failure> {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = folder.path().join("missing");
    let variables = [
        ("TF_LOG_SDK_PROTO_DATA_DIR", missing.as_path()),
        ("TF_LOG_SDK_PROTO", Path::new("ERROR")),
    ];
    let log = whole_life(&variables).await?;
    let configured = lines(&log, "ConfigureProvider");
    let failed = line(&configured, "Unable to write protocol data file");
    assert_eq!(failed["name"], "ConfigureProvider_Request_Config.msgpack");
    assert!(!missing.exists());
    Ok(())
}
