use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::Validator;
use crate::ty::Type;
use crate::value::Value;

/// One of two checks has to pass.
#[derive(Debug)]
pub struct Either<A, B>(A, B);

/// The value passes `first` or `second`.
pub fn either<A: Validator, B: Validator>(first: A, second: B) -> Either<A, B> {
    Either(first, second)
}

impl<A: Validator, B: Validator> Validator for Either<A, B> {
    fn description(&self) -> String {
        format!("{} Or: {}", self.0.description(), self.1.description())
    }

    fn accepts(&self, ty: &Type) -> bool {
        self.0.accepts(ty) && self.1.accepts(ty)
    }

    fn validate(&self, value: &Value, path: &Path) -> Diagnostics {
        let first = self.0.validate(value, path);
        if !first.has_errors() {
            return first;
        }
        let second = self.1.validate(value, path);
        if !second.has_errors() {
            return second;
        }
        first
            .into_iter()
            .map(|problem| Diagnostic {
                detail: format!("{} Or: {}", problem.detail, self.1.description()),
                ..problem
            })
            .collect()
    }
}
