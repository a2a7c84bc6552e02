//! An account in memory that answers as AWS does, keeps a log of writes, and fails when told to.

mod addons;
mod nodes;
mod oidc;
mod survey;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::SystemTime;

pub(crate) use addons::{AddonFuture, FakeAddon};
use pod_identity_core::binding::{AssociationChange, AssociationTerms, TagChange};

use super::{
    Association, Caller, CloudError, Cluster, ClusterRef, Eks, FargateProfile, Iam, NewAssociation, NewRole,
    OidcProvider, Problem, Role, Service, Sts,
};

pub(crate) const ACCOUNT: &str = "111122223333";

#[derive(Default)]
pub(crate) struct Fake {
    account: Mutex<Account>,
}

/// Everything that is in the account.
#[derive(Default)]
pub(crate) struct Account {
    pub(crate) clusters: BTreeMap<ClusterRef, Cluster>,
    pub(crate) roles: BTreeMap<String, FakeRole>,
    pub(crate) associations: BTreeMap<(ClusterRef, String), Association>,
    pub(crate) oidc_providers: BTreeMap<String, OidcProvider>,
    pub(crate) addons: BTreeMap<(ClusterRef, String), FakeAddon>,
    pub(crate) addon_future: AddonFuture,
    /// Of the nodes of each cluster.
    pub(crate) node_roles: BTreeMap<ClusterRef, Vec<String>>,
    pub(crate) fargate_profiles: BTreeMap<ClusterRef, Vec<FargateProfile>>,
    /// Documents of managed policies, by ARN.
    pub(crate) policies: BTreeMap<String, String>,
    /// Writes in order, as `CreateRole name`.
    pub(crate) writes: Vec<String>,
    /// Operations that only read, in order.
    pub(crate) reads: Vec<&'static str>,
    /// Account of the credentials, if not [`ACCOUNT`].
    pub(crate) caller: Option<String>,
    /// What EKS says that it sends to target roles, if not what its documentation says.
    pub(crate) external_id: Option<String>,
    /// Whether an empty session policy leaves the one that is there.
    pub(crate) keeps_session_policies: bool,
    /// Whether STS takes calls and never answers.
    pub(crate) is_silent: bool,
    faults: Vec<Fault>,
    beside: Vec<(&'static str, Beside)>,
    made: u32,
}

/// What somebody else does.
type Beside = Box<dyn FnOnce(&mut Account) + Send>;

/// A role and what hangs on it.
pub(crate) struct FakeRole {
    pub(crate) role: Role,
    pub(crate) attached: Vec<String>,
    pub(crate) inline: BTreeMap<String, String>,
    /// Trust policies that reads still give, latest last.
    pub(crate) stale_trust: Vec<String>,
}

struct Fault {
    operation: &'static str,
    error: CloudError,
    takes_effect: bool,
    /// Calls that go well before it.
    after: u32,
}

impl Fake {
    /// Reads or changes the account behind the provider's back.
    pub(crate) fn account<T>(&self, look: impl FnOnce(&mut Account) -> T) -> T {
        look(&mut self.account.lock().unwrap())
    }

    /// The next call of `operation` fails and does nothing.
    pub(crate) fn fail(&self, operation: &'static str, problem: Problem, code: &str) {
        self.fault(operation, problem, code, false, 0);
    }

    /// A call of `operation` fails and does nothing, after others that go well.
    pub(crate) fn fail_after(&self, after: u32, operation: &'static str, problem: Problem, code: &str) {
        self.fault(operation, problem, code, false, after);
    }

    /// The next call of `operation` does its work, but the answer is lost.
    pub(crate) fn lose_answer(&self, operation: &'static str) {
        self.fault(operation, Problem::Unreachable { endpoint: None }, "", true, 0);
    }

    /// Right before the next call of `operation`, something happens.
    pub(crate) fn before(&self, operation: &'static str, what: impl FnOnce(&mut Account) + Send + 'static) {
        self.account(|account| account.beside.push((operation, Box::new(what))));
    }

    /// The next call of `operation` fails with a message of its own.
    pub(crate) fn fail_saying(&self, operation: &'static str, problem: Problem, code: &str, message: &str) {
        let error = CloudError::new(Service::Eks, operation, problem, message);
        let fault = Fault {
            operation,
            error: error.answered(Some(code.to_owned()), None),
            takes_effect: false,
            after: 0,
        };
        self.account(|account| account.faults.push(fault));
    }

    fn fault(&self, operation: &'static str, problem: Problem, code: &str, takes_effect: bool, after: u32) {
        let error = CloudError::new(Service::Iam, operation, problem, "told to fail");
        self.account(|account| {
            account.faults.push(Fault {
                operation,
                error: if code.is_empty() {
                    error
                } else {
                    error.answered(Some(code.to_owned()), None)
                },
                takes_effect,
                after,
            });
        });
    }

    fn write<T>(
        &self,
        operation: &'static str,
        what: &str,
        effect: impl FnOnce(&mut Account) -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        self.account(|account| match account.fault(operation) {
            Some(fault) if !fault.takes_effect => Err(fault.error),
            fault => {
                let outcome = effect(account);
                if outcome.is_ok() {
                    account.writes.push(format!("{operation} {what}"));
                }
                match fault {
                    Some(fault) => Err(fault.error),
                    None => outcome,
                }
            }
        })
    }

    fn read<T>(
        &self,
        operation: &'static str,
        look: impl FnOnce(&mut Account) -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        self.account(|account| {
            account.reads.push(operation);
            match account.fault(operation) {
                Some(fault) => Err(fault.error),
                None => look(account),
            }
        })
    }

    fn change_role<T>(
        &self,
        operation: &'static str,
        name: &str,
        effect: impl FnOnce(&mut FakeRole) -> Result<T, CloudError>,
    ) -> Result<T, CloudError> {
        self.write(operation, name, |account| {
            effect(account.roles.get_mut(name).ok_or_else(|| no_entity(operation, name))?)
        })
    }
}

impl Account {
    /// A cluster in us-west-2 with an EKS-shaped issuer and the Pod Identity agent.
    pub(crate) fn add_cluster(&mut self, name: &str) {
        let region = "us-west-2".to_owned();
        let cluster = Cluster {
            name: name.to_owned(),
            arn: format!("arn:aws:eks:{region}:{ACCOUNT}:cluster/{name}"),
            status: Some("ACTIVE".to_owned()),
            version: Some("1.34".to_owned()),
            platform_version: Some("eks.9".to_owned()),
            oidc_issuer: Some(format!(
                "https://oidc.eks.{region}.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
            )),
            auto_mode: Some(false),
        };
        self.clusters.insert(
            ClusterRef {
                region,
                name: name.to_owned(),
            },
            cluster,
        );
        self.add_agent(name);
    }

    /// The fault that meets this call.
    fn fault(&mut self, operation: &str) -> Option<Fault> {
        if let Some(position) = self.beside.iter().position(|(of, _)| *of == operation) {
            let (_, what) = self.beside.remove(position);
            what(self);
        }
        let position = self.faults.iter().position(|fault| fault.operation == operation)?;
        match &mut self.faults[position].after {
            0 => Some(self.faults.remove(position)),
            after => {
                *after -= 1;
                None
            }
        }
    }

    fn unique(&mut self) -> u32 {
        self.made += 1;
        self.made
    }
}

fn no_entity(operation: &'static str, name: &str) -> CloudError {
    CloudError::new(
        Service::Iam,
        operation,
        Problem::NotFound,
        format!("The role with name {name} cannot be found."),
    )
    .answered(Some("NoSuchEntity".to_owned()), None)
}

fn no_resource(operation: &'static str, what: &str) -> CloudError {
    CloudError::new(Service::Eks, operation, Problem::NotFound, format!("{what} not found."))
        .answered(Some("ResourceNotFoundException".to_owned()), None)
}

/// What EKS checks before it makes or changes an association.
fn admit(operation: &'static str, terms: &AssociationTerms) -> Result<(), CloudError> {
    let refuse = |message: &str| {
        let error = CloudError::new(Service::Eks, operation, Problem::Other, message);
        Err(error.answered(Some("InvalidParameterException".to_owned()), None))
    };
    let policy = terms.session_policy.as_deref().unwrap_or_default();
    if !policy.is_empty() && !terms.disable_session_tags {
        return refuse("A session policy requires session tags to be disabled.");
    }
    if policy.chars().count() > 2048 {
        return refuse("The session policy is too long.");
    }
    Ok(())
}

fn with_external_id(at: &ClusterRef, association: Association, said: Option<&String>) -> Association {
    let documented = format!(
        "{}/{ACCOUNT}/{}/{}/{}",
        at.region, at.name, association.namespace, association.service_account
    );
    let id = said.cloned().unwrap_or(documented);
    Association {
        external_id: association.terms.target_role_arn.is_some().then_some(id),
        ..association
    }
}

fn retag(tags: &mut BTreeMap<String, String>, change: &TagChange) {
    tags.extend(change.set.clone());
    tags.retain(|key, _| !change.remove.contains(key));
}

impl Sts for Fake {
    fn endpoint(&self) -> Option<&str> {
        Some("http://127.0.0.1:4566")
    }

    async fn caller(&self) -> Result<Caller, CloudError> {
        if self.account(|account| account.is_silent) {
            std::future::pending::<()>().await;
        }
        let account_id = self.account(|account| account.caller.clone());
        let account_id = account_id.unwrap_or_else(|| ACCOUNT.to_owned());
        Ok(Caller {
            partition: "aws".to_owned(),
            account_id,
        })
    }
}

impl Eks for Fake {
    async fn cluster(&self, at: &ClusterRef) -> Result<Cluster, CloudError> {
        self.read("DescribeCluster", |account| {
            let cluster = account.clusters.get(at).cloned();
            cluster.ok_or_else(|| no_resource("DescribeCluster", &at.name))
        })
    }

    async fn find_association(
        &self,
        at: &ClusterRef,
        namespace: &str,
        service_account: &str,
    ) -> Result<Option<Association>, CloudError> {
        self.read("ListPodIdentityAssociations", |account| {
            if !account.clusters.contains_key(at) {
                return Err(no_resource("ListPodIdentityAssociations", &at.name));
            }
            let mut associations = account.associations.iter();
            Ok(associations
                .find(|((cluster, _), found)| {
                    cluster == at && found.namespace == namespace && found.service_account == service_account
                })
                .map(|(_, found)| found.clone()))
        })
    }

    async fn association(&self, at: &ClusterRef, id: &str) -> Result<Association, CloudError> {
        self.read("DescribePodIdentityAssociation", |account| {
            let found = account.associations.get(&(at.clone(), id.to_owned())).cloned();
            found.ok_or_else(|| no_resource("DescribePodIdentityAssociation", id))
        })
    }

    async fn create_association(&self, at: &ClusterRef, new: &NewAssociation) -> Result<Association, CloudError> {
        const OPERATION: &str = "CreatePodIdentityAssociation";
        self.write(OPERATION, &new.service_account, |account| {
            if !account.clusters.contains_key(at) {
                return Err(no_resource(OPERATION, &at.name));
            }
            let taken = account.associations.iter().find(|((cluster, _), found)| {
                cluster == at && found.namespace == new.namespace && found.service_account == new.service_account
            });
            if let Some(((_, id), _)) = taken {
                return Err(CloudError::new(
                    Service::Eks,
                    OPERATION,
                    Problem::Conflict,
                    format!("Association already exists: {id}"),
                )
                .answered(Some("ResourceInUseException".to_owned()), None));
            }
            admit(OPERATION, &new.terms)?;
            let id = format!("a-{:017}", account.unique());
            let association = Association {
                arn: format!(
                    "arn:aws:eks:{}:{ACCOUNT}:podidentityassociation/{}/{id}",
                    at.region, at.name
                ),
                id: id.clone(),
                namespace: new.namespace.clone(),
                service_account: new.service_account.clone(),
                terms: new.terms.clone(),
                external_id: None,
                owner_arn: None,
                created: Some(SystemTime::now()),
                tags: new.tags.clone(),
            };
            let association = with_external_id(at, association, account.external_id.as_ref());
            account.associations.insert((at.clone(), id), association.clone());
            Ok(association)
        })
    }

    async fn update_association(
        &self,
        at: &ClusterRef,
        id: &str,
        change: &AssociationChange,
    ) -> Result<Association, CloudError> {
        const OPERATION: &str = "UpdatePodIdentityAssociation";
        let role_arn = change.role_arn.as_deref().unwrap_or(id);
        self.write(OPERATION, role_arn, |account| {
            let found = account.associations.get_mut(&(at.clone(), id.to_owned()));
            let association = found.ok_or_else(|| no_resource(OPERATION, id))?;
            let mut change = change.clone();
            if account.keeps_session_policies && change.session_policy.as_deref() == Some("") {
                change.session_policy = None;
            }
            let mut terms = association.terms.clone();
            change.apply(&mut terms);
            admit(OPERATION, &terms)?;
            association.terms = terms;
            *association = with_external_id(at, association.clone(), account.external_id.as_ref());
            Ok(association.clone())
        })
    }

    async fn delete_association(&self, at: &ClusterRef, id: &str) -> Result<(), CloudError> {
        const OPERATION: &str = "DeletePodIdentityAssociation";
        self.write(OPERATION, id, |account| {
            let removed = account.associations.remove(&(at.clone(), id.to_owned()));
            removed.map(drop).ok_or_else(|| no_resource(OPERATION, id))
        })
    }

    async fn retag(&self, _region: &str, arn: &str, change: &TagChange) -> Result<(), CloudError> {
        self.write("TagResource", arn, |account| {
            let associations = account.associations.values_mut();
            let associations = associations
                .filter(|found| found.arn == arn)
                .map(|found| &mut found.tags);
            let addons = account.addons.values_mut().map(|found| &mut found.addon);
            let addons = addons
                .filter(|found| found.arn.as_deref() == Some(arn))
                .map(|found| &mut found.tags);
            let tags = associations.chain(addons).next();
            retag(tags.ok_or_else(|| no_resource("TagResource", arn))?, change);
            Ok(())
        })
    }
}

impl Iam for Fake {
    async fn role(&self, name: &str) -> Result<Role, CloudError> {
        self.read("GetRole", |account| {
            let found = account.roles.get_mut(name).ok_or_else(|| no_entity("GetRole", name))?;
            let mut role = found.role.clone();
            role.trust_policy = found.stale_trust.pop().unwrap_or(role.trust_policy);
            Ok(role)
        })
    }

    async fn roles(&self) -> Result<Vec<Role>, CloudError> {
        self.read("GetAccountAuthorizationDetails", |account| {
            Ok(account.roles.values().map(|found| found.role.clone()).collect())
        })
    }

    async fn create_role(&self, new: &NewRole) -> Result<Role, CloudError> {
        self.write("CreateRole", &new.name, |account| {
            if account.roles.contains_key(&new.name) {
                return Err(CloudError::new(
                    Service::Iam,
                    "CreateRole",
                    Problem::Conflict,
                    format!("Role with name {} already exists.", new.name),
                )
                .answered(Some("EntityAlreadyExists".to_owned()), None));
            }
            let role = Role {
                name: new.name.clone(),
                arn: format!("arn:aws:iam::{ACCOUNT}:role{}{}", new.path, new.name),
                path: new.path.clone(),
                unique_id: format!("AROA{:017}", account.unique()),
                description: new.description.clone(),
                permissions_boundary: new.permissions_boundary.clone(),
                max_session_duration: Some(new.max_session_duration),
                trust_policy: new.trust_policy.clone(),
                created: Some(SystemTime::now()),
                last_used: None,
                tags: new.tags.clone(),
            };
            let made = FakeRole {
                role: role.clone(),
                attached: Vec::new(),
                inline: BTreeMap::new(),
                stale_trust: Vec::new(),
            };
            account.roles.insert(new.name.clone(), made);
            Ok(role)
        })
    }

    async fn update_role(
        &self,
        name: &str,
        description: Option<&str>,
        max_session_duration: i64,
    ) -> Result<(), CloudError> {
        self.change_role("UpdateRole", name, |found| {
            found.role.description = description.map(str::to_owned);
            found.role.max_session_duration = Some(max_session_duration);
            Ok(())
        })
    }

    async fn delete_role(&self, name: &str) -> Result<(), CloudError> {
        self.write("DeleteRole", name, |account| match account.roles.get(name) {
            None => Err(no_entity("DeleteRole", name)),
            Some(found) if !found.attached.is_empty() || !found.inline.is_empty() => Err(CloudError::new(
                Service::Iam,
                "DeleteRole",
                Problem::Conflict,
                "Cannot delete entity, must detach all policies first.",
            )
            .answered(Some("DeleteConflict".to_owned()), None)),
            Some(_) => {
                account.roles.remove(name);
                Ok(())
            }
        })
    }

    async fn write_trust(&self, name: &str, document: &str) -> Result<(), CloudError> {
        self.change_role("UpdateAssumeRolePolicy", name, |found| {
            document.clone_into(&mut found.role.trust_policy);
            Ok(())
        })
    }

    async fn write_boundary(&self, name: &str, boundary: Option<&str>) -> Result<(), CloudError> {
        self.change_role("PutRolePermissionsBoundary", name, |found| {
            found.role.permissions_boundary = boundary.map(str::to_owned);
            Ok(())
        })
    }

    async fn retag_role(&self, name: &str, change: &TagChange) -> Result<(), CloudError> {
        self.change_role("TagRole", name, |found| {
            retag(&mut found.role.tags, change);
            Ok(())
        })
    }

    async fn attached_policies(&self, name: &str) -> Result<Vec<String>, CloudError> {
        const OPERATION: &str = "ListAttachedRolePolicies";
        self.read(OPERATION, |account| {
            let found = account.roles.get(name).map(|found| found.attached.clone());
            found.ok_or_else(|| no_entity(OPERATION, name))
        })
    }

    async fn attach_policy(&self, name: &str, arn: &str) -> Result<(), CloudError> {
        self.change_role("AttachRolePolicy", name, |found| {
            found.attached.push(arn.to_owned());
            found.attached.sort();
            found.attached.dedup();
            Ok(())
        })
    }

    async fn detach_policy(&self, name: &str, arn: &str) -> Result<(), CloudError> {
        self.change_role("DetachRolePolicy", name, |found| {
            let position = found.attached.iter().position(|attached| attached == arn);
            found
                .attached
                .remove(position.ok_or_else(|| no_entity("DetachRolePolicy", arn))?);
            Ok(())
        })
    }

    async fn inline_policies(&self, name: &str) -> Result<BTreeMap<String, String>, CloudError> {
        self.read("ListRolePolicies", |account| {
            let found = account.roles.get(name).map(|found| found.inline.clone());
            found.ok_or_else(|| no_entity("ListRolePolicies", name))
        })
    }

    async fn put_inline_policy(&self, name: &str, policy: &str, document: &str) -> Result<(), CloudError> {
        self.change_role("PutRolePolicy", name, |found| {
            found.inline.insert(policy.to_owned(), document.to_owned());
            Ok(())
        })
    }

    async fn delete_inline_policy(&self, name: &str, policy: &str) -> Result<(), CloudError> {
        self.change_role("DeleteRolePolicy", name, |found| {
            let removed = found.inline.remove(policy);
            removed.map(drop).ok_or_else(|| no_entity("DeleteRolePolicy", policy))
        })
    }
}
