use std::fmt;

use serde::{Serialize, Serializer};
use tfmodel::path::Path;

use super::document::Document;

/// What a document is for; IAM takes other elements in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DocumentUse {
    /// A role's trust policy: who may assume it.
    Trust,
    /// A session policy: what is left of a role's permissions.
    Session,
    /// A role's permissions.
    Permissions,
}

/// Why IAM does not take a document, though it is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The element, such as `Statement[0].NotPrincipal`.
    #[serde(serialize_with = "path")]
    pub path: Path,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl Document {
    /// Why IAM does not take the document for this use; nothing if it does.
    ///
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html>
    pub fn refusals(&self, purpose: DocumentUse) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for (index, statement) in self.statements.iter().enumerate() {
            let at = Path::attribute("Statement").with_index(index);
            let mut refuse = |element: &str, message: String| {
                refusals.push(Refusal {
                    path: at.with_attribute(element),
                    message,
                });
            };
            match purpose {
                DocumentUse::Trust => {
                    match &statement.principals {
                        Some(principals) if principals.except => {
                            refuse(
                                "NotPrincipal",
                                "A role's trust policy takes no `NotPrincipal`.".to_owned(),
                            );
                        }
                        Some(_) => {}
                        None => refuse(
                            "Principal",
                            "A statement of a role's trust policy needs a `Principal`.".to_owned(),
                        ),
                    }
                    if let Some(resources) = &statement.resources {
                        let element = resources.element();
                        refuse(
                            element,
                            format!("A role's trust policy takes no `{element}`: it is about the role itself."),
                        );
                    }
                }
                DocumentUse::Session | DocumentUse::Permissions => {
                    if let Some(principals) = &statement.principals {
                        let element = principals.element();
                        refuse(
                            element,
                            format!("Only a policy of a resource, such as a role's trust policy, takes `{element}`."),
                        );
                    }
                    if statement.resources.is_none() {
                        refuse("Resource", "A statement needs a `Resource`.".to_owned());
                    }
                }
            }
        }
        refusals
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.message)
    }
}

fn path<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}
