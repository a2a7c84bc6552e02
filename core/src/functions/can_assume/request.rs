//! A request as a user writes it.

use tfmodel::{Datum, Model, Path, Type, Value, order};

use crate::argument::Problem;
use crate::binding::{Binding, Mode};
use crate::evaluate::pod::{AskedRole, Pod};
use crate::evaluate::{Call, Caller, Context, Presence, Request};
use crate::ids::{ClusterArn, IdError, Mechanism, OidcProviderArn, Partition, Region, RoleArn};

const PRINCIPAL: &str = "principal";
const ACTIONS: &str = "actions";
const CONTEXT: &str = "context";
const PRESENT: &str = "present";
const UNKNOWN: &str = "unknown";

/// What a request can have: what a binding has, what else is known of a pod, and what a raw request has.
pub(super) fn request_type() -> Type {
    let mut ty = Binding::ty();
    if let Type::Object(object) = &mut ty {
        let strings = || Type::list(Type::String);
        let principal = Type::object([("type", Type::String), ("value", Type::String)]);
        for (name, ty) in [
            ("session_tags", Type::Bool),
            ("disable_session_tags", Type::Bool),
            ("session_policy", Type::String),
            ("hybrid_node", Type::Bool),
            ("audience", Type::String),
            ("pod_name", Type::String),
            ("pod_uid", Type::String),
            ("organization_id", Type::String),
            ("role_tags", Type::map(Type::String)),
            ("role_organization_id", Type::String),
            ("source_role_arn", Type::String),
            ("target_role_arn", Type::String),
            (PRINCIPAL, principal),
            (ACTIONS, strings()),
            (CONTEXT, Type::map(strings())),
            (PRESENT, strings()),
            (UNKNOWN, strings()),
        ] {
            if !object.attributes.contains_key(name) {
                object.attributes.insert(name, ty);
            }
        }
    }
    ty
}

/// A request as it was given.
pub(super) struct Attributes {
    values: tfmodel::Attributes<Value>,
    unknown: Vec<String>,
}

impl Attributes {
    pub(super) fn new(request: Value) -> Result<Self, Problem> {
        let Value::Known(Datum::Object(values)) = request else {
            return Err(Problem::new(
                &Path::root(),
                "A request is needed: an object that says who asks.",
            ));
        };
        let mut attributes = Self {
            values,
            unknown: Vec::new(),
        };
        attributes.unknown = attributes.texts(UNKNOWN);
        if !attributes.is_raw()? {
            let strange = attributes.unknown.iter().enumerate();
            let mut strange = strange.filter(|(_, name)| !attributes.values.contains_key(name));
            if let Some((index, name)) = strange.next() {
                let at = Path::attribute(UNKNOWN).with_index(index);
                return Err(Problem::new(&at, format!("A pod has no attribute `{name}`.")));
            }
        }
        Ok(attributes)
    }

    /// Whether it says itself what is asked, instead of who asks.
    pub(super) fn is_raw(&self) -> Result<bool, Problem> {
        let of_request = [PRINCIPAL, ACTIONS, CONTEXT, PRESENT];
        let given = |name: &&String| self.values.get(name).is_some_and(|value| !value.is_null());
        let (raw, pod): (Vec<&String>, Vec<&String>) = self
            .values
            .keys()
            .filter(given)
            .filter(|name| *name != UNKNOWN)
            .partition(|name| of_request.contains(&name.as_str()));
        match (raw.first(), pod.first()) {
            (Some(raw), Some(pod)) => Err(Problem::new(
                &Path::attribute(raw.as_str()),
                format!("A request is either a pod's, or says itself what it carries: remove `{raw}` or `{pod}`."),
            )),
            (raw, _) => Ok(raw.is_some()),
        }
    }

    /// What is known of an attribute; what is not given is not known.
    fn get(&self, name: &str) -> Option<&Datum> {
        if self.unknown.iter().any(|unknown| unknown == name) {
            return None;
        }
        self.values.get(name)?.known()
    }

    /// Whether nobody can know it, other than one that is left out.
    pub(super) fn is_unknown(&self, name: &str) -> bool {
        self.unknown.iter().any(|unknown| unknown == name) || self.values.get(name).is_some_and(Value::is_unknown)
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Datum::String(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Datum::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A flag that has a value where none is given.
    fn flag_or(&self, name: &str, default: bool) -> Option<bool> {
        if self.is_unknown(name) {
            None
        } else {
            Some(self.flag(name).unwrap_or(default))
        }
    }

    fn name<T: std::str::FromStr<Err = IdError>>(&self, name: &str) -> Result<Option<T>, Problem> {
        let text = self.text(name);
        text.as_deref().map(str::parse).transpose().map_err(|error| {
            let found = text.as_deref().unwrap_or_default();
            Problem::new(&Path::attribute(name), format!("Found `{found}`: {error}."))
        })
    }

    fn texts(&self, name: &str) -> Vec<String> {
        self.get(name).map(texts).unwrap_or_default()
    }

    pub(super) fn raw(&self) -> Result<Request, Problem> {
        let principal = match self.get(PRINCIPAL) {
            Some(Datum::Object(principal)) => principal,
            _ => &tfmodel::Attributes::new(),
        };
        let text = |name: &str| principal.get(name).and_then(Value::as_str).map(str::to_owned);
        // Policies spell it with a capital.
        let kind = text("type").map(|kind| kind.to_ascii_lowercase());
        let caller = match (kind.as_deref(), text("value")) {
            (Some("service"), Some(value)) => Caller::Service(value),
            (Some("federated"), Some(value)) => Caller::Federated(value),
            (Some("aws"), Some(value)) => Caller::Aws(value),
            (Some("unknown") | None, None) | (Some("service" | "federated" | "aws"), None) => Caller::Unknown,
            (Some("unknown") | None, Some(_)) | (Some(_), _) => {
                return Err(Problem::new(
                    &Path::attribute(PRINCIPAL).with_attribute("type"),
                    "It has to be `service`, `federated`, `aws`, or `unknown` without a value.",
                ));
            }
        };
        let actions = self.texts(ACTIONS);
        if actions.is_empty() {
            return Err(Problem::new(
                &Path::attribute(ACTIONS),
                "It has to name what is asked for, such as `sts:AssumeRole`.",
            ));
        }
        let mut context = Context::new();
        if let Some(Datum::Map(keys)) = self.get(CONTEXT) {
            for (key, value) in keys {
                let presence = match value {
                    Value::Null => Presence::Absent,
                    Value::Known(datum) if value.is_wholly_known() => Presence::Values(texts(datum)),
                    Value::Unknown(_) | Value::Known(_) => Presence::Unknown,
                };
                context = context.with(key, presence);
            }
        }
        for key in self.texts(PRESENT) {
            context = context.with(&key, Presence::Present);
        }
        for key in &self.unknown {
            context = context.with(key, Presence::Unknown);
        }
        let calls = actions.into_iter().map(|action| Call {
            action,
            context: context.clone(),
        });
        Ok(Request {
            caller,
            calls: calls.collect(),
        })
    }

    /// How the pod gets credentials; where nobody knows, both ways. There is one way to a target role.
    pub(super) fn mechanisms(&self, to_target: bool) -> Result<Vec<Mechanism>, Problem> {
        let both = vec![Mechanism::Irsa, Mechanism::PodIdentity];
        if self.is_unknown("mode") {
            return Ok(if to_target { vec![Mechanism::PodIdentity] } else { both });
        }
        let mode = match self.text("mode").as_deref() {
            None | Some("pod_identity") => Mode::PodIdentity,
            Some("irsa") => Mode::Irsa,
            Some("dual") => Mode::Dual,
            Some(_) => {
                return Err(Problem::new(
                    &Path::attribute("mode"),
                    "It has to be `irsa`, `pod_identity` or `dual`.",
                ));
            }
        };
        if to_target && mode.uses_irsa() {
            return Err(Problem::new(
                &Path::attribute("mode"),
                "Only EKS Pod Identity reaches a target role: the mode has to be `pod_identity`, or `source_role_arn` has to go.",
            ));
        }
        Ok(match mode {
            Mode::Irsa => vec![Mechanism::Irsa],
            Mode::PodIdentity => vec![Mechanism::PodIdentity],
            Mode::Dual => both,
        })
    }

    /// The role that is asked for, and, if it is a target role, the role of the association.
    pub(super) fn roles(&self) -> Result<(AskedRole, Option<AskedRole>), Problem> {
        let source: Option<RoleArn> = self.name("source_role_arn")?;
        let is_target = source.is_some() || self.is_unknown("source_role_arn");
        let asked = AskedRole {
            arn: self.name(if is_target { "target_role_arn" } else { "role_arn" })?,
            tags: self.get("role_tags").and_then(|tags| match tags {
                Datum::Map(tags) => {
                    let tags = tags.iter();
                    let known = tags.map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
                    Some(order::map(known.collect::<Option<Vec<_>>>()?))
                }
                _ => None,
            }),
            organization: self.text("role_organization_id"),
        };
        let source = is_target.then(|| AskedRole {
            arn: source,
            ..AskedRole::default()
        });
        Ok((asked, source))
    }

    /// By default an association sends them unless there is a session policy, which it cannot have with them.
    fn session_tags(&self) -> Option<bool> {
        let policy = self.text("session_policy").is_some();
        if self.is_unknown("session_policy") && self.flag("disable_session_tags").is_none() {
            return None;
        }
        match self.flag_or("disable_session_tags", policy) {
            Some(true) => Some(false),
            Some(false) => self.flag_or("session_tags", true),
            None => None,
        }
    }

    pub(super) fn pod(&self, mechanism: Mechanism) -> Result<Pod, Problem> {
        let cluster: Option<ClusterArn> = self.name("cluster_arn")?;
        let provider: Option<OidcProviderArn> = self.name("oidc_provider_arn")?;
        let role: Option<RoleArn> = self.name("role_arn")?;
        let region: Option<Region> = self
            .name("region")?
            .or_else(|| cluster.as_ref().map(|arn| arn.region.clone()));
        let account = self
            .name("account_id")?
            .or_else(|| cluster.as_ref().map(|arn| arn.account.clone()));
        let partition = cluster.as_ref().map(|arn| arn.partition.clone());
        let partition = partition.or_else(|| region.as_ref().map(Partition::of_region));
        // The provider is in the account of the role, which is the cluster's unless somebody says otherwise.
        let provider_account = match (&provider, &role) {
            (Some(provider), _) => Some(provider.account.clone()),
            (None, Some(role)) => Some(role.account.clone()),
            (None, None) if self.is_unknown("oidc_provider_arn") || self.is_unknown("role_arn") => None,
            (None, None) => account.clone(),
        };
        let issuer = match provider {
            Some(provider) => Some(provider.issuer),
            None => self.name("oidc_issuer")?,
        };
        let ordinary = Pod::new(mechanism);
        Ok(Pod {
            partition,
            region,
            account,
            cluster: self.name("cluster_name")?.or_else(|| cluster.map(|arn| arn.name)),
            namespace: self.name("namespace")?,
            service_account: self.name("service_account")?,
            name: self.text("pod_name"),
            uid: self.text("pod_uid"),
            session_tags: self.session_tags(),
            hybrid_node: self.flag_or("hybrid_node", false),
            organization: self.text("organization_id"),
            issuer,
            provider_account,
            audience: if self.is_unknown("audience") {
                None
            } else {
                self.text("audience").or(ordinary.audience)
            },
            mechanism,
        })
    }
}

fn texts(list: &Datum) -> Vec<String> {
    match list {
        Datum::List(elements) | Datum::Set(elements) | Datum::Tuple(elements) => {
            elements.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
