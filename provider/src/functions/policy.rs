//! Functions of trust policies.

use pod_identity_core::argument::Problem;
use pod_identity_core::evaluate::Verdict;
use pod_identity_core::findings::Finding;
use pod_identity_core::functions::{self, policy_text};
use tfmodel::value::Dynamic;
use tfmodel::{Field, Model, Path, Value};
use tfplugin::{Function, FunctionError, Signature};

use super::of_argument;

const POLICY: &str = "A trust policy as JSON, or something that has one: a whole `pod_identity_binding`, `aws_iam_role` or `aws_iam_policy_document`.";

/// One document out of several.
pub(crate) struct MergeTrustPolicies;

impl Function for MergeTrustPolicies {
    const NAME: &'static str = "merge_trust_policies";
    type Arguments = (Value<Dynamic>,);
    type Output = Value<String>;

    fn signature(&self) -> Signature {
        Signature::new("One trust policy out of several")
            .description(
                "Returns one trust policy, as JSON, that lets in whom any of the given ones lets in. Statements that say the same stand once, and \
                 statements are folded only where that lets in nobody else.",
            )
            .parameter("policies", "A list of trust policies, each as JSON or as something that has one; they need not be of one type.")
    }

    fn call(&self, (policies,): Self::Arguments) -> Result<Self::Output, FunctionError> {
        functions::merge_trust_policies(&policies.to_value()).map_err(|problem| of_argument(0, &problem))
    }
}

/// Whether a trust policy lets somebody in.
pub(crate) struct CanAssume;

/// The answer of `can_assume`.
#[derive(Clone, Debug, PartialEq, Model)]
pub(crate) struct Answer {
    /// `allow`, `deny`, `unknown` or `invalid`.
    #[tf(computed)]
    verdict: Value<String>,
    /// Why, in sentences, the deciding ones first.
    #[tf(computed)]
    because: Value<Vec<Value<String>>>,
}

impl Function for CanAssume {
    const NAME: &'static str = "can_assume";
    type Arguments = (Value<Dynamic>, Value<Dynamic>);
    type Output = Value<Answer>;

    fn signature(&self) -> Signature {
        Signature::new("Whether a trust policy lets somebody assume its role")
            .description(
                "Returns `verdict` and `because`. The verdict is `allow` (this document lets the request in: policies of the organization, endpoints \
                 and the caller are not looked at), `deny`, `unknown` (it depends on what nobody can know beforehand) or `invalid` (IAM does not \
                 take the document).",
            )
            .parameter("policy", POLICY)
            .parameter(
                "request",
                "A pod (the arguments of `pod_identity_binding` with `account_id` and `region`, or a whole one), or a request: `principal` with `type` \
                 and `value`, `actions`, `context` (a map of lists) and `unknown` (condition keys that nobody can know).",
            )
    }

    fn call(&self, (policy, request): Self::Arguments) -> Result<Self::Output, FunctionError> {
        let text = policy_text(&policy.to_value(), &Path::root()).map_err(|problem| of_argument(0, &problem))?;
        let (Value::Known(text), request) = (text, request.to_value()) else {
            return Ok(Value::unknown());
        };
        if request.is_unknown() {
            return Ok(Value::unknown());
        }
        let admission = functions::can_assume(&text, &request).map_err(|problem: Problem| of_argument(1, &problem))?;
        // What is decided stays so whatever comes; all else may be told otherwise once more is known, and hosts hold a known value to what it was.
        let is_final = request.is_wholly_known();
        let verdict = match admission.verdict {
            Verdict::Unknown if !is_final => Value::unknown(),
            verdict => Value::from(verdict.as_str()),
        };
        let because = if is_final {
            Value::Known(admission.because.into_iter().map(Value::Known).collect())
        } else {
            Value::unknown()
        };
        Ok(Value::Known(Answer { verdict, because }))
    }
}

/// What is wrong with a trust policy.
pub(crate) struct TrustPolicyFindings;

/// An element of what `trust_policy_findings` returns.
#[derive(Clone, Debug, PartialEq, Model)]
pub(crate) struct Found {
    /// The code of the rule.
    #[tf(computed)]
    code: Value<String>,
    /// `security`, `error`, `warning` or `suggestion`.
    #[tf(computed)]
    severity: Value<String>,
    /// What is wrong, in one line.
    #[tf(computed)]
    summary: Value<String>,
    /// What was found, what it means and what to do.
    #[tf(computed)]
    detail: Value<String>,
    /// The statement, counted from 0; null if it is in none.
    #[tf(computed)]
    statement: Value<i64>,
}

impl From<&Finding> for Found {
    fn from(finding: &Finding) -> Self {
        Self {
            code: Value::from(finding.rule.code),
            severity: Value::from(finding.rule.severity.as_str()),
            summary: Value::from(finding.rule.title),
            detail: Value::Known(finding.detail.clone()),
            statement: finding
                .place
                .statement
                .and_then(|index| i64::try_from(index).ok())
                .into(),
        }
    }
}

impl Function for TrustPolicyFindings {
    const NAME: &'static str = "trust_policy_findings";
    type Arguments = (Value<Dynamic>, Value<Dynamic>);
    type Output = Value<Vec<Value<Found>>>;

    fn signature(&self) -> Signature {
        Signature::new("What is wrong with a trust policy")
            .description(
                "Returns a list of `code`, `severity`, `summary`, `detail` and `statement`. What the context does not say is not known, and rules that \
                 would need it are silent. While a part of the context is unknown, so is the list: more may be found once it is known.",
            )
            .parameter("policy", POLICY)
            .parameter(
                "context",
                "What is around the policy: an object with `role_arn`, `clusters`, `pods`, `session_tags`, `session_policy`, `target_role_arn` and more, \
                 or `{}`. A bare `null` has no type, and hosts take the result for unknown.",
            )
    }

    fn call(&self, (policy, context): Self::Arguments) -> Result<Self::Output, FunctionError> {
        let context = context.to_value();
        let found = functions::trust_policy_findings(&policy.to_value(), &context)
            .map_err(|problems| of_argument(problems.argument, &problems.problem))?
            .filter(|_| context.is_wholly_known());
        Ok(found.map_or_else(Value::unknown, |found| {
            Value::Known(found.iter().map(|finding| Value::Known(Found::from(finding))).collect())
        }))
    }
}
