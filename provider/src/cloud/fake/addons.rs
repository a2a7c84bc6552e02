use super::{ACCOUNT, Account, Fake, no_resource};
use crate::cloud::{
    Addon, AddonChange, AddonUpdate, Addons, CloudError, ClusterRef, NewAddon, Problem, Service, Software,
};

/// An add-on, and what is still to become of it.
pub(crate) struct FakeAddon {
    pub(crate) addon: Addon,
    /// The states that reads give one after the other, next last, before it is as it was meant to be.
    pub(crate) course: Vec<&'static str>,
    /// Whether it is gone at the end of its course.
    is_deleting: bool,
}

/// What the next change of an add-on leads to.
#[derive(Default)]
pub(crate) struct AddonFuture {
    /// See [`FakeAddon::course`].
    pub(crate) course: Vec<&'static str>,
    /// What is wrong with it from now on.
    pub(crate) issues: Vec<String>,
    /// Why updates fail.
    pub(crate) update_errors: Vec<String>,
}

impl Account {
    /// The EKS Pod Identity agent, as EKS installs it by default.
    pub(crate) fn add_agent(&mut self, cluster: &str) {
        let at = ClusterRef {
            region: "us-west-2".to_owned(),
            name: cluster.to_owned(),
        };
        let agent = NewAddon {
            name: "eks-pod-identity-agent".to_owned(),
            token: String::new(),
            version: None,
            configuration: None,
            resolve_conflicts: None,
            tags: super::BTreeMap::new(),
        };
        self.insert_addon(&at, &agent);
    }

    fn insert_addon(&mut self, at: &ClusterRef, new: &NewAddon) -> Addon {
        let id = self.addons.len();
        let mut course = std::mem::take(&mut self.addon_future.course);
        let addon = Addon {
            arn: Some(format!(
                "arn:aws:eks:{}:{ACCOUNT}:addon/{}/{}/{id}",
                at.region, at.name, new.name
            )),
            version: Some(new.version.clone().unwrap_or_else(|| "v1.3.10-eksbuild.1".to_owned())),
            status: Some(course.pop().unwrap_or("ACTIVE").to_owned()),
            configuration: new.configuration.clone(),
            issues: std::mem::take(&mut self.addon_future.issues),
            tags: new.tags.clone(),
        };
        let made = FakeAddon {
            addon: addon.clone(),
            course,
            is_deleting: false,
        };
        self.addons.insert((at.clone(), new.name.clone()), made);
        addon
    }
}

impl Addons for Fake {
    async fn addon(&self, at: &ClusterRef, name: &str) -> Result<Addon, CloudError> {
        const OPERATION: &str = "DescribeAddon";
        self.read(OPERATION, |account| {
            let key = (at.clone(), name.to_owned());
            let found = account.addons.get_mut(&key);
            let found = found.ok_or_else(|| no_resource(OPERATION, name))?;
            match found.course.pop() {
                Some(status) => found.addon.status = Some(status.to_owned()),
                None if found.is_deleting => {
                    account.addons.remove(&key);
                    return Err(no_resource(OPERATION, name));
                }
                None => {}
            }
            Ok(found.addon.clone())
        })
    }

    async fn create_addon(&self, at: &ClusterRef, new: &NewAddon) -> Result<Addon, CloudError> {
        const OPERATION: &str = "CreateAddon";
        self.write(OPERATION, &new.name, |account| {
            if !account.clusters.contains_key(at) {
                return Err(no_resource(OPERATION, &at.name));
            }
            if account.addons.contains_key(&(at.clone(), new.name.clone())) {
                let taken = CloudError::new(Service::Eks, OPERATION, Problem::Conflict, "Addon already exists.");
                return Err(taken.answered(Some("ResourceInUseException".to_owned()), None));
            }
            Ok(account.insert_addon(at, new))
        })
    }

    async fn update_addon(&self, at: &ClusterRef, change: &AddonChange) -> Result<Option<String>, CloudError> {
        const OPERATION: &str = "UpdateAddon";
        let what = format!(
            "{} {} {}",
            change.version.as_deref().unwrap_or("-"),
            change.configuration.as_deref().unwrap_or("-"),
            change.resolve_conflicts.unwrap_or("-")
        );
        self.write(OPERATION, &what, |account| {
            let course = std::mem::take(&mut account.addon_future.course);
            let issues = std::mem::take(&mut account.addon_future.issues);
            let found = account.addons.get_mut(&(at.clone(), change.name.clone()));
            let found = found.ok_or_else(|| no_resource(OPERATION, &change.name))?;
            if account.addon_future.update_errors.is_empty() {
                found.addon.version = change.version.clone().or(found.addon.version.take());
                found.addon.configuration = change.configuration.clone().or(found.addon.configuration.take());
            }
            found.addon.issues = issues;
            found.course = course;
            if let Some(status) = found.course.pop() {
                found.addon.status = Some(status.to_owned());
            }
            Ok(Some("update-1".to_owned()))
        })
    }

    async fn addon_update(&self, _at: &ClusterRef, _addon: &str, _id: &str) -> Result<AddonUpdate, CloudError> {
        self.read("DescribeUpdate", |account| {
            Ok(match account.addon_future.update_errors.as_slice() {
                [] => AddonUpdate::Successful,
                errors => AddonUpdate::Failed(errors.to_vec()),
            })
        })
    }

    async fn delete_addon(&self, at: &ClusterRef, name: &str, software: Software) -> Result<(), CloudError> {
        const OPERATION: &str = "DeleteAddon";
        self.write(OPERATION, &format!("{name} {software:?}"), |account| {
            let course = std::mem::take(&mut account.addon_future.course);
            let issues = std::mem::take(&mut account.addon_future.issues);
            let found = account.addons.get_mut(&(at.clone(), name.to_owned()));
            let found = found.ok_or_else(|| no_resource(OPERATION, name))?;
            found.addon.status = Some("DELETING".to_owned());
            found.addon.issues = issues;
            found.course = course;
            found.is_deleting = true;
            Ok(())
        })
    }
}
