use proptest::prelude::*;

use super::{draft, plan};
use crate::arbitrary::Content;
use crate::arbitrary::schemas::{apply, configs, schemas};
use crate::conformance;
use crate::diagnostics::Diagnostics;
use crate::host_checks::{self, PlannedAgain};
use crate::plan::{generate_config, keep_spelling, proposed_new_state};
use crate::schema::Schema;
use crate::value::Value;

fn cases() -> impl Strategy<Value = (Schema, Value, Value)> {
    schemas().prop_flat_map(|schema| {
        let first = configs(&schema, Content::Stored);
        let second = configs(&schema, Content::Planned);
        (Just(schema), first, second)
    })
}

/// The state after a configuration was applied to nothing.
pub(super) fn created(schema: &Schema, config: &Value) -> Value {
    let plan = plan(schema, &Value::Null, config).unwrap();
    assert_eq!(plan.requires_replace, []);
    let made = apply(schema, &plan.planned);
    assert_eq!(host_checks::applied(schema, &plan.planned, &made), Diagnostics::new());
    made
}

proptest! {
    #[test]
    fn generated_schemas_are_ones_that_the_host_loads(schema in schemas()) {
        prop_assert_eq!(schema.check(), vec![]);
    }

    #[test]
    fn what_is_proposed_conforms_to_the_schema((schema, first, second) in cases()) {
        let prior = created(&schema, &first);
        let proposed = proposed_new_state(&schema, &prior, &second);
        prop_assert_eq!(conformance::check(&proposed, &schema.ty()), Ok(()));
    }

    #[test]
    fn every_plan_and_every_apply_of_it_passes_the_host((schema, first, second) in cases()) {
        let prior = created(&schema, &first);
        let change = plan(&schema, &prior, &second);
        prop_assert!(change.is_ok(), "{:?}", change);
        let planned = change.map(|plan| plan.planned).unwrap_or_default();
        let made = apply(&schema, &planned);
        prop_assert_eq!(host_checks::applied(&schema, &planned, &made), Diagnostics::new());
        let plans = PlannedAgain {
            prior: &prior,
            first: &planned,
            second: &made,
            requires_replace: &[],
        };
        prop_assert_eq!(host_checks::planned_again(&schema, plans), Diagnostics::new());
    }

    #[test]
    fn a_plan_that_is_made_again_is_accepted((schema, first, second) in cases()) {
        let prior = created(&schema, &first);
        let once = plan(&schema, &prior, &second).unwrap();
        // A replacement starts from nothing the second time.
        let prior = if once.requires_replace.is_empty() { prior } else { Value::Null };
        let (once, again) = (plan(&schema, &prior, &second).unwrap(), plan(&schema, &prior, &second).unwrap());
        let plans = PlannedAgain {
            prior: &prior,
            first: &once.planned,
            second: &again.planned,
            requires_replace: &again.requires_replace,
        };
        prop_assert_eq!(host_checks::planned_again(&schema, plans), Diagnostics::new());
        prop_assert_eq!(&once, &again);
    }

    #[test]
    fn an_unchanged_configuration_plans_nothing((schema, config, _) in cases()) {
        let prior = created(&schema, &config);
        let again = draft(&schema, &prior, &config);
        prop_assert_eq!(&again.planned, &prior);
        let plan = again.finish(&schema);
        prop_assert_eq!(plan.map(|plan| plan.requires_replace), Ok(vec![]));
    }

    #[test]
    fn a_configuration_that_is_generated_for_an_object_plans_nothing((schema, config, _) in cases()) {
        let state = created(&schema, &config);
        let generated = generate_config(&schema, &state);
        prop_assert_eq!(host_checks::generated_config(&schema, &state, &generated), Diagnostics::new());
        let again = draft(&schema, &state, &generated);
        prop_assert_eq!(&again.planned, &state);
        prop_assert_eq!(again.finish(&schema).map(|plan| plan.requires_replace), Ok(vec![]));
    }

    #[test]
    fn destroying_plans_nothing_to_be_left((schema, config, _) in cases()) {
        let prior = created(&schema, &config);
        let plan = plan(&schema, &prior, &Value::Null);
        prop_assert_eq!(plan.map(|plan| (plan.planned, plan.requires_replace)), Ok((Value::Null, vec![])));
    }

    #[test]
    fn spelling_is_kept_where_nothing_changed((schema, config, _) in cases()) {
        let state = created(&schema, &config);
        prop_assert_eq!(keep_spelling(&schema, &state, state.clone()), state);
    }
}
