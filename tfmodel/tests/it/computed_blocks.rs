use tfmodel::plan::{begin, offer_computed_blocks, proposed_new_state};
use tfmodel::schema::KeepPrior;
use tfmodel::{Model, Path, Schema, Value, validate};

#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Rule {
    #[tf(computed)]
    id: Value<String>,
    #[tf(optional, computed)]
    port: Value<i64>,
}

#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Firewall {
    #[tf(required)]
    name: Value<String>,
    /// What may pass.
    #[tf(block, computed)]
    rules: Value<Vec<Rule>>,
    #[tf(block, computed, keep_prior)]
    default_rule: Value<Rule>,
}

fn planned(prior: Option<&Firewall>, config: &Firewall) -> Firewall {
    let schema = Firewall::schema();
    let prior = prior.map_or(Value::Null, Model::to_value);
    let config = offer_computed_blocks(&schema, config.to_value());
    let proposed = proposed_new_state(&schema, &prior, &config);
    let plan = begin(&schema, prior, config, proposed).and_then(|draft| draft.finish(&schema));
    Firewall::from_value(&plan.expect("a plan").planned, &Path::root()).expect("a firewall")
}

fn named(name: &str) -> Firewall {
    Firewall {
        name: Value::from(name),
        rules: Value::Known(Vec::new()),
        default_rule: Value::Null,
    }
}

#[test]
fn a_model_says_which_blocks_are_computed() {
    let schema: Schema = Firewall::schema();
    assert_eq!(schema.check(), []);
    let computed = |name| schema.block.nested(name).and_then(|block| block.computed);
    assert_eq!(computed("rules"), Some(KeepPrior::No));
    assert_eq!(computed("default_rule"), Some(KeepPrior::Always));
}

#[test]
fn a_computed_block_is_filled_in_where_it_is_left_out() {
    let new = planned(None, &named("a"));
    assert!(new.rules.is_unknown() && new.default_rule.is_unknown());
    let made = Firewall {
        rules: Value::Known(vec![Rule::default()]),
        default_rule: Value::Known(Rule::default()),
        ..named("a")
    };
    assert_eq!(planned(Some(&made), &named("a")), made);
    let changed = planned(Some(&made), &named("b"));
    assert!(changed.rules.is_unknown());
    assert_eq!(changed.default_rule, made.default_rule);
}

#[test]
fn a_host_without_computed_blocks_is_refused_where_one_is_left_out() {
    let schema = Firewall::schema();
    let refused = |config: &Firewall| {
        let found = validate::computed_blocks_unsupported(&schema, &config.to_value());
        found
            .iter()
            .map(|d| d.path.as_ref().map(ToString::to_string))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        refused(&named("a")),
        [Some("default_rule".to_owned()), Some("rules".to_owned())]
    );
    let written = Firewall {
        rules: Value::Known(vec![Rule::default()]),
        default_rule: Value::Known(Rule::default()),
        ..named("a")
    };
    assert_eq!(refused(&written), []);
    let dynamic = Firewall {
        rules: Value::unknown(),
        ..written
    };
    assert_eq!(refused(&dynamic), []);
}
