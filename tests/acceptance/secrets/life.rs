//! What is done with one source of credentials, and all that it leaves behind.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use pod_fake_aws::{FakeAws, Fault};
use serde_json::json;
use tempfile::TempDir;
use tfplugin_testing::child::Finished;
use tfplugin_testing::cli::{Cli, Workspace};

use super::search::{Secret, Told};
use crate::lab::{CLUSTER, REGION, workspace};

pub(super) const ACCOUNT: &str = "111122223333";

/// What a whole life leaves behind, by how the names end; each must be there to be searched.
const SOURCES: [&str; 8] = [
    "terraform.log",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    "show.json",
    "tfplan",
    "tfstate",
    "_Request_Config.msgpack",
    "_Response_NewState.msgpack",
];

pub(super) struct Life {
    pub(super) aws: FakeAws,
    workspace: Workspace,
    /// Files that hold credentials, which are not searched.
    inputs: TempDir,
    /// What commands printed.
    printed: RefCell<Vec<(String, Vec<u8>)>>,
}

impl Life {
    pub(super) fn new(cli: Cli) -> Self {
        let aws = FakeAws::start().unwrap();
        let cluster = aws.account(ACCOUNT).cluster(REGION, CLUSTER);
        cluster.addon("eks-pod-identity-agent", "v1.3.10-eksbuild.1", "ACTIVE");
        let mut workspace = workspace(cli);
        let folder = workspace.configuration();
        let raw = folder.join("raw");
        fs::create_dir(&raw).unwrap();
        workspace.set_env("TF_LOG", "TRACE");
        workspace.set_env("TF_LOG_PATH", folder.join("terraform.log").to_str().unwrap());
        workspace.set_env("TF_LOG_SDK_PROTO_DATA_DIR", raw.to_str().unwrap());
        workspace.set_env("AWS_EC2_METADATA_DISABLED", "true");
        Self {
            aws,
            workspace,
            inputs: tempfile::tempdir().unwrap(),
            printed: RefCell::default(),
        }
    }

    /// Sets a variable for every command.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.workspace.set_env(name, value);
    }

    /// Writes a file that a user has; its path comes back.
    pub(super) fn input(&self, name: &str, text: &str) -> String {
        let file = self.inputs.path().join(name);
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    }

    pub(super) fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// A role that the account may assume, with an external id if one is given.
    pub(super) fn role(&self, name: &str, external_id: &str) {
        let condition = match external_id {
            "" => json!({}),
            id => json!({ "StringEquals": { "sts:ExternalId": id } }),
        };
        let root = format!("arn:aws:iam::{ACCOUNT}:root");
        let statement = json!({ "Effect": "Allow", "Principal": { "AWS": root }, "Action": "sts:AssumeRole", "Condition": condition });
        let trust = json!({ "Version": "2012-10-17", "Statement": [statement] });
        self.aws.account(ACCOUNT).create_role(name, &trust);
    }

    /// The issuer of the cluster, with its provider in IAM.
    pub(super) fn issuer(&self) -> String {
        let account = self.aws.account(ACCOUNT);
        let issuer = account.cluster(REGION, CLUSTER).issuer();
        account.create_oidc_provider(&issuer);
        issuer
    }

    /// A role for whoever has a token of an issuer.
    pub(super) fn federated_role(&self, name: &str, issuer: &str) {
        let provider = format!(
            "arn:aws:iam::{ACCOUNT}:oidc-provider/{}",
            issuer.trim_start_matches("https://")
        );
        let statement = json!({ "Effect": "Allow", "Principal": { "Federated": provider }, "Action": "sts:AssumeRoleWithWebIdentity" });
        let trust = json!({ "Version": "2012-10-17", "Statement": [statement] });
        self.aws.account(ACCOUNT).create_role(name, &trust);
    }

    /// Configures the provider. The values of the variables come from the environment.
    pub(super) fn provider(&self, settings: &str, variables: &[&str]) {
        let variables: String = variables
            .iter()
            .map(|name| format!("variable \"{name}\" {{\n  sensitive = true\n}}\n"))
            .collect();
        let configuration = format!(
            r#"
            terraform {{
              required_providers {{
                pod = {{ source = "pod-identity/pod" }}
              }}
            }}
            provider "pod" {{
              region           = "{REGION}"
              propagation_wait = "0s"
              max_retries      = 0
              {settings}
            }}
            {variables}
            "#
        );
        self.workspace.write("provider.tf", &configuration).unwrap();
        self.binding("one");
    }

    fn binding(&self, description: &str) {
        let configuration = format!(
            r#"
            resource "pod_identity_binding" "checkout" {{
              cluster_name    = "{CLUSTER}"
              namespace       = "shop"
              service_account = "checkout"
              role            = {{ name = "shop-checkout", description = "{description}" }}
            }}
            "#
        );
        self.workspace.write("main.tf", &configuration).unwrap();
    }

    /// Makes, looks at, changes and removes a binding, with all that can go wrong on the way.
    pub(super) fn live(&self) -> Told {
        self.succeeds(&["plan", "-out=plan.tfplan"]);
        let shown = self.succeeds(&["show", "-json", "plan.tfplan"]);
        fs::write(self.workspace.configuration().join("show.json"), shown.stdout).unwrap();
        self.succeeds(&["apply", "plan.tfplan"]);
        self.succeeds(&["plan", "-refresh-only"]);
        self.succeeds(&["show", "-json"]);
        self.binding("two");
        for (action, fault, said) in [
            ("iam:UpdateRole", Fault::AccessDenied, "iam:UpdateRole"),
            (
                "iam:GetRole",
                Fault::refused(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided.",
                ),
                "SignatureDoesNotMatch",
            ),
            ("iam:GetRole", Fault::Cut, "cannot be reached"),
            ("iam:GetRole", Fault::ExpiredCredentials, "expired"),
        ] {
            self.aws.fail(action).always().with(fault);
            let refused = self.run(&["apply", "-auto-approve", "-no-color"]);
            assert!(
                !refused.status.success() && refused.stderr.contains(said),
                "{said}: {}",
                refused.stderr
            );
            self.aws.heal();
        }
        #[cfg(target_os = "linux")]
        self.crash();
        self.succeeds(&["apply", "-auto-approve"]);
        self.succeeds(&["destroy", "-auto-approve"]);
        let told = self.told();
        for source in SOURCES {
            told.text(source);
        }
        // At the most detailed level, of all that there is.
        for said in ["Received downstream response", "AWS answered", "[TRACE]"] {
            assert!(told.text("terraform.log").contains(said), "{said}");
        }
        told
    }

    /// The provider is killed while it waits for an answer, which is what hosts see of any crash.
    #[cfg(target_os = "linux")]
    fn crash(&self) {
        use std::time::Duration;

        self.aws
            .fail("iam:UpdateRole")
            .with(Fault::Slow(Duration::from_secs(60)));
        let home = format!("HOME={}", self.home().display());
        let aws = &self.aws;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let is_waiting = || Ok(aws.unmet_faults().is_empty().then_some(()));
                tfplugin_testing::child::wait_until("a call to wait for", Duration::from_secs(60), is_waiting).unwrap();
                let of_this_life = |process: &u32| {
                    let read = |file: &str| fs::read(format!("/proc/{process}/{file}")).unwrap_or_default();
                    let has_home = read("environ")
                        .split(|byte| *byte == 0)
                        .any(|one| one == home.as_bytes());
                    has_home && String::from_utf8_lossy(&read("comm")).starts_with("terraform-provi")
                };
                let processes = fs::read_dir("/proc").unwrap();
                let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
                let providers: Vec<u32> = ids.filter(of_this_life).collect();
                assert!(!providers.is_empty());
                for process in providers {
                    let killed = Command::new("kill")
                        .args(["-KILL", &process.to_string()])
                        .status()
                        .unwrap();
                    assert!(killed.success());
                }
            });
            let crashed = self.run(&["apply", "-auto-approve", "-no-color"]);
            assert!(!crashed.status.success(), "{}", crashed.stdout);
        });
    }

    /// A plan that fails; what it says comes back.
    pub(super) fn fails(&self) -> String {
        let refused = self.run(&["plan", "-no-color", "-input=false"]);
        assert!(!refused.status.success(), "{}", refused.stdout);
        // Without the frame, and in one line.
        let words: Vec<&str> = refused.stderr.split_whitespace().filter(|word| *word != "│").collect();
        words.join(" ")
    }

    fn succeeds(&self, arguments: &[&str]) -> Finished {
        let done = self.run(arguments);
        assert!(done.status.success(), "{arguments:?}: {}{}", done.stdout, done.stderr);
        done
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        let done = self.workspace.run(arguments).unwrap();
        let mut printed = self.printed.borrow_mut();
        for (name, text) in [("stdout", &done.stdout), ("stderr", &done.stderr)] {
            printed.push((format!("{name} of {}", arguments.join(" ")), text.clone().into_bytes()));
        }
        done
    }

    /// What AWS has given to who called, and what they proved that they had it with.
    pub(super) fn issued(&self) -> Vec<Secret> {
        let mut secrets = Vec::new();
        for keys in self.aws.handed_out() {
            secrets.push(Secret::new("temporary access key", &keys.access_key));
            secrets.push(Secret::new("temporary secret key", &keys.secret_key));
            secrets.push(Secret::new("temporary token", &keys.token));
        }
        let calls = self.aws.calls();
        assert!(calls.len() > 30, "{}", calls.len());
        for call in calls.iter().filter(|call| !call.authorization.is_empty()) {
            let (_, signature) = call.authorization.split_once("Signature=").unwrap();
            secrets.push(Secret::new("signature", signature));
        }
        secrets
    }

    /// Everything so far.
    pub(super) fn told(&self) -> Told {
        let mut told = self.printed.borrow().clone();
        collect(&self.root(), &mut told);
        let plan = self.workspace.configuration().join("plan.tfplan");
        if plan.exists() {
            let unpacked = tempfile::tempdir().unwrap();
            let python = Command::new("python3")
                .args(["-m", "zipfile", "-e"])
                .arg(&plan)
                .arg(unpacked.path())
                .status();
            assert!(python.unwrap().success(), "the plan is no archive");
            collect(unpacked.path(), &mut told);
        }
        Told::new(told)
    }

    /// The folder of everything that commands write.
    fn root(&self) -> PathBuf {
        self.workspace.configuration().parent().unwrap().to_path_buf()
    }
}

fn collect(folder: &Path, told: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, told);
        } else {
            told.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
}
