//! Values as they came over the wire, before their type is looked up.

use tfmodel::{Diagnostics, Type, Value, encoding, msgpack};

use crate::bug;
use crate::call::Client;

/// A value in one of its two encodings. Empty in both where the host left it out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Encoded {
    pub(crate) msgpack: Vec<u8>,
    pub(crate) json: Vec<u8>,
}

impl Encoded {
    pub(crate) fn is_missing(&self) -> bool {
        self.msgpack.is_empty() && self.json.is_empty()
    }

    /// Reads a value that has to be there. `what` names it in messages.
    pub(crate) fn decode(&self, what: &str, ty: &Type) -> Result<Value, Diagnostics> {
        if self.is_missing() {
            return Err(bug::missing(what));
        }
        self.decode_or_null(what, ty)
    }

    /// Reads a value that is null where the host left it out, as OpenTofu does with arguments that are null.
    pub(crate) fn decode_or_null(&self, what: &str, ty: &Type) -> Result<Value, Diagnostics> {
        encoding::decode_either(&self.msgpack, &self.json, ty)
            .map_err(|error| bug::undecodable(what, error.path, &error.problem))
    }
}

/// What comes along with a request about one object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) client: Client,
    /// What the module says to the provider.
    pub(crate) meta: Option<Encoded>,
}

/// Writes a value that the provider made.
pub(crate) fn encode(what: &str, value: &Value, ty: &Type) -> Result<Vec<u8>, Diagnostics> {
    msgpack::encode(value, ty).map_err(|error| bug::unencodable(what, error.path, &error.problem))
}
