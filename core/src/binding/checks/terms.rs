use std::collections::BTreeSet;

use tfmodel::{Diagnostic, Diagnostics, Path};

use super::super::facts::sends_tags;
use super::super::model::{Binding, Scope, Trust};
use super::super::trust::{list, sets_condition};
use crate::ids::BindingKey;
use crate::mode::Mode;
use crate::policy::{Operator, Statement};

pub(super) fn trust_terms(config: &Binding, mode: Option<Mode>, problems: &mut Diagnostics) {
    let Some(terms) = config.trust.known() else { return };
    let path = Path::attribute("trust");
    if terms.scope.known() == Some(&Scope::Account) && mode.is_some_and(Mode::uses_irsa) {
        problems.push(
            Diagnostic::error(
                "IRSA cannot trust a whole account",
                "`trust.scope` is `account`. An OIDC issuer belongs to one cluster, so with IRSA the trust reaches as far as `cluster` at most: use \
                 that, or mode `pod_identity`.",
            )
            .at(path.with_attribute("scope")),
        );
    }
    if config.role.is_null() && list(&terms.statements).is_some_and(|statements| !statements.is_empty()) {
        problems.push(
            Diagnostic::error(
                "Statements can only be given to a role that the binding owns",
                "`trust.statements` is set, and `role_arn` names a role that somebody else owns. Put the statements where that role is managed, or \
                 describe the role in `role`.",
            )
            .at(path.with_attribute("statements")),
        );
    }
    sids(terms, &path.with_attribute("statements"), problems);
    let conditions = terms.conditions.known().into_iter().flatten();
    let mut seen: Vec<(String, String)> = Vec::new();
    for (index, condition) in conditions.enumerate() {
        let Some(condition) = condition.known() else { continue };
        let (Some(test), Some(variable)) = (condition.test.known(), condition.variable.known()) else {
            continue;
        };
        let key = variable.to_ascii_lowercase();
        // Operators are the same in every case.
        let operator = test
            .parse()
            .map_or_else(|_| test.clone(), |test: Operator| test.to_string());
        let is_own = sets_condition(mode, sends_tags(config), terms, condition, &operator, &key);
        let asked = (operator, key);
        let repeated = seen.contains(&asked);
        seen.push(asked);
        if !is_own && !repeated {
            continue;
        }
        let why = if is_own {
            "The binding sets this condition itself: use `trust.scope` and `trust.source_account` to change it."
        } else {
            "It stands twice, and a statement holds each only once: write all `values` in one."
        };
        problems.push(
            Diagnostic::error(
                "Condition cannot be added",
                format!("`{test}` on `{variable}` cannot be added to the trust policy. {why}"),
            )
            .at(path.with_attribute("conditions").with_index(index)),
        );
    }
}

/// A Sid says whose a statement is, and IAM takes each only once.
fn sids(terms: &Trust, path: &Path, problems: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for (index, text) in terms.statements.known().into_iter().flatten().enumerate() {
        let statement = text.known().and_then(|text| text.parse::<Statement>().ok());
        let Some(sid) = statement
            .and_then(|statement| statement.sid)
            .filter(|sid| !sid.is_empty())
        else {
            continue;
        };
        let (summary, why) = if BindingKey::is_sid(&sid) {
            (
                "Sid is reserved",
                "has the form by which bindings know their own statements, so it would be taken for one of them",
            )
        } else if seen.contains(&sid) {
            (
                "Sid stands twice",
                "is the Sid of an earlier statement too, and IAM wants each to have its own",
            )
        } else {
            seen.insert(sid);
            continue;
        };
        problems.push(
            Diagnostic::error(summary, format!("`{sid}` {why}. Choose another, or leave it out."))
                .at(path.with_index(index)),
        );
    }
}
