//! Calls as such: broken ones, many at once, abandoned ones, and those that are not there yet.

use tfplugin::model::{Path, Severity, Value, msgpack};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_testing::core::{Action, State};
use tonic::Code;

use super::library::{Quirk, library, unconfigured};

fn bytes(msgpack: &[u8]) -> Option<proto::DynamicValue> {
    Some(proto::DynamicValue {
        msgpack: msgpack.to_vec(),
        json: Vec::new(),
    })
}

fn summaries(diagnostics: &[proto::Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|one| one.summary.as_str()).collect()
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_a_diagnostic_and_never_an_empty_state() {
    let (core, _) = library().await;
    let mut rpc = core.rpc();
    let null = [0xc0];
    let broken: [(&[u8], &str); 5] = [
        (b"", "Incomplete request"),
        (&[0x81], "Request cannot be read"),
        (&[0xc1], "Request cannot be read"),
        (&[0xdd, 0xff, 0xff, 0xff, 0xff], "Request cannot be read"),
        (
            &[0x81, 0xa5, b't', b'i', b't', b'l', b'e', 0x01],
            "Request cannot be read",
        ),
    ];
    for (value, summary) in broken {
        let read = rpc
            .read_resource(proto::read_resource::Request {
                type_name: "library_book".to_owned(),
                current_state: bytes(value),
                private: b"{\"kept\":\"yes\"}".to_vec(),
                ..Default::default()
            })
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(summaries(&read.diagnostics), [summary], "{value:x?}");
        assert_eq!((read.new_state, read.private), (None, b"{\"kept\":\"yes\"}".to_vec()));

        let applied = rpc
            .apply_resource_change(proto::apply_resource_change::Request {
                type_name: "library_book".to_owned(),
                prior_state: bytes(&null),
                planned_state: bytes(value),
                config: bytes(&null),
                ..Default::default()
            })
            .await
            .expect("an answer")
            .into_inner();
        assert_eq!(summaries(&applied.diagnostics), [summary], "{value:x?}");
        assert_eq!(applied.new_state, None);
    }
}

#[tokio::test]
async fn types_that_do_not_exist_are_named() {
    let (core, _) = library().await;
    let mut rpc = core.rpc();
    let read = rpc
        .read_resource(proto::read_resource::Request {
            type_name: "library_scroll".to_owned(),
            ..Default::default()
        })
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(summaries(&read.diagnostics), ["Unknown resource"]);
    assert!(read.diagnostics[0].detail.contains("`library_book`"));
    let read = rpc
        .read_data_source(proto::read_data_source::Request {
            type_name: "library_index".to_owned(),
            ..Default::default()
        })
        .await
        .expect("an answer")
        .into_inner();
    assert_eq!(summaries(&read.diagnostics), ["Unknown data source"]);
    let called = rpc
        .call_function(proto::call_function::Request {
            name: "split".to_owned(),
            arguments: Vec::new(),
        })
        .await
        .expect("an answer")
        .into_inner();
    assert!(called.error.expect("an error").text.contains("`split`"));
}

#[tokio::test]
async fn what_needs_settings_says_so_in_an_unconfigured_process() {
    let (core, _) = unconfigured().await;
    let catalogue = core.data_source("library_catalogue").expect("a data source");
    let config = catalogue.config("{}").expect("config");
    let refused = catalogue.read(&config).await.expect_err("refused");
    assert_eq!(super::only(&refused).0, "The provider is not configured");
}

/// What a host without any capability is told about a book.
async fn validated_by_an_old_host(json: &str) -> Vec<proto::Diagnostic> {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(json).expect("config");
    let encoded = msgpack::encode(&config, &books.schema().ty()).expect("encoded");
    let request = proto::validate_resource_config::Request {
        type_name: "library_book".to_owned(),
        config: bytes(&encoded),
        client_capabilities: None,
    };
    let answer = core.rpc().validate_resource_config(request).await.expect("an answer");
    answer.into_inner().diagnostics
}

#[tokio::test]
async fn write_only_values_are_refused_where_the_host_cannot_keep_them_out_of_its_state() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let json = r#"{"title": "Emma", "author": "Jane"}"#;
    assert!(books.validate(&books.config(json).expect("config")).await.is_empty());
    let refused = validated_by_an_old_host(json).await;
    assert_eq!(refused.len(), 1);
    assert!(!refused[0].detail.contains("Jane"));
}

#[tokio::test]
async fn write_only_attributes_are_advised_where_the_host_knows_them() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let json = r#"{"title": "Emma", "pen_name": "A Lady"}"#;
    let advised = books.validate(&books.config(json).expect("config")).await;
    let told: Vec<_> = advised.iter().map(|one| (one.severity, one.path.clone())).collect();
    assert_eq!(told, [(Severity::Warning, Some(Path::attribute("pen_name")))]);
    assert!(validated_by_an_old_host(json).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_objects_at_once_do_not_get_in_each_others_way() {
    let (core, shelf) = library().await;
    let mut all = tokio::task::JoinSet::new();
    for number in 0..100 {
        let books = core.resource("library_book").expect("a resource");
        all.spawn(async move {
            let config = books
                .config(&format!(r#"{{"title": "Volume {number}", "pages": {number}}}"#))
                .expect("config");
            let made = books.converge(&State::default(), &config).await.expect("created");
            assert_eq!(made.value.get("pages"), Some(&Value::number(number)));
        });
    }
    while let Some(one) = all.join_next().await {
        one.expect("converged");
    }
    assert_eq!(shelf.books.lock().expect("books").len(), 100);
}

#[tokio::test]
async fn a_write_goes_on_when_the_host_gives_up_on_the_call() {
    let (core, shelf) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let config = books.config(r#"{"title": "Emma"}"#).expect("config");
    let plan = books.plan(&State::default(), &config).await.expect("plan");
    shelf.set(Quirk::WaitsThenWrites);
    {
        let apply = books.apply(&plan);
        tokio::pin!(apply);
        tokio::select! {
            biased;
            () = shelf.waiting.notified() => {}
            _ = &mut apply => panic!("it did not wait"),
        }
    }
    // The call is gone, and the provider's work is not.
    assert!(shelf.get("Emma").is_none());
    shelf.go.notify_one();
    shelf.done.notified().await;
    assert!(shelf.get("Emma").is_some());
}

#[tokio::test]
async fn capabilities_are_what_is_there_and_the_rest_is_unimplemented() {
    let (core, _) = unconfigured().await;
    let mut rpc = core.rpc();
    let metadata = rpc
        .get_metadata(proto::get_metadata::Request {})
        .await
        .expect("metadata")
        .into_inner();
    let capabilities = metadata.server_capabilities.expect("capabilities");
    assert!(capabilities.plan_destroy && capabilities.get_provider_schema_optional);
    assert!(capabilities.move_resource_state && capabilities.generate_resource_config);
    let names: Vec<_> = metadata.functions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["count", "join", "kind"]);
    let listed: Vec<_> = metadata
        .list_resources
        .iter()
        .map(|one| one.type_name.as_str())
        .collect();
    let actions: Vec<_> = metadata.actions.iter().map(|one| one.type_name.as_str()).collect();
    assert_eq!((listed, actions), (vec!["library_book"], vec!["library_reprint"]));
    let ephemeral: Vec<_> = metadata
        .ephemeral_resources
        .iter()
        .map(|one| one.type_name.as_str())
        .collect();
    assert_eq!(ephemeral, ["library_pass"]);
    let functions = rpc
        .get_functions(proto::get_functions::Request {})
        .await
        .expect("functions");
    assert_eq!(functions.into_inner().functions.len(), 3);

    // State stores: no released host asks for them.
    let states = rpc.get_states(proto::get_states::Request::default()).await;
    assert_eq!(states.expect_err("not there").code(), Code::Unimplemented);
}

#[tokio::test]
async fn a_plan_made_from_unknown_values_is_carried_out_with_known_ones() {
    let (core, _) = library().await;
    let books = core.resource("library_book").expect("a resource");
    let known = books.config(r#"{"title": "Emma"}"#).expect("config");
    let unknown = match known.clone() {
        Value::Known(tfplugin::model::Datum::Object(mut attributes)) => {
            attributes.insert("title".to_owned(), Value::unknown());
            Value::Known(tfplugin::model::Datum::Object(attributes))
        }
        other => other,
    };
    let plan = books.plan(&State::default(), &unknown).await.expect("plan");
    assert_eq!(plan.action, Action::Create);
    let made = books
        .apply_known(&plan, &known)
        .await
        .expect("an answer")
        .success()
        .expect("created");
    assert_eq!(made.value.get("title"), Some(&Value::string("Emma")));
}
