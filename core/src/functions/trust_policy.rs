use tfmodel::{Model, Path, Value};

use super::conform::{Problem, conform};
use crate::binding::{
    Binding, Caller, ClusterFacts, Fact, Facts, PolicyJson, Role, Settings, check_configuration, trust_policy_of,
};
use crate::ids::{ClusterArn, IdError, Partition, Region};

/// What a role must trust for a binding, as JSON.
///
/// The argument has the resource's arguments and `account_id`, `region` and, where IRSA is in use, `oidc_issuer` or `oidc_provider_arn`; `cluster_arn`
/// stands for account, region and cluster name. A whole resource can be passed.
///
/// # Errors
/// The argument lacks something, or something in it is not what it has to be.
pub fn trust_policy(argument: &Value) -> Result<Value<String>, Problem> {
    let root = Path::root();
    let binding = match conform(argument, &Binding::schema().ty(), &root)? {
        Value::Unknown(_) => return Ok(Value::unknown()),
        Value::Null => {
            return Err(Problem::new(
                &root,
                "A binding is needed: an object such as the arguments of `pod_identity_binding`.",
            ));
        }
        known @ Value::Known(_) => Binding::from_value(&known, &root)?,
    };
    let binding = with_cluster_arn(binding)?;
    let uses_irsa = binding.mode.known().is_some_and(|mode| mode.uses_irsa());
    for (name, value) in [
        ("account_id", &binding.account_id),
        ("region", &binding.region),
        ("cluster_name", &binding.cluster_name),
        ("namespace", &binding.namespace),
        ("service_account", &binding.service_account),
    ] {
        if value.is_null() {
            return Err(missing(name, "a trust policy needs it"));
        }
    }
    if uses_irsa && binding.oidc_issuer.is_null() && binding.oidc_provider_arn.is_null() {
        return Err(missing("oidc_issuer", "IRSA needs it"));
    }
    let account = name_at("account_id", &binding.account_id)?;
    let region: Option<Region> = name_at("region", &binding.region)?;
    let problems = check_configuration(&binding);
    if problems.has_errors() {
        return Err(problems.into());
    }
    let partition = region.as_ref().map(Partition::of_region);
    let facts = Facts {
        caller: match (account, partition) {
            (Some(account), Some(partition)) => Fact::Known(Caller { account, partition }),
            _ => Fact::Unknown,
        },
        cluster: Fact::Known(ClusterFacts::default()),
        role: Fact::Unknown,
    };
    let settings = Settings {
        region,
        ..Settings::default()
    };
    let policy = trust_policy_of(&binding, &facts, &settings)?;
    Ok(policy.map(|PolicyJson(text)| text))
}

/// Fills in what the cluster's ARN says, and the role where none is given: the policy does not depend on its name.
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

fn missing(name: &str, why: &str) -> Problem {
    Problem::new(
        &Path::attribute(name),
        format!("It is missing, and {why}. Set it, or pass a whole `pod_identity_binding`."),
    )
}

fn name_at<T>(name: &str, value: &Value<String>) -> Result<Option<T>, Problem>
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
