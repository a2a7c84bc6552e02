use std::borrow::Cow;
use std::collections::BTreeMap;

use super::rows::{Carries, Hop, Part, ROWS, Row, SESSION_TAGS, WithTags};
use super::{AskedRole, Pod};
use crate::evaluate::{Call, Caller, Context, KeyFamily, Presence, Request};
use crate::ids::Mechanism;
use crate::policy::POD_IDENTITY_SERVICE;

const ASSUME_ROLE: &str = "sts:AssumeRole";
const TAG_SESSION: &str = "sts:TagSession";
const WITH_WEB_IDENTITY: &str = "sts:AssumeRoleWithWebIdentity";

/// A request, and what may or may not be part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Which one it is.
    pub hop: Hop,
    /// What is certainly asked.
    pub request: Request,
    /// Calls of which nobody can know whether they are made.
    pub possible: Vec<Call>,
}

impl Ask {
    /// The request with all that may be part of it.
    pub fn all(&self) -> Request {
        Request {
            caller: self.request.caller.clone(),
            calls: self.request.calls.iter().chain(&self.possible).cloned().collect(),
        }
    }
}

/// Whose credentials a request is for, and whose it is made with.
struct Roles<'r> {
    asked: &'r AskedRole,
    source: Option<&'r AskedRole>,
}

impl Pod {
    /// What is asked for the role of its service account's annotation or association.
    pub fn ask(&self, role: &AskedRole) -> Ask {
        let roles = Roles {
            asked: role,
            source: None,
        };
        match self.mechanism {
            Mechanism::Irsa => Ask {
                hop: Hop::WebIdentity,
                request: Request {
                    caller: match (self.provider(), &self.issuer) {
                        (Some(provider), _) => Caller::Federated(provider.to_string()),
                        (None, Some(issuer)) => Caller::Federated(issuer.to_string()),
                        (None, None) => Caller::Unknown,
                    },
                    calls: vec![self.call(Hop::WebIdentity, WITH_WEB_IDENTITY, &roles)],
                },
                possible: Vec::new(),
            },
            Mechanism::PodIdentity => {
                let caller = Caller::Service(POD_IDENTITY_SERVICE.to_owned());
                // Tagging a session is what needs this permission: IAM User Guide, "Pass session tags in AWS STS".
                self.tagging(Hop::Association, caller, self.session_tags, &roles)
            }
        }
    }

    /// What EKS asks for a target role, with the credentials of the association's role.
    pub fn ask_target(&self, source: &AskedRole, target: &AskedRole) -> Ask {
        let caller = source.arn.as_ref();
        let caller = caller.map_or(Caller::Unknown, |arn| Caller::Aws(arn.to_string()));
        let roles = Roles {
            asked: target,
            source: Some(source),
        };
        // AWS's example of a target role allows it for associations without tags as well, and says nothing about why.
        let tags = self.session_tags.filter(|tags| *tags);
        self.tagging(Hop::Target, caller, tags, &roles)
    }

    fn tagging(&self, hop: Hop, caller: Caller, tags_session: Option<bool>, roles: &Roles<'_>) -> Ask {
        let mut calls = vec![self.call(hop, ASSUME_ROLE, roles)];
        let mut possible = Vec::new();
        match tags_session {
            Some(true) => calls.push(self.call(hop, TAG_SESSION, roles)),
            Some(false) => {}
            None => possible.push(self.call(hop, TAG_SESSION, roles)),
        }
        Ask {
            hop,
            request: Request { caller, calls },
            possible,
        }
    }

    fn call(&self, hop: Hop, action: &str, roles: &Roles<'_>) -> Call {
        let rows = ROWS.iter().filter(|row| {
            row.hop.is_none_or(|of| of == hop)
                && row.action.is_none_or(|of| of == action)
                && match (row.tags, self.session_tags) {
                    (WithTags::Either, _) | (_, None) => true,
                    (tags, Some(sent)) => (tags == WithTags::Sent) == sent,
                }
        });
        let mut context = Context::unknown();
        let mut keys = Vec::new();
        for row in rows {
            let presence = self.presence(row, roles);
            if row.key == "PROVIDER:CLAIM" {
                // Without its issuer nobody can tell which claims are the token's own.
                let presence = match hop {
                    Hop::WebIdentity if self.issuer.is_none() => Presence::Unknown,
                    Hop::WebIdentity | Hop::Association | Hop::Target => presence,
                };
                context = context.with_family(KeyFamily::Claims, presence);
            } else if let Some(claim) = row.key.strip_prefix("ISSUER:") {
                let Some(issuer) = &self.issuer else { continue };
                let mut key = issuer.claim(if claim == "*" { "" } else { claim });
                key.make_ascii_lowercase();
                if claim == "*" {
                    context = context.with_family(KeyFamily::Prefix(Cow::Owned(key)), presence);
                } else {
                    keys.push((Cow::Owned(key), presence));
                }
            } else if let Some(start) = row.key.strip_suffix('*') {
                if let Some(tags) = role_tags(row, roles) {
                    // What a request says of a pod itself stands above, and wins over the tags of a role.
                    let tags = tags.iter().map(|(key, value)| {
                        let key = format!("{start}{key}").to_ascii_lowercase();
                        (Cow::Owned(key), Presence::Values(vec![value.clone()]))
                    });
                    let new: Vec<_> = tags
                        .filter(|(key, _)| !keys.iter().any(|(listed, _): &(Cow<'_, str>, _)| listed == key))
                        .collect();
                    keys.extend(new);
                }
                let family = KeyFamily::Prefix(Cow::Owned(start.to_ascii_lowercase()));
                context = context.with_family(family, presence);
            } else {
                keys.push((Cow::Owned(row.key.to_ascii_lowercase()), presence));
            }
        }
        Call {
            action: action.to_owned(),
            context: context.with_all(keys),
        }
    }

    fn presence(&self, row: &Row, roles: &Roles<'_>) -> Presence {
        // Where nobody knows whether tags are sent, what depends on it is unknown.
        if row.tags != WithTags::Either && self.session_tags.is_none() {
            return Presence::Unknown;
        }
        let part = match row.carries {
            Carries::Nothing => return Presence::Absent,
            Carries::Something => return Presence::Present,
            Carries::Unknown => return Presence::Unknown,
            Carries::These(part) => part,
        };
        let known = match part {
            Part::TagNames => {
                return Presence::Values(SESSION_TAGS.iter().map(|(name, _)| (*name).to_owned()).collect());
            }
            Part::RoleTag | Part::SourceRoleTag => {
                return match role_tags(row, roles) {
                    Some(_) => Presence::Absent,
                    None => Presence::Unknown,
                };
            }
            // Nobody says whether the key is sent at all, or whether the account is in an organization.
            Part::SourceAccount | Part::ClusterOrganization | Part::RoleOrganization => {
                return self
                    .part(part, roles)
                    .map_or(Presence::Unknown, |value| Presence::Values(vec![value]));
            }
            _ => self.part(part, roles),
        };
        known.map_or(Presence::Present, |value| Presence::Values(vec![value]))
    }

    fn part(&self, part: Part, roles: &Roles<'_>) -> Option<String> {
        let text = |part: Option<&dyn ToString>| part.map(ToString::to_string);
        match part {
            Part::Text(text) => Some(text.to_owned()),
            Part::ClusterArn => self.cluster_arn().map(|arn| arn.to_string()),
            Part::ClusterName => text(self.cluster.as_ref().map(|name| name as _)),
            Part::Namespace => text(self.namespace.as_ref().map(|name| name as _)),
            Part::ServiceAccount => text(self.service_account().map(|name| name as _)),
            Part::PodName => self.name.clone(),
            Part::PodUid => self.uid.clone(),
            Part::SourceAccount => text(self.source_account().map(|account| account as _)),
            Part::ClusterAccount => text(self.account.as_ref().map(|account| account as _)),
            Part::ClusterOrganization => self.organization.clone(),
            Part::Subject => self.subject(),
            Part::Audience => self.audience.clone(),
            Part::Provider => self.provider().map(|provider| provider.to_string()),
            Part::RoleAccount => {
                let fallback = match self.mechanism {
                    // IAM takes only providers of the role's account, EKS only roles of the cluster's.
                    Mechanism::Irsa => self.provider_account.as_ref(),
                    Mechanism::PodIdentity if roles.source.is_none() => self.account.as_ref(),
                    Mechanism::PodIdentity => None,
                };
                let account = roles.asked.arn.as_ref().map(|arn| &arn.account).or(fallback);
                text(account.map(|account| account as _))
            }
            Part::RoleOrganization => roles.asked.organization.clone(),
            Part::SourceRole => {
                let arn = roles.source.and_then(|source| source.arn.as_ref());
                text(arn.map(|arn| arn as _))
            }
            Part::ExternalId => self.external_id(),
            // They have more than one value.
            Part::TagNames | Part::RoleTag | Part::SourceRoleTag => None,
        }
    }
}

fn role_tags<'r>(row: &Row, roles: &Roles<'r>) -> Option<&'r BTreeMap<String, String>> {
    match row.carries {
        Carries::These(Part::RoleTag) => roles.asked.tags.as_ref(),
        Carries::These(Part::SourceRoleTag) => roles.source?.tags.as_ref(),
        _ => None,
    }
}
