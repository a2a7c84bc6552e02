//! Answers to calls whose work panicked. Hosts show diagnostics as they are, and a status of gRPC as a riddle.

use tfplugin_proto::tfplugin6 as proto;
use tonic::Status;

use super::diagnostics::told;
use crate::bug;
use crate::transport::Lost;

/// A response that can say that the provider crashed.
pub(super) trait Crashed {
    /// Says so, and nothing else: the host then keeps what it has.
    fn crashed(rpc: &str) -> Self;
}

/// What a host gets of a call whose work has no answer.
pub(super) fn crashed<T: Crashed>(lost: Lost, rpc: &str) -> Result<T, Status> {
    match lost {
        Lost::Panicked => Ok(T::crashed(rpc)),
        Lost::Ending => Err(Status::unavailable("the process is ending")),
    }
}

macro_rules! with_diagnostics {
    ($($message:ident),* $(,)?) => {$(
        impl Crashed for proto::$message::Response {
            #[allow(clippy::needless_update, reason = "some have diagnostics and no more")]
            fn crashed(rpc: &str) -> Self {
                Self {
                    diagnostics: told(bug::crashed(rpc).into()),
                    ..Self::default()
                }
            }
        }
    )*};
}

with_diagnostics! {
    apply_resource_change,
    close_ephemeral_resource,
    configure_provider,
    generate_resource_config,
    get_functions,
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    import_resource_state,
    move_resource_state,
    open_ephemeral_resource,
    plan_action,
    plan_resource_change,
    read_data_source,
    read_resource,
    renew_ephemeral_resource,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_action_config,
    validate_data_resource_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_provider_config,
    validate_resource_config,
}

impl Crashed for proto::call_function::Response {
    fn crashed(rpc: &str) -> Self {
        Self {
            result: None,
            error: Some(proto::FunctionError {
                text: bug::crashed(rpc).detail,
                function_argument: None,
            }),
        }
    }
}

impl Crashed for proto::stop_provider::Response {
    fn crashed(rpc: &str) -> Self {
        Self {
            error: bug::crashed(rpc).detail,
        }
    }
}

impl Crashed for proto::list_resource::Event {
    fn crashed(rpc: &str) -> Self {
        Self {
            diagnostic: told(bug::crashed(rpc).into()),
            ..Self::default()
        }
    }
}

impl Crashed for proto::invoke_action::Event {
    fn crashed(rpc: &str) -> Self {
        let completed = proto::invoke_action::event::Completed {
            diagnostics: told(bug::crashed(rpc).into()),
        };
        Self {
            r#type: Some(proto::invoke_action::event::Type::Completed(completed)),
        }
    }
}
