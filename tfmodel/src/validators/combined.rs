use crate::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::path::Path;
use crate::schema::Validator;
use crate::ty::Type;
use crate::value::Value;

/// One of two checks has to pass.
#[derive(Debug)]
pub struct Either<A, B> {
    first: A,
    second: B,
    all_warnings: bool,
}

/// The value passes `first` or `second`; the warnings are those of the first check that it passes.
pub fn either<A: Validator, B: Validator>(first: A, second: B) -> Either<A, B> {
    Either {
        first,
        second,
        all_warnings: false,
    }
}

impl<A, B> Either<A, B> {
    /// The same, with the warnings of both checks.
    #[must_use]
    pub fn with_all_warnings(self) -> Self {
        Self {
            all_warnings: true,
            ..self
        }
    }
}

/// Two checks have to pass.
#[derive(Debug)]
pub struct Both<A, B>(A, B);

/// The value passes `first` and `second`: for use in other checks, as `validate(first, second)` asks for both already.
pub fn both<A: Validator, B: Validator>(first: A, second: B) -> Both<A, B> {
    Both(first, second)
}

impl<A: Validator, B: Validator> Validator for Both<A, B> {
    fn description(&self) -> String {
        format!("{} {}", self.0.description(), self.1.description())
    }

    fn accepts(&self, ty: &Type) -> bool {
        self.0.accepts(ty) && self.1.accepts(ty)
    }

    fn validate(&self, value: &Value, path: &Path) -> Diagnostics {
        let mut found = self.0.validate(value, path);
        found.extend(self.1.validate(value, path));
        found
    }
}

/// A check whose findings are warnings.
#[derive(Debug)]
pub struct Advice<V>(V);

/// The value should pass `check`: where it does not, the user is warned.
pub fn advice<V: Validator>(check: V) -> Advice<V> {
    Advice(check)
}

impl<V: Validator> Validator for Advice<V> {
    fn description(&self) -> String {
        self.0.description()
    }

    fn accepts(&self, ty: &Type) -> bool {
        self.0.accepts(ty)
    }

    fn validate(&self, value: &Value, path: &Path) -> Diagnostics {
        let found = self.0.validate(value, path).into_iter();
        found
            .map(|problem| Diagnostic {
                severity: Severity::Warning,
                ..problem
            })
            .collect()
    }
}

impl<A: Validator, B: Validator> Validator for Either<A, B> {
    fn description(&self) -> String {
        format!("{} Or: {}", self.first.description(), self.second.description())
    }

    fn accepts(&self, ty: &Type) -> bool {
        self.first.accepts(ty) && self.second.accepts(ty)
    }

    fn validate(&self, value: &Value, path: &Path) -> Diagnostics {
        let first = self.first.validate(value, path);
        if !first.has_errors() && !self.all_warnings {
            return first;
        }
        let second = self.second.validate(value, path);
        if first.has_errors() && second.has_errors() {
            return first
                .into_iter()
                .map(|problem| Diagnostic {
                    detail: format!("{} Or: {}", problem.detail, self.second.description()),
                    ..problem
                })
                .collect();
        }
        if !self.all_warnings {
            return second;
        }
        let found = first.into_iter().chain(second);
        found.filter(|problem| problem.severity == Severity::Warning).collect()
    }
}
