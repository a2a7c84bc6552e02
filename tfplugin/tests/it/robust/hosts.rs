//! Hosts over real sockets: many calls at once, large messages, hosts that vanish, and several at one process.

use std::path::Path;
use std::sync::Arc;

use tfplugin::model::Value;
use tfplugin::transport::{Attached, MAX_MESSAGE_BYTES, attach};
use tfplugin::{Service, model};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_testing::core::State;
use tfplugin_testing::{Client, Core};
use tokio::task::JoinSet;
use tonic::Code;

use super::fragile::{Control, Fault, Fragile};
use super::{CUP, configure, in_time, things};

/// A provider at a socket, configured by one host.
async fn served() -> (Attached, Core, Arc<Control>) {
    let provider = Fragile::default();
    let control = Arc::clone(&provider.0);
    let attached = attach(|lifecycle| Service::new(provider, lifecycle))
        .await
        .expect("a socket");
    let core = host(&attached).await;
    configure(&core, "").await.expect("configured");
    (attached, core, control)
}

async fn host(attached: &Attached) -> Core {
    let client = Client::attach(attached).await.expect("connected");
    Core::connected(&client).await.expect("schemas")
}

async fn copy(core: &Core, text: &str) -> String {
    let copies = core.data_source("fragile_copy").expect("a data source");
    let config = copies.config("{}").expect("config");
    let Value::Known(model::Datum::Object(mut attributes)) = config else {
        panic!("no object");
    };
    attributes.insert("text".to_owned(), Value::string(text));
    let config = Value::Known(model::Datum::Object(attributes));
    let read = copies.read(&config).await.expect("read");
    read.get("copy").and_then(Value::as_str).expect("a text").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_calls_of_all_kinds_at_once_get_each_its_own_answer() {
    let (_attached, core, _) = served().await;
    let mut calls = JoinSet::new();
    for number in 0..100_i64 {
        let core = core.clone();
        calls.spawn(async move {
            let things = things(&core);
            let config = things
                .config(&format!(r#"{{"name": "cup {number}", "weight": {number}}}"#))
                .expect("config");
            match number % 5 {
                0 => assert_eq!(copy(&core, &number.to_string()).await, number.to_string()),
                1 => assert_eq!(
                    core.call("echo", &[Value::number(number)]).await,
                    Ok(Value::number(number))
                ),
                2 => {
                    let plan = things.plan(&State::default(), &config).await.expect("plan");
                    assert_eq!(plan.planned.value.get("weight"), Some(&Value::number(number)));
                }
                3 => {
                    let made = things.converge(&State::default(), &config).await.expect("created");
                    assert_eq!(made.value.get("weight"), Some(&Value::number(number)));
                }
                _ => {
                    let name = format!("cup {number}");
                    let state = things
                        .upgrade(0, &format!(r#"{{"name": "{name}"}}"#))
                        .await
                        .expect("upgraded");
                    assert_eq!(state.get("name"), Some(&Value::string(name)));
                }
            }
        });
    }
    in_time(async {
        while let Some(call) = calls.join_next().await {
            call.expect("its own answer");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_of_many_megabytes_go_there_and_back() {
    let (_attached, core, _) = served().await;
    let text = "x".repeat(64 << 20);
    // Compared here, because a failure would print both.
    assert!(in_time(copy(&core, &text)).await == text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_over_the_limit_is_refused_by_name_and_the_connection_goes_on() {
    let (attached, core, _) = served().await;
    // Around the text: field and length of the configuration, and of the bytes in it.
    let around = 10;
    let request = |text: usize| proto::validate_provider_config::Request {
        config: Some(proto::DynamicValue {
            msgpack: vec![b'x'; text],
            json: Vec::new(),
        }),
    };
    let generous = attached_with_limit(&attached, MAX_MESSAGE_BYTES + 1024).await;
    let sent = in_time(
        generous
            .clone()
            .validate_provider_config(request(MAX_MESSAGE_BYTES - around)),
    )
    .await;
    let refused = sent.expect("as long as the limit").into_inner().diagnostics;
    assert_eq!(refused[0].summary, "Request cannot be read");
    let sent = in_time(
        generous
            .clone()
            .validate_provider_config(request(MAX_MESSAGE_BYTES - around + 1)),
    )
    .await;
    let status = sent.expect_err("over the limit");
    assert_eq!(status.code(), Code::OutOfRange);
    assert!(status.message().contains(&MAX_MESSAGE_BYTES.to_string()), "{status}");
    assert!(
        in_time(generous.clone().validate_provider_config(request(1)))
            .await
            .is_ok()
    );
    assert_eq!(in_time(copy(&core, "still there")).await, "still there");
}

/// A host whose own limit is not in the way.
async fn attached_with_limit(
    attached: &Attached,
    limit: usize,
) -> proto::provider_client::ProviderClient<tonic::transport::Channel> {
    let client = Client::attach(attached).await.expect("connected");
    client.provider.max_encoding_message_size(limit)
}

#[tokio::test]
async fn a_host_that_vanishes_in_the_middle_of_a_call_leaves_a_provider_that_serves_the_next() {
    let (attached, core, control) = served().await;
    let made = super::cup(&core).await;
    for method in ["plan", "create", "read", "delete", "import", "data source: read"] {
        control.set(method, Fault::Waits);
        let leaving = host(&attached).await;
        let made = made.clone();
        let call = tokio::spawn(async move {
            let things = things(&leaving);
            let config = things.config(CUP).expect("config");
            match method {
                "plan" => drop(things.plan(&State::default(), &config).await),
                "create" => drop(things.converge(&State::default(), &config).await),
                "read" => drop(things.read(&made).await),
                "delete" => drop(things.destroy(&made).await),
                "import" => drop(things.import("id-1").await),
                _ => drop(copy(&leaving, "a").await),
            }
        });
        in_time(control.waiting.notified()).await;
        // With the task goes its connection.
        call.abort();
        assert!(in_time(call).await.expect_err("aborted").is_cancelled(), "{method}");
        control.heal();
        assert_eq!(in_time(copy(&core, method)).await, method);
    }
    let socket = attached.address().to_owned();
    in_time(attached.stop()).await;
    assert!(!Path::new(&socket).exists());
}

#[tokio::test]
async fn of_two_hosts_at_one_process_the_last_configuration_holds() {
    let (attached, first, control) = served().await;
    let second = host(&attached).await;
    configure(&first, " by the first").await.expect("configured");
    assert_eq!(in_time(copy(&first, "a")).await, "a by the first");

    // A call in flight keeps the configuration that it began with.
    control.set("data source: read", Fault::Waits);
    let in_flight = tokio::spawn({
        let first = first.clone();
        async move {
            let copies = first.data_source("fragile_copy").expect("a data source");
            copies.read(&copies.config("{}").expect("config")).await
        }
    });
    in_time(control.waiting.notified()).await;
    control.heal();
    configure(&second, " by the second").await.expect("configured");
    assert_eq!(in_time(copy(&first, "a")).await, "a by the second");
    assert_eq!(in_time(copy(&second, "a")).await, "a by the second");

    // One that fails leaves what was there.
    control.set("configure", Fault::Panics);
    configure(&first, " by a crash").await.expect_err("it panics");
    control.heal();
    assert_eq!(in_time(copy(&first, "a")).await, "a by the second");

    // A stop is for the process: it reaches the other host's call, too.
    second.stop().await.expect("stopped");
    let stopped = in_time(in_flight).await.expect("no panic").expect_err("stopped");
    assert_eq!(super::only(&stopped).0, "Stopped on request");
}
