//! The numbers on the wire, written as bytes: a wrong number in a .proto file compiles and
//! round-trips, and only a real host would notice.

use prost::Message;
use tfplugin_proto::go_plugin::{ConnInfo, StdioData, conn_info, stdio_data};
use tfplugin_proto::tfplugin6::*;

/// Encoding and decoding both agree with the bytes.
#[track_caller]
fn check<M: Message + Default + PartialEq + std::fmt::Debug>(message: M, wire: &[u8]) {
    assert_eq!(message.encode_to_vec(), wire);
    assert_eq!(M::decode(wire), Ok(message));
}

fn value(byte: u8) -> DynamicValue {
    DynamicValue {
        msgpack: vec![byte],
        json: vec![],
    }
}

/// `value(byte)` inside a message: key, length, and the field `msgpack`.
fn value_wire(number: u8, byte: u8) -> Vec<u8> {
    vec![number << 3 | 2, 3, 0x0a, 1, byte]
}

fn error(summary: &str) -> Diagnostic {
    Diagnostic {
        severity: diagnostic::Severity::Error.into(),
        summary: summary.into(),
        ..Diagnostic::default()
    }
}

const ERROR_E: [u8; 5] = [0x08, 1, 0x12, 1, b'e'];

fn error_wire(number: u8) -> Vec<u8> {
    [&[number << 3 | 2, 5][..], &ERROR_E].concat()
}

#[test]
fn diagnostics_have_the_number_of_each_response() {
    let diagnostics = vec![error("e")];
    check(
        validate_provider_config::Response {
            diagnostics: diagnostics.clone(),
        },
        &error_wire(2),
    );
    check(
        configure_provider::Response {
            diagnostics: diagnostics.clone(),
        },
        &error_wire(1),
    );
    check(
        get_provider_schema::Response {
            diagnostics: diagnostics.clone(),
            ..Default::default()
        },
        &error_wire(4),
    );
    check(
        get_metadata::Response {
            diagnostics: diagnostics.clone(),
            ..Default::default()
        },
        &error_wire(2),
    );
    check(
        plan_resource_change::Response {
            diagnostics: diagnostics.clone(),
            ..Default::default()
        },
        &error_wire(4),
    );
    check(
        apply_resource_change::Response {
            diagnostics: diagnostics.clone(),
            ..Default::default()
        },
        &error_wire(3),
    );
    check(
        open_ephemeral_resource::Response {
            diagnostics: diagnostics.clone(),
            ..Default::default()
        },
        &error_wire(1),
    );
    check(
        list_resource::Event {
            diagnostic: diagnostics.clone(),
            ..Default::default()
        },
        &error_wire(4),
    );
    check(
        read_state_bytes::Response {
            diagnostics,
            ..Default::default()
        },
        &error_wire(4),
    );
}

#[test]
fn stop_provider_reports_in_the_first_field() {
    check(stop_provider::Response { error: "e".into() }, &[0x0a, 1, b'e']);
}

#[test]
fn a_path_step_is_one_of_three() {
    use attribute_path::{Step, step::Selector};
    let step = |selector| Step {
        selector: Some(selector),
    };
    let path = AttributePath {
        steps: vec![
            step(Selector::AttributeName("a".into())),
            step(Selector::ElementKeyString("k".into())),
            step(Selector::ElementKeyInt(0)),
        ],
    };
    // The index 0 is present, though it is the type's default.
    check(
        path,
        &[0x0a, 3, 0x0a, 1, b'a', 0x0a, 3, 0x12, 1, b'k', 0x0a, 2, 0x18, 0],
    );
}

#[test]
fn the_first_function_argument_is_present() {
    check(
        FunctionError {
            text: "e".into(),
            function_argument: Some(0),
        },
        &[0x0a, 1, b'e', 0x10, 0],
    );
    check(
        FunctionError {
            text: "e".into(),
            function_argument: None,
        },
        &[0x0a, 1, b'e'],
    );
}

#[test]
fn absent_and_empty_private_data_differ() {
    use renew_ephemeral_resource::Request;
    check(
        Request {
            type_name: "t".into(),
            private: None,
        },
        &[0x0a, 1, b't'],
    );
    check(
        Request {
            type_name: "t".into(),
            private: Some(vec![]),
        },
        &[0x0a, 1, b't', 0x12, 0],
    );
}

#[test]
fn numbers_that_a_plan_needs() {
    check(
        plan_resource_change::Request {
            prior_private: vec![7],
            provider_meta: Some(value(0xc0)),
            client_capabilities: Some(ClientCapabilities {
                computed_blocks_allowed: true,
                ..Default::default()
            }),
            planned_private: vec![9],
            ..Default::default()
        },
        &[
            &[0x2a, 1, 7][..],
            &value_wire(6, 0xc0),
            &[0x3a, 2, 0x20, 1],
            &[0x4a, 1, 9],
        ]
        .concat(),
    );
    check(
        plan_resource_change::Response {
            requires_replace: vec![AttributePath { steps: vec![] }],
            planned_private: vec![3],
            deferred: Some(Deferred {
                reason: deferred::Reason::AbsentPrereq.into(),
            }),
            planned_identity: Some(ResourceIdentityData {
                identity_data: Some(value(0xc0)),
            }),
            ..Default::default()
        },
        &[
            &[0x12, 0, 0x1a, 1, 3, 0x32, 2, 0x08, 3, 0x3a, 5][..],
            &value_wire(1, 0xc0),
        ]
        .concat(),
    );
}

#[test]
fn numbers_that_a_schema_needs() {
    check(
        schema::Attribute {
            nested_type: Some(schema::Object {
                nesting: schema::object::NestingMode::Map.into(),
                ..Default::default()
            }),
            write_only: true,
            deprecation_message: "d".into(),
            ..Default::default()
        },
        &[0x52, 2, 0x18, 4, 0x58, 1, 0x62, 1, b'd'],
    );
    check(
        schema::Block {
            deprecation_message: "d".into(),
            computed: true,
            ..Default::default()
        },
        &[0x3a, 1, b'd', 0x40, 1],
    );
    check(
        schema::NestedBlock {
            nesting: schema::nested_block::NestingMode::Group.into(),
            ..Default::default()
        },
        &[0x18, 5],
    );
    check(
        get_provider_schema::Response {
            provider_meta: Some(Schema::default()),
            server_capabilities: Some(ServerCapabilities {
                generate_resource_config: true,
                ..Default::default()
            }),
            functions: [("f".to_owned(), Function::default())].into(),
            action_schemas: [("a".to_owned(), ActionSchema::default())].into(),
            ..Default::default()
        },
        &[
            0x2a, 0, 0x32, 2, 0x20, 1, 0x3a, 3, 0x0a, 1, b'f', 0x5a, 3, 0x0a, 1, b'a',
        ],
    );
}

#[test]
fn maps_are_encoded_in_the_order_of_their_keys() {
    // An entry omits a default value.
    let schemas = ["b", "a"].map(|name| (name.to_owned(), Schema::default()));
    check(
        get_provider_schema::Response {
            resource_schemas: schemas.into(),
            ..Default::default()
        },
        &[0x12, 3, 0x0a, 1, b'a', 0x12, 3, 0x0a, 1, b'b'],
    );
}

#[test]
fn numbers_of_the_newer_kinds() {
    check(
        move_resource_state::Request {
            target_type_name: "t".into(),
            source_identity_schema_version: 1,
            ..Default::default()
        },
        &[0x2a, 1, b't', 0x40, 1],
    );
    check(
        validate_list_resource_config::Request {
            include_resource_object: Some(value(0xc3)),
            limit: Some(value(1)),
            ..Default::default()
        },
        &[value_wire(3, 0xc3), value_wire(4, 1)].concat(),
    );
    use invoke_action::event::{Completed, Progress, Type};
    check(
        invoke_action::Event {
            r#type: Some(Type::Progress(Progress { message: "m".into() })),
        },
        &[0x0a, 3, 0x0a, 1, b'm'],
    );
    check(
        invoke_action::Event {
            r#type: Some(Type::Completed(Completed::default())),
        },
        &[0x12, 0],
    );
    check(
        open_ephemeral_resource::Response {
            renew_at: Some(prost_types::Timestamp { seconds: 1, nanos: 0 }),
            deferred: Some(Deferred::default()),
            ..Default::default()
        },
        &[0x12, 2, 0x08, 1, 0x2a, 0],
    );
    check(
        write_state_bytes::RequestChunk {
            total_length: 2,
            range: Some(StateRange { start: 1, end: 2 }),
            ..Default::default()
        },
        &[0x18, 2, 0x22, 4, 0x08, 1, 0x10, 2],
    );
}

#[test]
fn numbers_of_go_plugin() {
    check(
        StdioData {
            channel: stdio_data::Channel::Stderr.into(),
            data: b"x".to_vec(),
        },
        &[0x08, 2, 0x12, 1, b'x'],
    );
    check(
        ConnInfo {
            service_id: 1,
            network: "unix".into(),
            address: "a".into(),
            knock: Some(conn_info::Knock {
                knock: false,
                ack: true,
                error: String::new(),
            }),
        },
        &[
            0x08, 1, 0x12, 4, b'u', b'n', b'i', b'x', 0x1a, 1, b'a', 0x22, 2, 0x10, 1,
        ],
    );
}
