//! The function `trust_policy`.

use pod_identity_core::functions;
use tfmodel::value::Dynamic;
use tfmodel::{Field, Value};
use tfplugin::{Function, FunctionError, Signature};

pub(crate) struct TrustPolicy;

impl Function for TrustPolicy {
    const NAME: &'static str = "trust_policy";
    type Arguments = (Value<Dynamic>,);
    type Output = Value<String>;

    fn signature(&self) -> Signature {
        Signature::new("What a role must trust for a binding")
            .description(
                "Returns the trust policy, as JSON, that lets the pods of a binding assume its role, for roles that are managed elsewhere. \
                 Needs neither credentials nor a cluster.",
            )
            .parameter(
                "binding",
                "An object with the arguments of `pod_identity_binding` and `account_id`, `region` and, for IRSA, `oidc_issuer`; or a whole \
                 `pod_identity_binding`.",
            )
    }

    fn call(&self, (binding,): Self::Arguments) -> Result<Value<String>, FunctionError> {
        functions::trust_policy(&binding.to_value()).map_err(|problem| {
            // The host ends the sentence.
            let message = problem.message.trim_end_matches('.');
            if problem.path.is_root() {
                FunctionError::argument(0, message)
            } else {
                FunctionError::argument(0, format!("`{}`: {message}", problem.path))
            }
        })
    }
}
