//! Actions of a real process, over mutually authenticated TLS.

use std::time::Duration;

use tfplugin_testing::core::{ActionType, Event};
use tfplugin_testing::{Core, Failure};

use crate::lists::numbers;

fn count(core: &Core) -> Result<ActionType, Failure> {
    core.action("numbers_count")
}

#[tokio::test]
async fn progress_arrives_in_order_and_every_end_once() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let count = count(&core)?;
    let ends: [(&str, &[&str]); 3] = [
        (r#"{"count": 500}"#, &[]),
        (r#"{"count": 500, "then": "fail"}"#, &["The numbers have run out"]),
        (r#"{"count": 500, "then": "panic"}"#, &["The provider crashed"]),
    ];
    for (config, told) in ends {
        let config = count.config(config)?;
        assert!(count.validate(&config).await.is_empty());
        assert!(count.plan(&config).await.expect("planned").is_empty());
        let invoked = count.invoke(&config).await;
        let numbers: Vec<String> = (0..500).map(|number| number.to_string()).collect();
        assert_eq!(invoked.progress, numbers);
        let summaries: Vec<_> = invoked.diagnostics.iter().map(|one| one.summary.as_str()).collect();
        assert_eq!(summaries, told);
    }
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn an_action_goes_on_without_its_host_until_it_is_stopped() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let count = count(&core)?;
    let config = count.config(r#"{"count": 3, "then": "wait"}"#)?;
    let mut running = count.start(&config).await.expect("started");
    assert_eq!(running.next().await, Ok(Event::Progress("0".to_owned())));
    drop(running);
    host.process.logged("waiting").await?;
    core.stop().await.expect("stopped");
    // Work that was dropped would not say so.
    host.process.logged("the count was stopped").await?;
    host.shutdown().await.map(drop)
}

#[tokio::test]
async fn the_end_of_the_process_lets_an_action_return() -> Result<(), Failure> {
    let (host, core) = numbers().await?;
    let count = count(&core)?;
    let config = count.config(r#"{"count": 1, "then": "wait"}"#)?;
    let mut running = count.start(&config).await.expect("started");
    assert_eq!(running.next().await, Ok(Event::Progress("0".to_owned())));
    host.process.logged("waiting").await?;
    let ended = host.shutdown().await?;
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.after < Duration::from_secs(2), "{ended:?}");
    assert!(ended.stderr.contains("the count was stopped"), "{ended:?}");
    let end = running.next().await.expect("the end");
    assert!(
        matches!(&end, Event::Completed(diagnostics) if diagnostics.has_errors()),
        "{end:?}"
    );
    Ok(())
}
