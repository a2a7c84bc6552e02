//! What a host reads on standard error.

use serde_json::Value;
use tfplugin_proto::tfplugin6::configure_provider;
use tfplugin_testing::Failure;

use crate::stub;

/// Everything that the process writes when it is configured with this variable.
async fn log(variable: (&str, &str)) -> Result<String, Failure> {
    let mut host = stub()?.env(variable.0, variable.1).start().await?;
    let request = configure_provider::Request {
        terraform_version: "1.11.4".into(),
        ..Default::default()
    };
    host.client
        .provider
        .configure_provider(request)
        .await
        .expect("the host is served");
    Ok(host.shutdown().await?.stderr)
}

#[tokio::test]
async fn a_line_is_json_as_hclog_writes_it() -> Result<(), Failure> {
    let log = log(("TF_LOG_PROVIDER_STUB", "INFO")).await?;
    let line: Value = serde_json::from_str(log.lines().next().expect("a line")).expect("JSON");
    assert_eq!(line["@level"], "info");
    assert_eq!(line["@message"], "configured by 1.11.4");
    assert_eq!(line["count"], 2);
    assert_eq!(line["tf_req_id"], "r1");
    assert!(line["@module"].is_string() && line["@caller"].is_string(), "{line}");
    let timestamp = line["@timestamp"].as_str().expect("a text");
    let shape: String = timestamp
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000000Z");
    Ok(())
}

#[tokio::test]
async fn nothing_is_logged_unless_asked_for() -> Result<(), Failure> {
    assert_eq!(log(("TF_LOG", "")).await?, "");
    assert_eq!(log(("TF_LOG", "OFF")).await?, "");
    assert_eq!(log(("TF_LOG_PROVIDER_OTHER", "TRACE")).await?, "");
    Ok(())
}

#[tokio::test]
async fn of_libraries_only_errors_are_logged() -> Result<(), Failure> {
    for level in ["TRACE", "WARN", "ERROR"] {
        let log = log(("TF_LOG", level)).await?;
        assert!(log.contains("out of order"), "{level}: {log}");
        assert!(!log.contains("hunter2"), "{level}: {log}");
    }
    Ok(())
}

#[tokio::test]
async fn at_the_most_detailed_level_every_line_is_still_json() -> Result<(), Failure> {
    let log = log(("TF_LOG", "TRACE")).await?;
    assert!(log.contains("configured by"));
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        for key in ["@level", "@message", "@timestamp"] {
            assert!(line[key].is_string(), "{line}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_host_that_reads_no_log_is_served_all_the_same() -> Result<(), Failure> {
    let mut host = stub()?.env("TF_LOG", "INFO").deaf().start().await?;
    let request = configure_provider::Request {
        terraform_version: "x".repeat(8 << 10),
        ..Default::default()
    };
    // More than a pipe holds, and more lines than the provider keeps waiting.
    for _ in 0..700 {
        let configured = host.client.provider.configure_provider(request.clone()).await;
        configured.expect("the host is served");
    }
    let ended = host.shutdown().await?;
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.after < std::time::Duration::from_secs(2), "{ended:?}");
    Ok(())
}
