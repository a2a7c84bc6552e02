//! Schemas: what a resource, data source or provider accepts, and how its attributes behave when planned.

#[cfg(test)]
pub(crate) mod build;
mod members;

pub(crate) use members::Members;

use std::fmt;
use std::sync::Arc;

use crate::diagnostics::Diagnostics;
use crate::path::Path;
use crate::ty::Type;
use crate::value::Value;

/// The schema of one kind of object.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Version of the stored state; a newer provider upgrades older versions.
    pub version: i64,
    /// Its attributes and blocks.
    pub block: Block,
}

/// Attributes and nested blocks.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// In name order.
    pub attributes: Vec<Attribute>,
    /// In name order.
    pub blocks: Vec<NestedBlock>,
    /// What it is for.
    pub description: String,
    /// What to use instead, if it should no longer be used.
    pub deprecation: Option<String>,
    /// Checks of the object as a whole.
    pub validators: Vec<Arc<dyn Validator>>,
}

/// One attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name in HCL.
    pub name: String,
    /// Its type, or its nested attributes.
    pub shape: Shape,
    /// Who may set it.
    pub usage: Usage,
    /// Whether its value is hidden from output.
    pub sensitive: bool,
    /// Whether it appears in configuration only, never in plan or state.
    pub write_only: bool,
    /// What it means: one sentence.
    pub description: String,
    /// What to use instead, if it should no longer be used.
    pub deprecation: Option<String>,
    /// Defaults, checks and plan rules.
    pub behaviour: Behaviour,
}

/// Who may set an attribute. The wire's three flags have four meanings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Usage {
    /// The configuration must set it.
    Required,
    /// The configuration may set it; else it is null.
    Optional,
    /// Only the provider sets it.
    Computed,
    /// The configuration may set it; else the provider does.
    OptionalComputed,
}

impl Usage {
    /// Whether the provider may choose a value where the configuration is null.
    pub const fn is_computed(self) -> bool {
        matches!(self, Self::Computed | Self::OptionalComputed)
    }

    /// Whether the configuration may set it.
    pub const fn is_configurable(self) -> bool {
        !matches!(self, Self::Computed)
    }
}

/// What an attribute holds.
#[derive(Clone, Debug)]
pub enum Shape {
    /// A value of one type.
    Plain(Type),
    /// Objects with attributes of their own.
    Nested(Nesting, Vec<Attribute>),
}

/// How nested attributes are arranged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nesting {
    /// One object, or null.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// Objects by key.
    Map,
}

/// A nested block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// Its name in HCL.
    pub name: String,
    /// How many there may be.
    pub nesting: BlockNesting,
    /// What is inside.
    pub block: Block,
    /// Whether the provider fills it in where the configuration leaves it out, and what becomes of it then when something else of the object
    /// changes. Hosts do this since Terraform 1.16, for managed resources only.
    pub computed: Option<KeepPrior>,
    /// Checks of all that is configured of it.
    pub validators: Vec<Arc<dyn Validator>>,
    /// What it asks of its siblings.
    pub rules: Vec<SiblingRule>,
    /// Whether a change of anything in it needs a new object.
    pub replace: Replace,
}

/// How often a nested block may occur, and what its value is then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockNesting {
    /// At most once: an object or null.
    Single {
        /// Whether it must occur.
        required: bool,
    },
    /// At most once: always an object, with null attributes where it is absent.
    Group,
    /// A list, empty where it is absent.
    List {
        /// Fewest.
        min: u64,
        /// Most; 0 stands for no limit.
        max: u64,
    },
    /// A set, empty where it is absent.
    Set {
        /// Fewest.
        min: u64,
        /// Most; 0 stands for no limit.
        max: u64,
    },
    /// By label.
    Map,
}

/// What happens to an attribute in validation and planning.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// The value where the configuration is null. Such an attribute is [`Usage::OptionalComputed`].
    pub default: Option<Value>,
    /// Checks of the configured value.
    pub validators: Vec<Arc<dyn Validator>>,
    /// What it asks of the attributes and blocks beside it.
    pub rules: Vec<SiblingRule>,
    /// Whether a change needs a new object.
    pub replace: Replace,
    /// Whether the prior value is kept where the plan would otherwise be unknown.
    pub keep_prior: KeepPrior,
    /// When two spellings mean the same.
    pub equality: Option<Arc<dyn SemanticEquality>>,
}

/// What one attribute or block asks of those beside it. Set means neither null nor, for blocks, empty; what is unknown counts as
/// whatever keeps the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiblingRule {
    /// At least one of these is set.
    AtLeastOneOf(Vec<&'static str>),
    /// One of these is set, and no more.
    ExactlyOneOf(Vec<&'static str>),
    /// One of these is set, or none.
    AtMostOneOf(Vec<&'static str>),
    /// All of these are set, or none.
    RequiredTogether(Vec<&'static str>),
    /// Where this one is set, none of these is.
    ConflictsWith(Vec<&'static str>),
    /// Where this one is set, all of these are.
    Requires(Vec<&'static str>),
    /// Where this one is set and the host knows write-only attributes, a warning names these instead.
    PreferWriteOnly(Vec<&'static str>),
    /// The number is the sum of these or more; null counts as nothing.
    AtLeastSumOf(Vec<&'static str>),
    /// The number is the sum of these or less; null counts as nothing.
    AtMostSumOf(Vec<&'static str>),
    /// The number is the sum of these; null counts as nothing.
    EqualToSumOf(Vec<&'static str>),
    /// The number is the product of these, if none of them is null.
    EqualToProductOf(Vec<&'static str>),
}

impl SiblingRule {
    /// The attributes and blocks that it names.
    pub fn names(&self) -> &[&'static str] {
        match self {
            Self::AtLeastOneOf(names)
            | Self::ExactlyOneOf(names)
            | Self::AtMostOneOf(names)
            | Self::RequiredTogether(names)
            | Self::ConflictsWith(names)
            | Self::Requires(names)
            | Self::PreferWriteOnly(names)
            | Self::AtLeastSumOf(names)
            | Self::AtMostSumOf(names)
            | Self::EqualToSumOf(names)
            | Self::EqualToProductOf(names) => names,
        }
    }
}

/// Whether a change of an attribute or block replaces the object.
#[derive(Clone, Copy, Default)]
pub enum Replace {
    /// It is changed in place.
    #[default]
    Never,
    /// Every change replaces.
    Changed,
    /// A change replaces if the configuration sets the attribute or has the block.
    Configured,
    /// A change replaces if the function says so of the prior and the planned value.
    When(fn(prior: &Value, planned: &Value) -> bool),
}

impl fmt::Debug for Replace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Never => "Never",
            Self::Changed => "Changed",
            Self::Configured => "Configured",
            Self::When(_) => "When",
        })
    }
}

/// What a computed attribute becomes when something else of the object changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeepPrior {
    /// Unknown.
    #[default]
    No,
    /// The prior value, also when it is null.
    Always,
    /// The prior value unless it is null.
    NonNull,
}

/// A check of a configured value.
pub trait Validator: fmt::Debug + Send + Sync {
    /// What it asks for, in one sentence, for documentation.
    fn description(&self) -> String;

    /// Whether it can check values of a type. A schema that gives it others is wrong.
    fn accepts(&self, ty: &Type) -> bool {
        let _ = ty;
        true
    }

    /// Reports what is wrong with a value. Null and unknown values are not passed.
    fn validate(&self, value: &Value, path: &Path) -> Diagnostics;
}

/// When two values of one attribute mean the same, so that the prior spelling is kept.
pub trait SemanticEquality: fmt::Debug + Send + Sync {
    /// Whether two wholly known values mean the same; neither is null.
    fn equal(&self, a: &Value, b: &Value) -> bool;

    /// What was applied or read, in the prior spelling if it means the same. Collections keep the spelling of each element.
    fn respell(&self, prior: &Value, new: &Value) -> Value {
        let comparable = |value: &Value| !value.holds_null() && value.is_wholly_known();
        let same = comparable(prior) && comparable(new) && self.equal(prior, new);
        if same { prior } else { new }.clone()
    }
}

impl Schema {
    /// The type of the objects it describes.
    pub fn ty(&self) -> Type {
        self.block.ty()
    }
}

impl Block {
    /// The type of the objects it describes.
    pub fn ty(&self) -> Type {
        let attributes = self
            .attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), attribute.ty()));
        let blocks = self.blocks.iter().map(|block| (block.name.clone(), block.ty()));
        Type::object(attributes.chain(blocks))
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The nested block of that name.
    pub fn nested(&self, name: &str) -> Option<&NestedBlock> {
        self.blocks.iter().find(|block| block.name == name)
    }
}

impl Attribute {
    /// The type of its value.
    pub fn ty(&self) -> Type {
        self.shape.ty()
    }
}

impl Shape {
    /// The type of its value.
    pub fn ty(&self) -> Type {
        match self {
            Self::Plain(ty) => ty.clone(),
            Self::Nested(nesting, attributes) => {
                let object = Type::object(
                    attributes
                        .iter()
                        .map(|attribute| (attribute.name.clone(), attribute.ty())),
                );
                match nesting {
                    Nesting::Single => object,
                    Nesting::List => Type::list(object),
                    Nesting::Set => Type::set(object),
                    Nesting::Map => Type::map(object),
                }
            }
        }
    }
}

impl NestedBlock {
    /// Whether the configuration leaves the block out: such a value is an empty collection or, as a group, an object of nulls.
    pub fn is_absent(&self, value: &Value) -> bool {
        match (self.nesting, value) {
            (_, Value::Null) => true,
            (_, Value::Unknown(_)) | (BlockNesting::Single { .. }, Value::Known(_)) => false,
            (BlockNesting::Group, Value::Known(_)) => value.children().into_iter().all(Value::holds_null),
            (BlockNesting::List { .. } | BlockNesting::Set { .. } | BlockNesting::Map, Value::Known(_)) => {
                value.children().is_empty()
            }
        }
    }

    /// The type of its value.
    pub fn ty(&self) -> Type {
        let object = self.block.ty();
        match self.nesting {
            BlockNesting::Single { .. } | BlockNesting::Group => object,
            BlockNesting::List { .. } => Type::list(object),
            BlockNesting::Set { .. } => Type::set(object),
            BlockNesting::Map => Type::map(object),
        }
    }
}
