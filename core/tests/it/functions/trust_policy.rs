use pod_identity_core::binding::Mode;
use pod_identity_core::functions::{role_name, service_account_annotations, trust_policy};
use tfmodel::model::Model;
use tfmodel::value::Dynamic;
use tfmodel::{Datum, Type, Value};

use super::argument;
use crate::binding::{ISSUER, config, planned};

#[track_caller]
fn known(argument: &Value) -> String {
    match trust_policy(argument) {
        Ok(Value::Known(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_function_says_what_the_resource_says() {
    for mode in [Mode::Irsa, Mode::Dual, Mode::PodIdentity] {
        let resource = planned(None, &config(mode));
        let expected = resource.trust_policy.known().unwrap().0.clone();
        // A whole resource, as it stands in a plan and as a value of type `any`.
        let whole = resource.to_value();
        assert_eq!(known(&whole), expected);
        let dynamic = Value::Known(Datum::Dynamic(Box::new(Dynamic {
            ty: Type::Dynamic,
            value: whole,
        })));
        assert_eq!(known(&dynamic), expected);
        let name = match mode {
            Mode::Irsa => "irsa",
            Mode::Dual => "dual",
            Mode::PodIdentity => "pod_identity",
        };
        let short = argument(&[
            ("mode", Value::string(name)),
            ("oidc_issuer", Value::string(format!("https://{ISSUER}"))),
        ]);
        assert_eq!(known(&short), expected);
    }
}

#[test]
fn the_cluster_arn_stands_for_account_region_and_name() {
    let short = Value::object([
        (
            "cluster_arn",
            Value::string("arn:aws:eks:eu-west-1:111122223333:cluster/main"),
        ),
        ("namespace", Value::string("prod")),
        ("service_account", Value::string("api")),
    ]);
    assert_eq!(known(&short), known(&argument(&[])));
}

#[test]
fn an_unknown_leaf_matters_only_where_the_result_depends_on_it() {
    assert_eq!(
        known(&argument(&[
            ("role_arn", Value::unknown()),
            ("oidc_issuer", Value::unknown())
        ])),
        known(&argument(&[]))
    );
    for name in ["account_id", "cluster_name", "namespace", "mode", "trust"] {
        assert!(
            trust_policy(&argument(&[(name, Value::unknown())]))
                .unwrap()
                .is_unknown(),
            "{name}"
        );
    }
    assert!(
        trust_policy(&argument(&[
            ("mode", Value::string("irsa")),
            ("oidc_issuer", Value::unknown())
        ]))
        .unwrap()
        .is_unknown()
    );
    assert!(trust_policy(&Value::unknown()).unwrap().is_unknown());
}

#[test]
fn values_are_taken_as_leniently_as_hcl_takes_them() {
    let condition = Value::object([
        ("test", Value::string("StringEquals")),
        ("variable", Value::string("aws:SourceOrgID")),
        ("values", Value::string("o-1")),
    ]);
    let trust = Value::object([
        ("source_account", Value::string("false")),
        ("conditions", Value::Known(Datum::Tuple(vec![condition]))),
    ]);
    let text = known(&argument(&[("trust", trust)]));
    assert!(text.contains(r#""aws:SourceOrgID":"o-1""#) && !text.contains("SourceAccount"));
}

#[test]
fn problems_name_the_place_in_the_argument() {
    #[track_caller]
    fn check(argument: &Value, start: &str) {
        let problem = trust_policy(argument).unwrap_err().to_string();
        assert!(problem.starts_with(start), "{problem}");
    }
    check(
        &argument(&[("name_space", Value::string("x"))]),
        "`name_space`: There is no attribute `name_space` here. `namespace` may be meant.",
    );
    check(&argument(&[("account_id", Value::Null)]), "`account_id`: It is missing");
    check(
        &argument(&[("account_id", Value::string("1"))]),
        "`account_id`: Found `1`: an AWS account id has 12 digits.",
    );
    check(
        &argument(&[("mode", Value::string("irsa"))]),
        "`oidc_issuer`: It is missing, and IRSA needs it.",
    );
    check(&argument(&[("mode", Value::string("both"))]), "`mode`: ");
    check(&argument(&[("namespace", Value::string("Prod"))]), "`namespace`: ");
    check(
        &argument(&[("service_account", Value::string("a*"))]),
        "`service_account`: ",
    );
    check(
        &argument(&[("trust", Value::object([("conditions", Value::string("x"))]))]),
        "`trust.conditions`: It has to be an object.",
    );
    check(&Value::Null, "A binding is needed");
    check(&Value::string("x"), "It has to be an object.");
}

#[test]
fn without_session_tags_no_condition_asks_for_one() {
    let with = |more: &[(&str, Value)]| known(&argument(more));
    let off = with(&[("disable_session_tags", Value::bool(true))]);
    assert!(
        off.contains("aws:SourceAccount") && !off.contains("RequestTag"),
        "{off}"
    );
    assert_eq!(
        with(&[("session_policy", Value::string(super::SESSION_POLICY))]),
        off,
        "a session policy switches tags off"
    );
    let both = argument(&[
        ("session_policy", Value::string(super::SESSION_POLICY)),
        ("disable_session_tags", Value::bool(false)),
    ]);
    let problem = trust_policy(&both).unwrap_err().to_string();
    assert!(
        problem.starts_with("`session_policy`: PIB220: Session policy needs session tags to be off."),
        "{problem}"
    );
    let unknown = [("session_policy", Value::unknown())];
    assert!(trust_policy(&argument(&unknown)).unwrap().is_unknown());
    // IRSA has no tags, so nothing depends on them.
    let irsa = [
        ("mode", Value::string("irsa")),
        ("oidc_issuer", Value::string(ISSUER)),
        ("session_policy", Value::unknown()),
    ];
    assert!(trust_policy(&argument(&irsa)).unwrap().is_known());
}

#[test]
fn name_and_annotations_are_those_of_the_resource() {
    for mode in [Mode::Irsa, Mode::Dual, Mode::PodIdentity] {
        let resource = planned(None, &config(mode));
        let whole = resource.to_value();
        assert_eq!(role_name(&whole).unwrap(), resource.role_name);
        assert_eq!(
            service_account_annotations(&whole).unwrap(),
            resource.service_account_annotations
        );
    }
    let named = argument(&[("role_arn", Value::string("arn:aws:iam::111122223333:role/apps/api"))]);
    assert_eq!(role_name(&named).unwrap(), Value::from("api"));
    assert!(
        role_name(&argument(&[]))
            .unwrap()
            .known()
            .unwrap()
            .starts_with("main-prod-api-")
    );
    assert!(
        role_name(&argument(&[("namespace", Value::unknown())]))
            .unwrap()
            .is_unknown()
    );
}
