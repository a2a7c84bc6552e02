//! One test's terraform or tofu, its AWS account and its cluster.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pod_fake_aws::{Cluster, FakeAws};
use pod_tests::cluster::Account;
use tfplugin_testing::cli::{Cli, DevProvider, Diagnostic, Plan, Severity, Workspace};

use crate::aws::Aws;

pub(crate) const REGION: &str = "eu-central-1";
pub(crate) const CLUSTER: &str = "acceptance";

/// What [`binding`] declares.
pub(crate) const ADDRESS: &str = "pod_identity_binding.checkout";

/// A binding of service account `checkout` in namespace `shop`, with more arguments.
pub(crate) fn binding(arguments: &str) -> String {
    format!(
        r#"
        resource "pod_identity_binding" "checkout" {{
          cluster_name    = "{CLUSTER}"
          namespace       = "shop"
          service_account = "checkout"
          {arguments}
        }}
        "#
    )
}

/// Which servers stand for AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// IAM and STS by LocalStack, EKS by MiniStack: nothing else that is free has it.
    LocalStack,
    /// All by MiniStack.
    MiniStack,
    /// The same, where users have to sign and may do what their policies say.
    MiniStackAuth,
    /// All by our own strict AWS, in this process.
    Strict,
}

impl Profile {
    /// What stands for AWS in one test.
    pub(crate) fn servers(self) -> Servers {
        let ministack = || variable("POD_TEST_MINISTACK");
        match self {
            Profile::LocalStack => Servers::Local {
                iam: variable("POD_TEST_LOCALSTACK"),
                eks: ministack(),
            },
            Profile::MiniStack => Servers::Local {
                iam: ministack(),
                eks: ministack(),
            },
            Profile::MiniStackAuth => Servers::Local {
                iam: variable("POD_TEST_MINISTACK_AUTH"),
                eks: variable("POD_TEST_MINISTACK_AUTH"),
            },
            Profile::Strict => Servers::Strict(FakeAws::start().unwrap()),
        }
    }
}

/// Local servers, which all tests share, or a strict AWS of the test's own, whose clock it may turn.
pub(crate) enum Servers {
    Local { iam: String, eks: String },
    Strict(FakeAws),
}

impl Servers {
    /// Where IAM and STS are.
    pub(crate) fn iam(&self) -> String {
        match self {
            Servers::Local { iam, .. } => iam.clone(),
            Servers::Strict(aws) => aws.url(),
        }
    }

    /// Where EKS is.
    pub(crate) fn eks(&self) -> String {
        match self {
            Servers::Local { eks, .. } => eks.clone(),
            Servers::Strict(aws) => aws.url(),
        }
    }

    /// Makes a cluster; its issuer comes back.
    pub(crate) fn create_cluster(&self, account: &str, name: &str) -> String {
        match self {
            Servers::Local { eks, .. } => at(eks, account).create_cluster(name).unwrap(),
            Servers::Strict(aws) => aws.account(account).cluster(REGION, name).issuer(),
        }
    }

    /// Installs the agent of a cluster.
    pub(crate) fn install_agent(&self, account: &str, cluster: &str) {
        match self {
            Servers::Local { eks, .. } => at(eks, account).install_agent(cluster).unwrap(),
            Servers::Strict(aws) => {
                let cluster = aws.account(account).cluster(REGION, cluster);
                cluster.addon("eks-pod-identity-agent", "v1.3.10-eksbuild.1", "ACTIVE");
            }
        }
    }

    /// Makes the IAM OIDC provider of an issuer.
    pub(crate) fn create_oidc_provider(&self, account: &str, issuer: &str) {
        match self {
            Servers::Local { iam, .. } => at(iam, account).create_oidc_provider(issuer).unwrap(),
            Servers::Strict(aws) => drop(aws.account(account).create_oidc_provider(issuer)),
        }
    }
}

fn at<'a>(server: &'a str, id: &'a str) -> Account<'a> {
    Account {
        server,
        id,
        region: REGION,
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
    servers: Arc<Servers>,
}

impl Lab {
    /// An account with a cluster in it.
    pub(crate) fn new(cli: Cli, profile: Profile) -> Self {
        let lab = Self::without_cluster(cli, profile);
        lab.create_cluster();
        lab
    }

    pub(crate) fn without_cluster(cli: Cli, profile: Profile) -> Self {
        Self::with(cli, fresh_account(), Arc::new(profile.servers()))
    }

    /// Another configuration with another state, in the same account.
    pub(crate) fn another_state(&self, cli: Cli) -> Self {
        Self::with(cli, self.account.clone(), Arc::clone(&self.servers))
    }

    fn with(cli: Cli, account: String, servers: Arc<Servers>) -> Self {
        let lab = Self {
            aws: Aws::new(&account, &servers),
            workspace: workspace(cli),
            account,
            servers,
        };
        lab.workspace.write("provider.tf", &lab.provider()).unwrap();
        lab
    }

    /// The cluster with its agent, and its OIDC provider in IAM; the issuer comes back.
    pub(crate) fn create_cluster(&self) -> String {
        let issuer = self.create_bare_cluster();
        self.servers.install_agent(&self.account, CLUSTER);
        self.servers.create_oidc_provider(&self.account, &issuer);
        issuer
    }

    /// A cluster that lacks both.
    pub(crate) fn create_bare_cluster(&self) -> String {
        self.servers.create_cluster(&self.account, CLUSTER)
    }

    pub(crate) fn servers(&self) -> &Servers {
        &self.servers
    }

    /// The strict AWS of this test.
    #[track_caller]
    pub(crate) fn strict(&self) -> &FakeAws {
        match &*self.servers {
            Servers::Strict(aws) => aws,
            Servers::Local { .. } => panic!("this test is not on the strict AWS"),
        }
    }

    /// Its account there.
    #[track_caller]
    pub(crate) fn strict_account(&self) -> pod_fake_aws::Account<'_> {
        self.strict().account(&self.account)
    }

    /// Its cluster there.
    #[track_caller]
    pub(crate) fn strict_cluster(&self) -> Cluster<'_> {
        self.strict_account().cluster(REGION, CLUSTER)
    }

    /// Adds arguments to the provider block, or changes them.
    pub(crate) fn configure(&self, arguments: &str) {
        let block = format!("provider \"pod\" {{\n{arguments}\n}}\n");
        self.workspace.write("provider_override.tf", &block).unwrap();
    }

    fn provider(&self) -> String {
        let (eks, iam, account) = (self.servers.eks(), self.servers.iam(), &self.account);
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

    /// What a configuration is refused with at plan: the errors.
    #[track_caller]
    pub(crate) fn refused(&self, configuration: &str) -> Vec<Diagnostic> {
        self.workspace.write("main.tf", configuration).unwrap();
        match self.workspace.try_plan(&[]).unwrap() {
            Ok(plan) => panic!("it is planned:\n{}\nof\n{configuration}", plan.output),
            Err(answer) => answer.errors().cloned().collect(),
        }
    }

    /// Plans a configuration and applies it; a second plan must then be empty.
    #[track_caller]
    pub(crate) fn converge(&self, configuration: &str) -> Plan {
        let plan = self.plan(configuration);
        self.apply(&plan);
        plan
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

/// What was warned of, but for what the host says of a provider that is not installed.
pub(crate) fn warnings(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let all = diagnostics.iter().filter(|one| one.severity == Severity::Warning);
    all.filter(|one| one.summary != "Provider development overrides are in effect")
        .collect()
}

/// A configuration in a folder of its own, with the built provider.
pub(crate) fn workspace(cli: Cli) -> Workspace {
    let provider = DevProvider {
        source: "pod-identity/pod".to_owned(),
        folder: PathBuf::from(variable("POD_TEST_PROVIDER")),
    };
    Workspace::new(&cli.program().unwrap(), &[provider]).unwrap()
}
