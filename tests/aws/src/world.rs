//! Everything that is there, and what was there a while ago.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::clock::{Clock, Date, Moment};
use crate::settings::{Delays, Quotas};

pub(crate) type Tags = BTreeMap<String, String>;

/// All accounts, as they are at one moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) accounts: BTreeMap<String, AccountState>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct AccountState {
    /// By name in small letters: names that differ in case only are the same.
    pub(crate) roles: BTreeMap<String, Role>,
    /// Unique id by ARN.
    pub(crate) users: BTreeMap<String, String>,
    /// The account's own managed policies: document by ARN.
    pub(crate) policies: BTreeMap<String, String>,
    /// By ARN.
    pub(crate) providers: BTreeMap<String, Provider>,
    /// Role name by profile name.
    pub(crate) instance_profiles: BTreeMap<String, String>,
    /// By region and name.
    pub(crate) clusters: BTreeMap<(String, String), Cluster>,
}

#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) created: Date,
    pub(crate) description: Option<String>,
    pub(crate) max_session_duration: u32,
    pub(crate) boundary: Option<String>,
    /// With unique ids for the ARNs of roles and users.
    pub(crate) trust: Value,
    pub(crate) tags: Tags,
    /// ARNs, in the order of attachment.
    pub(crate) attached: Vec<String>,
    /// Documents by name, as sent.
    pub(crate) inline: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Provider {
    pub(crate) arn: String,
    /// Without `https://`.
    pub(crate) url: String,
    pub(crate) client_ids: Vec<String>,
    pub(crate) thumbprints: Vec<String>,
    pub(crate) created: Date,
    pub(crate) tags: Tags,
}

#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) status: String,
    pub(crate) version: String,
    pub(crate) platform_version: String,
    pub(crate) issuer: String,
    pub(crate) auto_mode: bool,
    pub(crate) created: Date,
    pub(crate) tags: Tags,
    /// By id.
    pub(crate) associations: BTreeMap<String, Association>,
    /// By name.
    pub(crate) addons: BTreeMap<String, Addon>,
    /// By name.
    pub(crate) nodegroups: BTreeMap<String, Nodegroup>,
    /// By name.
    pub(crate) fargate_profiles: BTreeMap<String, FargateProfile>,
    /// By request token: what was asked for, and the id of what was made.
    pub(crate) tokens: BTreeMap<String, (Value, String)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Association {
    pub(crate) id: String,
    pub(crate) arn: String,
    pub(crate) namespace: String,
    pub(crate) service_account: String,
    pub(crate) role_arn: String,
    pub(crate) target_role_arn: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) disable_session_tags: bool,
    pub(crate) policy: Option<String>,
    pub(crate) owner_arn: Option<String>,
    pub(crate) created: Date,
    pub(crate) modified: Date,
    pub(crate) tags: Tags,
}

#[derive(Debug, Clone)]
pub(crate) struct Addon {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) version: String,
    pub(crate) configuration: Option<String>,
    pub(crate) service_account_role_arn: Option<String>,
    pub(crate) created: Date,
    pub(crate) modified: Date,
    pub(crate) tags: Tags,
    pub(crate) phase: Phase,
    /// Ids of its updates.
    pub(crate) updates: Vec<String>,
}

/// What an add-on is going through.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    /// `CREATING` or `UPDATING`, then `ACTIVE`.
    Until { status: &'static str, moment: Moment },
    /// `DELETING`, then gone.
    Leaving { moment: Moment },
    /// What a test says it is.
    Fixed(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Nodegroup {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) node_role: String,
    pub(crate) created: Date,
}

#[derive(Debug, Clone)]
pub(crate) struct FargateProfile {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) role_arn: String,
    /// Namespace and labels.
    pub(crate) selectors: Vec<(String, BTreeMap<String, String>)>,
    pub(crate) created: Date,
}

impl World {
    pub(crate) fn account(&self, id: &str) -> Option<&AccountState> {
        self.accounts.get(id)
    }

    pub(crate) fn role(&self, account: &str, name: &str) -> Option<&Role> {
        self.account(account)?.roles.get(&name.to_lowercase())
    }

    /// A role, by its ARN. The path counts.
    pub(crate) fn role_of_arn(&self, arn: &str) -> Option<&Role> {
        let name = arn.rsplit('/').next()?;
        self.role(account_of(arn)?, name).filter(|role| role.arn == arn)
    }

    /// The unique id behind the ARN of a role or user.
    pub(crate) fn unique_id(&self, arn: &str) -> Option<&str> {
        self.role_of_arn(arn).map(|role| role.id.as_str()).or_else(|| {
            let id = self.account(account_of(arn)?)?.users.get(arn)?;
            Some(id.as_str())
        })
    }

    /// The ARN behind a unique id, while its owner is there.
    pub(crate) fn arn_of_id(&self, id: &str) -> Option<&str> {
        self.accounts.values().find_map(|account| {
            let role = account.roles.values().find(|role| role.id == id);
            let user = || account.users.iter().find(|(_, user)| *user == id);
            role.map(|role| role.arn.as_str())
                .or_else(|| user().map(|(arn, _)| arn.as_str()))
        })
    }
}

/// The account in an ARN.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}

/// The partition that a region lies in.
pub(crate) fn partition(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// The world through time.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    pub(crate) now: World,
    pub(crate) clock: Clock,
    pub(crate) delays: Delays,
    pub(crate) quotas: Quotas,
    /// What was there before each write, with the moment of the write; oldest first.
    past: Vec<(Moment, World)>,
    made: u64,
}

impl Timeline {
    /// Keeps what is there now, before it is changed.
    pub(crate) fn remember(&mut self) {
        let longest = self.delays.reads.max(self.delays.effects);
        if longest.is_zero() {
            self.past.clear();
            return;
        }
        let now = self.clock.now();
        self.past.retain(|(moment, _)| *moment + longest > now);
        self.past.push((now, self.now.clone()));
    }

    /// What was there some time ago.
    fn ago(&self, delay: Moment) -> &World {
        let now = self.clock.now();
        // The first write that is not seen yet: what was there before it is what is seen.
        let unseen = self.past.iter().find(|(moment, _)| *moment + delay > now);
        unseen.map_or(&self.now, |(_, world)| world)
    }

    /// What calls that read see.
    pub(crate) fn read(&self) -> &World {
        self.ago(self.delays.reads)
    }

    /// What other calls see of earlier ones.
    pub(crate) fn effective(&self) -> &World {
        self.ago(self.delays.effects)
    }

    /// Letters and digits that nothing else has.
    pub(crate) fn unique(&mut self, length: usize, alphabet: &[u8]) -> String {
        self.made += 1;
        // Scattered, so that ids do not look like a sequence to code that should not care.
        let mut number = self.made.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let base = alphabet.len() as u64;
        let mut text = String::new();
        for _ in 0..length {
            let digit = usize::try_from(number % base).unwrap_or_default();
            text.extend(alphabet.get(digit).map(|byte| char::from(*byte)));
            number /= base;
            if number == 0 {
                number = self.made.wrapping_mul(0xD6E8_FEB8_6659_FD93) | 1;
            }
        }
        text
    }
}

pub(crate) const SMALL: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
pub(crate) const CAPITAL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub(crate) const HEX: &[u8] = b"0123456789ABCDEF";
