//! The provider with its own AWS clients, on a strict AWS in this process.

use pod_fake_aws::{Cluster, FakeAws};
use tfmodel::Value;
use tfplugin_testing::Core;
use tfplugin_testing::core::ResourceType;

use crate::cloud::fake::ACCOUNT;
use crate::provider::Pod;
use crate::session::ConnectAws;

const REGION: &str = "us-west-2";

/// Runs a test with the stack that calls have when a host makes them: without optimisation, futures of the SDK are megabytes deep.
pub(crate) fn run<T: Future<Output = ()>>(test: impl FnOnce() -> T + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let thread = std::thread::Builder::new().stack_size(16 * 1024 * 1024);
    let ended = thread.spawn(move || runtime.block_on(test())).unwrap().join();
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic);
    }
}

/// A provider, and an account with the cluster `demo` in it.
pub(crate) struct StrictLab {
    pub(crate) aws: FakeAws,
    pub(crate) bindings: ResourceType,
    pub(crate) core: Core,
}

impl StrictLab {
    pub(crate) async fn new() -> Self {
        Self::configured(ACCOUNT, &[], "").await
    }

    /// Of a user who may do what these policies say; `more` is further settings.
    pub(crate) async fn of_user(policies: &[&str], more: &str) -> Self {
        Self::configured("AKIAIOSFODNN7EXAMPLE", policies, more).await
    }

    async fn configured(access_key: &str, policies: &[&str], more: &str) -> Self {
        let aws = FakeAws::start().unwrap();
        if access_key != ACCOUNT {
            aws.account(ACCOUNT).create_user_key(access_key, "terraform", policies);
        }
        let cluster = aws.account(ACCOUNT).cluster(REGION, "demo");
        cluster.addon("eks-pod-identity-agent", "v1.3.9-eksbuild.3", "ACTIVE");
        aws.account(ACCOUNT).create_oidc_provider(&cluster.issuer());
        let core = Core::in_process(Pod(ConnectAws)).await.unwrap();
        let url = aws.url();
        let settings = format!(
            r#"{{"region": "{REGION}", "access_key": "{access_key}", "secret_key": "secret", "propagation_wait": "0s",
                "endpoints": {{"eks": "{url}", "iam": "{url}", "sts": "{url}"}} {more}}}"#
        );
        core.configure(&core.provider_config(&settings).unwrap()).await.unwrap();
        aws.forget_calls();
        let bindings = core.resource("pod_identity_binding").unwrap();
        Self { aws, bindings, core }
    }

    pub(crate) fn cluster(&self) -> Cluster<'_> {
        self.aws.account(ACCOUNT).cluster(REGION, "demo")
    }

    /// A binding of service account `shop/checkout` of cluster `demo`, with more arguments.
    pub(crate) fn binding(&self, more: &str) -> Value {
        super::binding(&self.bindings, more)
    }

    /// Roles and associations, by name.
    pub(crate) fn objects(&self) -> Vec<String> {
        let associations = self.cluster().associations();
        let keys = associations
            .iter()
            .map(|one| format!("{}/{}", one.namespace, one.service_account));
        self.aws.account(ACCOUNT).roles().into_iter().chain(keys).collect()
    }
}
