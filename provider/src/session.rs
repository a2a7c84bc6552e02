//! What configuration makes: the connected services, who calls them, and what is remembered about them for the life of the process.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pod_identity_core::binding::{IgnoredTags, Settings, TrustEdit};
use pod_identity_core::ids::{Partition, Region};
use pod_identity_core::policy::Document;
use tfmodel::{Diagnostic, Diagnostics, Path};
use tfplugin::Configure;
use tokio::sync::{OnceCell, OwnedMutexGuard};
use tokio::time::{Instant, timeout_at};

use crate::cloud::aws::{Aws, ConnectError, Connection};
use crate::cloud::{Caller, Cloud, CloudError, Cluster, ClusterRef, Problem, Service};
use crate::configuration::Configuration;
use crate::preflight::Preflights;
use crate::roles::{self, Roles};

/// For the first call, which also looks for credentials in places that may not answer.
const FIRST_ANSWER: Duration = Duration::from_secs(25);

const NOT_USABLE: &str = "Cannot use the AWS credentials";

/// How the services are reached. Tests reach others than AWS.
pub(crate) trait Connect: Send + Sync + 'static {
    type Cloud: Cloud;

    fn connect(
        &self,
        connection: &Connection,
    ) -> impl Future<Output = Result<(Arc<Self::Cloud>, String), Diagnostics>> + Send;
}

/// The services of AWS, or what the configured endpoints pretend to be them.
pub(crate) struct ConnectAws;

impl Connect for ConnectAws {
    type Cloud = Aws;

    async fn connect(&self, connection: &Connection) -> Result<(Arc<Aws>, String), Diagnostics> {
        let aws = Aws::connect(connection).await.map_err(|error| explain(&error))?;
        let region = aws.region().to_owned();
        Ok((Arc::new(aws), region))
    }
}

/// What resources and data sources work with.
pub(crate) struct Session<C> {
    /// What the engine is told about every binding.
    pub(crate) settings: Settings,
    /// `None` while a setting is known only after apply.
    connected: Option<Connected<C>>,
}

/// The services, and the answers that do not change while the provider runs.
pub(crate) struct Connected<C> {
    pub(crate) cloud: Arc<C>,
    pub(crate) caller: Caller,
    pub(crate) region: String,
    pub(crate) propagation_wait: Duration,
    pub(crate) ignored_tags: IgnoredTags,
    clusters: Mutex<BTreeMap<ClusterRef, Cluster>>,
    roles: OnceCell<Roles>,
    pub(crate) preflights: Preflights,
    locks: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// Edits of trust policies that AWS has acknowledged, by role, in order.
    trust_edits: Mutex<BTreeMap<String, Vec<TrustEdit>>>,
    /// Ids of what this process has deleted.
    deleted: Mutex<BTreeSet<String>>,
}

impl<C: Cloud> Session<C> {
    /// Connects and asks who is calling, so that wrong settings are one error here and not one per resource.
    pub(crate) async fn open<S: Connect<Cloud = C>>(
        source: &S,
        request: Configure<Configuration>,
    ) -> Result<Self, Diagnostics> {
        let configuration = &request.config;
        if request.has_unknown {
            return Ok(Self {
                settings: configuration.settings(configuration.region.known()),
                connected: None,
            });
        }
        let connection = configuration.connection()?;
        let assumed = configuration.assumed_account()?;
        let deadline = Instant::now() + FIRST_ANSWER;
        let connected = timeout_at(deadline, source.connect(&connection)).await;
        let (cloud, region) = connected.map_err(|_| no_answer(None))??;
        let caller = match assumed {
            Some(account_id) => Caller {
                partition: partition_of(&region),
                account_id,
            },
            None => timeout_at(deadline, cloud.caller())
                .await
                .map_err(|_| no_answer(cloud.endpoint()))?
                .map_err(|error| error.diagnostic(NOT_USABLE))?,
        };
        configuration.admit(&caller.account_id)?;
        let settings = configuration.settings(Some(&region));
        Ok(Self {
            connected: Some(Connected {
                ignored_tags: settings.ignored_tags.clone(),
                cloud,
                caller,
                region,
                propagation_wait: configuration.propagation_wait(),
                clusters: Mutex::default(),
                roles: OnceCell::new(),
                preflights: Preflights::default(),
                locks: Mutex::default(),
                trust_edits: Mutex::default(),
                deleted: Mutex::default(),
            }),
            settings,
        })
    }

    /// `None` while a setting is known only after apply: then there is nobody to ask.
    pub(crate) fn connected(&self) -> Option<&Connected<C>> {
        self.connected.as_ref()
    }

    /// The same, where the host has promised that all settings are known.
    pub(crate) fn required(&self) -> Result<&Connected<C>, Diagnostics> {
        self.connected.as_ref().ok_or_else(|| {
            Diagnostic::error(
                "The provider's settings are not known yet",
                "A setting in the `provider \"pod\"` block depends on something that does not exist yet, and this step needs AWS. Apply what \
                 the setting depends on first, with `-target`.",
            )
            .into()
        })
    }
}

impl<C: Cloud> Connected<C> {
    /// The partition of the caller.
    pub(crate) fn partition(&self) -> &str {
        &self.caller.partition
    }

    /// The partition of what is in a region: that of the caller.
    pub(crate) fn partition_of(&self, region: &Region) -> Partition {
        self.partition()
            .parse()
            .unwrap_or_else(|_| Partition::of_region(region))
    }

    /// A cluster as this process first saw it; for plans, which ask for the same one many times. That a cluster is missing is not
    /// remembered: another resource may be making it.
    pub(crate) async fn cluster(&self, at: &ClusterRef) -> Result<Cluster, CloudError> {
        let known = self.clusters().get(at).cloned();
        match known {
            Some(cluster) => Ok(cluster),
            None => self.fresh_cluster(at).await,
        }
    }

    /// A cluster as it is now; for applies, since it may have been replaced after the plan.
    pub(crate) async fn fresh_cluster(&self, at: &ClusterRef) -> Result<Cluster, CloudError> {
        let cluster = self.cloud.cluster(at).await?;
        self.clusters().insert(at.clone(), cluster.clone());
        Ok(cluster)
    }

    /// All roles as this process first saw them; for imports, of which one run may have many.
    pub(crate) async fn roles(&self) -> Result<&Roles, CloudError> {
        self.roles.get_or_try_init(|| roles::read(&*self.cloud)).await
    }

    /// Keeps others in this process from working on the same thing until the guard is dropped.
    pub(crate) async fn lock(&self, name: String) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(name).or_default())
        };
        lock.lock_owned().await
    }

    /// A trust policy as it must be after what this process has written: a read may be older.
    pub(crate) fn with_trust_edits(&self, role: &str, read: Document) -> Document {
        let edits = self.trust_edits.lock().unwrap_or_else(PoisonError::into_inner);
        let edits = edits.get(role).into_iter().flatten();
        edits.fold(read, |document, edit| edit.apply(&document))
    }

    pub(crate) fn remember_trust_edit(&self, role: &str, edit: TrustEdit) {
        let mut edits = self.trust_edits.lock().unwrap_or_else(PoisonError::into_inner);
        edits.entry(role.to_owned()).or_default().push(edit);
    }

    /// For a role that is made or removed: what comes after has nothing to do with what was before.
    pub(crate) fn forget_trust_edits(&self, role: &str) {
        let mut edits = self.trust_edits.lock().unwrap_or_else(PoisonError::into_inner);
        edits.remove(role);
    }

    /// Remembers that something is deleted, by an id that AWS gives only once.
    pub(crate) fn remember_deletion(&self, id: &str) {
        let mut deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.insert(id.to_owned());
    }

    /// Whether this process has deleted it: AWS may still show it.
    pub(crate) fn has_deleted(&self, id: &str) -> bool {
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        deleted.contains(id)
    }

    /// Whether it has deleted anything.
    pub(crate) fn has_deletions(&self) -> bool {
        let deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
        !deleted.is_empty()
    }

    fn clusters(&self) -> std::sync::MutexGuard<'_, BTreeMap<ClusterRef, Cluster>> {
        self.clusters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_answer(endpoint: Option<&str>) -> Diagnostic {
    let problem = Problem::Unreachable {
        endpoint: endpoint.map(str::to_owned),
    };
    let message = format!("no answer within {} seconds", FIRST_ANSWER.as_secs());
    CloudError::new(Service::Sts, "GetCallerIdentity", problem, message).diagnostic(NOT_USABLE)
}

fn partition_of(region: &str) -> String {
    let region: Option<Region> = region.parse().ok();
    region
        .map_or(Partition::Aws, |region| Partition::of_region(&region))
        .to_string()
}

fn explain(error: &ConnectError) -> Diagnostics {
    let (attribute, summary, detail) = match error {
        ConnectError::NoRegion => (
            "region",
            "No AWS region is set",
            "Neither `region` in the provider configuration nor `AWS_REGION` nor the profile in use says which region to work in. Set one of \
             them."
                .to_owned(),
        ),
        ConnectError::CaBundle { path, source } => (
            "custom_ca_bundle",
            "The certificate file cannot be read",
            format!("Reading `{path}` failed: {source}. Correct `custom_ca_bundle`."),
        ),
        ConnectError::CaBundleContents { path, reason } => (
            "custom_ca_bundle",
            "The certificate file holds no usable certificate",
            format!("`{path}` was read, but: {reason}. It has to hold certificates in PEM form."),
        ),
        ConnectError::Proxy { from } => (
            if *from == "https_proxy" || *from == "HTTPS_PROXY" { "https_proxy" } else { "http_proxy" },
            "The proxy has no usable address",
            format!("What `{from}` says is no address of a proxy. It has to look like `http://proxy.example:3128`."),
        ),
        ConnectError::User { service } => (
            "endpoints",
            "The address of a service names a user",
            format!(
                "The address for {service}, which is not shown, has a user name or a password before `@`. Calls are signed and take neither. Remove \
                 them where the address comes from: `endpoints {{ {setting} }}` in the provider configuration, `AWS_ENDPOINT_URL_{variable}`, \
                 `AWS_ENDPOINT_URL`, or `endpoint_url` in a shared file.",
                setting = service.prefix(),
                variable = service.prefix().to_ascii_uppercase(),
            ),
        ),
    };
    Diagnostic::error(summary, detail).at(Path::attribute(attribute)).into()
}
