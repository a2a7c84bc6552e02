//! What has to be known of each message of the protocol: for logs and dumps the call it belongs to, what the call is about and which values
//! it carries, and how it says that there is no answer.

use tfplugin_proto::tfplugin6 as proto;

use super::crash::Crashed;
use super::diagnostics::told;
use crate::bug;

/// A request.
pub(super) trait Ask {
    /// The call, by the name that the protocol gives it.
    const RPC: &'static str;

    /// What it is about.
    fn about(&self) -> Option<(Kind, &str)>;

    /// The values in it, each with the name of its field.
    fn raw(&self) -> Vec<(String, Raw<'_>)>;
}

/// A response, or one event of several.
pub(super) trait Answer {
    /// What came of the call.
    fn outcome(&self) -> Outcome<'_>;

    /// The values in it, each with the name of its field.
    fn raw(&self) -> Vec<(String, Raw<'_>)> {
        Vec::new()
    }
}

/// What a type name in a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Resource,
    DataSource,
    EphemeralResource,
    ListResource,
    Action,
    Function,
}

/// What came of a call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome<'a> {
    Diagnostics(&'a [proto::Diagnostic]),
    Function(Option<&'a proto::FunctionError>),
    /// It has no diagnostics: they were in its events, or it never has any.
    Silent,
}

/// Bytes of a message as they are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Raw<'a> {
    Msgpack(&'a [u8]),
    Json(&'a [u8]),
    /// What a provider stores beside its values.
    Private(&'a [u8]),
    Empty,
}

/// A field of a message that carries a value.
trait Field {
    fn raw(&self) -> Raw<'_>;
}

impl Field for proto::DynamicValue {
    fn raw(&self) -> Raw<'_> {
        match (self.json.as_slice(), self.msgpack.as_slice()) {
            ([], []) => Raw::Empty,
            ([], msgpack) => Raw::Msgpack(msgpack),
            (json, _) => Raw::Json(json),
        }
    }
}

impl Field for proto::ResourceIdentityData {
    fn raw(&self) -> Raw<'_> {
        self.identity_data.raw()
    }
}

impl Field for proto::RawState {
    fn raw(&self) -> Raw<'_> {
        match self.json.as_slice() {
            [] => Raw::Empty,
            json => Raw::Json(json),
        }
    }
}

impl Field for Vec<u8> {
    fn raw(&self) -> Raw<'_> {
        match self.as_slice() {
            [] => Raw::Empty,
            bytes => Raw::Private(bytes),
        }
    }
}

impl<F: Field> Field for Option<F> {
    fn raw(&self) -> Raw<'_> {
        self.as_ref().map_or(Raw::Empty, Field::raw)
    }
}

macro_rules! requests {
    ($($call:ident is $rpc:literal $(of $kind:ident $name:ident)? { $($field:literal: $member:ident),* })*) => {$(
        impl Ask for proto::$call::Request {
            const RPC: &'static str = $rpc;

            fn about(&self) -> Option<(Kind, &str)> {
                let about: &[(Kind, &str)] = &[$((Kind::$kind, &self.$name))?];
                about.first().copied()
            }

            fn raw(&self) -> Vec<(String, Raw<'_>)> {
                vec![$(($field.to_owned(), self.$member.raw())),*]
            }
        }
    )*};
}

// The names of fields are those in the files of providers written in Go, where these write the field too.
requests! {
    get_metadata is "GetMetadata" {}
    get_provider_schema is "GetProviderSchema" {}
    get_resource_identity_schemas is "GetResourceIdentitySchemas" {}
    get_functions is "GetFunctions" {}
    validate_provider_config is "ValidateProviderConfig" { "Config": config }
    configure_provider is "ConfigureProvider" { "Config": config }
    stop_provider is "StopProvider" {}
    validate_resource_config is "ValidateResourceConfig" of Resource type_name { "Config": config }
    upgrade_resource_state is "UpgradeResourceState" of Resource type_name { "RawState": raw_state }
    upgrade_resource_identity is "UpgradeResourceIdentity" of Resource type_name { "RawIdentity": raw_identity }
    read_resource is "ReadResource" of Resource type_name {
        "CurrentState": current_state, "ProviderMeta": provider_meta, "Private": private, "CurrentIdentity": current_identity
    }
    plan_resource_change is "PlanResourceChange" of Resource type_name {
        "Config": config, "PriorState": prior_state, "ProposedNewState": proposed_new_state, "ProviderMeta": provider_meta,
        "PriorPrivate": prior_private, "PriorIdentity": prior_identity
    }
    apply_resource_change is "ApplyResourceChange" of Resource type_name {
        "Config": config, "PlannedState": planned_state, "PriorState": prior_state, "ProviderMeta": provider_meta,
        "PlannedPrivate": planned_private, "PlannedIdentity": planned_identity
    }
    import_resource_state is "ImportResourceState" of Resource type_name { "Identity": identity }
    move_resource_state is "MoveResourceState" of Resource target_type_name {
        "SourceState": source_state, "SourcePrivate": source_private, "SourceIdentity": source_identity
    }
    generate_resource_config is "GenerateResourceConfig" of Resource type_name { "State": state }
    validate_data_resource_config is "ValidateDataResourceConfig" of DataSource type_name { "Config": config }
    read_data_source is "ReadDataSource" of DataSource type_name { "Config": config, "ProviderMeta": provider_meta }
    validate_ephemeral_resource_config is "ValidateEphemeralResourceConfig" of EphemeralResource type_name { "Config": config }
    open_ephemeral_resource is "OpenEphemeralResource" of EphemeralResource type_name { "Config": config }
    renew_ephemeral_resource is "RenewEphemeralResource" of EphemeralResource type_name { "Private": private }
    close_ephemeral_resource is "CloseEphemeralResource" of EphemeralResource type_name { "Private": private }
    validate_list_resource_config is "ValidateListResourceConfig" of ListResource type_name { "Config": config }
    list_resource is "ListResource" of ListResource type_name { "Config": config }
    validate_action_config is "ValidateActionConfig" of Action type_name { "Config": config }
    plan_action is "PlanAction" of Action action_type { "Config": config }
    invoke_action is "InvokeAction" of Action action_type { "Config": config }
}

impl Ask for proto::call_function::Request {
    const RPC: &'static str = "CallFunction";

    fn about(&self) -> Option<(Kind, &str)> {
        Some((Kind::Function, &self.name))
    }

    fn raw(&self) -> Vec<(String, Raw<'_>)> {
        let arguments = self.arguments.iter().enumerate();
        arguments
            .map(|(position, argument)| (format!("Arguments_{position}"), argument.raw()))
            .collect()
    }
}

macro_rules! responses {
    ($($call:ident { $($field:literal: $member:ident),* })*) => {$(
        impl Answer for proto::$call::Response {
            fn outcome(&self) -> Outcome<'_> {
                Outcome::Diagnostics(&self.diagnostics)
            }

            fn raw(&self) -> Vec<(String, Raw<'_>)> {
                vec![$(($field.to_owned(), self.$member.raw())),*]
            }
        }

        impl Crashed for proto::$call::Response {
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

responses! {
    get_metadata {}
    get_provider_schema {}
    get_resource_identity_schemas {}
    get_functions {}
    validate_provider_config {}
    configure_provider {}
    validate_resource_config {}
    upgrade_resource_state { "UpgradedState": upgraded_state }
    upgrade_resource_identity { "UpgradedResourceIdentity": upgraded_identity }
    read_resource { "NewState": new_state, "Private": private, "NewIdentity": new_identity }
    plan_resource_change {
        "PlannedState": planned_state, "PlannedPrivate": planned_private, "PlannedIdentity": planned_identity
    }
    apply_resource_change { "NewState": new_state, "Private": private, "NewIdentity": new_identity }
    move_resource_state {
        "TargetState": target_state, "TargetPrivate": target_private, "TargetIdentity": target_identity
    }
    generate_resource_config { "Config": config }
    validate_data_resource_config {}
    read_data_source { "State": state }
    validate_ephemeral_resource_config {}
    open_ephemeral_resource { "Result": result, "Private": private }
    renew_ephemeral_resource { "Private": private }
    close_ephemeral_resource {}
    validate_list_resource_config {}
    validate_action_config {}
    plan_action {}
}

impl Answer for proto::stop_provider::Response {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::Silent
    }
}

impl Answer for proto::import_resource_state::Response {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::Diagnostics(&self.diagnostics)
    }

    fn raw(&self) -> Vec<(String, Raw<'_>)> {
        let imported = self.imported_resources.iter().flat_map(|one| {
            [
                ("State", one.state.raw()),
                ("Private", one.private.raw()),
                ("Identity", one.identity.raw()),
            ]
        });
        imported
            .map(|(field, raw)| (format!("ImportedResource_{field}"), raw))
            .collect()
    }
}

impl Answer for proto::call_function::Response {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::Function(self.error.as_ref())
    }

    fn raw(&self) -> Vec<(String, Raw<'_>)> {
        vec![("Result".to_owned(), self.result.raw())]
    }
}

impl Answer for proto::list_resource::Event {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::Diagnostics(&self.diagnostic)
    }
}

impl Answer for proto::invoke_action::Event {
    fn outcome(&self) -> Outcome<'_> {
        use proto::invoke_action::event::Type;
        match &self.r#type {
            Some(Type::Completed(completed)) => Outcome::Diagnostics(&completed.diagnostics),
            Some(Type::Progress(_)) | None => Outcome::Silent,
        }
    }
}

/// The end of a call that answers with events.
impl Answer for () {
    fn outcome(&self) -> Outcome<'_> {
        Outcome::Silent
    }
}
