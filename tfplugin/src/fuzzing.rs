//! What fuzzing feeds with bytes: for any bytes, a target returns, quickly, and the laws that it asserts hold.
//!
//! `cargo xtask fuzz` looks for bytes that break a law; the tests replay the seeds, and every input that once did.

#![allow(clippy::panic, reason = "a law that does not hold is reported so")]

mod archive;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use tfmodel::{Schema, encoding, host_checks, msgpack};
use tokio_util::sync::CancellationToken;

use self::archive::Archive;
use crate::private::Private;
use crate::server::{Server, Upgrade};

/// A target, and the name of its folder of seeds.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[("private", private), ("upgrade", upgrade)];

/// What was stored beside a state is read back as the same.
fn private(bytes: &[u8]) {
    let Ok(private) = Private::decode(bytes) else { return };
    assert_eq!(Private::decode(&private.encode()), Ok(private));
}

/// Bytes as a host may find them in its state: `s` for a state or anything else for an identity, a digit for the version, then the JSON.
/// No bytes make the provider's code panic; what comes out can be stored, holds to the host's rules, and is no longer changed once it is
/// up to date.
fn upgrade(bytes: &[u8]) {
    static SERVER: LazyLock<Server<Archive>> = LazyLock::new(|| Server::new(Archive, CancellationToken::new()));
    let Some(([kind, version], json)) = bytes.split_first_chunk() else {
        return;
    };
    let request = |version, json: &[u8]| Upgrade {
        type_name: archive::TYPE.to_owned(),
        version,
        json: json.to_vec(),
        is_flatmap: false,
    };
    let (schema, run): (Schema, fn(&Upgrade) -> _) = match kind {
        b's' => (archive::schema(), |request| SERVER.upgrade_state(request)),
        _ => (archive::identity_schema(), |request| SERVER.upgrade_identity(request)),
    };
    let version = match version {
        b'0'..=b'9' => i64::from(version - b'0'),
        b'-' => i64::MIN,
        b'+' => i64::MAX,
        other => i64::from(*other),
    };
    let upgraded = match run(&request(version, json)) {
        Ok(upgraded) => upgraded,
        Err(problems) => {
            assert!(problems.has_errors());
            assert!(problems.iter().all(|problem| problem.summary != "The provider crashed"));
            return;
        }
    };
    let Ok(value) = msgpack::decode(&upgraded, &schema.ty()) else {
        panic!("the answer cannot be read");
    };
    if *kind == b's' && !value.is_null() {
        assert!(!host_checks::upgraded(&schema, &value).has_errors());
    }
    let stored = encoding::json::encode(&value, &schema.ty());
    assert!(stored.is_ok(), "{stored:?}");
    let again = run(&request(schema.version, stored.unwrap_or_default().as_bytes()));
    assert_eq!(again, Ok(upgraded));
}
