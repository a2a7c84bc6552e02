use crate::policy::{Actions, Document, Effect, PrincipalKind, Principals, Statement, Strings};

/// A change to a trust policy that leaves every statement alone that it does not name.
///
/// It is applied to the document as read right before it is written: IAM has no compare-and-set, so an edit is not a whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustEdit {
    /// Statements that must be there. One with a Sid replaces the one of that Sid.
    pub put: Vec<Statement>,
    /// Statements that must go, found by Sid, or by meaning where they have none.
    pub remove: Vec<Statement>,
}

impl TrustEdit {
    /// The edit that leads from one document to another, and leaves alone what stands in both.
    #[must_use]
    pub fn between(present: &Document, wanted: &Document) -> Self {
        let only_in = |one: &Document, other: &Document| -> Vec<Statement> {
            let lost = one
                .statements
                .iter()
                .filter(|statement| !other.statements.contains(statement));
            lost.cloned().collect()
        };
        let put = only_in(wanted, present);
        let mut remove = only_in(present, wanted);
        // One that changes under its Sid is put, not removed.
        remove.retain(|old| old.sid.is_none() || put.iter().all(|new| new.sid != old.sid));
        Self { put, remove }
    }

    /// The document after the edit.
    #[must_use]
    pub fn apply(&self, document: &Document) -> Document {
        let mut edited = document.clone();
        for wanted in &self.put {
            match edited.statements.iter_mut().find(|present| names_same(present, wanted)) {
                // The spelling of a statement that says this already is kept: IAM may have given it another one.
                Some(present) if present.same_meaning(wanted) => {}
                Some(present) => present.clone_from(wanted),
                None => edited.statements.push(wanted.clone()),
            }
        }
        edited
            .statements
            .retain(|present| !self.remove.iter().any(|gone| names_same(present, gone)));
        settle_placeholder(&mut edited);
        self.settle_version(&mut edited);
        edited
    }

    /// What is put is in the current language. Only variables tell it from the first one, so it is written unless that would turn text in a
    /// statement of somebody else into a variable.
    fn settle_version(&self, document: &mut Document) {
        let others_have_variables = document
            .statements
            .iter()
            .filter(|present| !self.put.iter().any(|ours| names_same(present, ours)))
            .any(|present| present.to_json().contains("${"));
        if !self.put.is_empty() && !others_have_variables {
            document.version = Some(Document::CURRENT_VERSION.to_owned());
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.remove.is_empty()
    }
}

/// IAM refuses a trust policy without statements. Where the last one goes, one that admits nobody takes its place, until another comes.
fn settle_placeholder(document: &mut Document) {
    let is_placeholder = |statement: &Statement| statement.sid.as_deref() == Some(NOBODY);
    if document.statements.is_empty() {
        document.statements.push(Statement {
            sid: Some(NOBODY.to_owned()),
            effect: Effect::Deny,
            principals: Some(Principals::one(PrincipalKind::Aws, "*")),
            actions: Some(Actions {
                except: false,
                names: Strings::from("sts:AssumeRole"),
            }),
            resources: None,
            conditions: Vec::new(),
        });
    } else if !document.statements.iter().all(is_placeholder) {
        document.statements.retain(|statement| !is_placeholder(statement));
    }
}

const NOBODY: &str = "PibNobody";

fn names_same(present: &Statement, named: &Statement) -> bool {
    match named.sid.as_deref().filter(|sid| !sid.is_empty()) {
        Some(sid) => present.sid.as_deref() == Some(sid),
        None => present.same_meaning(named),
    }
}
