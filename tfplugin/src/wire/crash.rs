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

// The responses with diagnostics and little else are in the list of messages.

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

impl Crashed for proto::import_resource_state::Response {
    fn crashed(rpc: &str) -> Self {
        Self {
            diagnostics: told(bug::crashed(rpc).into()),
            ..Self::default()
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
