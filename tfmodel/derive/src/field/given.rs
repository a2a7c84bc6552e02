use syn::Ident;

use super::Usage;
use crate::Problems;

/// The options as they stand, each with the key that gave it, before they are judged together.
#[derive(Default)]
pub(super) struct Given {
    pub(super) required: Option<Ident>,
    pub(super) optional: Option<Ident>,
    pub(super) computed: Option<Ident>,
    pub(super) default: Option<Ident>,
    pub(super) write_only: Option<Ident>,
    pub(super) block: Option<Ident>,
    pub(super) replace: Option<Ident>,
    pub(super) keep_prior: Option<Ident>,
    pub(super) equality: Option<Ident>,
    /// Options that only a configurable attribute can have.
    pub(super) configured_only: Vec<Ident>,
    /// Options that only an attribute can have.
    pub(super) attribute_only: Vec<Ident>,
    /// Options that only a block can have.
    pub(super) block_only: Vec<Ident>,
}

impl Given {
    /// The fewest blocks there may be.
    pub(super) fn judge_block(&self, min: u64, max: u64, problems: &mut Problems) -> u64 {
        for key in &self.attribute_only {
            if self.keep_prior.as_ref() != Some(key) {
                problems.at(key, format!("`{key}` is for attributes, and this is a block"));
            } else if self.computed.is_none() {
                problems.at(
                    key,
                    format!("`{key}` is for attributes and computed blocks: add `computed`"),
                );
            }
        }
        if let Some(key) = &self.optional {
            problems.at(key, "a block is `required` or `computed`, or else may be left out");
        }
        if let (Some(key), true) = (&self.computed, self.required.is_some() || min > 0) {
            problems.at(key, "a required block is set by the configuration, never computed");
        }
        if max > 0 && min > max {
            problems.at(&self.block, "`min` is more than `max`");
        }
        if self.required.is_some() { min.max(1) } else { min }
    }

    /// Who sets the attribute.
    pub(super) fn judge_attribute(&self, field: &Ident, problems: &mut Problems) -> Usage {
        if let Some(key) = self.block_only.first() {
            problems.at(key, format!("`{key}` is for blocks: add `block`"));
        }
        let usage = self.usage(field, problems);
        let is_computed = matches!(usage, Usage::Computed | Usage::OptionalComputed);
        if let (Some(keep), false) = (&self.keep_prior, is_computed) {
            problems.at(
                keep,
                "only computed attributes become unknown and can keep their prior value",
            );
        }
        if let (Some(write_only), true) = (&self.write_only, is_computed) {
            problems.at(
                write_only,
                "a write-only attribute is never in plan or state, so it can neither be computed nor have a default",
            );
        }
        if usage == Usage::Computed {
            for key in &self.configured_only {
                problems.at(
                    key,
                    format!(
                        "`{key}` looks at the configuration, and a computed attribute is never in it: add `optional`"
                    ),
                );
            }
        }
        usage
    }

    fn usage(&self, field: &Ident, problems: &mut Problems) -> Usage {
        if self.required.is_some() {
            for (other, why) in [
                (
                    &self.computed,
                    "a required attribute is set by the configuration, never computed",
                ),
                (&self.optional, "an attribute is either required or optional"),
                (
                    &self.default,
                    "a required attribute is always set, so its default is never used",
                ),
            ] {
                if let Some(other) = other {
                    problems.at(other, why);
                }
            }
            return Usage::Required;
        }
        match (
            self.optional.is_some() || self.default.is_some(),
            self.computed.is_some() || self.default.is_some(),
        ) {
            (true, true) => Usage::OptionalComputed,
            (true, false) => Usage::Optional,
            (false, true) => Usage::Computed,
            (false, false) => {
                problems.at(
                    field,
                    "say who sets this attribute: `#[tf(required)]`, `#[tf(optional)]`, `#[tf(computed)]`, `#[tf(optional, computed)]` \
                     or `#[tf(default = …)]`, or make it a block with `#[tf(block)]`",
                );
                Usage::Optional
            }
        }
    }
}
