//! Findings stop plans where the settings say so, and waivers let them through.

use tfplugin_testing::cli::{Cli, Diagnostic, Severity};

use crate::lab::{CLUSTER, Lab, Profile, REGION};

const BINDING: &str = r#"
    resource "pod_identity_binding" "checkout" {
      cluster_name    = "acceptance"
      namespace       = "shop"
      service_account = "checkout"
      role            = { name = "checkout" }
      trust           = { scope = "account" }
    }
"#;

const OPEN: &str = "PIB203: Pod Identity trust is open to every association of the account";

fn waiver(expires: &str) -> String {
    format!(
        r#"findings {{
             fail_on = "security"
             waive {{
               code    = "PIB203"
               reason  = "The account has one team."
               expires = "{expires}"
             }}
           }}"#
    )
}

/// What the provider says; the host says that it is under development.
fn told(diagnostics: &[Diagnostic]) -> Vec<(Severity, &str)> {
    diagnostics
        .iter()
        .map(|one| (one.severity, one.summary.as_str()))
        .filter(|(_, summary)| *summary != "Provider development overrides are in effect")
        .collect()
}

#[test]
fn a_plan_stops_on_what_fail_on_names_and_goes_on_where_it_is_waived() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    lab.workspace.write("main.tf", BINDING).unwrap();

    lab.configure(r#"findings { fail_on = "security" }"#);
    let refused = lab.workspace.try_plan(&[]).unwrap().expect_err("it has to stop");
    let errors: Vec<&Diagnostic> = refused.errors().collect();
    let [error] = errors[..] else { panic!("{errors:#?}") };
    let key = format!("`{}/{REGION}/{CLUSTER}/shop/checkout`", lab.account);
    assert_eq!(error.summary, format!("{OPEN} ({key})"));
    assert!(
        error.detail.contains("`fail_on` in the provider is `security`"),
        "{error}"
    );
    assert_eq!(lab.aws.roles(), [""; 0]);

    lab.configure(&waiver("2999-12-31"));
    let plan = lab.plan(BINDING);
    assert_eq!(told(&plan.diagnostics), []);
    lab.apply(&plan);
    assert_eq!(lab.aws.roles(), ["checkout"]);

    // What was applied stops as well once nobody means it any more.
    lab.configure(&waiver("2020-01-31"));
    let refused = lab.workspace.try_plan(&[]).unwrap().expect_err("it has to stop");
    assert_eq!(
        told(&refused.diagnostics),
        [
            (Severity::Warning, "Waiver of PIB203 has expired"),
            (Severity::Error, format!("{OPEN} ({key})").as_str())
        ]
    );

    lab.configure("");
    lab.workspace.destroy(&[]).unwrap();
    assert_eq!(lab.aws.roles(), [""; 0]);
}

#[test]
fn a_waiver_of_no_rule_is_refused_before_anything_is_called() {
    let lab = Lab::without_cluster(Cli::Terraform, Profile::Strict);
    lab.workspace.write("main.tf", BINDING).unwrap();
    lab.configure(
        r#"findings {
             waive {
               code   = "open-to-acount"
               reason = "The account has one team."
             }
           }"#,
    );
    let refused = lab.workspace.try_plan(&[]).unwrap().expect_err("it has to stop");
    let errors: Vec<&Diagnostic> = refused.errors().collect();
    let [error] = errors[..] else { panic!("{errors:#?}") };
    assert!(error.detail.contains("`PIB203` (`open-to-account`"), "{error}");
}
