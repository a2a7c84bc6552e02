//! Functions.

use std::fmt;

use tfmodel::{Diagnostics, Type, Value};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_proto::tfplugin6::provider_client::ProviderClient;

use super::{Wire, decode, encode, schema, wire};
use crate::failure::Failure;

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// What the user reads.
    pub text: String,
    /// The argument that is to blame, counted from zero.
    pub argument: Option<i64>,
}

impl CallError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            argument: None,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for CallError {}

impl From<Diagnostics> for CallError {
    fn from(problems: Diagnostics) -> Self {
        Self::new(wire::text(&problems))
    }
}

#[derive(Clone, Debug)]
struct Parameter {
    name: String,
    ty: Type,
    null: bool,
    unknown: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Definition {
    parameters: Vec<Parameter>,
    variadic: Option<Parameter>,
    output: Type,
}

impl Definition {
    pub(super) fn read(sent: &proto::Function) -> Result<Self, Failure> {
        let parameter = |sent: &proto::function::Parameter| {
            Ok::<_, Failure>(Parameter {
                name: sent.name.clone(),
                ty: schema::ty(&sent.r#type)?,
                null: sent.allow_null_value,
                unknown: sent.allow_unknown_values,
            })
        };
        let output = sent
            .r#return
            .as_ref()
            .ok_or_else(|| Failure::new("a function returns nothing"))?;
        Ok(Self {
            parameters: sent.parameters.iter().map(parameter).collect::<Result<_, _>>()?,
            variadic: sent.variadic_parameter.as_ref().map(parameter).transpose()?,
            output: schema::ty(&output.r#type)?,
        })
    }

    pub(super) async fn call(
        &self,
        mut rpc: ProviderClient<Wire>,
        name: &str,
        arguments: &[Value],
    ) -> Result<Value, CallError> {
        let mut sent = Vec::with_capacity(arguments.len());
        if arguments.len() < self.parameters.len() {
            return Err(CallError::new("not enough arguments"));
        }
        for (index, argument) in arguments.iter().enumerate() {
            let parameter = self
                .parameters
                .get(index)
                .or(self.variadic.as_ref())
                .ok_or_else(|| CallError::new("too many arguments"))?;
            if argument.is_null() && !parameter.null {
                return Err(CallError {
                    text: format!("argument `{}` must not be null", parameter.name),
                    argument: i64::try_from(index).ok(),
                });
            }
            if !argument.is_wholly_known() && !parameter.unknown {
                return Ok(Value::unknown());
            }
            sent.push(encode(argument, &parameter.ty)?);
        }
        let request = proto::call_function::Request {
            name: name.to_owned(),
            arguments: sent,
        };
        let answer = wire::answer(rpc.call_function(request.clone()).await)?;
        // A host takes a function that does not repeat itself for broken.
        if wire::answer(rpc.call_function(request).await)? != answer {
            return Err(CallError::new("a second call gave another answer"));
        }
        match answer.error {
            Some(error) => Err(CallError {
                text: error.text,
                argument: error.function_argument,
            }),
            None => Ok(decode(answer.result, &self.output)?),
        }
    }
}
