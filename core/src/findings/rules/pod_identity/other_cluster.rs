use tfmodel::path::{Path, Step};

use super::examples::{SCOPED, TAGS_PAGE};
use super::view::PodStatement;
use crate::evaluate::is_like;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::rules::clause::{CLUSTER_ARN, CLUSTER_NAME};
use crate::findings::subject::{Cluster, Subject};
use crate::policy::{Effect, TestKind};

pub(super) const RULE: Rule = Rule {
    code: "PIB222",
    slug: "other-cluster",
    title: "Pod Identity trust is for another cluster",
    severity: Severity::Error,
    fix: "Write the ARN of the cluster.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "Every statement that lets EKS Pod Identity in asks for a cluster, and none for the one whose pods are meant.",
    why: "The pods are refused. An ARN differs in region, account or name.",
    bad: Example {
        policy: SCOPED,
        context: r#"{"clusters": [{"arn": "arn:aws:eks:eu-central-1:111122223333:cluster/main"}]}"#,
    },
    good: Example {
        policy: SCOPED,
        context: r#"{"clusters": [{"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"}]}"#,
    },
    sources: &[TAGS_PAGE],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    if subject.is_irsa_only() || subject.may_mean_pods(Effect::Allow, "sts:AssumeRole") {
        return;
    }
    let statements: Vec<PodStatement<'_>> = subject.admissions().collect();
    // One in another account cannot have the role, whatever the trust policy says.
    for cluster in subject.own_clusters() {
        let refused: Option<Vec<_>> = statements.iter().map(|one| refusing(one, cluster)).collect();
        let Some(place) = refused.and_then(|places| places.into_iter().next()) else {
            continue;
        };
        let found = report.at(
            &place,
            format!(
                "No statement lets pods of cluster `{}` in: each asks for another cluster. Write `{}` for `aws:RequestTag/{CLUSTER_ARN}`.",
                cluster.arn.name, cluster.arn
            ),
        );
        let is_arn = matches!(place.steps().last(), Some(Step::Key(key)) if key.ends_with(CLUSTER_ARN));
        if is_arn {
            let edits = subject.edits().push(&place, &cluster.arn.to_string());
            found.fixed_by(format!("Let cluster `{}` in too", cluster.arn.name), edits.done());
        }
    }
}

/// The condition of a statement that keeps out every pod of a cluster.
fn refusing(statement: &PodStatement<'_>, cluster: &Cluster) -> Option<Path> {
    let (arn, name) = (cluster.arn.to_string(), cluster.arn.name.as_str());
    statement
        .clauses()
        .find(|clause| {
            let sent = match clause.tag() {
                Some(CLUSTER_ARN) => arn.as_str(),
                Some(CLUSTER_NAME) => name,
                _ => return false,
            };
            // Patterns are taken for patterns under any operator, to be on the safe side.
            let may_match = |value: &String| {
                value.contains("${") || is_like(&sent.to_ascii_lowercase(), &value.to_ascii_lowercase())
            };
            clause.asks()
                && matches!(clause.operator.test.kind(), TestKind::String | TestKind::Arn)
                && !clause.values.iter().any(may_match)
        })
        .map(|clause| clause.path)
}
