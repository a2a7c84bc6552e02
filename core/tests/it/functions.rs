use pod_identity_core::binding::Mode;
use pod_identity_core::functions::trust_policy;
use tfmodel::model::Model;
use tfmodel::value::Dynamic;
use tfmodel::{Datum, Type, Value};

use crate::binding::{ISSUER, config, planned};

fn argument(more: &[(&str, Value)]) -> Value {
    let mut all = vec![
        ("account_id", Value::string("111122223333")),
        ("region", Value::string("eu-west-1")),
        ("cluster_name", Value::string("main")),
        ("namespace", Value::string("prod")),
        ("service_account", Value::string("api")),
    ];
    all.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    all.extend(more.iter().cloned());
    Value::object(all)
}

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
