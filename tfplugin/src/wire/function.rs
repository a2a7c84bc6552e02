//! Functions.

use std::sync::Arc;

use tfmodel::{Diagnostic, Diagnostics};
use tfplugin_proto::tfplugin6 as proto;

use super::schema::ty;
use super::value::{dynamic, present};
use crate::function::FunctionError;
use crate::provider::Provider;
use crate::server::{Definition, Server};

/// The definition of a function. Names and arguments have to agree in number.
pub(super) fn definition(name: &str, definition: &Definition) -> Result<proto::Function, Diagnostics> {
    let signature = &definition.signature;
    let (names, accepted) = (&signature.parameters, &definition.accepted);
    let variadic_last = accepted.iter().rev().skip(1).all(|accepted| !accepted.variadic);
    if names.len() != accepted.len() || !variadic_last {
        return Err(Diagnostic::error(
            "Function defined wrongly",
            format!(
                "`{name}` takes {} arguments and names {}; a variadic one has to be the last. This is a bug in the provider: please report it.",
                accepted.len(),
                names.len()
            ),
        )
        .into());
    }
    let mut parameters = Vec::with_capacity(names.len());
    let mut variadic_parameter = None;
    for ((name, description), accepted) in names.iter().zip(accepted) {
        let parameter = proto::function::Parameter {
            name: name.clone(),
            r#type: ty(&accepted.ty),
            allow_null_value: accepted.null,
            allow_unknown_values: accepted.unknown,
            description: description.clone(),
            description_kind: proto::StringKind::Markdown.into(),
        };
        if accepted.variadic {
            variadic_parameter = Some(parameter);
        } else {
            parameters.push(parameter);
        }
    }
    Ok(proto::Function {
        parameters,
        variadic_parameter,
        r#return: Some(proto::function::Return {
            r#type: ty(&definition.output),
        }),
        summary: signature.summary.clone(),
        description: signature.description.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecation_message: signature.deprecation.clone().unwrap_or_default(),
    })
}

pub(super) async fn call<P: Provider>(
    server: Arc<Server<P>>,
    request: proto::call_function::Request,
) -> proto::call_function::Response {
    let arguments: Vec<_> = request.arguments.into_iter().map(present).collect();
    match server.call_function(&request.name, &arguments) {
        Ok(result) => proto::call_function::Response {
            result: Some(dynamic(result)),
            error: None,
        },
        Err(refused) => proto::call_function::Response {
            result: None,
            error: Some(error(&refused)),
        },
    }
}

fn error(error: &FunctionError) -> proto::FunctionError {
    proto::FunctionError {
        text: error.text().to_owned(),
        function_argument: error.index().and_then(|index| i64::try_from(index).ok()),
    }
}
