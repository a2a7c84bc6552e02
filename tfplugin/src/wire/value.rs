//! Values and identities, still encoded: their types are known further in.

use tfplugin_proto::tfplugin6 as proto;

use super::client;
use crate::server::{Encoded, Sent};

/// A value that has to be there; that it is not is found out where it is read.
pub(super) fn encoded(value: Option<proto::DynamicValue>) -> Encoded {
    value.map_or_else(Encoded::default, present)
}

pub(super) fn present(value: proto::DynamicValue) -> Encoded {
    Encoded {
        msgpack: value.msgpack,
        json: value.json,
    }
}

/// What a module says to the provider: absent where the provider has no schema for it.
pub(super) fn sent(client: Option<proto::ClientCapabilities>, meta: Option<proto::DynamicValue>) -> Sent {
    Sent {
        client: client::client(client),
        meta: meta.map(present),
    }
}

/// An identity, which hosts before 1.12 do not send, nor for objects that have none yet.
pub(super) fn identity(value: Option<proto::ResourceIdentityData>) -> Option<Encoded> {
    value?.identity_data.map(present)
}

pub(super) fn dynamic(msgpack: Vec<u8>) -> proto::DynamicValue {
    proto::DynamicValue {
        msgpack,
        json: Vec::new(),
    }
}

pub(super) fn identity_data(msgpack: Vec<u8>) -> proto::ResourceIdentityData {
    proto::ResourceIdentityData {
        identity_data: Some(dynamic(msgpack)),
    }
}
