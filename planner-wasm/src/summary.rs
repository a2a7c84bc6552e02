use serde::Serialize;
use tfmodel::planfile::Plan;
use tsify::Tsify;

use crate::rows::{Class, Index};

/// What a plan does as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Summary {
    /// In a sentence, for the reader who wants nothing else.
    pub verdict: String,
    /// Whether the picture is complete.
    pub completeness: Completeness,
    /// What the completeness means, unless all is well.
    pub caution: Option<String>,
    /// How many changes of each class.
    pub counts: Vec<ClassCount>,
    /// Version of the format.
    pub format_version: String,
    /// Version of the Terraform or OpenTofu that made the plan.
    pub terraform_version: Option<String>,
    /// When it was made.
    pub timestamp: Option<String>,
    /// Remarks about the file.
    pub notes: Vec<String>,
}

/// How many changes there are of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct ClassCount {
    /// The class.
    pub class: Class,
    /// How many.
    pub count: usize,
}

/// Whether a plan shows everything that is going to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
#[serde(rename_all = "snake_case")]
pub enum Completeness {
    /// It does.
    Complete,
    /// More is going to change in a later plan.
    Incomplete,
    /// Planning failed.
    Errored,
}

pub(crate) fn of(plan: &Plan, index: &Index) -> Summary {
    let counts = index.counts();
    let (completeness, caution) = if plan.errored {
        let caution = "Planning failed. What is shown was found before the error, and this plan cannot be applied.";
        (Completeness::Errored, Some(caution))
    } else if plan.complete == Some(false) || !plan.deferred.is_empty() {
        let caution = "Not everything could be planned: after this plan is applied, another one is needed.";
        (Completeness::Incomplete, Some(caution))
    } else {
        (Completeness::Complete, None)
    };
    Summary {
        verdict: verdict(&counts),
        completeness,
        caution: caution.map(str::to_owned),
        counts: counts
            .into_iter()
            .map(|(class, count)| ClassCount { class, count })
            .collect(),
        format_version: format!("{}.{}", plan.format_version.major, plan.format_version.minor),
        terraform_version: plan.terraform_version.clone(),
        timestamp: plan.timestamp.clone(),
        notes: plan.notes.clone(),
    }
}

fn verdict(counts: &[(Class, usize)]) -> String {
    let parts: Vec<_> = counts
        .iter()
        .filter_map(|(class, count)| {
            let words = match class {
                Class::Create => "to create",
                Class::Update => "to change",
                Class::Replace => "to replace",
                Class::Delete => "to destroy",
                Class::Forget => "to forget",
                Class::Import => "to import",
                Class::Move => "to move",
                Class::Deferred => "deferred",
                Class::Other => "of an unknown kind",
                Class::Output if *count == 1 => "output",
                Class::Output => "outputs",
                Class::Read | Class::Drift | Class::NoOp => return None,
            };
            Some(format!("{count} {words}"))
        })
        .collect();
    if parts.is_empty() {
        return "Nothing changes".to_owned();
    }
    parts.join(", ")
}
