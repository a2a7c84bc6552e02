//! Functions.

use tfmodel::{Diagnostics, Type};

use super::{Encoded, Server, author, encoded};
use crate::function::FunctionError;
use crate::provider::Provider;

impl<P: Provider> Server<P> {
    pub(crate) fn call_function(&self, name: &str, arguments: &[Encoded]) -> Result<Vec<u8>, FunctionError> {
        let functions = &self.registry().map_err(|problems| whole(&problems))?.functions;
        let function = functions
            .get(name)
            .ok_or_else(|| FunctionError::new(format!("This version of the provider has no function `{name}`.")))?;
        let definition = function.definition().map_err(|problems| whole(&problems))?;
        let mut values = Vec::with_capacity(arguments.len());
        for (index, argument) in arguments.iter().enumerate() {
            // What is too many is for the function to refuse.
            let ty = definition.ty(index).unwrap_or(&Type::Dynamic);
            let value = argument
                .decode_or_null("argument", ty)
                .map_err(|problems| FunctionError::argument(index, texts(&problems)))?;
            values.push(value);
        }
        let result = author::run_now("call", || function.call(values)).map_err(|problems| whole(&problems))??;
        encoded::encode("result", &result, &definition.output).map_err(|problems| whole(&problems))
    }
}

fn whole(problems: &Diagnostics) -> FunctionError {
    FunctionError::new(texts(problems))
}

fn texts(problems: &Diagnostics) -> String {
    let texts: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.summary, problem.detail))
        .collect();
    texts.join("\n")
}
