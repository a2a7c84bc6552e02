//! Bringing stored state up to the current schema version.

use std::collections::BTreeMap;
use std::fmt;

use tfmodel::{Diagnostics, Model, Path, Schema, Value};

/// Steps from older versions of a state to the current one.
///
/// An old version is a model like any other, with the version it had. Each step leads from one model to a newer one, and a state takes as
/// many steps as it needs:
///
/// ```
/// # use tfplugin::Upgrades;
/// # use tfplugin::model::{Diagnostics, Model, Path, Schema, Value};
/// # fn chain<V0: Model, V1: Model, Current: Model>(rename: fn(V0) -> V1, split: fn(V1) -> Current) -> Upgrades {
/// Upgrades::new()
///     .step(move |old: V0| Ok(rename(old)))
///     .step(move |old: V1| Ok(split(old)))
/// # }
/// ```
#[derive(Default)]
pub struct Upgrades {
    steps: BTreeMap<i64, Step>,
}

type Run = dyn Fn(&Value) -> Result<Value, Diagnostics> + Send + Sync;

struct Step {
    schema: Schema,
    to: i64,
    run: Box<Run>,
}

impl Upgrades {
    /// No older version exists.
    pub const fn new() -> Self {
        Self { steps: BTreeMap::new() }
    }

    /// A step from the version of `Old` to that of `New`.
    #[must_use]
    pub fn step<Old: Model, New: Model>(
        mut self,
        upgrade: impl Fn(Old) -> Result<New, Diagnostics> + Send + Sync + 'static,
    ) -> Self {
        let schema = Old::schema();
        let step = Step {
            to: New::schema().version,
            run: Box::new(move |old| Ok(upgrade(Old::from_value(old, &Path::root())?)?.to_value())),
            schema,
        };
        self.steps.insert(step.schema.version, step);
        self
    }

    /// The schema in which a state of that version was written.
    pub(crate) fn schema(&self, version: i64) -> Option<&Schema> {
        self.steps.get(&version).map(|step| &step.schema)
    }

    /// Takes a state from `version` to `current`; `None` where a step is missing.
    pub(crate) fn run(&self, mut state: Value, mut version: i64, current: i64) -> Result<Option<Value>, Diagnostics> {
        while version != current {
            let step = self.steps.get(&version);
            let Some(step) = step.filter(|step| step.to > version && step.to <= current) else {
                return Ok(None);
            };
            state = (step.run)(&state)?;
            version = step.to;
        }
        Ok(Some(state))
    }
}

impl fmt::Debug for Upgrades {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(self.steps.iter().map(|(from, step)| (from, step.to)))
            .finish()
    }
}
