use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Diagnostics};

/// A parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'n> {
    /// Its name, which documentation and messages show.
    pub name: &'n str,
    /// Whether it takes all arguments that are left.
    pub variadic: bool,
}

/// Checks the names of a function and of its parameters.
pub fn function<'n>(name: &str, parameters: impl IntoIterator<Item = Parameter<'n>>) -> Diagnostics {
    let mut found = Diagnostics::new();
    let mut report = |problem: String| {
        let detail = format!("{problem} This is a bug in the provider: please report it.");
        found.push(Diagnostic::error("Function defined wrongly", detail));
    };
    if !is_identifier(name) {
        report(format!("`{name}` {IDENTIFIER}"));
    }
    let mut names = BTreeSet::new();
    let mut variadic = None;
    for parameter in parameters {
        if !is_identifier(parameter.name) {
            report(format!("The parameter `{}` of `{name}` {IDENTIFIER}", parameter.name));
        }
        if !names.insert(parameter.name) {
            report(format!("`{name}` has two parameters `{}`.", parameter.name));
        }
        if let Some(rest) = variadic {
            report(format!(
                "`{}` of `{name}` follows `{rest}`, which takes all arguments that are left, so it never gets one.",
                parameter.name
            ));
        }
        if parameter.variadic {
            variadic = Some(parameter.name);
        }
    }
    found
}

const IDENTIFIER: &str =
    "must have a name of letters, digits, underscores and dashes that starts with a letter or an underscore.";

fn is_identifier(name: &str) -> bool {
    let start = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(start) && name.chars().all(|c| start(c) || c.is_ascii_digit() || c == '-')
}
