//! Functions.

mod argument;

use tfmodel::model::Field;

pub(crate) use self::argument::Accepted;
pub use self::argument::{Argument, Arguments, Variadic};

/// A pure function: equal arguments give an equal result, now and later, without the provider's configuration.
///
/// The Rust types of the arguments say what the host may pass, as in a model: `T` neither null nor unknown, `Option<T>` null,
/// [`Value<T>`](tfmodel::Value) both. Where an argument is unknown that may not be, the host does not call at all and the result is unknown.
pub trait Function: Send + Sync + 'static {
    /// The name in HCL, without the provider: `trust_policy` for `provider::pod::trust_policy(…)`.
    const NAME: &'static str;

    /// A tuple of the arguments: `(String, Option<i64>)`. The last may be [`Variadic`].
    type Arguments: Arguments;

    /// The result.
    type Output: Field;

    /// Its documentation, with a name for each argument.
    fn signature(&self) -> Signature;

    /// Computes the result.
    ///
    /// # Errors
    /// When the arguments have no result; [`FunctionError::argument`] says which one is to blame.
    fn call(&self, arguments: Self::Arguments) -> Result<Self::Output, FunctionError>;
}

/// The documentation of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) deprecation: Option<String>,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Signature {
    /// A function that does what `summary` says in a few words.
    pub fn new(summary: impl Into<String>) -> Self {
        let summary = summary.into();
        Self {
            description: summary.clone(),
            summary,
            deprecation: None,
            parameters: Vec::new(),
        }
    }

    /// Says more than the summary.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// Names the next argument.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.parameters.push((name.into(), description.into()));
        self
    }

    /// Says what to use instead.
    #[must_use]
    pub fn deprecated(mut self, instead: impl Into<String>) -> Self {
        self.deprecation = Some(instead.into());
        self
    }
}

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct FunctionError {
    text: String,
    argument: Option<usize>,
}

impl FunctionError {
    /// An error of the call as a whole. Hosts end the text with a period; one that is there already is dropped.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            argument: None,
        }
    }

    /// An error of one argument, counted from zero. Those of a [`Variadic`] are counted on.
    pub fn argument(index: usize, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            argument: Some(index),
        }
    }

    /// What is wrong.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which argument is to blame.
    pub const fn index(&self) -> Option<usize> {
        self.argument
    }
}
