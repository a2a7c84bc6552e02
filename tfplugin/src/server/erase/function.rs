//! Functions.

use std::sync::{Arc, OnceLock};

use tfmodel::model::Field;
use tfmodel::{Diagnostics, Type, Value};

use super::super::author;
use crate::function::{Accepted, Arguments, Function, FunctionError, Signature};

/// A [`Function`] of any type.
pub(crate) trait AnyFunction: Send + Sync {
    fn definition(&self) -> Result<&Definition, Diagnostics>;
    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError>;
}

/// What hosts learn about a function.
#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) signature: Signature,
    pub(crate) accepted: Vec<Accepted>,
    pub(crate) output: Type,
}

impl Definition {
    /// The type of the argument at `index`.
    pub(crate) fn ty(&self, index: usize) -> Option<&Type> {
        let variadic = || self.accepted.last().filter(|last| last.variadic);
        self.accepted.get(index).or_else(variadic).map(|accepted| &accepted.ty)
    }
}

pub(crate) fn function<F: Function>(inner: F) -> Arc<dyn AnyFunction> {
    Arc::new(Erased {
        inner,
        definition: OnceLock::new(),
    })
}

struct Erased<F> {
    inner: F,
    definition: OnceLock<Definition>,
}

impl<F: Function> AnyFunction for Erased<F> {
    fn definition(&self) -> Result<&Definition, Diagnostics> {
        let make = || Definition {
            signature: self.inner.signature(),
            accepted: F::Arguments::accepted(),
            output: F::Output::shape().ty(),
        };
        author::run_now("signature", || self.definition.get_or_init(make))
    }

    fn call(&self, arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let arguments = F::Arguments::take(arguments)?;
        Ok(self.inner.call(arguments)?.to_value())
    }
}
