//! Functions of a binding.

use std::collections::BTreeMap;

use pod_identity_core::functions;
use tfmodel::value::Dynamic;
use tfmodel::{Field, Value};
use tfplugin::{Function, FunctionError, Signature};

use super::of_argument;

/// Declares a function of one argument, `binding`.
macro_rules! function_of_binding {
    ($type:ident, $function:ident, $output:ty, $summary:literal, $description:literal, $argument:literal) => {
        pub(crate) struct $type;

        impl Function for $type {
            const NAME: &'static str = stringify!($function);
            type Arguments = (Value<Dynamic>,);
            type Output = $output;

            fn signature(&self) -> Signature {
                Signature::new($summary).description($description).parameter(
                    "binding",
                    concat!(
                        "An object with the arguments of `pod_identity_binding`, ",
                        $argument
                    ),
                )
            }

            fn call(&self, (binding,): Self::Arguments) -> Result<Self::Output, FunctionError> {
                functions::$function(&binding.to_value()).map_err(|problem| of_argument(0, &problem))
            }
        }
    };
}

function_of_binding!(
    TrustPolicy,
    trust_policy,
    Value<String>,
    "What a role must trust for a binding",
    "Returns the trust policy, as JSON, that lets the pods of a binding assume its role, for roles that are managed elsewhere. With \
     `disable_session_tags` or a `session_policy` it asks for no session tags. Needs neither credentials nor a cluster.",
    "with `account_id`, `region` and, for IRSA, `oidc_issuer`; or a whole `pod_identity_binding`."
);

function_of_binding!(
    TargetTrustPolicy,
    target_trust_policy,
    Value<String>,
    "What a role in another account must trust for a binding",
    "Returns the trust policy, as JSON, that lets a binding's own role assume a target role in another account, as EKS does for it. It can be saved \
     before the binding's role exists. Needs neither credentials nor a cluster, and knows no provider configuration: where `role_defaults` has a \
     `name_prefix` or a `path`, pass the whole resource, or both in `role`.",
    "with `account_id`, `region` and, if there are any, `session_policy` and `disable_session_tags`; `session_tags` (`on`, `off`, or `both` while \
     that changes) says it outright. Or a whole `pod_identity_binding`."
);

function_of_binding!(
    TargetPermissionsPolicy,
    target_permissions_policy,
    Value<String>,
    "What the role of a binding must be allowed to reach its target role",
    "Returns the permissions policy, as JSON, that the binding's own role needs so that EKS reaches the role in the other account.",
    "with `target_role_arn`; or a whole `pod_identity_binding`."
);

function_of_binding!(
    ExternalId,
    external_id,
    Value<String>,
    "The external id that EKS sends to a target role",
    "Returns the external id that EKS sends to the target role of a binding without session tags. It is known as soon as account, region, cluster, \
     namespace and service account are.",
    "with `account_id` and `region`; or a whole `pod_identity_binding`."
);

function_of_binding!(
    RoleName,
    role_name,
    Value<String>,
    "The name of the role of a binding",
    "Returns the name of the binding's role: the one it is given, or the one it gets by default. Functions run without the provider's configuration, so \
     where `role_defaults` has a `name_prefix` the default is another one: pass the whole resource, or the name in `role`.",
    "with `account_id` and `region`; or a whole `pod_identity_binding`."
);

function_of_binding!(
    ServiceAccountAnnotations,
    service_account_annotations,
    Value<BTreeMap<String, Value<String>>>,
    "The annotations that the service account of a binding needs",
    "Returns the annotations that the Kubernetes service account of a binding needs: the role for IRSA, and none in mode `pod_identity`. Functions run \
     without the provider's configuration: where `role_defaults` has a `name_prefix` or a `path`, pass the whole resource, or both in `role`.",
    "with `account_id` and `region`; or a whole `pod_identity_binding`."
);
