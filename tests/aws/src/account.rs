use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::FakeAws;
use crate::access::Policies;
use crate::backend::Holder;
use crate::call::{Caller, Context};
use crate::cluster::Cluster;
use crate::iam;
use crate::policy;
use crate::request::Form;
use crate::world::{AccountState, CAPITAL, Role, World, partition};

/// An account: what a test puts into it and finds in it. What is done here is no call: it is not recorded, and no
/// fault meets it.
#[derive(Debug, Clone)]
pub struct Account<'a> {
    aws: &'a FakeAws,
    id: String,
    region: String,
}

/// A role, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleState {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its unique id.
    pub id: String,
    /// Its path.
    pub path: String,
    /// Its description.
    pub description: Option<String>,
    /// Its longest session, in seconds.
    pub max_session_duration: u32,
    /// The ARN of its permissions boundary.
    pub permissions_boundary: Option<String>,
    /// Its trust policy, as IAM gives it back.
    pub trust: Value,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The ARNs of its managed policies, in the order of attachment.
    pub attached: Vec<String>,
    /// Its inline policies: document by name, as sent.
    pub inline: BTreeMap<String, String>,
}

impl<'a> Account<'a> {
    pub(crate) fn new(aws: &'a FakeAws, id: &str) -> Self {
        Self {
            aws,
            id: id.to_owned(),
            region: "us-east-1".to_owned(),
        }
    }

    /// The same account in the partition of a region: `cn-north-1` for China.
    #[must_use]
    pub fn in_region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.region);
        self
    }

    /// A cluster of the account, made if it is not there.
    pub fn cluster(&self, region: &str, name: &str) -> Cluster<'a> {
        Cluster::new(self.aws, &self.id, region, name)
    }

    /// Does what a call of IAM does, as somebody else would: `iam("TagRole", &[("RoleName", "checkout"), …])`.
    ///
    /// # Panics
    /// IAM refuses it.
    pub fn iam(&self, operation: &str, parameters: &[(&str, &str)]) {
        let form = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut backend = self.aws.changing();
        let mut context = Context {
            caller: Caller {
                account: self.id.clone(),
                arn: String::new(),
                user_id: String::new(),
                is_session: false,
            },
            region: self.region.clone(),
            partition: partition(&self.region),
            timeline: &mut backend.timeline,
        };
        let refusal = iam::answer(operation, &Form(form.collect()), &mut context).err();
        assert!(refusal.is_none(), "iam:{operation}: {refusal:?}");
    }

    /// Makes a role; its ARN comes back.
    ///
    /// # Panics
    /// IAM refuses it.
    pub fn create_role(&self, name: &str, trust: &Value) -> String {
        let parameters = [("RoleName", name), ("AssumeRolePolicyDocument", &trust.to_string())];
        self.iam("CreateRole", &parameters);
        format!("arn:{}:iam::{}:role/{name}", partition(&self.region), self.id)
    }

    /// Replaces a role's trust policy.
    ///
    /// # Panics
    /// IAM refuses it.
    pub fn set_trust(&self, role: &str, trust: &Value) {
        let parameters = [("RoleName", role), ("PolicyDocument", &trust.to_string())];
        self.iam("UpdateAssumeRolePolicy", &parameters);
    }

    /// Makes the OIDC provider of an issuer, for audience `sts.amazonaws.com`; its ARN comes back.
    ///
    /// # Panics
    /// IAM refuses it.
    pub fn create_oidc_provider(&self, issuer: &str) -> String {
        self.iam(
            "CreateOpenIDConnectProvider",
            &[("Url", issuer), ("ClientIDList.member.1", "sts.amazonaws.com")],
        );
        let bare = issuer.trim_start_matches("https://");
        format!("arn:{}:iam::{}:oidc-provider/{bare}", partition(&self.region), self.id)
    }

    /// Makes a user; its ARN comes back.
    pub fn create_user(&self, name: &str) -> String {
        let arn = format!("arn:{}:iam::{}:user/{name}", partition(&self.region), self.id);
        let mut backend = self.aws.changing();
        let id = format!("AIDA{}", backend.timeline.unique(17, CAPITAL));
        self.state(&mut backend.timeline.now).users.insert(arn.clone(), id);
        arn
    }

    /// Removes a user: roles that trust it keep its unique id.
    pub fn delete_user(&self, name: &str) {
        let arn = format!("arn:{}:iam::{}:user/{name}", partition(&self.region), self.id);
        let mut backend = self.aws.changing();
        self.state(&mut backend.timeline.now).users.remove(&arn);
    }

    /// Makes a managed policy of the account's own; its ARN comes back.
    pub fn create_policy(&self, name: &str) -> String {
        self.create_policy_that(
            name,
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}"#,
        )
    }

    /// The same, with this document.
    pub fn create_policy_that(&self, name: &str, document: &str) -> String {
        let arn = format!("arn:{}:iam::{}:policy/{name}", partition(&self.region), self.id);
        let mut backend = self.aws.changing();
        self.state(&mut backend.timeline.now)
            .policies
            .insert(arn.clone(), document.to_owned());
        arn
    }

    /// Puts a role into an instance profile, which keeps it from being deleted.
    pub fn create_instance_profile(&self, name: &str, role: &str) {
        let mut backend = self.aws.changing();
        let state = self.state(&mut backend.timeline.now);
        state.instance_profiles.insert(name.to_owned(), role.to_owned());
    }

    /// Makes an access key that signs as this account.
    pub fn create_access_key(&self, key: &str) {
        self.hold(key, None);
    }

    /// Makes an access key of a user who may do what these policies allow, or gives its user other policies.
    ///
    /// # Panics
    /// A policy is none, or says what is not evaluated here.
    pub fn create_user_key(&self, key: &str, user: &str, policies: &[&str]) {
        self.hold(key, Some((user.to_owned(), Policies::new(policies))));
    }

    fn hold(&self, key: &str, user: Option<(String, Policies)>) {
        let account = self.id.clone();
        self.aws.backend().keys.insert(key.to_owned(), Holder { account, user });
    }

    /// Lets its roles and associations have been made this much earlier.
    pub fn age(&self, by: Duration) {
        let mut backend = self.aws.changing();
        let state = self.state(&mut backend.timeline.now);
        let of_roles = state.roles.values_mut().map(|role| &mut role.created);
        let clusters = state.clusters.values_mut();
        let of_associations =
            clusters.flat_map(|cluster| cluster.associations.values_mut().map(|one| &mut one.created));
        for created in of_roles.chain(of_associations) {
            *created = created.before(by.as_secs());
        }
    }

    /// The names of all roles, in order.
    pub fn roles(&self) -> Vec<String> {
        let backend = self.aws.backend();
        let account = backend.timeline.now.account(&self.id);
        let roles = account.into_iter().flat_map(|account| account.roles.values());
        roles.map(|role| role.name.clone()).collect()
    }

    /// A role, as it is now, however late reads are.
    pub fn role(&self, name: &str) -> Option<RoleState> {
        let backend = self.aws.backend();
        let world = &backend.timeline.now;
        world.role(&self.id, name).map(|role| state(role, world))
    }

    fn state<'w>(&self, world: &'w mut World) -> &'w mut AccountState {
        world.accounts.entry(self.id.clone()).or_default()
    }
}

fn state(role: &Role, world: &World) -> RoleState {
    let trust = policy::text(&role.trust, world);
    RoleState {
        name: role.name.clone(),
        arn: role.arn.clone(),
        id: role.id.clone(),
        path: role.path.clone(),
        description: role.description.clone(),
        max_session_duration: role.max_session_duration,
        permissions_boundary: role.boundary.clone(),
        trust: serde_json::from_str(&trust).unwrap_or_default(),
        tags: role.tags.clone(),
        attached: role.attached.clone(),
        inline: role.inline.clone(),
    }
}
