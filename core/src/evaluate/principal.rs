use super::request::Caller;
use super::verdict::Truth;
use crate::ids::{AccountId, arn_parts};
use crate::policy::{PrincipalKind, Principals, Who};

/// Whom a statement names, read once.
#[derive(Clone, Debug)]
pub(super) struct Named<'d> {
    except: bool,
    names: Vec<Name<'d>>,
}

#[derive(Clone, Debug)]
enum Name<'d> {
    Everybody,
    Aws(Identity<'d>),
    Service(&'d str),
    Federated(&'d str),
    /// A kind that a trust policy does not have.
    Other,
}

/// An identity of AWS, by what a document or a request calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Identity<'a> {
    /// The unique id of a user or role that is gone: nobody has it any more.
    Gone,
    Account {
        partition: Option<&'a str>,
        account: &'a str,
    },
    Role {
        partition: &'a str,
        account: &'a str,
        name: &'a str,
        arn: &'a str,
    },
    Session {
        partition: &'a str,
        account: &'a str,
        role: &'a str,
        arn: &'a str,
    },
    /// A user, or somebody else with an ARN.
    Arn {
        partition: &'a str,
        account: &'a str,
        arn: &'a str,
    },
    /// Nothing that IAM knows.
    Unclear,
}

/// Who asks, read once.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asking<'a> {
    Service(&'a str),
    Federated(&'a str),
    Aws(AwsCaller<'a>),
    Somebody,
}

/// An identity of AWS that asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct AwsCaller<'a>(Identity<'a>);

impl<'a> From<&'a Caller> for Asking<'a> {
    fn from(caller: &'a Caller) -> Self {
        match caller {
            Caller::Service(name) => Self::Service(name),
            Caller::Federated(name) => Self::Federated(name),
            Caller::Aws(name) => Self::Aws(AwsCaller(Identity::of(name))),
            Caller::Unknown => Self::Somebody,
        }
    }
}

impl<'d> Named<'d> {
    pub(super) fn new(principals: &'d Principals) -> Self {
        let names = match &principals.who {
            Who::Everybody => vec![Name::Everybody],
            Who::Named(named) => named
                .iter()
                .flat_map(|principal| principal.names.iter().map(|name| Name::new(&principal.kind, name)))
                .collect(),
        };
        Self {
            except: principals.except,
            names,
        }
    }

    /// Whether the statement is about the caller.
    pub(super) fn includes(&self, asking: Asking<'_>) -> Truth {
        let named = self
            .names
            .iter()
            .map(|name| name.is(asking))
            .fold(Truth::False, Truth::or);
        if self.except { !named } else { named }
    }

    /// Whether it names the caller's account, and the caller in no other way: then policies of the account must allow the call as well.
    pub(super) fn is_through_account(&self, asking: Asking<'_>) -> bool {
        let through = |name: &&Name<'_>| matches!(name, Name::Aws(Identity::Account { .. }));
        matches!(asking, Asking::Aws(_))
            && !self.except
            && self
                .names
                .iter()
                .filter(through)
                .any(|name| name.is(asking) == Truth::True)
            && !self
                .names
                .iter()
                .filter(|name| !through(name))
                .any(|name| name.is(asking) == Truth::True)
    }
}

impl<'d> Name<'d> {
    fn new(kind: &PrincipalKind, name: &'d str) -> Self {
        match kind {
            PrincipalKind::Aws if name == "*" => Self::Everybody,
            PrincipalKind::Aws => Self::Aws(Identity::of(name)),
            PrincipalKind::Service => Self::Service(name),
            PrincipalKind::Federated => Self::Federated(name),
            PrincipalKind::CanonicalUser | PrincipalKind::Other(_) => Self::Other,
        }
    }

    fn is(&self, asking: Asking<'_>) -> Truth {
        match (self, asking) {
            (Self::Everybody, _) => Truth::True,
            (Self::Aws(Identity::Gone), _) => Truth::False,
            (Self::Other, _) | (_, Asking::Somebody) => Truth::Unknown,
            (Self::Aws(name), Asking::Aws(caller)) => name.covers(caller.0),
            (Self::Service(name), Asking::Service(caller)) => same(name, caller),
            (Self::Federated(name), Asking::Federated(caller)) => same_provider(name, caller),
            (Self::Aws(_) | Self::Service(_) | Self::Federated(_), _) => Truth::False,
        }
    }
}

impl<'a> Identity<'a> {
    fn of(name: &'a str) -> Self {
        if is_account(name) {
            return Self::Account {
                partition: None,
                account: name,
            };
        }
        if is_unique_id(name) {
            return Self::Gone;
        }
        let Some([partition, service, _, account, resource]) = arn_parts(name) else {
            return Self::Unclear;
        };
        if !is_account(account) || name.contains(['*', '?']) {
            return Self::Unclear;
        }
        let (kind, rest) = resource.split_once('/').unwrap_or((resource, ""));
        match (service, kind) {
            ("iam", "root") if rest.is_empty() => Self::Account {
                partition: Some(partition),
                account,
            },
            ("iam", "role") => Self::Role {
                partition,
                account,
                // A role's name is alone in its account, whatever its path.
                name: rest.rsplit('/').next().unwrap_or(rest),
                arn: name,
            },
            ("sts", "assumed-role") => Self::Session {
                partition,
                account,
                role: rest.split('/').next().unwrap_or(rest),
                arn: name,
            },
            _ => Self::Arn {
                partition,
                account,
                arn: name,
            },
        }
    }

    const fn home(self) -> Option<(Option<&'a str>, &'a str)> {
        match self {
            Self::Gone | Self::Unclear => None,
            Self::Account { partition, account } => Some((partition, account)),
            Self::Role { partition, account, .. }
            | Self::Session { partition, account, .. }
            | Self::Arn { partition, account, .. } => Some((Some(partition), account)),
        }
    }

    const fn arn(self) -> Option<&'a str> {
        match self {
            Self::Role { arn, .. } | Self::Session { arn, .. } | Self::Arn { arn, .. } => Some(arn),
            Self::Gone | Self::Account { .. } | Self::Unclear => None,
        }
    }

    /// Whether what a document names by this includes the caller.
    fn covers(self, caller: Self) -> Truth {
        if matches!(self, Self::Gone) || matches!(caller, Self::Gone) {
            return Truth::False;
        }
        let (Some((partition, account)), Some((of_caller, account_of_caller))) = (self.home(), caller.home()) else {
            return Truth::Unknown;
        };
        let is_elsewhere = partition.zip(of_caller).is_some_and(|(one, other)| one != other);
        if is_elsewhere || account != account_of_caller {
            return Truth::False;
        }
        match (self, caller) {
            (Self::Account { .. }, _) => Truth::True,
            // Somebody of that account: this one, or another.
            (_, Self::Account { .. }) => Truth::Unknown,
            (Self::Role { name, .. }, Self::Session { role, .. }) => (name == role).into(),
            // The role in some session: this one, or another.
            (Self::Session { role, .. }, Self::Role { name, .. }) if role == name => Truth::Unknown,
            _ => (self.arn() == caller.arn()).into(),
        }
    }
}

/// Names that differ in case alone: AWS does not say whether they are one.
fn same(name: &str, caller: &str) -> Truth {
    if name == caller {
        Truth::True
    } else if name.eq_ignore_ascii_case(caller) || name == "*" {
        Truth::Unknown
    } else {
        Truth::False
    }
}

fn same_provider(name: &str, caller: &str) -> Truth {
    let bare = |text| {
        let [.., resource] = arn_parts(text)?;
        Some(resource.split_once('/')?.1)
    };
    match (bare(name), bare(caller)) {
        // A name without an account fits the provider of that name in any account.
        (Some(named), None) => same(named, caller).and(Truth::Unknown),
        (None, Some(called)) => same(name, called).and(Truth::Unknown),
        (Some(_), Some(_)) | (None, None) => same(name, caller),
    }
}

fn is_account(text: &str) -> bool {
    text.parse::<AccountId>().is_ok()
}

/// What IAM shows where the user or role of a principal is gone (IAM User Guide, identifiers: unique IDs).
pub(super) fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AROA") || text.starts_with("AIDA"))
        && text.len() >= 16
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
