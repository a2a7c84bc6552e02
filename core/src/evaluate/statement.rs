use super::condition::Condition;
use super::context::Context;
use super::pattern::{Glyph, Pattern};
use super::principal::{Asking, Named};
use super::verdict::{Truth, Verdict};
use super::wanted::{Filled, arn, filled, is_like_arn};
use crate::policy::{self, Actions, Document, Effect, Piece, Resources, Test, pieces};

/// A statement, read once.
#[derive(Clone, Debug)]
pub(super) struct Statement<'d> {
    pub(super) source: &'d policy::Statement,
    pub(super) principals: Option<Named<'d>>,
    actions: Option<ActionNames<'d>>,
    resources: Option<ResourceNames<'d>>,
    pub(super) conditions: Vec<Condition<'d>>,
}

impl<'d> Statement<'d> {
    /// The statements of a document.
    pub(super) fn all(document: &'d Document) -> Vec<Self> {
        let has_variables = document.version.as_deref() == Some(Document::CURRENT_VERSION);
        document
            .statements
            .iter()
            .map(|source| Self {
                source,
                principals: source.principals.as_ref().map(Named::new),
                actions: source.actions.as_ref().map(ActionNames::new),
                resources: source
                    .resources
                    .as_ref()
                    .map(|resources| ResourceNames::new(resources, has_variables)),
                conditions: source
                    .conditions
                    .iter()
                    .map(|condition| Condition::new(condition, has_variables))
                    .collect(),
            })
            .collect()
    }

    /// Whether it is about the caller. IAM takes no trust policy in which a statement does not say.
    pub(super) fn is_about(&self, asking: Asking<'_>) -> Truth {
        self.principals
            .as_ref()
            .map_or(Truth::Unknown, |principals| principals.includes(asking))
    }

    /// Whether it is about an action.
    pub(super) fn has_action(&self, action: &str) -> Truth {
        self.actions
            .as_ref()
            .map_or(Truth::Unknown, |actions| actions.include(action).into())
    }

    /// Whether it is about a resource.
    pub(super) fn has_resource(&self, resource: &str, context: &Context) -> Truth {
        self.resources
            .as_ref()
            .map_or(Truth::Unknown, |resources| resources.include(resource, context))
    }

    /// Whether all its conditions hold.
    pub(super) fn holds(&self, context: &Context) -> Truth {
        all(self.conditions.iter().map(|condition| condition.holds(context)))
    }
}

/// All of them; the rest is not asked for once one is false.
fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut found = Truth::True;
    for truth in truths {
        found = found.and(truth);
        if found == Truth::False {
            break;
        }
    }
    found
}

/// What the statements make of a call, and which of them decides.
///
/// A Deny that matches decides. One that may match leaves open what an Allow would let in. What no Allow matches is denied.
pub(super) fn decide(statements: impl Iterator<Item = (Effect, Truth)>) -> (Verdict, Option<usize>) {
    let (mut allow, mut allow_perhaps, mut deny_perhaps) = (None, None, None);
    for (index, (effect, matches)) in statements.enumerate() {
        let slot = match (effect, matches) {
            (_, Truth::False) => continue,
            (Effect::Deny, Truth::True) => return (Verdict::Deny, Some(index)),
            (Effect::Deny, Truth::Unknown) => &mut deny_perhaps,
            (Effect::Allow, Truth::True) => &mut allow,
            (Effect::Allow, Truth::Unknown) => &mut allow_perhaps,
        };
        slot.get_or_insert(index);
    }
    match (allow, deny_perhaps, allow_perhaps) {
        (Some(_), Some(deny), _) => (Verdict::Unknown, Some(deny)),
        (Some(allow), None, _) => (Verdict::Allow, Some(allow)),
        (None, _, Some(perhaps)) => (Verdict::Unknown, Some(perhaps)),
        (None, _, None) => (Verdict::Deny, None),
    }
}

#[derive(Clone, Debug)]
struct ActionNames<'d> {
    except: bool,
    names: Vec<ActionName<'d>>,
}

#[derive(Clone, Debug)]
enum ActionName<'d> {
    Plain(&'d str),
    /// In lower case.
    Like(Pattern),
}

impl<'d> ActionNames<'d> {
    fn new(actions: &'d Actions) -> Self {
        let names = actions
            .names
            .iter()
            .map(|name| {
                if name.contains(['*', '?']) {
                    ActionName::Like(Pattern::new(&name.to_ascii_lowercase()))
                } else {
                    ActionName::Plain(name)
                }
            })
            .collect();
        Self {
            except: actions.except,
            names,
        }
    }

    fn include(&self, action: &str) -> bool {
        let named = self.names.iter().any(|name| match name {
            ActionName::Plain(name) => name.eq_ignore_ascii_case(action),
            ActionName::Like(pattern) => pattern.matches(&action.to_ascii_lowercase()),
        });
        named != self.except
    }
}

#[derive(Clone, Debug)]
struct ResourceNames<'d> {
    except: bool,
    names: Vec<ResourceName<'d>>,
}

#[derive(Clone, Debug)]
enum ResourceName<'d> {
    /// `*`
    All,
    Pieces(Vec<Piece<'d>>),
    /// No ARN; IAM takes no such document.
    Unreadable,
}

impl<'d> ResourceNames<'d> {
    fn new(resources: &'d Resources, has_variables: bool) -> Self {
        let names = resources
            .names
            .iter()
            .map(|name| match name.as_str() {
                "*" => ResourceName::All,
                name if has_variables => pieces(name).map_or(ResourceName::Unreadable, ResourceName::Pieces),
                name => ResourceName::Pieces(vec![Piece::Text(name)]),
            })
            .collect();
        Self {
            except: resources.except,
            names,
        }
    }

    fn include(&self, resource: &str, context: &Context) -> Truth {
        let named = self
            .names
            .iter()
            .map(|name| name.is(resource, context))
            .fold(Truth::False, Truth::or);
        if self.except { !named } else { named }
    }
}

impl ResourceName<'_> {
    /// A wildcard does not reach past a colon (IAM User Guide, IAM JSON policy elements: Resource).
    fn is(&self, resource: &str, context: &Context) -> Truth {
        let pieces = match self {
            Self::All => return Truth::True,
            Self::Unreadable => return Truth::Unknown,
            Self::Pieces(pieces) => pieces,
        };
        match filled(pieces, Test::ArnLike, context) {
            Filled::Nothing => Truth::False,
            Filled::Unknown => Truth::Unknown,
            Filled::With(glyphs, _) => match arn(&glyphs) {
                // What is done to no resource in particular is done to `*`.
                Some(_) if resource == "*" => Truth::False,
                Some(fields) => is_like_arn(&fields, resource).map_or(Truth::Unknown, Truth::from),
                None if glyphs.iter().all(|glyph| *glyph == Glyph::Many) => Truth::True,
                None => Truth::Unknown,
            },
        }
    }
}
