use serde::Serialize;
use tfmodel::planfile::Refusal;
use tsify::Tsify;

/// What every call answers.
#[derive(Clone, Debug, PartialEq, Serialize, Tsify)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answer<T> {
    /// It worked.
    Success {
        /// What was asked for.
        value: T,
    },
    /// It did not work.
    Failure {
        /// Why, and what to do.
        failure: Failure,
    },
}

/// Why something did not work, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Failure {
    /// What is wrong, in one line.
    pub summary: String,
    /// What was found, what it means and what to do. Words in backticks are literals.
    pub detail: String,
    /// Commands that make the right file, in order.
    pub commands: Vec<String>,
    /// The argument that cannot be used.
    pub argument: Option<&'static str>,
    /// The part of the argument that cannot be used, such as `role.tags`; none if it is the argument as a whole.
    pub path: Option<Box<str>>,
    /// Line of the place where reading stopped.
    pub line: Option<u32>,
    /// Column of the place where reading stopped.
    pub column: Option<u32>,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            summary: refusal.summary,
            detail: refusal.detail,
            commands: refusal.commands.iter().map(ToString::to_string).collect(),
            argument: None,
            path: None,
            line: refusal.place.map(|place| place.line),
            column: refusal.place.map(|place| place.column),
        }
    }
}

impl Failure {
    /// A call that makes no sense in the session's state: a mistake of the page.
    pub(crate) fn misuse(problem: &str) -> Self {
        Self {
            summary: "The page asked for something that is not there".to_owned(),
            detail: format!("{problem} This is a mistake of the page: please report it."),
            commands: Vec::new(),
            argument: None,
            path: None,
            line: None,
            column: None,
        }
    }
}

impl<T> From<Result<T, Failure>> for Answer<T> {
    fn from(result: Result<T, Failure>) -> Self {
        match result {
            Ok(value) => Self::Success { value },
            Err(failure) => Self::Failure { failure },
        }
    }
}
