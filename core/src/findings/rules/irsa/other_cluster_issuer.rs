use super::example::GOOD;
use super::issuer;
use crate::findings::finding::Report;
use crate::findings::rule::{Example, Page, Rule, Severity};
use crate::findings::subject::Subject;

pub(super) const RULE: Rule = Rule {
    code: "PIB113",
    slug: "other-cluster-issuer",
    title: "IRSA trust is for another cluster",
    severity: Severity::Error,
    fix: "Use the issuer that the cluster has now.",
    check,
};

pub(super) const PAGE: Page = Page {
    code: RULE.code,
    what: "No statement lets in tokens of the cluster that is meant; those there are name issuers of other clusters or regions. A cluster that is made again has a new issuer. Nothing is said where one statement names the right issuer, as one role may serve several clusters, nor where pods are meant to use EKS Pod Identity.",
    why: "Tokens of the cluster's pods match no statement: STS refuses them.",
    bad: Example {
        policy: GOOD.policy,
        context: r#"{"clusters": [{"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main", "oidc_issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE0000000000000000000000000"}]}"#,
    },
    good: Example {
        policy: GOOD.policy,
        context: r#"{"clusters": [{"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main", "oidc_issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E"}]}"#,
    },
    sources: &["Amazon EKS User Guide, Create an IAM OIDC provider for your cluster"],
};

fn check(subject: &Subject<'_>, report: &mut Report<'_, '_>) {
    let around = subject.around;
    let asks_for_irsa = around
        .pods
        .iter()
        .any(|pod| pod.mode.is_some_and(|mode| mode.uses_irsa()));
    let may_use_pod_identity = subject
        .statements()
        .any(|(index, _)| !subject.irsa_statements().any(|one| one.index == index));
    if around.clusters.is_empty() || (may_use_pod_identity && !asks_for_irsa) {
        return;
    }
    // Whether a statement may be for a cluster; not knowing its issuer, by the region.
    let fits = |found: &str| {
        around.clusters.iter().any(|cluster| match &cluster.issuer {
            Some(issuer) => issuer::same(issuer.as_str(), found),
            None => issuer::region(found).is_none_or(|region| region == cluster.arn.region),
        })
    };
    let mut statements = subject
        .pods_let_in()
        .filter(|statement| issuer::is_eks(statement.issuer))
        .peekable();
    let Some(first) = statements.peek().copied() else {
        return;
    };
    if statements.any(|statement| fits(statement.issuer)) {
        return;
    }
    let names: Vec<String> = around
        .clusters
        .iter()
        .map(|cluster| format!("`{}`", cluster.arn))
        .collect();
    let wanted: Option<Vec<&str>> = around
        .clusters
        .iter()
        .map(|cluster| Some(cluster.issuer.as_ref()?.as_str()))
        .collect();
    let cure = match wanted.as_deref() {
        Some([one]) => format!("The cluster's issuer is `{one}`: name its provider, and use it in the condition keys."),
        _ => "Name the provider of the cluster's issuer, and use the issuer in the condition keys.".to_owned(),
    };
    report.at(
        &first.provider_path(),
        format!(
            "Tokens of `{}` are not those of {}: no statement lets in the pods that are meant. {cure}",
            first.issuer,
            names.join(", ")
        ),
    );
}
