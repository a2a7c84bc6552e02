//! Taking over what exists is asked for, shown before, and means ownership; some things are never taken over.

use pod_fake_aws::Cluster;
use serde_json::{Value, json};
use tfplugin_testing::cli::{Cli, Diagnostic};

use crate::lab::{ADDRESS, CLUSTER, Lab, Profile, binding, warnings};

const ROLE: &str = "shop-checkout";
const ADMIN: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const READ: &str = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

fn owned(more: &str) -> String {
    binding(&format!(
        r#"
        role = {{
          name                = "{ROLE}"
          managed_policy_arns = ["{READ}"]
          inline_policies     = {{}}
        }}
        {more}
        "#
    ))
}

fn adopting() -> String {
    owned("on_existing = \"adopt\"")
}

/// A role that somebody gave to people and pods alike, and the association with another role.
fn in_use(cli: Cli) -> Lab {
    let lab = Lab::new(cli, Profile::Strict);
    let account = lab.strict_account();
    account.create_role(ROLE, &people(&lab));
    let inline = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    account.iam("AttachRolePolicy", &[("RoleName", ROLE), ("PolicyArn", ADMIN)]);
    let put = [("RoleName", ROLE), ("PolicyName", "legacy"), ("PolicyDocument", inline)];
    account.iam("PutRolePolicy", &put);
    let tag = [
        ("RoleName", ROLE),
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "web"),
    ];
    account.iam("TagRole", &tag);
    let other = account.create_role("other", &people(&lab));
    lab.strict_cluster().associate("shop", "checkout", &other);
    lab
}

fn people(lab: &Lab) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "People",
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{}:root", lab.account) },
            "Action": "sts:AssumeRole",
        }],
    })
}

#[test]
fn what_exists_is_taken_over_only_when_asked_and_the_plan_says_what_it_loses() {
    for cli in [Cli::Terraform, Cli::Tofu] {
        let lab = in_use(cli);
        lab.strict().forget_calls();
        let refused = lab.refused(&owned(""));
        let summaries: Vec<&str> = refused.iter().map(|error| error.summary.as_str()).collect();
        let expected = [
            "A role of this name exists",
            "The service account has an association already",
        ];
        assert_eq!(summaries, expected);
        for error in &refused {
            assert!(error.detail.contains("on_existing = \"adopt\""), "{error}");
        }

        let role = lab.strict_account().role(ROLE).unwrap();
        let association = lab.strict_cluster().associations().remove(0);
        let plan = lab.plan(&adopting());
        assert_eq!(plan.actions(ADDRESS), ["create"]);
        let told: String = warnings(&plan.diagnostics).iter().map(ToString::to_string).collect();
        for lost in ["`People`", ADMIN, "`legacy`", "`team`", "role/other"] {
            assert!(told.contains(lost), "{lost}: {told}");
        }
        assert_eq!(lab.strict().writes(), [""; 0], "a plan only looks");
        lab.apply(&plan);

        let now = lab.strict_account().role(ROLE).unwrap();
        assert_eq!(now.id, role.id);
        assert_eq!((now.attached, now.inline.len()), (vec![READ.to_owned()], 0));
        assert!(!now.trust.to_string().contains("People"), "{}", now.trust);
        let associations = lab.strict_cluster().associations();
        assert_eq!(
            (&associations[0].id, &associations[0].role_arn),
            (&association.id, &now.arn)
        );

        lab.workspace.destroy(&[]).unwrap();
        assert_eq!(lab.aws.roles(), ["other"]);
        assert!(lab.aws.associations(CLUSTER).is_empty());
    }
}

#[test]
fn what_belongs_to_an_add_on_or_to_aws_is_never_taken_over() {
    let lab = Lab::new(Cli::Terraform, Profile::Strict);
    let other = lab.strict_account().create_role("other", &people(&lab));
    let cluster: Cluster<'_> = lab.strict_cluster();
    cluster.addon("aws-ebs-csi-driver", "v1.50.1-eksbuild.1", "ACTIVE");
    cluster.associate_for_addon("aws-ebs-csi-driver", "shop", "checkout", &other);
    let error = only(lab.refused(&adopting()));
    assert_eq!(error.summary, "The association belongs to an add-on");
    assert!(error.detail.contains("addon/acceptance/aws-ebs-csi-driver"), "{error}");
    cluster.dissociate("shop", "checkout");

    let trust = people(&lab).to_string();
    let create = [
        ("RoleName", ROLE),
        ("Path", "/aws-service-role/eks.amazonaws.com/"),
        ("AssumeRolePolicyDocument", &trust),
    ];
    lab.strict_account().iam("CreateRole", &create);
    let error = only(lab.refused(&adopting()));
    assert_eq!(error.summary, "A role of this name exists");
    assert!(
        error.detail.contains("It cannot be adopted: AWS itself owns it"),
        "{error}"
    );
    assert_eq!(lab.strict_account().role(ROLE).unwrap().tags.len(), 0);
}

fn only(mut errors: Vec<Diagnostic>) -> Diagnostic {
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.remove(0)
}
