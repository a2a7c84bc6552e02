//! What a host knows of already: states that are refreshed or of an older version, and objects that are imported.

use tfmodel::{Diagnostics, Value, encoding, host_checks};
use tfplugin_proto::tfplugin6 as proto;

use super::{ResourceType, State, decode, encode, wire};

impl ResourceType {
    /// Reads an object as a refresh does, which upgrades what is stored first; the state's value is null if it is gone.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse the answer.
    pub async fn read(&self, state: &State) -> Result<State, Diagnostics> {
        let stored = encoding::json::encode(&state.value, &self.ty)
            .map_err(|mismatch| wire::error(format!("state: {mismatch}")))?;
        let value = self.upgrade(self.schema.version, &stored).await?;
        self.read_current(&State { value, ..state.clone() }).await
    }

    async fn read_current(&self, state: &State) -> Result<State, Diagnostics> {
        let request = proto::read_resource::Request {
            type_name: self.type_name.clone(),
            current_state: Some(encode(&state.value, &self.ty)?),
            private: state.private.clone(),
            provider_meta: self.sent.meta.clone(),
            client_capabilities: Some(self.sent.client),
            current_identity: self.send_identity(state.identity.as_ref())?,
        };
        let answer = wire::answer(self.rpc.clone().read_resource(request).await)?;
        wire::ok(answer.diagnostics)?;
        wire::not_deferred(answer.deferred, self.sent.client)?;
        let value = decode(answer.new_state, &self.ty)?;
        let (value, _) = host_checks::read(&self.schema, &value).into_result(value)?;
        Ok(State {
            value,
            private: answer.private,
            identity: self.receive_identity(answer.new_identity)?,
        })
    }

    /// Imports by id, and reads what was found.
    ///
    /// # Errors
    ///
    /// When there is no such object.
    pub async fn import(&self, id: &str) -> Result<State, Diagnostics> {
        self.import_by(id.to_owned(), None).await
    }

    /// Imports by identity, and reads what was found.
    ///
    /// # Errors
    ///
    /// When there is no such object.
    pub async fn import_identity(&self, identity: &Value) -> Result<State, Diagnostics> {
        self.import_by(String::new(), Some(identity)).await
    }

    async fn import_by(&self, id: String, identity: Option<&Value>) -> Result<State, Diagnostics> {
        let request = proto::import_resource_state::Request {
            type_name: self.type_name.clone(),
            id,
            client_capabilities: Some(self.sent.client),
            identity: self.send_identity(identity)?,
        };
        let answer = wire::answer(self.rpc.clone().import_resource_state(request).await)?;
        wire::ok(answer.diagnostics)?;
        wire::not_deferred(answer.deferred, self.sent.client)?;
        let [object] = <[_; 1]>::try_from(answer.imported_resources)
            .map_err(|all| wire::error(format!("{} objects were imported", all.len())))?;
        if object.type_name != self.type_name {
            return Err(wire::error(format!("`{}` was imported", object.type_name)));
        }
        let value = decode(object.state, &self.ty)?;
        let (value, _) = host_checks::imported(&self.schema, &value).into_result(value)?;
        let found = State {
            value,
            private: object.private,
            identity: self.receive_identity(object.identity)?,
        };
        let read = self.read_current(&found).await?;
        if read.value.is_null() {
            return Err(wire::error("Cannot import non-existent remote object"));
        }
        Ok(read)
    }

    /// Reads a stored state of a schema version.
    ///
    /// # Errors
    ///
    /// When the provider says so, or the host would refuse the answer.
    pub async fn upgrade(&self, version: i64, json: &str) -> Result<Value, Diagnostics> {
        let request = proto::upgrade_resource_state::Request {
            type_name: self.type_name.clone(),
            version,
            raw_state: Some(raw(json)),
        };
        let answer = wire::answer(self.rpc.clone().upgrade_resource_state(request).await)?;
        wire::ok(answer.diagnostics)?;
        let value = decode(answer.upgraded_state, &self.ty)?;
        let (value, _) = host_checks::upgraded(&self.schema, &value).into_result(value)?;
        Ok(value)
    }

    /// Reads a stored identity of a schema version.
    ///
    /// # Errors
    ///
    /// When the provider says so.
    pub async fn upgrade_identity(&self, version: i64, json: &str) -> Result<Option<Value>, Diagnostics> {
        let request = proto::upgrade_resource_identity::Request {
            type_name: self.type_name.clone(),
            version,
            raw_identity: Some(raw(json)),
        };
        let answer = wire::answer(self.rpc.clone().upgrade_resource_identity(request).await)?;
        wire::ok(answer.diagnostics)?;
        self.receive_identity(answer.upgraded_identity)
    }
}

pub(super) fn raw(json: &str) -> proto::RawState {
    proto::RawState {
        json: json.as_bytes().to_vec(),
        flatmap: std::collections::BTreeMap::new(),
    }
}
