//! What users get wrong is answered with one message that says where and what.

use std::time::{Duration, Instant};

use pod_tests::servers::free_port;
use tfplugin_testing::cli::{Cli, Diagnostic, Workspace};

use crate::lab::{Lab, Profile, workspace};

/// A wrong configuration is answered within this time, retries included.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn malformed_values_are_located_at_validate() {
    let lab = Lab::without_cluster(Cli::Terraform, Profile::MiniStack);
    // Line of the value, the value, and what the message must name.
    let cases = [
        (3, "cluster_name", "\"has space\""),
        (4, "namespace", "\"Not_Valid\""),
        (5, "service_account", "\"UPPER\""),
        (6, "mode", "\"both\""),
        (7, "role_arn", "\"arn:aws:iam::1:role/x\""),
    ];
    for (line, attribute, value) in cases {
        let mut values = vec![
            ("cluster_name", "\"acceptance\""),
            ("namespace", "\"shop\""),
            ("service_account", "\"checkout\""),
            ("mode", "\"irsa\""),
            ("role_arn", "\"arn:aws:iam::111122223333:role/x\""),
        ];
        for (name, text) in &mut values {
            if *name == attribute {
                *text = value;
            }
        }
        let body: String = values
            .iter()
            .map(|(name, value)| format!("{name} = {value}\n"))
            .collect();
        let configuration = format!("\nresource \"pod_identity_binding\" \"x\" {{\n{body}}}\n");
        lab.workspace.write("main.tf", &configuration).unwrap();

        let answer = lab.workspace.validate().unwrap();
        let errors: Vec<&Diagnostic> = answer.errors().collect();
        let [error] = errors[..] else {
            panic!("{attribute}: {errors:#?}")
        };
        assert_eq!(error.position, Some(("main.tf".to_owned(), line)), "{error}");
        assert_eq!(error.attribute.as_deref(), Some(attribute), "{error}");
        let bare = value.trim_matches('"');
        assert!(
            error.detail.contains(&format!("`{bare}`")),
            "the value is not shown: {error}"
        );
    }
}

#[test]
fn an_unreachable_endpoint_is_one_error_that_names_the_setting() {
    let port = free_port().unwrap();
    let workspace = workspace(Cli::Terraform);
    let settings = format!(
        r#"
        access_key = "111122223333"
        secret_key = "local"
        endpoints {{
          eks = "http://127.0.0.1:{port}"
          iam = "http://127.0.0.1:{port}"
          sts = "http://127.0.0.1:{port}"
        }}
        "#
    );
    let error = one_error(&workspace, &settings);
    assert!(error.contains("endpoints"), "{error}");
    assert!(error.contains(&format!("127.0.0.1:{port}")), "{error}");
}

#[test]
fn missing_credentials_are_one_error_that_says_where_they_may_come_from() {
    let mut workspace = workspace(Cli::Terraform);
    // The machine's own credentials are a network call away from the machine.
    workspace.set_env("AWS_EC2_METADATA_DISABLED", "true");
    let error = one_error(&workspace, "");
    for source in ["access_key", "profile", "AWS_ACCESS_KEY_ID"] {
        assert!(error.contains(source), "{source} is not named: {error}");
    }
}

/// The one error of a plan.
fn one_error(workspace: &Workspace, settings: &str) -> String {
    let configuration = format!(
        r#"
        terraform {{
          required_providers {{
            pod = {{ source = "pod-identity/pod" }}
          }}
        }}
        provider "pod" {{
          region = "eu-central-1"
          {settings}
        }}
        data "pod_identity_cluster" "x" {{
          name = "acceptance"
        }}
        "#
    );
    workspace.write("main.tf", &configuration).unwrap();
    let begin = Instant::now();
    let Err(answer) = workspace.try_plan(&[]).unwrap() else {
        panic!("there is a plan")
    };
    assert!(begin.elapsed() < PATIENCE, "it took {:?}", begin.elapsed());
    let errors: Vec<&Diagnostic> = answer.errors().collect();
    assert_eq!(errors.len(), 1, "{}", answer.text());
    errors[0].to_string()
}
