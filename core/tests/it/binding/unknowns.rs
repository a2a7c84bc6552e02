//! What is not known when planning may turn out to be anything: whatever a plan says before, it has to say again then.

use std::collections::BTreeMap;

use pod_identity_core::binding::{
    Binding, BindingTimeouts, Fact, Facts, Mode, OnExisting, PolicyJson, Role, RoleDefaults, Scope, Settings, Trust,
    TrustCondition, complete, plan,
};
use tfmodel::host_checks::{self, PlannedAgain};
use tfmodel::plan::{Plan, TypedDraft};
use tfmodel::{Datum, Diagnostics, Model, Path, Schema, Step, Value};

use super::{ISSUER, ROLE, config, facts, settings, with_role_arn};

const POLICY: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
const STATEMENT: &str =
    r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"sts:AssumeRole"}"#;

fn strings<const N: usize>(pairs: [(&str, &str); N]) -> Value<BTreeMap<String, Value<String>>> {
    Value::Known(pairs.map(|(key, value)| (key.to_owned(), value.into())).into())
}

/// Configurations that between them give every argument.
fn configurations() -> Vec<Value> {
    let role = |role: Role| Value::Known(role);
    let furnished = Role {
        name: "other".into(),
        path: "/team/".into(),
        description: "for the api".into(),
        permissions_boundary: "arn:aws:iam::111122223333:policy/boundary".into(),
        max_session_duration: Value::Known(7200),
        managed_policy_arns: Value::Known(["arn:aws:iam::aws:policy/ReadOnlyAccess".into()].into_iter().collect()),
        inline_policies: Value::Known([("read".to_owned(), Value::Known(PolicyJson(POLICY.to_owned())))].into()),
        tags: strings([("team", "a")]),
        keep_previous: Value::Known(false),
        force_delete: Value::Known(true),
        ..Role::default()
    };
    let target = Binding {
        target_role_arn: "arn:aws:iam::444455556666:role/data".into(),
        ..config(Mode::PodIdentity)
    };
    let all = vec![
        config(Mode::Irsa),
        config(Mode::Dual),
        Binding {
            session_policy: Value::Known(PolicyJson(POLICY.to_owned())),
            tags: strings([("stage", "prod")]),
            wait_for_effect: Value::Known(false),
            skip_preflight: Value::Known(["PIB424".into()].into_iter().collect()),
            ..target.clone()
        },
        target,
        Binding {
            role: role(furnished.clone()),
            oidc_issuer: ISSUER.into(),
            tags: strings([("stage", "prod")]),
            allow_disruptive_switch: Value::Known(true),
            timeouts: Value::Known(BindingTimeouts::default()),
            ..config(Mode::Dual)
        },
        Binding {
            role: role(furnished),
            region: "eu-west-1".into(),
            trust: Value::Known(Trust {
                scope: Value::Known(Scope::Namespace),
                source_account: Value::Known(false),
                conditions: Value::Known(vec![Value::Known(TrustCondition {
                    test: "StringEquals".into(),
                    variable: "aws:SourceOrgID".into(),
                    values: Value::Known(vec!["o-abc".into()]),
                    ..TrustCondition::default()
                })]),
                statements: Value::Known(vec![STATEMENT.into()]),
            }),
            on_existing: Value::Known(OnExisting::Adopt),
            ..config(Mode::PodIdentity)
        },
        Binding {
            disable_session_tags: Value::Known(true),
            trust: Value::Known(Trust {
                scope: Value::Known(Scope::Account),
                ..Trust::default()
            }),
            role: role(Role::default()),
            ..config(Mode::PodIdentity)
        },
        Binding {
            oidc_provider_arn: format!("arn:aws:iam::111122223333:oidc-provider/{ISSUER}").into(),
            ..with_role_arn(Mode::Irsa, true)
        },
        with_role_arn(Mode::PodIdentity, false),
        Binding {
            role_arn: format!("{ROLE}-else").into(),
            ..with_role_arn(Mode::PodIdentity, true)
        },
    ];
    all.iter().map(Model::to_value).collect()
}

type Answer = Result<Plan, Diagnostics>;

struct Planner {
    schema: Schema,
    facts: Facts,
    settings: Settings,
}

impl Planner {
    fn new(facts: Facts, settings: Settings) -> Self {
        Self {
            schema: Binding::schema(),
            facts,
            settings,
        }
    }

    fn plan(&self, prior: &Value, config: &Value) -> Answer {
        let proposed = tfmodel::plan::proposed_new_state(&self.schema, prior, config);
        let draft = tfmodel::plan::begin(&self.schema, prior.clone(), config.clone(), proposed)?;
        let typed: TypedDraft<Binding> = draft.typed()?;
        let typed = plan(typed, &self.facts, &self.settings)?;
        draft.with(typed).finish(&self.schema)
    }

    /// Nothing, and what exists after an apply of each of these.
    fn priors(&self, configurations: &[Value]) -> Vec<Value> {
        let applied = |config: &Value| {
            let planned = self.plan(&Value::Null, config).unwrap().planned;
            let planned = Binding::from_value(&planned, &Path::root()).unwrap();
            let association = (
                "a-1",
                "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1",
            );
            let has_one = planned.mode.known().unwrap().uses_pod_identity();
            complete(&planned, has_one.then_some(association)).to_value()
        };
        std::iter::once(Value::Null)
            .chain(configurations.iter().map(applied))
            .collect()
    }
}

/// What stands in every place of a configuration, elements of collections included.
fn places(value: &Value, at: &Path, found: &mut BTreeMap<Path, Vec<Value>>) {
    let entries: Vec<(Path, &Value)> = match value {
        Value::Known(Datum::Object(attributes)) => attributes
            .iter()
            .map(|(name, value)| (at.with_attribute(name.as_str()), value))
            .collect(),
        Value::Known(Datum::Map(entries)) => entries
            .iter()
            .map(|(key, value)| (at.with_key(key.as_str()), value))
            .collect(),
        Value::Known(Datum::List(elements) | Datum::Set(elements)) => elements
            .iter()
            .enumerate()
            .map(|(index, value)| (at.with_index(index), value))
            .collect(),
        _ => return,
    };
    for (path, value) in entries {
        places(value, &path, found);
        let values = found.entry(path).or_default();
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
}

/// The configuration with another value in this place; `None` if it has no such place.
fn replaced(value: &Value, place: &[Step], new: &Value) -> Option<Value> {
    let Some((step, rest)) = place.split_first() else {
        return Some(new.clone());
    };
    let Value::Known(datum) = value else { return None };
    let mut datum = datum.clone();
    let inner = match (step, &mut datum) {
        (Step::Attribute(name), Datum::Object(attributes)) => attributes.get_mut(name)?,
        (Step::Key(key), Datum::Map(entries)) => entries.get_mut(key)?,
        (Step::Index(index), Datum::List(elements) | Datum::Set(elements)) => elements.get_mut(*index)?,
        _ => return None,
    };
    *inner = replaced(inner, rest, new)?;
    Some(Value::Known(datum))
}

/// What a plan says now that an earlier one, which knew less, said otherwise.
struct Broken(BTreeMap<String, String>);

impl Broken {
    fn compare(&mut self, planner: &Planner, prior: &Value, what: &str, first: &Answer, second: &Plan) {
        let problems = match first {
            Err(problems) => problems.clone(),
            Ok(first) => host_checks::planned_again(
                &planner.schema,
                PlannedAgain {
                    prior,
                    first: &first.planned,
                    second: &second.planned,
                    requires_replace: &second.requires_replace,
                },
            ),
        };
        for problem in problems.iter() {
            let at = problem.path.clone().unwrap_or_default();
            let told = format!("{}\nprior {prior:?}\nplanned {:?}", problem.detail, second.planned);
            self.0
                .entry(format!("{what} unknown: {} {at}", problem.summary))
                .or_insert(told);
        }
    }

    #[track_caller]
    fn assert_none(&self) {
        let first = self.0.first_key_value();
        assert!(
            first.is_none(),
            "{:#?}\n{}",
            self.0.keys(),
            first.map_or("", |(_, told)| told)
        );
    }
}

#[test]
fn what_a_plan_says_of_unknown_arguments_holds_whatever_they_turn_out_to_be() {
    let planner = Planner::new(facts(), settings());
    let configurations = configurations();
    let mut everything = BTreeMap::new();
    for configuration in &configurations {
        places(configuration, &Path::root(), &mut everything);
    }
    everything.retain(|_, values| values.iter().any(Value::is_known));
    for attribute in &planner.schema.block.attributes {
        let is_tried = everything.contains_key(&Path::attribute(attribute.name.as_str()));
        assert_eq!(is_tried, attribute.usage.is_configurable(), "{}", attribute.name);
    }

    let mut broken = Broken(BTreeMap::new());
    let mut held = 0;
    for prior in planner.priors(&configurations).iter().step_by(2) {
        for configuration in &configurations {
            let as_it_is = planner.plan(prior, configuration);
            for (place, values) in &everything {
                let Some(unknown) = replaced(configuration, place.steps(), &Value::unknown()) else {
                    continue;
                };
                let first = planner.plan(prior, &unknown);
                for value in values {
                    let known = replaced(configuration, place.steps(), value).unwrap();
                    let other = (known != *configuration).then(|| planner.plan(prior, &known));
                    if let Ok(second) = other.as_ref().unwrap_or(&as_it_is) {
                        broken.compare(&planner, prior, &place.to_string(), &first, second);
                        held += 1;
                    }
                }
            }
        }
    }
    broken.assert_none();
    assert!(held > 2_000, "{held}");
}

#[test]
fn what_a_plan_says_before_the_provider_is_configured_holds_afterwards() {
    let whole = Settings {
        default_tags: strings([("owner", "platform")]),
        role_defaults: RoleDefaults {
            path: "/pods/".into(),
            permissions_boundary: "arn:aws:iam::111122223333:policy/boundary".into(),
            name_prefix: "pod-".into(),
            tags: strings([("team", "platform")]),
        },
        ..settings()
    };
    let unknown = Settings {
        region: None,
        default_tags: Value::unknown(),
        role_defaults: RoleDefaults {
            path: Value::unknown(),
            permissions_boundary: Value::unknown(),
            name_prefix: Value::unknown(),
            tags: Value::unknown(),
        },
        ..settings()
    };
    let no_cluster = Facts {
        cluster: Fact::Absent,
        ..facts()
    };
    let configurations = configurations();
    let mut broken = Broken(BTreeMap::new());
    for later in [settings(), whole] {
        let after = Planner::new(facts(), later.clone());
        for (what, facts, settings) in [
            ("provider", Facts::default(), &unknown),
            ("caller", Facts::default(), &later),
            ("cluster", no_cluster.clone(), &later),
        ] {
            let before = Planner::new(facts, settings.clone());
            for prior in after.priors(&configurations) {
                for configuration in &configurations {
                    let second = after.plan(&prior, configuration);
                    if let Ok(second) = second {
                        let first = before.plan(&prior, configuration);
                        if let Ok(first) = &first {
                            assert_eq!(first.requires_replace, second.requires_replace, "{what} unknown");
                        }
                        broken.compare(&after, &prior, what, &first, &second);
                    }
                }
            }
        }
    }
    broken.assert_none();
}
