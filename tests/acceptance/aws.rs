//! What is really in an account, and changes that somebody else makes there.

use aws_sdk_eks::types::PodIdentityAssociationSummary;
use aws_sdk_iam::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_iam::types::Role;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::lab::{REGION, Servers};

pub(crate) struct Aws {
    runtime: Runtime,
    pub(crate) iam: aws_sdk_iam::Client,
    pub(crate) eks: aws_sdk_eks::Client,
}

/// Calls of the SDK, for a test that wants the answer or the end.
macro_rules! call {
    ($aws:expr, $request:expr) => {
        $aws.wait($request.send()).unwrap()
    };
}

impl Aws {
    pub(crate) fn new(account: &str, servers: &Servers) -> Self {
        let credentials = Credentials::new(account, "local", None, None, "tests");
        let iam = aws_sdk_iam::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(servers.iam())
            .credentials_provider(credentials.clone())
            .build();
        let eks = aws_sdk_eks::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(REGION))
            .endpoint_url(servers.eks())
            .credentials_provider(credentials)
            .build();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        Self {
            runtime,
            iam: aws_sdk_iam::Client::from_conf(iam),
            eks: aws_sdk_eks::Client::from_conf(eks),
        }
    }

    pub(crate) fn wait<T>(&self, call: impl Future<Output = T>) -> T {
        self.runtime.block_on(call)
    }

    /// The names of all roles, sorted.
    pub(crate) fn roles(&self) -> Vec<String> {
        let answer = call!(self, self.iam.list_roles());
        let mut names: Vec<String> = answer.roles().iter().map(|role| role.role_name().to_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn create_role(&self, name: &str, trust: &Value) -> String {
        let request = self.iam.create_role().role_name(name);
        let answer = call!(self, request.assume_role_policy_document(trust.to_string()));
        answer.role().unwrap().arn().to_owned()
    }

    pub(crate) fn trust(&self, role: &str) -> Value {
        let answer = call!(self, self.iam.get_role().role_name(role));
        let document = answer.role().unwrap().assume_role_policy_document().unwrap().to_owned();
        serde_json::from_str(&percent_decode_str(&document).decode_utf8().unwrap()).unwrap()
    }

    pub(crate) fn set_trust(&self, role: &str, trust: &Value) {
        let request = self.iam.update_assume_role_policy().role_name(role);
        call!(self, request.policy_document(trust.to_string()));
    }

    /// The actions that the statements of a role's trust policy allow, sorted.
    pub(crate) fn trusted_actions(&self, role: &str) -> Vec<String> {
        let trust = self.trust(role);
        let statements = trust["Statement"].as_array().unwrap();
        let mut actions: Vec<String> = statements
            .iter()
            .flat_map(|statement| match &statement["Action"] {
                Value::Array(actions) => actions.clone(),
                action => vec![action.clone()],
            })
            .map(|action| action.as_str().unwrap().to_owned())
            .collect();
        actions.sort();
        actions
    }

    /// Names of the inline and ARNs of the managed policies of a role, sorted.
    pub(crate) fn policies(&self, role: &str) -> Vec<String> {
        let inline = call!(self, self.iam.list_role_policies().role_name(role));
        let attached = call!(self, self.iam.list_attached_role_policies().role_name(role));
        let attached = attached
            .attached_policies()
            .iter()
            .filter_map(|policy| policy.policy_arn());
        let mut policies: Vec<String> = inline.policy_names().to_vec();
        policies.extend(attached.map(str::to_owned));
        policies.sort();
        policies
    }

    pub(crate) fn put_inline_policy(&self, role: &str, name: &str, policy: &Value) {
        let request = self.iam.put_role_policy().role_name(role).policy_name(name);
        call!(self, request.policy_document(policy.to_string()));
    }

    /// The associations of a cluster, as `namespace/service account`, sorted.
    pub(crate) fn associations(&self, cluster: &str) -> Vec<String> {
        let summaries = self.association_summaries(cluster);
        let mut keys: Vec<String> = summaries
            .iter()
            .map(|one| format!("{}/{}", one.namespace().unwrap(), one.service_account().unwrap()))
            .collect();
        keys.sort();
        keys
    }

    pub(crate) fn create_association(&self, cluster: &str, key: &str, role_arn: &str) {
        let (namespace, service_account) = key.split_once('/').unwrap();
        let request = self.eks.create_pod_identity_association().cluster_name(cluster);
        let request = request.namespace(namespace).service_account(service_account);
        call!(self, request.role_arn(role_arn));
    }

    pub(crate) fn delete_association(&self, cluster: &str, key: &str) {
        let summaries = self.association_summaries(cluster);
        let is_meant = |one: &&PodIdentityAssociationSummary| {
            format!("{}/{}", one.namespace().unwrap(), one.service_account().unwrap()) == key
        };
        let id = summaries.iter().find(is_meant).unwrap().association_id().unwrap();
        let request = self.eks.delete_pod_identity_association().cluster_name(cluster);
        call!(self, request.association_id(id));
    }

    /// A role, its policies and the associations of a cluster: equal while nobody makes them anew or changes them.
    pub(crate) fn objects(&self, role: &str, cluster: &str) -> (Role, Vec<String>, Vec<PodIdentityAssociationSummary>) {
        let answer = call!(self, self.iam.get_role().role_name(role));
        let found = answer.role().unwrap().clone();
        (found, self.policies(role), self.association_summaries(cluster))
    }

    /// A user with these policies; made if it is not there. An access key and its secret come back.
    pub(crate) fn create_user(&self, name: &str, policies: &[&str]) -> (String, String) {
        // It may be there: then it gets other policies and one key more.
        let _made = self.wait(self.iam.create_user().user_name(name).send());
        for (position, policy) in policies.iter().enumerate() {
            let request = self.iam.put_user_policy().user_name(name).policy_document(*policy);
            call!(self, request.policy_name(format!("policy-{position}")));
        }
        let answer = call!(self, self.iam.create_access_key().user_name(name));
        let key = answer.access_key().unwrap();
        (key.access_key_id().to_owned(), key.secret_access_key().to_owned())
    }

    /// ARNs of the OIDC providers.
    pub(crate) fn oidc_providers(&self) -> Vec<String> {
        let answer = call!(self, self.iam.list_open_id_connect_providers());
        let providers = answer.open_id_connect_provider_list().iter();
        providers.map(|one| one.arn().unwrap().to_owned()).collect()
    }

    /// Names of the add-ons of a cluster.
    pub(crate) fn addons(&self, cluster: &str) -> Vec<String> {
        call!(self, self.eks.list_addons().cluster_name(cluster))
            .addons()
            .to_vec()
    }

    fn association_summaries(&self, cluster: &str) -> Vec<PodIdentityAssociationSummary> {
        let answer = call!(self, self.eks.list_pod_identity_associations().cluster_name(cluster));
        answer.associations().to_vec()
    }
}
