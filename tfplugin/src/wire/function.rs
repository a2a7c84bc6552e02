//! Functions.

use std::sync::Arc;

use tfmodel::host_checks::Parameter;
use tfmodel::{Diagnostics, host_checks};
use tfplugin_proto::tfplugin6 as proto;

use super::schema::ty;
use super::value::{dynamic, present};
use crate::bug;
use crate::function::FunctionError;
use crate::provider::Provider;
use crate::server::{Definition, Server};

/// The definition of a function. Names and arguments have to agree in number.
pub(super) fn definition(name: &str, definition: &Definition) -> Result<proto::Function, Diagnostics> {
    let signature = &definition.signature;
    let (names, accepted) = (&signature.parameters, &definition.accepted);
    if names.len() != accepted.len() {
        return Err(bug::function_arguments(name, accepted.len(), names.len()));
    }
    let parameters = names.iter().zip(accepted).map(|((name, _), accepted)| Parameter {
        name,
        variadic: accepted.variadic,
    });
    let ((), _) = host_checks::function(name, parameters).into_result(())?;
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
    // Hosts end the sentence with a period of their own.
    let text = error.text();
    proto::FunctionError {
        text: text.strip_suffix('.').unwrap_or(text).to_owned(),
        function_argument: error.index().and_then(|index| i64::try_from(index).ok()),
    }
}
