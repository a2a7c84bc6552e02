//! The argument of functions about a binding: an object with the resource's arguments, or a whole resource.

use tfmodel::{Datum, Diagnostics, Model, Path, Type, Value};

use crate::argument::{Problem, conform};
use crate::binding::{Binding, Caller, Derived, Fact, Facts, Role, Settings, check_configuration, derive};
use crate::ids::{ClusterArn, IdError, Partition, Region};

/// For which associations a target role's trust policy is, `on`, `off` or `both`: what a binding can say besides the attributes of the resource.
const SESSION_TAGS: &str = "session_tags";

/// A binding as a function is given it, and what follows from it.
pub(super) struct Bound {
    pub(super) binding: Binding,
    pub(super) session_tags: Value<String>,
    pub(super) derived: Derived,
}

impl Bound {
    /// Reads an argument; `None` where nobody knows anything of it yet.
    ///
    /// # Errors
    /// It lacks one of `needed`, or something in it is not what it has to be.
    pub(super) fn read(argument: &Value, needed: &[&str], what: &str) -> Result<Option<Self>, Problem> {
        let root = Path::root();
        let given = match conform(argument, &argument_type(), &root)? {
            Value::Unknown(_) => return Ok(None),
            Value::Null => {
                return Err(Problem::new(
                    &root,
                    "A binding is needed: an object such as the arguments of `pod_identity_binding`.",
                ));
            }
            known @ Value::Known(_) => known,
        };
        let binding = with_cluster_arn(Binding::from_value(&only(&given, &Binding::ty()), &root)?)?;
        let session_tags = given.get(SESSION_TAGS).unwrap_or(&Value::Null);
        let session_tags = <Value<String> as tfmodel::Field>::from_value(session_tags, &Path::attribute(SESSION_TAGS))?;
        for (name, is_null) in [
            ("account_id", binding.account_id.is_null()),
            ("region", binding.region.is_null()),
            ("cluster_name", binding.cluster_name.is_null()),
            ("namespace", binding.namespace.is_null()),
            ("service_account", binding.service_account.is_null()),
            ("target_role_arn", binding.target_role_arn.is_null()),
        ] {
            if is_null && needed.contains(&name) {
                return Err(missing(name, &format!("{what} needs it")));
            }
        }
        let problems = check_configuration(&binding);
        if problems.has_errors() {
            return Err(problems.into());
        }
        let account = name_at("account_id", &binding.account_id)?;
        let region: Option<Region> = name_at("region", &binding.region)?;
        let partition = region.as_ref().map(Partition::of_region);
        let facts = Facts {
            caller: match (account, partition) {
                (Some(account), Some(partition)) => Fact::Known(Caller { account, partition }),
                _ => Fact::Unknown,
            },
            // Nobody is asked for the issuer.
            cluster: Fact::Absent,
            ..Facts::default()
        };
        let settings = Settings {
            region,
            ..Settings::default()
        };
        let derived = derive(&binding, &facts, &settings)?;
        Ok(Some(Self {
            binding,
            session_tags,
            derived,
        }))
    }
}

fn argument_type() -> Type {
    let mut ty = Binding::ty();
    if let Type::Object(binding) = &mut ty {
        binding.attributes.insert(SESSION_TAGS.to_owned(), Type::String);
    }
    ty
}

/// What of an object is of this type.
fn only(given: &Value, ty: &Type) -> Value {
    match (given, ty) {
        (Value::Known(Datum::Object(attributes)), Type::Object(object)) => Value::Known(Datum::Object(
            attributes
                .iter()
                .filter(|(name, _)| object.attributes.contains_key(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        )),
        _ => given.clone(),
    }
}

/// Fills in what the cluster's ARN says, and the role where none is given: most of what is derived does not depend on its name.
fn with_cluster_arn(mut binding: Binding) -> Result<Binding, Problem> {
    if let Some(arn) = name_at::<ClusterArn>("cluster_arn", &binding.cluster_arn)? {
        let or = |value: Value<String>, part: &dyn ToString| value.or(Value::Known(part.to_string()));
        binding.account_id = or(binding.account_id, &arn.account);
        binding.region = or(binding.region, &arn.region);
        binding.cluster_name = or(binding.cluster_name, &arn.name);
    } else if binding.cluster_arn.is_unknown() {
        let or = |value: Value<String>| value.or(Value::unknown());
        binding.account_id = or(binding.account_id);
        binding.region = or(binding.region);
        binding.cluster_name = or(binding.cluster_name);
    }
    if binding.role.is_null() && binding.role_arn.is_null() {
        binding.role = Value::Known(Role::default());
    }
    Ok(binding)
}

pub(super) fn missing(name: &str, why: &str) -> Problem {
    Problem::new(
        &Path::attribute(name),
        format!("It is missing, and {why}. Set it, or pass a whole `pod_identity_binding`."),
    )
}

pub(super) fn name_at<T>(name: &str, value: &Value<String>) -> Result<Option<T>, Problem>
where
    T: std::str::FromStr<Err = IdError>,
{
    value.known().map(|text| text.parse()).transpose().map_err(|error| {
        Problem::new(
            &Path::attribute(name),
            format!("Found `{}`: {error}.", value.known().map_or("", String::as_str)),
        )
    })
}

impl From<Diagnostics> for Problem {
    /// The first error.
    fn from(problems: Diagnostics) -> Self {
        let first = problems
            .into_iter()
            .find(|problem| problem.severity == tfmodel::Severity::Error);
        match first {
            Some(problem) => Self {
                path: problem.path.unwrap_or_default(),
                message: format!("{}. {}", problem.summary, problem.detail),
            },
            None => Self::new(&Path::root(), "The value cannot be used."),
        }
    }
}
