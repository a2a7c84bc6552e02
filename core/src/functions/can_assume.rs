mod request;

use serde::Serialize;
use tfmodel::{Path, Value};

use self::request::{Attributes, request_type};
use crate::argument::{Problem, conform};
use crate::evaluate::pod::{Hop, Pod, may_assume, may_assume_target};
use crate::evaluate::{Evaluation, Verdict, evaluate};
use crate::policy::{Document, decode};

/// Whether somebody may assume a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Admission {
    /// The answer.
    pub verdict: Verdict,
    /// Why, in sentences, the deciding ones first.
    pub because: Vec<String>,
    /// The answer to each request; a pod whose mode is `dual` makes two.
    pub requests: Vec<Asked>,
}

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Which one it is, if a pod makes it.
    pub hop: Option<Hop>,
    /// The answer.
    #[serde(flatten)]
    pub evaluation: Evaluation,
}

/// Whether a trust policy lets somebody assume its role.
///
/// `request` is a pod (the arguments of `pod_identity_binding` with `account_id` and `region`, and what [`Pod`] knows besides) or a raw request:
/// `principal` with `type` and `value`, `actions`, and `context`. In both, `unknown` names what nobody can know: attributes of the pod or
/// condition keys. What a pod does not say is unknown as well.
///
/// # Errors
/// The request has something that no request has, or something in it is not what it has to be.
pub fn can_assume(policy: &str, request: &Value) -> Result<Admission, Problem> {
    let asked = conform(request, &request_type(), &Path::root())?;
    let asked = Attributes::new(asked)?;
    let document = match Document::parse(&decode(policy)) {
        Ok(document) => document,
        Err(error) => {
            return Ok(Admission {
                verdict: Verdict::Invalid,
                because: vec![format!("This is no policy: {error}.")],
                requests: Vec::new(),
            });
        }
    };
    if asked.is_raw()? {
        let evaluation = evaluate(&document, &asked.raw()?);
        return Ok(Admission::of(vec![(None, evaluation)], true));
    }
    let (role, source) = asked.roles()?;
    let answers = asked.mechanisms(source.is_some())?.into_iter().map(|mechanism| {
        let pod = asked.pod(mechanism)?;
        let (hop, evaluation) = match &source {
            None => (pod.ask(&role).hop, may_assume(&document, &pod, &role)),
            Some(source) => (Hop::Target, may_assume_target(&document, &pod, source, &role)),
        };
        Ok((Some(hop), evaluation))
    });
    let answers = answers.collect::<Result<_, Problem>>()?;
    Ok(Admission::of(answers, !asked.is_unknown("mode")))
}

/// The pods that a request of [`can_assume`] is about: where its mode is `dual`, or nobody knows it, one for each mechanism.
///
/// # Errors
/// It is no pod, or something in it is not what it has to be.
pub fn pods(pod: &Value) -> Result<Vec<Pod>, Problem> {
    let asked = Attributes::new(conform(pod, &request_type(), &Path::root())?)?;
    if asked.is_raw()? {
        return Err(Problem::new(&Path::root(), "A pod is needed, found a request."));
    }
    let mechanisms = asked.mechanisms(false)?.into_iter();
    mechanisms.map(|mechanism| asked.pod(mechanism)).collect()
}

impl Admission {
    /// Of all requests together, or, where nobody knows which of them is made, of each of them alone.
    fn of(answers: Vec<(Option<Hop>, Evaluation)>, are_all_made: bool) -> Self {
        let has = |verdict: Verdict| answers.iter().any(|(_, answer)| answer.verdict == verdict);
        // Where one is kept out for certain, that is the answer.
        let worst = [Verdict::Invalid, Verdict::Deny, Verdict::Unknown]
            .into_iter()
            .find(|one| has(*one));
        let verdict = match worst {
            None => Verdict::Allow,
            Some(verdict) if are_all_made || answers.iter().all(|(_, answer)| answer.verdict == verdict) => verdict,
            Some(_) => Verdict::Unknown,
        };
        let several = answers.len() > 1;
        let mut because = Vec::new();
        for (hop, answer) in answers
            .iter()
            .filter(|(_, answer)| verdict == Verdict::Unknown || answer.verdict == verdict)
        {
            for sentence in &answer.because {
                let sentence = match hop {
                    Some(hop) if several => format!("{}: {sentence}", hop.name()),
                    _ => sentence.clone(),
                };
                if !because.contains(&sentence) {
                    because.push(sentence);
                }
            }
        }
        let requests = answers.into_iter().map(|(hop, evaluation)| Asked { hop, evaluation });
        Self {
            verdict,
            because,
            requests: requests.collect(),
        }
    }
}
