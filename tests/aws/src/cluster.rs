use std::collections::BTreeMap;

use crate::FakeAws;
use crate::eks::release;
use crate::world::{
    Addon, Association, Cluster as State, FargateProfile, HEX, Nodegroup, Phase, SMALL, Tags, partition,
};

/// A cluster: what a test puts into it and finds in it. What is done here is no call: it is not recorded, and no
/// fault meets it.
#[derive(Debug, Clone)]
pub struct Cluster<'a> {
    aws: &'a FakeAws,
    account: String,
    region: String,
    name: String,
}

/// An association, as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociationState {
    /// Its id.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The namespace.
    pub namespace: String,
    /// The service account.
    pub service_account: String,
    /// The role.
    pub role_arn: String,
    /// The role that is reached through the first.
    pub target_role_arn: Option<String>,
    /// The external id that EKS sends to the target role.
    pub external_id: Option<String>,
    /// Whether sessions carry no tags.
    pub disable_session_tags: bool,
    /// The session policy.
    pub policy: Option<String>,
    /// The add-on that owns it.
    pub owner_arn: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl<'a> Cluster<'a> {
    pub(crate) fn new(aws: &'a FakeAws, account: &str, region: &str, name: &str) -> Self {
        let cluster = Self {
            aws,
            account: account.to_owned(),
            region: region.to_owned(),
            name: name.to_owned(),
        };
        cluster.make();
        cluster
    }

    fn prefix(&self) -> String {
        format!("arn:{}:eks:{}:{}", partition(&self.region), self.region, self.account)
    }

    /// Changes the cluster; nothing happens to one that was deleted.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut backend = self.aws.changing();
        let key = (self.region.clone(), self.name.clone());
        let account = backend.timeline.now.accounts.get_mut(&self.account);
        if let Some(cluster) = account.and_then(|account| account.clusters.get_mut(&key)) {
            change(cluster);
        }
    }

    /// Looks at the cluster, as it is now.
    fn look<T: Default>(&self, look: impl FnOnce(&State) -> T) -> T {
        let backend = self.aws.backend();
        let key = (self.region.clone(), self.name.clone());
        let account = backend.timeline.now.account(&self.account);
        let cluster = account.and_then(|account| account.clusters.get(&key));
        cluster.map(look).unwrap_or_default()
    }

    fn make(&self) {
        let mut backend = self.aws.changing();
        let timeline = &mut backend.timeline;
        let created = timeline.clock.date();
        let suffix = match partition(&self.region) {
            "aws-cn" => "amazonaws.com.cn",
            _ => "amazonaws.com",
        };
        let key = (self.region.clone(), self.name.clone());
        let is_new = timeline
            .now
            .account(&self.account)
            .is_none_or(|account| !account.clusters.contains_key(&key));
        // An issuer is never the same again, even for a cluster of the same name.
        let issuer = if is_new {
            timeline.unique(32, HEX)
        } else {
            String::new()
        };
        let account = timeline.now.accounts.entry(self.account.clone()).or_default();
        account.clusters.entry(key).or_insert_with(|| State {
            name: self.name.clone(),
            arn: format!("{}:cluster/{}", self.prefix(), self.name),
            status: "ACTIVE".to_owned(),
            version: "1.34".to_owned(),
            platform_version: "eks.9".to_owned(),
            issuer: format!("oidc.eks.{}.{suffix}/id/{issuer}", self.region),
            auto_mode: false,
            created,
            tags: Tags::new(),
            associations: BTreeMap::new(),
            addons: BTreeMap::new(),
            nodegroups: BTreeMap::new(),
            fargate_profiles: BTreeMap::new(),
            tokens: BTreeMap::new(),
        });
    }

    /// Its ARN.
    pub fn arn(&self) -> String {
        self.look(|cluster| cluster.arn.clone())
    }

    /// Its OIDC issuer, with `https://`.
    pub fn issuer(&self) -> String {
        self.look(|cluster| format!("https://{}", cluster.issuer))
    }

    /// Sets its status; one that is `CREATING` has no issuer yet.
    pub fn status(&self, status: &str) -> &Self {
        self.change(|cluster| status.clone_into(&mut cluster.status));
        self
    }

    /// Sets its version and platform version.
    pub fn version(&self, version: &str, platform: &str) -> &Self {
        self.change(|cluster| {
            version.clone_into(&mut cluster.version);
            platform.clone_into(&mut cluster.platform_version);
        });
        self
    }

    /// Turns EKS Auto Mode on.
    pub fn auto_mode(&self) -> &Self {
        self.change(|cluster| cluster.auto_mode = true);
        self
    }

    /// Adds a node group.
    pub fn nodegroup(&self, name: &str, node_role: &str) -> &Self {
        let arn = format!("{}:nodegroup/{}/{name}", self.prefix(), self.name);
        self.change(|cluster| {
            let group = Nodegroup {
                name: name.to_owned(),
                arn,
                node_role: node_role.to_owned(),
                created: cluster.created,
            };
            cluster.nodegroups.insert(name.to_owned(), group);
        });
        self
    }

    /// Adds a Fargate profile for pods of a namespace that carry these labels.
    pub fn fargate_profile(&self, name: &str, namespace: &str, labels: &[(&str, &str)]) -> &Self {
        let arn = format!("{}:fargateprofile/{}/{name}", self.prefix(), self.name);
        let role_arn = format!("arn:{}:iam::{}:role/fargate", partition(&self.region), self.account);
        let labels = labels
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        let selector = (namespace.to_owned(), labels.collect());
        self.change(|cluster| {
            let profile = cluster
                .fargate_profiles
                .entry(name.to_owned())
                .or_insert(FargateProfile {
                    name: name.to_owned(),
                    arn,
                    role_arn,
                    selectors: Vec::new(),
                    created: cluster.created,
                });
            profile.selectors.push(selector);
        });
        self
    }

    /// Adds an add-on in a status such as `ACTIVE` or `DEGRADED`; it keeps it.
    pub fn addon(&self, name: &str, version: &str, status: &str) -> &Self {
        let arn = format!("{}:addon/{}/{name}/0", self.prefix(), self.name);
        self.change(|cluster| {
            let addon = Addon {
                name: name.to_owned(),
                arn,
                version: version.to_owned(),
                configuration: None,
                service_account_role_arn: None,
                created: cluster.created,
                modified: cluster.created,
                tags: Tags::new(),
                phase: Phase::Fixed(status.to_owned()),
                updates: Vec::new(),
            };
            cluster.addons.insert(name.to_owned(), addon);
        });
        self
    }

    /// Adds an association, whatever its role is; its id comes back.
    pub fn associate(&self, namespace: &str, service_account: &str, role_arn: &str) -> String {
        self.add_association(namespace, service_account, role_arn, None)
    }

    /// Adds an association that an add-on owns; its id comes back.
    pub fn associate_for_addon(&self, addon: &str, namespace: &str, service_account: &str, role_arn: &str) -> String {
        let owner = format!("{}:addon/{}/{addon}/0", self.prefix(), self.name);
        self.add_association(namespace, service_account, role_arn, Some(owner))
    }

    fn add_association(
        &self,
        namespace: &str,
        service_account: &str,
        role_arn: &str,
        owner_arn: Option<String>,
    ) -> String {
        let id = format!("a-{}", self.aws.backend().timeline.unique(17, SMALL));
        let arn = format!("{}:podidentityassociation/{}/{id}", self.prefix(), self.name);
        self.change(|cluster| {
            let association = Association {
                id: id.clone(),
                arn,
                namespace: namespace.to_owned(),
                service_account: service_account.to_owned(),
                role_arn: role_arn.to_owned(),
                target_role_arn: None,
                external_id: None,
                disable_session_tags: false,
                policy: None,
                owner_arn,
                created: cluster.created,
                modified: cluster.created,
                tags: Tags::new(),
            };
            cluster.associations.insert(id.clone(), association);
        });
        id
    }

    /// Removes the association of a service account.
    pub fn dissociate(&self, namespace: &str, service_account: &str) {
        self.change(|cluster| {
            cluster
                .associations
                .retain(|_, one| one.namespace != namespace || one.service_account != service_account);
        });
    }

    /// Removes an add-on and what it owns.
    pub fn remove_addon(&self, name: &str) {
        self.change(|cluster| {
            if let Some(addon) = cluster.addons.remove(name) {
                release(cluster, &addon.arn);
            }
        });
    }

    /// Its associations, in order of namespace and service account.
    pub fn associations(&self) -> Vec<AssociationState> {
        let mut states: Vec<AssociationState> = self.look(|cluster| cluster.associations.values().map(state).collect());
        states.sort_by(|a, b| (&a.namespace, &a.service_account).cmp(&(&b.namespace, &b.service_account)));
        states
    }

    /// Removes the cluster with everything in it.
    pub fn delete(&self) {
        let mut backend = self.aws.changing();
        let key = (self.region.clone(), self.name.clone());
        if let Some(account) = backend.timeline.now.accounts.get_mut(&self.account) {
            account.clusters.remove(&key);
        }
    }

    /// Deletes it and makes one of the same name: same ARN, another issuer.
    pub fn recreate(&self) -> &Self {
        self.delete();
        self.make();
        self
    }
}

fn state(association: &Association) -> AssociationState {
    AssociationState {
        id: association.id.clone(),
        arn: association.arn.clone(),
        namespace: association.namespace.clone(),
        service_account: association.service_account.clone(),
        role_arn: association.role_arn.clone(),
        target_role_arn: association.target_role_arn.clone(),
        external_id: association.external_id.clone(),
        disable_session_tags: association.disable_session_tags,
        policy: association.policy.clone(),
        owner_arn: association.owner_arn.clone(),
        tags: association.tags.clone(),
    }
}
