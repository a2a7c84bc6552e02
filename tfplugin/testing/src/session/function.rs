//! Functions.

use tfmodel::{Type, Value};
use tfplugin_proto::tfplugin6 as proto;

use super::wire;
use crate::client::Client;
use crate::failure::{During, Failure};

/// A function of a provider.
#[derive(Clone, Debug)]
pub struct Function {
    pub(super) client: Client,
    pub(super) signature: Signature,
    pub(super) name: String,
}

/// What a function refuses to compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// What is wrong.
    pub text: String,
    /// With which argument, counted from zero.
    pub argument: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct Signature {
    parameters: Vec<Type>,
    variadic: Option<Type>,
    result: Type,
}

impl Signature {
    pub(super) fn new(function: proto::Function) -> Result<Self, Failure> {
        let ty = |parameter: proto::function::Parameter| wire::ty(&parameter.r#type);
        Ok(Self {
            parameters: function.parameters.into_iter().map(ty).collect::<Result<_, _>>()?,
            variadic: function.variadic_parameter.map(ty).transpose()?,
            result: wire::ty(&function.r#return.unwrap_or_default().r#type)?,
        })
    }
}

impl Function {
    /// Calls the function, twice: a host expects the same result again.
    ///
    /// # Errors
    ///
    /// When the arguments do not fit, no answer comes, or a different one the second time.
    pub async fn call(&mut self, arguments: &[Value]) -> Result<Result<Value, FunctionError>, Failure> {
        let first = self.call_once(arguments).await?;
        let second = self.call_once(arguments).await?;
        if first == second {
            Ok(first)
        } else {
            Err(Failure::new(format!(
                "`{}` gives {first:?} and then {second:?}",
                self.name
            )))
        }
    }

    async fn call_once(&mut self, arguments: &[Value]) -> Result<Result<Value, FunctionError>, Failure> {
        let Signature {
            parameters,
            variadic,
            result,
        } = &self.signature;
        let given = arguments.len();
        if given < parameters.len() || (given > parameters.len() && variadic.is_none()) {
            return Err(Failure::new(format!("{given} arguments for `{}`", self.name)));
        }
        let types = parameters
            .iter()
            .chain(std::iter::repeat_with(|| variadic.as_ref()).flatten());
        let arguments = arguments
            .iter()
            .zip(types)
            .map(|(argument, ty)| wire::encode(argument, ty))
            .collect::<Result<_, _>>()?;
        let request = proto::call_function::Request {
            name: self.name.clone(),
            arguments,
        };
        let response = self.client.provider.call_function(request).await;
        let response = response.during("CallFunction")?.into_inner();
        match response.error {
            Some(error) => Ok(Err(FunctionError {
                text: error.text,
                argument: error.function_argument,
            })),
            None => Ok(Ok(wire::decode(response.result, result)?)),
        }
    }
}
