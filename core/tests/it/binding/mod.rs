mod admission;
mod association;
mod checks;
mod existing;
mod findings;
mod import;
mod model;
mod plan;
mod preflight;
mod read;
mod rewritten;
mod schema;
mod trust;
mod trust_edit;
mod unknowns;
mod world;

use std::sync::LazyLock;

use pod_identity_core::binding::{Binding, Caller, ClusterFacts, Fact, Facts, Mode, PolicyJson, Role, Settings, plan};
use pod_identity_core::ids::Partition;
use tfmodel::plan::TypedDraft;
use tfmodel::{Diagnostics, Model, Path, Schema, Value};

pub(crate) const ACCOUNT: &str = "111122223333";
pub(crate) const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
pub(crate) const ROLE: &str = "arn:aws:iam::111122223333:role/api";

/// `prod/api` on cluster `main`, with an owned role.
pub(crate) fn config(mode: Mode) -> Binding {
    Binding {
        cluster_name: "main".into(),
        namespace: "prod".into(),
        service_account: "api".into(),
        mode: Value::Known(mode),
        role: Value::Known(Role {
            name: "api".into(),
            ..Role::default()
        }),
        ..Binding::default()
    }
}

/// The same with a role that exists.
pub(crate) fn with_role_arn(mode: Mode, manages: bool) -> Binding {
    Binding {
        role: Value::Null,
        role_arn: ROLE.into(),
        manage_trust_policy: Value::Known(manages),
        ..config(mode)
    }
}

pub(crate) fn settings() -> Settings {
    Settings {
        region: Some("eu-west-1".parse().unwrap()),
        ..Settings::default()
    }
}

pub(crate) fn facts() -> Facts {
    Facts {
        caller: Fact::Known(Caller {
            account: ACCOUNT.parse().unwrap(),
            partition: Partition::Aws,
        }),
        cluster: Fact::Known(ClusterFacts {
            issuer: Some(ISSUER.parse().unwrap()),
        }),
        ..Facts::default()
    }
}

/// Plans through the host's proposal, the schema's rules and the host's checks, as the provider does.
pub(crate) fn try_plan(
    prior: Option<&Binding>,
    config: &Binding,
    facts: &Facts,
    settings: &Settings,
) -> Result<(Binding, Diagnostics), Diagnostics> {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(Binding::schema);
    let schema = &*SCHEMA;
    let prior = prior.map_or(Value::Null, Model::to_value);
    let config = config.to_value();
    let proposed = tfmodel::plan::proposed_new_state(schema, &prior, &config);
    let draft = tfmodel::plan::begin(schema, prior, config, proposed)?;
    let typed: TypedDraft<Binding> = draft.typed()?;
    let typed = plan(typed, facts, settings)?;
    let plan = draft.with(typed).finish(schema)?;
    Ok((Binding::from_value(&plan.planned, &Path::root())?, plan.warnings))
}

#[track_caller]
pub(crate) fn planned(prior: Option<&Binding>, config: &Binding) -> Binding {
    match try_plan(prior, config, &facts(), &settings()) {
        Ok((binding, _)) => binding,
        Err(problems) => panic!("{problems:#?}"),
    }
}

/// The trust policy of a binding.
pub(crate) fn trust_of(binding: &Binding) -> pod_identity_core::policy::Document {
    let PolicyJson(text) = binding.trust_policy.known().expect("a known trust policy");
    text.parse().unwrap()
}
