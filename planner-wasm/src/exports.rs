use serde::Serialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::answer::{Answer, Failure};
use crate::session::Session;
use crate::{access, binding, findings, workload};

/// Types of answers that are the engine's own data.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("engine.d.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON)]
    fn parse(text: &str) -> JsValue;
}

/// An answer as data of JavaScript's own. It goes there as JSON, which weighs less than to make JavaScript's values one by one; what is absent
/// is null.
fn answered<T: Serialize>(result: Result<T, Failure>) -> JsValue {
    // INVARIANT: keys of maps are strings, and nothing else stops answers from being JSON. An empty text would throw.
    parse(&serde_json::to_string(&Answer::from(result)).unwrap_or_default())
}

/// Version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Whether a trust policy lets somebody assume its role. `request` is JSON: a pod, or what a request carries, with the keys of the provider's
/// function `can_assume`.
#[wasm_bindgen(js_name = canAssume, unchecked_return_type = "Answer<Access>")]
pub fn can_assume(policy: &str, request: &str) -> JsValue {
    answered(access::can_assume(policy, request))
}

/// Who can become some roles: whom their trust policies name, and what they answer to some pods. `subject` is JSON: `roles` (each with `role`,
/// an ARN or another name, and `policy`) and `pods`, each as `canAssume` takes it.
#[wasm_bindgen(js_name = accessReport, unchecked_return_type = "Answer<AccessReport>")]
pub fn access_report(subject: &str) -> JsValue {
    answered(access::access_report(subject))
}

/// What a role must trust for a binding, as JSON. `binding` is JSON with the keys of the provider's function `trust_policy`;
/// `{"$unknown": true}` stands for what is not known yet. Where the answer depends on that, it is null.
#[wasm_bindgen(js_name = trustPolicy, unchecked_return_type = "Answer<string | null>")]
pub fn trust_policy(binding: &str) -> JsValue {
    answered(binding::trust_policy(binding))
}

/// What a role in another account must trust for a binding, as JSON; see `trustPolicy`.
#[wasm_bindgen(js_name = targetTrustPolicy, unchecked_return_type = "Answer<string | null>")]
pub fn target_trust_policy(binding: &str) -> JsValue {
    answered(binding::target_trust_policy(binding))
}

/// What the role of a binding must be allowed so that EKS reaches its target role, as JSON; see `trustPolicy`.
#[wasm_bindgen(js_name = targetPermissionsPolicy, unchecked_return_type = "Answer<string | null>")]
pub fn target_permissions_policy(binding: &str) -> JsValue {
    answered(binding::target_permissions_policy(binding))
}

/// The external id that EKS sends to the target role of a binding without session tags; see `trustPolicy`.
#[wasm_bindgen(js_name = externalId, unchecked_return_type = "Answer<string | null>")]
pub fn external_id(binding: &str) -> JsValue {
    answered(binding::external_id(binding))
}

/// The name of the role of a binding; see `trustPolicy`.
#[wasm_bindgen(js_name = roleName, unchecked_return_type = "Answer<string | null>")]
pub fn role_name(binding: &str) -> JsValue {
    answered(binding::role_name(binding))
}

/// The annotations that the service account of a binding needs; see `trustPolicy`.
#[wasm_bindgen(
    js_name = serviceAccountAnnotations,
    unchecked_return_type = "Answer<Record<string, string | null> | null>"
)]
pub fn service_account_annotations(binding: &str) -> JsValue {
    answered(binding::service_account_annotations(binding))
}

/// One trust policy that lets in whom any of several lets in, as JSON. `policies` is a JSON list; see `trustPolicy`.
#[wasm_bindgen(js_name = mergeTrustPolicies, unchecked_return_type = "Answer<string | null>")]
pub fn merge_trust_policies(policies: &str) -> JsValue {
    answered(binding::merge_trust_policies(policies))
}

/// What is wrong with a trust policy. `context` is JSON with the keys of the provider's function `trust_policy_findings`, or empty.
#[wasm_bindgen(js_name = trustPolicyFindings, unchecked_return_type = "Answer<Findings>")]
pub fn trust_policy_findings(policy: &str, context: &str) -> JsValue {
    answered(findings::trust_policy_findings(policy, context))
}

/// What is wrong with some trust policies, as a report: `text`, `markdown` or `sarif`. `subject` is JSON: `policies` (each with `name`, `file`,
/// `policy` and `context`, which are what `trustPolicyFindings` takes, and `waivers`, each with `code`, `reason`, `expires` and `fingerprint`)
/// and `today`, without which no waiver expires.
#[wasm_bindgen(unchecked_return_type = "Answer<string>")]
pub fn report(#[wasm_bindgen(unchecked_param_type = "ReportFormat")] format: &str, subject: &str) -> JsValue {
    answered(crate::report::report(format, subject))
}

/// Which credentials of AWS the containers of pods use. `objects` is what `kubectl get … -o json` prints. `known` is JSON, or empty:
/// `associations` (each with `namespace`, `service_account`, `role_arn` and `target_role_arn`), `all_service_accounts`, `compute`, `agent`,
/// `metadata_reachable`, `node_proxy`, `sdk` and `sdk_version`.
#[wasm_bindgen(js_name = whichCredentials, unchecked_return_type = "Answer<Credentials>")]
pub fn which_credentials(objects: &str, known: &str) -> JsValue {
    answered(workload::which_credentials(objects, known))
}

/// Which mechanism a workload should use. `answers` is JSON: yes or no by the key of the question, or empty.
#[wasm_bindgen(js_name = whichMechanism, unchecked_return_type = "Answer<Mechanism>")]
pub fn which_mechanism(answers: &str) -> JsValue {
    answered(workload::which_mechanism(answers))
}

/// A plan in the memory of the module. Free it when another one takes its place.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PlanSession(Session);

#[wasm_bindgen]
impl PlanSession {
    /// Takes a file; nothing is read yet.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Self {
        Self(Session::open(bytes))
    }

    /// Works on for about `budget` bytes of the file.
    #[wasm_bindgen(unchecked_return_type = "Answer<Progress>")]
    pub fn step(&mut self, budget: u32) -> JsValue {
        answered(self.0.step(budget as usize))
    }

    /// What the plan does as a whole.
    #[wasm_bindgen(unchecked_return_type = "Answer<Summary>")]
    pub fn summary(&self) -> JsValue {
        answered(self.0.summary())
    }

    /// Chooses the changes to show: those of the named classes in whose address, type or attribute names `text` occurs.
    #[wasm_bindgen(unchecked_return_type = "Answer<Group[]>")]
    pub fn filter(&mut self, text: &str, classes: Vec<String>) -> JsValue {
        answered(self.0.filter(text, &classes))
    }

    /// Some of the chosen changes of one group.
    #[wasm_bindgen(unchecked_return_type = "Answer<Row[]>")]
    pub fn rows(&self, group: u32, start: u32, count: u32) -> JsValue {
        answered(self.0.rows(group as usize, start as usize, count as usize))
    }

    /// One change in full.
    #[wasm_bindgen(unchecked_return_type = "Answer<Detail>")]
    pub fn detail(&self, row: u32) -> JsValue {
        answered(self.0.detail(row as usize))
    }

    /// Every trust policy in the plan.
    #[wasm_bindgen(unchecked_return_type = "Answer<TrustRow[]>")]
    pub fn trust(&self) -> JsValue {
        answered(self.0.trust())
    }

    /// One trust policy in full.
    #[wasm_bindgen(js_name = trustPolicy, unchecked_return_type = "Answer<TrustPolicy>")]
    pub fn trust_policy(&self, id: u32) -> JsValue {
        answered(self.0.trust_policy(id as usize))
    }
}
