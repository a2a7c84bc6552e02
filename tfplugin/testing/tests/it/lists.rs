//! Lists of a real process, over mutually authenticated TLS.

use std::time::Duration;

use serde_json::Value as Json;
use tfmodel::Value;
use tfplugin_testing::core::{Listed, Query};
use tfplugin_testing::{Core, Failure, Host, Launch};

pub(crate) async fn numbers() -> Result<(Host, Core), Failure> {
    let program = env!("CARGO_BIN_EXE_terraform-provider-numbers");
    let host = Launch::new(program)?.env("TF_LOG", "DEBUG").start().await?;
    let core = Core::connected(&host.client).await?;
    core.configure(&core.provider_config("{}")?).await.expect("configured");
    Ok((host, core))
}

fn query(core: &Core, config: &str) -> Result<Query, Failure> {
    let numbers = core.list_resource("numbers_number")?;
    Ok(numbers.query(&numbers.config(config)?))
}

fn summaries(listed: &Listed) -> Vec<&str> {
    listed.diagnostics.iter().map(|one| one.summary.as_str()).collect()
}

/// How many numbers the provider's code gave to its last list.
async fn given(host: &Host) -> Result<i64, Failure> {
    host.process.logged("the list has ended").await?;
    let log = host.process.log();
    let line = log.lines().rfind(|line| line.contains("the list has ended"));
    let line: Json = serde_json::from_str(line.expect("a line")).expect("JSON");
    assert_eq!(
        (&line["tf_rpc"], &line["tf_list_resource_type"]),
        (&"ListResource".into(), &"numbers_number".into())
    );
    Ok(line["numbers"].as_i64().expect("a number"))
}

#[tokio::test]
async fn objects_arrive_in_order_up_to_the_limit() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let query = query(&core, r#"{"count": 10000}"#)?.limit(250).with_objects();
    let found = query.all().await.success().expect("listed");
    let values = found.iter().map(|one| one.identity.get("value").cloned());
    assert!(values.eq((0..250).map(|value| Some(Value::number(value)))));
    assert!(
        found
            .iter()
            .all(|one| one.object.as_ref().is_some_and(Value::is_wholly_known))
    );
    assert_eq!(given(&host).await?, 250);
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn every_end_of_a_list_reaches_the_host() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let ends: [(&str, usize, &[&str]); 4] = [
        (r#"{"count": 0}"#, 0, &[]),
        (r#"{"count": 2}"#, 2, &[]),
        (r#"{"count": 2, "then": "fail"}"#, 2, &["The numbers have run out"]),
        (r#"{"count": 2, "then": "panic"}"#, 2, &["The provider crashed"]),
    ];
    for (config, found, told) in ends {
        let listed = query(&core, config)?.all().await;
        assert_eq!(
            (listed.found.len(), summaries(&listed).as_slice()),
            (found, told),
            "{config}"
        );
    }
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn a_host_that_has_read_enough_ends_the_work() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let mut listing = query(&core, r#"{"count": 100000}"#)?
        .limit(100_000)
        .start()
        .await
        .expect("a stream");
    for _ in 0..3 {
        assert!(listing.next().await.expect("no error").is_some());
    }
    drop(listing);
    assert!(given(&host).await? < 100_000);
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn a_stop_in_the_middle_says_that_the_list_is_not_complete() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let list = query(&core, r#"{"count": 2, "then": "wait"}"#)?;
    let stop = async {
        host.process.logged("waiting").await?;
        core.stop().await.expect("stopped");
        Ok::<_, Failure>(())
    };
    let (listed, stopped) = tokio::join!(list.all(), stop);
    stopped?;
    assert_eq!(
        (listed.found.len(), summaries(&listed)),
        (2, vec!["Stopped on request"])
    );
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn the_end_of_the_process_does_not_wait_for_a_reader() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let mut listing = query(&core, r#"{"count": 100000}"#)?
        .limit(100_000)
        .with_objects()
        .start()
        .await
        .expect("a stream");
    assert!(listing.next().await.expect("no error").is_some());
    let ended = host.shutdown().await?;
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.after < Duration::from_secs(2), "{ended:?}");
    Ok(())
}

/// A hundred megabytes go through a process that holds a few of them at a time.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_slow_reader_costs_the_process_no_memory() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let mut listing = query(&core, r#"{"count": 10000}"#)?
        .limit(10_000)
        .with_objects()
        .start()
        .await
        .expect("a stream");
    host.process.logged("ten numbers are given").await?;
    let mut read = 0;
    while listing.next().await.expect("no error").is_some() {
        read += 1;
    }
    assert_eq!(read, 10_000);
    let status = format!("/proc/{}/status", host.process.id().expect("it runs"));
    let status = std::fs::read_to_string(status).expect("its status");
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect("its peak");
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    assert!(peak < 60_000, "{peak} kB");
    host.shutdown().await.map(drop)
}
