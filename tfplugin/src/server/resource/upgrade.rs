//! Reading stored state and identity, and bringing older versions up to date.

use tfmodel::{Diagnostics, Type, Value, encoding, host_checks};

use super::super::erase::Prepared;
use super::super::settle::without_write_only;
use super::super::{Server, author, encoded};
use crate::bug;
use crate::provider::Provider;
use crate::upgrade::Upgrades;

/// What a host stored, in JSON.
#[derive(Debug)]
pub(crate) struct Upgrade {
    pub(crate) type_name: String,
    pub(crate) version: i64,
    pub(crate) json: Vec<u8>,
    /// Whether it came in the form of hosts before 0.12 instead.
    pub(crate) is_flatmap: bool,
}

impl<P: Provider> Server<P> {
    pub(crate) fn upgrade_state(&self, request: &Upgrade) -> Result<Vec<u8>, Diagnostics> {
        let resource = self.resource_type(&request.type_name)?;
        author::try_now("upgrades", || {
            upgrade("state", request, resource.prepared(), || resource.upgrades())
        })
    }

    pub(crate) fn upgrade_identity(&self, request: &Upgrade) -> Result<Vec<u8>, Diagnostics> {
        let resource = self.resource_type(&request.type_name)?;
        let identity = resource
            .identity()
            .ok_or_else(|| bug::no_identity(&request.type_name))?;
        author::try_now("identity_upgrades", || {
            upgrade("identity", request, identity, || resource.identity_upgrades())
        })
    }
}

fn upgrade<'a>(
    what: &str,
    request: &Upgrade,
    current: &Prepared,
    upgrades: impl FnOnce() -> &'a Upgrades,
) -> Result<Vec<u8>, Diagnostics> {
    if request.is_flatmap {
        return Err(bug::flatmap());
    }
    if request.json.is_empty() {
        return Err(bug::missing(&format!("stored {what}")));
    }
    let version = current.schema.version;
    let value = if request.version == version {
        decode(what, &request.json, &current.ty)?
    } else {
        let upgrades = upgrades();
        let no_way = || bug::no_upgrade(what, request.version, version);
        let old = upgrades.schema(request.version).ok_or_else(no_way)?;
        let old = decode(what, &request.json, &old.ty())?;
        if old.is_null() {
            old
        } else {
            upgrades.run(old, request.version, version)?.ok_or_else(no_way)?
        }
    };
    // An attribute may have become write-only since, which by itself makes no new version.
    let value = without_write_only(&current.schema, value);
    let (value, _) = host_checks::upgraded(&current.schema, &value).into_result(value)?;
    encoded::encode(what, &value, &current.ty)
}

fn decode(what: &str, json: &[u8], ty: &Type) -> Result<Value, Diagnostics> {
    encoding::json::decode_bytes(json, ty)
        .map_err(|error| bug::undecodable(&format!("stored {what}"), error.path, &error.problem))
}
