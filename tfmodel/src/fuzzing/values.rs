use super::types;
use crate::conformance;
use crate::encoding;
#[cfg(feature = "msgpack")]
use crate::value::Value;

/// What the decoder takes is of its type and can be sent. What is sent comes back the same, at first without refinements that the wire
/// has no room for.
#[cfg(feature = "msgpack")]
pub(super) fn msgpack(bytes: &[u8]) {
    let (ty, bytes) = types::leading(bytes);
    let Ok(value) = encoding::msgpack::decode(bytes, &ty) else {
        return;
    };
    assert_eq!(conformance::check(&value, &ty), Ok(()));
    let again = |value: &Value| {
        let sent = encoding::msgpack::encode(value, &ty);
        assert!(sent.is_ok(), "{sent:?}");
        encoding::msgpack::decode(&sent.unwrap_or_default(), &ty)
    };
    let Ok(came_back) = again(&value) else {
        panic!("what was sent cannot be read");
    };
    assert!(crate::value::same_but_for_refinements(&value, &came_back));
    assert_eq!(again(&came_back), Ok(came_back));
}

/// What the decoder takes is of its type, can be stored and comes back the same.
pub(super) fn state_json(bytes: &[u8]) {
    let (ty, bytes) = types::leading(bytes);
    let Ok(value) = encoding::json::decode_bytes(bytes, &ty) else {
        return;
    };
    assert_eq!(conformance::check(&value, &ty), Ok(()));
    let stored = encoding::json::encode(&value, &ty);
    assert!(stored.is_ok(), "{stored:?}");
    let stored = stored.unwrap_or_default();
    assert_eq!(encoding::json::decode_bytes(stored.as_bytes(), &ty), Ok(value));
}
