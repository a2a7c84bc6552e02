//! One test's terraform or tofu, its AWS account and its cluster.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use pod_fake_aws::FakeAws;
use pod_tests::cluster::Account;
use tfplugin_testing::cli::{Cli, DevProvider, Plan, Workspace};

use crate::aws::Aws;

pub(crate) const REGION: &str = "eu-central-1";
pub(crate) const CLUSTER: &str = "acceptance";

/// Which servers stand for AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// IAM and STS by LocalStack, EKS by MiniStack: nothing else that is free has it.
    LocalStack,
    /// All by MiniStack.
    MiniStack,
    /// All by our own strict AWS, in this process.
    Strict,
}

/// One for all tests: each has an account of its own in it.
static STRICT: LazyLock<FakeAws> = LazyLock::new(|| FakeAws::start().unwrap());

impl Profile {
    /// Where IAM and STS are.
    pub(crate) fn iam(self) -> String {
        match self {
            Profile::LocalStack => variable("POD_TEST_LOCALSTACK"),
            Profile::MiniStack => variable("POD_TEST_MINISTACK"),
            Profile::Strict => STRICT.url(),
        }
    }

    /// Where EKS is.
    pub(crate) fn eks(self) -> String {
        match self {
            Profile::LocalStack | Profile::MiniStack => variable("POD_TEST_MINISTACK"),
            Profile::Strict => STRICT.url(),
        }
    }

    /// Makes a cluster; its issuer comes back.
    pub(crate) fn create_cluster(self, account: &str, name: &str) -> String {
        if self == Profile::Strict {
            return STRICT.account(account).cluster(REGION, name).issuer();
        }
        let eks = self.eks();
        let at = Account {
            server: &eks,
            id: account,
            region: REGION,
        };
        at.create_cluster(name).unwrap()
    }

    /// Installs the agent of a cluster.
    fn install_agent(self, account: &str, cluster: &str) {
        if self == Profile::Strict {
            let cluster = STRICT.account(account).cluster(REGION, cluster);
            cluster.addon("eks-pod-identity-agent", "v1.3.10-eksbuild.1", "ACTIVE");
            return;
        }
        let eks = self.eks();
        let at = Account {
            server: &eks,
            id: account,
            region: REGION,
        };
        at.install_agent(cluster).unwrap();
    }

    /// Makes the IAM OIDC provider of an issuer.
    fn create_oidc_provider(self, account: &str, issuer: &str) {
        if self == Profile::Strict {
            STRICT.account(account).create_oidc_provider(issuer);
            return;
        }
        let iam = self.iam();
        let at = Account {
            server: &iam,
            id: account,
            region: REGION,
        };
        at.create_oidc_provider(issuer).unwrap();
    }
}

/// What `cargo xtask test acceptance` hands over.
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set; `cargo xtask test acceptance` starts what these tests need"))
}

/// A 12-digit account that no other test has: the servers keep accounts apart by access key.
pub(crate) fn fresh_account() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // Servers may outlive one run of the tests.
    let run = u64::from(std::process::id()) * 1_000;
    (200_000_000_000 + run + NEXT.fetch_add(1, Ordering::Relaxed)).to_string()
}

pub(crate) struct Lab {
    pub(crate) aws: Aws,
    pub(crate) workspace: Workspace,
    pub(crate) account: String,
    profile: Profile,
}

impl Lab {
    /// An account with a cluster in it.
    pub(crate) fn new(cli: Cli, profile: Profile) -> Self {
        let lab = Self::without_cluster(cli, profile);
        lab.create_cluster();
        lab
    }

    pub(crate) fn without_cluster(cli: Cli, profile: Profile) -> Self {
        let account = fresh_account();
        let lab = Self {
            aws: Aws::new(&account, profile),
            workspace: workspace(cli),
            account,
            profile,
        };
        lab.workspace.write("provider.tf", &lab.provider()).unwrap();
        lab
    }

    /// The cluster with its agent, and its OIDC provider in IAM; the issuer comes back.
    pub(crate) fn create_cluster(&self) -> String {
        let issuer = self.create_bare_cluster();
        self.profile.install_agent(&self.account, CLUSTER);
        self.profile.create_oidc_provider(&self.account, &issuer);
        issuer
    }

    /// A cluster that lacks both.
    pub(crate) fn create_bare_cluster(&self) -> String {
        self.profile.create_cluster(&self.account, CLUSTER)
    }

    fn provider(&self) -> String {
        let (eks, iam, account) = (self.profile.eks(), self.profile.iam(), &self.account);
        format!(
            r#"
            terraform {{
              required_providers {{
                pod = {{ source = "pod-identity/pod" }}
              }}
            }}
            provider "pod" {{
              region           = "{REGION}"
              access_key       = "{account}"
              secret_key       = "local"
              propagation_wait = "0s"
              endpoints {{
                eks = "{eks}"
                iam = "{iam}"
                sts = "{iam}"
              }}
            }}
            "#
        )
    }

    /// Plans a configuration, and says what it was if that fails.
    #[track_caller]
    pub(crate) fn plan(&self, configuration: &str) -> Plan {
        self.workspace.write("main.tf", configuration).unwrap();
        match self.workspace.plan(&[]) {
            Ok(plan) => plan,
            Err(error) => panic!("{error}\nof\n{configuration}"),
        }
    }

    /// Applies a plan; a second one must then be empty.
    #[track_caller]
    pub(crate) fn apply(&self, plan: &Plan) {
        if let Err(error) = self.workspace.apply_plan(plan) {
            panic!("{error}\nof\n{}", plan.output);
        }
        let second = self.workspace.plan(&[]).unwrap_or_else(|error| panic!("{error}"));
        assert!(second.is_empty(), "the second plan is not empty:\n{}", second.output);
    }
}

/// A configuration in a folder of its own, with the built provider.
pub(crate) fn workspace(cli: Cli) -> Workspace {
    let provider = DevProvider {
        source: "pod-identity/pod".to_owned(),
        folder: PathBuf::from(variable("POD_TEST_PROVIDER")),
    };
    Workspace::new(&cli.program().unwrap(), &[provider]).unwrap()
}
