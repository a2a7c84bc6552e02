//! One field of a model: what its options say.

mod code;
mod given;
mod rule;

use given::Given;
pub(crate) use rule::{Kind, OF_MODELS, Rule};
use syn::{Expr, Ident, LitStr, Type};

use crate::options::Opt;
use crate::{Problems, docs, name};

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) name: String,
    description: String,
    place: Place,
    rules: Vec<Rule>,
    deprecated: Option<LitStr>,
}

enum Place {
    Attribute {
        usage: Usage,
        /// Statements that change the attribute, which they call `it`.
        changes: Vec<Change>,
        write_only: bool,
    },
    Block {
        min: u64,
        max: u64,
        /// What becomes of a computed block, as a variant of `KeepPrior`.
        computed: Option<&'static str>,
        /// Statements that change the block, which they call `it`.
        changes: Vec<Change>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Usage {
    Required,
    Optional,
    Computed,
    OptionalComputed,
}

enum Change {
    Sensitive,
    WriteOnly,
    Default(Expr),
    Validate(Vec<Expr>),
    Equality(Expr),
    Meaning(Expr),
    Replace(&'static str),
    ReplaceWhen(Expr),
    KeepPrior(&'static str),
}

const OPTIONS: &[&str] = &[
    "required",
    "optional",
    "computed",
    "default",
    "block",
    "min",
    "max",
    "rename",
    "description",
    "deprecated",
    "sensitive",
    "write_only",
    "validate",
    "equality",
    "meaning",
    "replace",
    "replace_if_configured",
    "replace_when",
    "keep_prior",
    "keep_prior_non_null",
    "at_least_one_of",
    "exactly_one_of",
    "at_most_one_of",
    "required_together",
    "conflicts_with",
    "requires",
    "prefer_write_only",
    "at_least_sum_of",
    "at_most_sum_of",
    "equal_to_sum_of",
    "equal_to_product_of",
];

impl<'a> Field<'a> {
    pub(crate) fn read(field: &'a syn::Field, ident: &'a Ident, problems: &mut Problems) -> Self {
        let mut given = Given::default();
        let mut read = Self {
            ident,
            ty: &field.ty,
            name: name::of_field(ident),
            description: docs::first_paragraph(&field.attrs),
            place: Place::Block {
                min: 0,
                max: 0,
                computed: None,
                changes: Vec::new(),
            },
            rules: Vec::new(),
            deprecated: None,
        };
        let (mut changes, mut min, mut max) = (Vec::new(), 0, 0);
        for option in Opt::read(&field.attrs, problems) {
            let key = option.key.clone();
            match key.to_string().as_str() {
                "required" => given.required = Some(option.flag(problems)),
                "optional" => given.optional = Some(option.flag(problems)),
                "computed" => given.computed = Some(option.flag(problems)),
                "block" => given.block = Some(option.flag(problems)),
                "min" => {
                    given.block_only.push(key);
                    min = option.number(problems).unwrap_or_default();
                }
                "max" => {
                    given.block_only.push(key);
                    max = option.number(problems).unwrap_or_default();
                }
                "rename" => {
                    if let Some(text) = option.text(problems) {
                        read.name = text.value();
                    }
                }
                "description" => {
                    if let Some(text) = option.text(problems) {
                        read.description = text.value();
                    }
                }
                "deprecated" => read.deprecated = option.text(problems),
                text => {
                    if let Some(kind) = Kind::of(text) {
                        given.configured_only.push(key);
                        read.rules.push(Rule::new(kind, option, problems));
                    } else if let Some(change) = Change::read(option, &mut given, problems) {
                        if !change.fits_blocks() {
                            given.attribute_only.push(key);
                        }
                        changes.push(change);
                    }
                }
            }
        }
        if !name::is_valid(&read.name) {
            problems.at(
                ident,
                format!(
                    "`{}` is no name for Terraform: lower-case letters, digits and underscores, not starting with a digit",
                    read.name
                ),
            );
        }
        read.place = if given.block.is_some() {
            Place::Block {
                min: given.judge_block(min, max, problems),
                max,
                computed: given.computed.is_some().then(|| kept(&changes)),
                changes,
            }
        } else {
            Place::Attribute {
                usage: given.judge_attribute(ident, problems),
                write_only: given.write_only.is_some(),
                changes,
            }
        };
        read
    }
}

/// The variant of `KeepPrior` that the changes ask for.
fn kept(changes: &[Change]) -> &'static str {
    let asked = changes.iter().find_map(|change| match change {
        Change::KeepPrior(variant) => Some(*variant),
        _ => None,
    });
    asked.unwrap_or("No")
}

impl Field<'_> {
    pub(crate) fn is_write_only(&self) -> bool {
        match &self.place {
            Place::Attribute { write_only, .. } => *write_only,
            Place::Block { .. } => false,
        }
    }
}

impl Change {
    /// Whether it can be said of a block too.
    pub(super) fn fits_blocks(&self) -> bool {
        match self {
            Self::Validate(_) | Self::Replace(_) | Self::ReplaceWhen(_) => true,
            Self::Sensitive | Self::WriteOnly | Self::Default(_) | Self::KeepPrior(_) => false,
            Self::Equality(_) | Self::Meaning(_) => false,
        }
    }

    fn read(option: Opt, given: &mut Given, problems: &mut Problems) -> Option<Self> {
        let key = option.key.clone();
        let only_one = |slot: &mut Option<Ident>, problems: &mut Problems| {
            if let Some(earlier) = slot.replace(key.clone()) {
                problems.at(&key, format!("`{key}` and `{earlier}` exclude each other"));
            }
        };
        match key.to_string().as_str() {
            "sensitive" => {
                option.flag(problems);
                Some(Self::Sensitive)
            }
            "write_only" => {
                given.write_only = Some(option.flag(problems));
                Some(Self::WriteOnly)
            }
            "default" => {
                given.default = Some(key);
                option.value(problems).map(Self::Default)
            }
            "validate" => {
                given.configured_only.push(key);
                Some(Self::Validate(option.list(problems)))
            }
            "equality" => {
                only_one(&mut given.equality, problems);
                option.value(problems).map(Self::Equality)
            }
            "meaning" => {
                only_one(&mut given.equality, problems);
                option.value(problems).map(Self::Meaning)
            }
            "replace" => {
                only_one(&mut given.replace, problems);
                option.flag(problems);
                Some(Self::Replace("Changed"))
            }
            "replace_if_configured" => {
                only_one(&mut given.replace, problems);
                given.configured_only.push(key);
                option.flag(problems);
                Some(Self::Replace("Configured"))
            }
            "replace_when" => {
                only_one(&mut given.replace, problems);
                option.value(problems).map(Self::ReplaceWhen)
            }
            "keep_prior" => {
                only_one(&mut given.keep_prior, problems);
                option.flag(problems);
                Some(Self::KeepPrior("Always"))
            }
            "keep_prior_non_null" => {
                only_one(&mut given.keep_prior, problems);
                option.flag(problems);
                Some(Self::KeepPrior("NonNull"))
            }
            _ => {
                option.refuse(OPTIONS, problems);
                None
            }
        }
    }
}
