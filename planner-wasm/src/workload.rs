use pod_identity_core::advice::{self, Ask, Question, advise};
use pod_identity_core::argument::Problem;
use pod_identity_core::binding::Fact;
use pod_identity_core::precedence::{Association, Resolution, Sdk, Situation, UsedSdk, resolve};
use pod_identity_core::workload::{Compute, Objects, Workload, read};
use serde::Serialize;
use tfmodel::{Path, Type, Value};
use tsify::Tsify;

use crate::answer::Failure;
use crate::argument::{Argument, Object, problem, refused};

/// Which credentials the workloads of a text use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Credentials {
    /// Pods and what makes pods, in the order of the text.
    pub workloads: Vec<WorkloadCredentials>,
    /// Kinds of objects that say nothing about credentials and were passed over.
    pub passed_over: Vec<String>,
}

/// Which credentials a workload uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct WorkloadCredentials {
    /// Its kind as Kubernetes writes it.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its namespace; a manifest may name none.
    pub namespace: Option<String>,
    /// Its service account.
    pub service_account: String,
    /// The answer for each container, and why.
    #[tsify(type = "Resolution")]
    pub resolution: Resolution,
    /// The same as text.
    pub text: String,
    /// What this tells about the workload: answers that `whichMechanism` takes.
    #[tsify(type = "Partial<Record<Ask, boolean>>")]
    pub answers: Question,
}

/// Which mechanism a workload should use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Mechanism {
    /// The recommendation in words.
    pub words: &'static str,
    /// The recommendation, and why.
    #[tsify(type = "Advice")]
    pub advice: advice::Advice,
    /// Everything that can be answered, the more decisive first.
    pub questions: Vec<MechanismQuestion>,
}

/// Something to know about a workload, with yes or no for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct MechanismQuestion {
    /// Its key among the answers.
    #[tsify(type = "Ask")]
    pub ask: Ask,
    /// The question.
    pub text: &'static str,
    /// What was answered.
    pub answer: Option<bool>,
    /// What is taken for granted where nothing is answered.
    pub assumed: Option<bool>,
}

/// Which credentials of AWS the containers of pods use.
///
/// `objects` is what `kubectl get … -o json` prints. `known` is JSON, or empty: `associations`, a list of `namespace`, `service_account`,
/// `role_arn` and `target_role_arn` of all associations of the cluster; `all_service_accounts`, whether those among the objects are all there
/// are; `compute`, `agent`, `metadata_reachable` and `node_proxy` of the nodes; `sdk` and `sdk_version`. What is left out is not known.
///
/// # Errors
/// The objects are not what kubectl prints, or something that is known is not what it has to be.
pub fn which_credentials(objects: &str, known: &str) -> Result<Credentials, Failure> {
    let objects = read(objects).map_err(|error| {
        let place = error.faults().first();
        let faults: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
        Failure {
            line: place.map(|fault| fault.line),
            column: place.map(|fault| fault.column),
            ..refused(
                "objects",
                format!("It is not what `kubectl` prints: {}.", faults.join("; ")),
            )
        }
    })?;
    let argument = Argument::read("known", known)?;
    let known = argument.attributes([
        (
            "associations",
            Type::list(Type::object(
                ["namespace", "service_account", "role_arn", "target_role_arn"].map(|name| (name, Type::String)),
            )),
        ),
        ("all_service_accounts", Type::Bool),
        ("compute", Type::String),
        ("agent", Type::Bool),
        ("metadata_reachable", Type::Bool),
        ("node_proxy", Type::Bool),
        ("sdk", Type::String),
        ("sdk_version", Type::String),
    ])?;
    let known = Known::read(&known).map_err(|problem| argument.refused(&problem))?;
    let workloads = objects.workloads.iter().map(|workload| {
        let situation = known.situation(&objects, workload);
        let resolution = resolve(&situation);
        WorkloadCredentials {
            kind: workload.kind.clone(),
            name: workload.name.clone(),
            namespace: workload.namespace.as_ref().map(ToString::to_string),
            service_account: workload.pod.service_account.to_string(),
            text: resolution.text(),
            answers: Question::about(&situation, &resolution),
            resolution,
        }
    });
    Ok(Credentials {
        workloads: workloads.collect(),
        passed_over: objects.passed_over.into_iter().collect(),
    })
}

/// Which mechanism a workload should use. `answers` is JSON: yes or no by the key of the question, or empty.
///
/// # Errors
/// There is no such question, or an answer is neither yes nor no.
pub fn which_mechanism(answers: &str) -> Result<Mechanism, Failure> {
    let answers = Argument::read("answers", answers)?.attributes(Ask::ALL.map(|ask| (name(&ask), Type::Bool)))?;
    let question = Ask::ALL
        .into_iter()
        .fold(Question::default(), |question, ask| match answers.flag(&name(&ask)) {
            Some(answer) => question.with(ask, answer),
            None => question,
        });
    let advice = advise(&question);
    let questions = Ask::ALL.into_iter().map(|ask| MechanismQuestion {
        ask,
        text: ask.text(),
        answer: question.answer(ask),
        assumed: ask.assumed(),
    });
    Ok(Mechanism {
        words: advice.recommendation.name(),
        questions: questions.collect(),
        advice,
    })
}

/// What is known besides the objects.
struct Known {
    /// All of them, if they are known.
    associations: Option<Vec<Listed>>,
    all_service_accounts: bool,
    compute: Option<Compute>,
    agent: Option<bool>,
    metadata_reachable: Option<bool>,
    node_proxy: Option<bool>,
    sdk: Option<UsedSdk>,
}

/// An association; a name is nothing if it is unknown.
struct Listed {
    namespace: Option<String>,
    service_account: Option<String>,
    association: Association,
}

impl Known {
    fn read(known: &Value) -> Result<Self, Problem> {
        let root = Path::root();
        let associations = known.elements("associations").map(|all| {
            let read = |(index, one)| Listed::read(one, &root.with_attribute("associations").with_index(index));
            all.iter().enumerate().map(read).collect::<Result<_, _>>()
        });
        const COMPUTE: [Compute; 5] = [
            Compute::Ec2,
            Compute::AutoMode,
            Compute::Fargate,
            Compute::Hybrid,
            Compute::Windows,
        ];
        let version = known.text("sdk_version").map(str::to_owned);
        Ok(Self {
            associations: associations.transpose()?,
            all_service_accounts: known.flag("all_service_accounts") == Some(true),
            compute: named(known, "compute", &COMPUTE)?,
            agent: known.flag("agent"),
            metadata_reachable: known.flag("metadata_reachable"),
            node_proxy: known.flag("node_proxy"),
            sdk: named(known, "sdk", &Sdk::ALL)?.map(|sdk| UsedSdk { sdk, version }),
        })
    }

    fn situation(&self, objects: &Objects, workload: &Workload) -> Situation {
        let among = Situation::among(objects, workload);
        let is_absent =
            self.all_service_accounts && workload.namespace.is_some() && among.service_account == Fact::Unknown;
        Situation {
            association: self.association(workload),
            service_account: if is_absent { Fact::Absent } else { among.service_account },
            // What the pod or its node says itself is nearer than what is said of all.
            compute: among.compute.or(self.compute),
            agent: self.agent,
            metadata_reachable: self.metadata_reachable,
            node_proxy: self.node_proxy,
            sdk: self.sdk.clone(),
            workload: among.workload,
        }
    }

    fn association(&self, workload: &Workload) -> Fact<Association> {
        let Some(all) = &self.associations else {
            return Fact::Unknown;
        };
        let namespace = workload.namespace.as_ref().map(ToString::to_string);
        let account = workload.pod.service_account.to_string();
        // Whether it is for this workload; nothing if that is not known.
        let is_for = |one: &Listed| {
            let same = |a: Option<&String>, b: Option<&String>| Some(a? == b?);
            match (
                same(one.namespace.as_ref(), namespace.as_ref()),
                same(one.service_account.as_ref(), Some(&account)),
            ) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                (None, _) | (_, None) => None,
            }
        };
        match all.iter().find(|one| is_for(one) == Some(true)) {
            Some(found) => Fact::Known(found.association.clone()),
            None if all.iter().all(|one| is_for(one) == Some(false)) => Fact::Absent,
            None => Fact::Unknown,
        }
    }
}

impl Listed {
    fn read(association: &Value, at: &Path) -> Result<Self, Problem> {
        for name in ["namespace", "service_account"] {
            if association.get(name).is_none_or(Value::is_null) && !association.is_unknown() {
                return Err(problem(&at.with_attribute(name), "It is missing."));
            }
        }
        let role = |name: &str| {
            let role = association.text(name).map(str::parse).transpose();
            role.map_err(|error| problem(&at.with_attribute(name), &format!("It is no role: {error}.")))
        };
        Ok(Self {
            namespace: association.text("namespace").map(str::to_owned),
            service_account: association.text("service_account").map(str::to_owned),
            association: Association {
                role: role("role_arn")?,
                target_role: role("target_role_arn")?,
            },
        })
    }
}

/// One of several, by the name that it has in answers.
fn named<T: Copy + Serialize>(known: &Value, attribute: &str, all: &[T]) -> Result<Option<T>, Problem> {
    let Some(text) = known.text(attribute) else {
        return Ok(None);
    };
    let found = all.iter().find(|one| name(*one) == text);
    found.copied().map(Some).ok_or_else(|| {
        let names: Vec<String> = all.iter().map(|one| format!("`{}`", name(one))).collect();
        let message = format!("Found `{text}`; it has to be one of {}.", names.join(", "));
        problem(&Path::attribute(attribute), &message)
    })
}

/// As answers spell it.
fn name(of: &impl Serialize) -> String {
    let quoted = serde_json::to_string(of).unwrap_or_default();
    quoted.trim_matches('"').to_owned()
}
