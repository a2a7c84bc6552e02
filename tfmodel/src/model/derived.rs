//! What the code of `#[derive(Model)]` calls. Not meant to be called by hand.

use std::sync::{Arc, OnceLock};

use super::problem::{below, error, known, mismatch, subject};
use super::{Blocks, Field, Keyword, Model};
use crate::attributes::{Attributes, Names};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::{Path, Step};
use crate::schema::{Attribute, Behaviour, Block, BlockNesting, NestedBlock, Replace, Schema, Shape, Usage, Validator};
use crate::ty::Type;
use crate::validators::one_of;
use crate::value::{Datum, Value};

/// No attributes and no blocks yet.
pub fn fields() -> (Vec<Attribute>, Vec<NestedBlock>) {
    (Vec::new(), Vec::new())
}

/// An attribute with what its type brings along.
pub(super) fn attribute<F: Field>(name: &str, usage: Usage, description: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        shape: F::shape(),
        usage,
        sensitive: false,
        write_only: false,
        description: description.to_owned(),
        deprecation: None,
        behaviour: Behaviour {
            validators: F::validators(),
            equality: F::equality(),
            ..Behaviour::default()
        },
    }
}

/// Makes an attribute write-only, with everything in it: the host takes ephemeral values only where the innermost attribute says so.
pub fn write_only(attribute: &mut Attribute) {
    attribute.write_only = true;
    if let Shape::Nested(_, inside) = &mut attribute.shape {
        inside.iter_mut().for_each(write_only);
    }
}

/// A nested block, at least `min` and at most `max` times where it can be repeated.
pub(super) fn block<F: Blocks>(name: &str, min: u64, max: u64, description: &str) -> NestedBlock {
    let mut block = F::block();
    if !description.is_empty() {
        description.clone_into(&mut block.description);
    }
    NestedBlock {
        name: name.to_owned(),
        nesting: match F::nesting() {
            BlockNesting::Group if min == 0 => BlockNesting::Group,
            BlockNesting::Group | BlockNesting::Single { .. } => BlockNesting::Single { required: min > 0 },
            BlockNesting::List { .. } => BlockNesting::List { min, max },
            BlockNesting::Set { .. } => BlockNesting::Set { min, max },
            BlockNesting::Map => BlockNesting::Map,
        },
        block,
        computed: None,
        validators: Vec::new(),
        rules: Vec::new(),
        replace: Replace::Never,
    }
}

/// The schema of these fields, which are in the order of their names.
pub fn schema(
    version: i64,
    description: &str,
    deprecation: Option<&str>,
    attributes: Vec<Attribute>,
    blocks: Vec<NestedBlock>,
) -> Schema {
    Schema {
        version,
        block: Block {
            attributes,
            blocks,
            description: description.to_owned(),
            deprecation: deprecation.map(str::to_owned),
            validators: Vec::new(),
        },
    }
}

/// The schema with the checks of the model.
pub fn checked<M: Model>(mut schema: Schema) -> Schema {
    schema.block.validators = M::validators();
    schema
}

/// A field's name, and what makes its type.
pub type NamedType = (&'static str, fn() -> Type);

/// The type of the objects of a model with these fields, in the order of their names.
pub fn object_type(fields: &[NamedType]) -> Type {
    Type::object(fields.iter().map(|(name, ty)| (*name, ty())))
}

/// A field that is null where its default applies.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot have a default",
    label = "never null in the configuration",
    note = "a default takes the place of null: use `Option<_>` or `Value<_>`"
)]
pub trait Nullable {
    /// What it holds otherwise.
    type Content: Field;

    /// The default.
    fn default(content: Self::Content) -> Value {
        content.to_value()
    }
}

impl<T: Field> Nullable for Option<T> {
    type Content = T;
}

impl<T: Field> Nullable for Value<T> {
    type Content = T;
}

/// Reads the fields of an object, by their positions among the names, and collects what is wrong with them.
#[derive(Debug)]
pub struct Reader<'v> {
    names: &'static [&'static str],
    attributes: &'v Attributes<Value>,
    /// Whether it has exactly the fields of the model.
    is_whole: bool,
    at: &'v Path,
    problems: Diagnostics,
}

impl<'v> Reader<'v> {
    /// Opens a known object of a model with fields of these names, which are in order.
    ///
    /// # Errors
    /// When it is null, unknown or no object.
    pub fn open(names: &'static [&'static str], value: &'v Value, at: &'v Path) -> Result<Self, Diagnostics> {
        match known(value, at)? {
            Datum::Object(attributes) => Ok(Self {
                names,
                is_whole: attributes.keys().eq(names),
                attributes,
                at,
                problems: Diagnostics::new(),
            }),
            other => Err(mismatch(at, "an object", other)),
        }
    }

    /// Reads the field with the name at this position; one that the object does not have is null.
    pub(super) fn field<F: Field>(&mut self, position: usize) -> Option<F> {
        let name = self.names.get(position).copied().unwrap_or_default();
        let value = if self.is_whole {
            self.attributes.values().as_slice().get(position)
        } else {
            self.attributes.get(name)
        };
        let value = value.unwrap_or(&Value::Null);
        below(value, self.at, || Step::Attribute(name.to_owned()))
            .map_err(|found| self.problems.extend(found))
            .ok()
    }

    /// Reads a sensitive field, without its value in what is wrong with it.
    pub(super) fn sensitive<F: Field>(&mut self, position: usize) -> Option<F> {
        let outer = std::mem::take(&mut self.problems);
        let field = self.field(position);
        let hidden = std::mem::replace(&mut self.problems, outer);
        self.problems.extend(hidden.into_iter().map(|problem| Diagnostic {
            detail: "Its value is sensitive and not shown.".to_owned(),
            ..problem
        }));
        field
    }

    /// The model, unless a field of it is missing.
    ///
    /// # Errors
    /// What was wrong with the fields.
    pub fn finish<M>(self, build: impl FnOnce() -> Option<M>) -> Result<M, Diagnostics> {
        build().ok_or(self.problems)
    }
}

/// The names of a model's fields, which all objects that are made of it share.
#[derive(Debug)]
pub struct FieldNames {
    of: &'static [&'static str],
    shared: OnceLock<Names>,
}

impl FieldNames {
    /// From names that are in order.
    pub const fn new(of: &'static [&'static str]) -> Self {
        Self {
            of,
            shared: OnceLock::new(),
        }
    }

    /// A known object with a value for each of the names.
    pub fn object(&self, values: Vec<Value>) -> Value {
        let names = || Names::in_order(self.of.iter().map(|name| (*name).to_owned()));
        Value::Known(Datum::Object(Attributes::of(self.shared.get_or_init(names), values)))
    }
}

/// Reads an enum.
///
/// # Errors
/// When there is no string, or none that the enum has.
pub fn keyword<K: Keyword>(value: &Value, at: &Path) -> Result<K, Diagnostics> {
    let text = match known(value, at)? {
        Datum::String(text) => text,
        other => return Err(mismatch(at, "a string", other)),
    };
    K::from_name(text).ok_or_else(|| not_a_keyword(text, K::NAMES, at))
}

fn not_a_keyword(text: &str, names: &[&str], at: &Path) -> Diagnostics {
    error(
        at,
        "Value that this version does not know",
        format!(
            "{} is `{text}`, and this version of the provider knows only `{}`. If it comes from the state, a newer version may have written \
             it: use that version.",
            subject(at),
            names.join("`, `")
        ),
    )
}

/// The check that a configuration holds one of the enum's strings.
pub fn keyword_validators<K: Keyword>() -> Vec<Arc<dyn Validator>> {
    vec![Arc::new(one_of(K::NAMES.iter().copied()))]
}
