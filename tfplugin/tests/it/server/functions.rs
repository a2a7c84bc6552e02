//! Functions: how arguments arrive, and how errors name them.

use tfplugin::model::value::Dynamic;
use tfplugin::model::{Datum, Number, Type, Value};
use tfplugin::{Function, FunctionError, Signature, Variadic};
use tfplugin_proto::tfplugin6 as proto;
use tfplugin_testing::core::CallError;

use super::library::unconfigured;

/// Joins texts.
#[derive(Debug)]
pub(super) struct Join;

impl Function for Join {
    const NAME: &'static str = "join";
    type Arguments = (Option<String>, Variadic<String>);
    type Output = String;

    fn signature(&self) -> Signature {
        Signature::new("Texts in a row")
            .parameter("between", "What stands between them.")
            .parameter("texts", "The texts.")
    }

    fn call(&self, (between, texts): Self::Arguments) -> Result<String, FunctionError> {
        if let Some(index) = texts.iter().position(|text| text == "!") {
            return Err(FunctionError::argument(index + 1, "This is no word."));
        }
        Ok(texts.join(between.as_deref().unwrap_or(" ")))
    }
}

/// Counts what is known.
#[derive(Debug)]
pub(super) struct Count;

impl Function for Count {
    const NAME: &'static str = "count";
    type Arguments = (Vec<Value<i64>>,);
    type Output = Value<i64>;

    fn signature(&self) -> Signature {
        Signature::new("How many numbers there are").parameter("numbers", "Numbers; null ones do not count.")
    }

    fn call(&self, (numbers,): Self::Arguments) -> Result<Value<i64>, FunctionError> {
        assert!(numbers.len() < 10, "too many");
        Ok(Value::Known(
            numbers.iter().filter(|number| number.is_known()).count() as i64
        ))
    }
}

/// Names the type of anything.
#[derive(Debug)]
pub(super) struct Kind;

impl Function for Kind {
    const NAME: &'static str = "kind";
    type Arguments = (Value<Dynamic>,);
    type Output = Dynamic;

    fn signature(&self) -> Signature {
        Signature::new("The type of a value").parameter("value", "Anything, also unknown.")
    }

    fn call(&self, (value,): Self::Arguments) -> Result<Dynamic, FunctionError> {
        let name = match value {
            Value::Null => "null".to_owned(),
            Value::Unknown(_) => "unknown".to_owned(),
            Value::Known(dynamic) => dynamic.ty.to_string(),
        };
        Ok(Dynamic {
            ty: Type::String,
            value: Value::string(name),
        })
    }
}

async fn call(name: &str, arguments: &[Value]) -> Result<Value, CallError> {
    unconfigured().await.0.call(name, arguments).await
}

fn numbers(all: &[i64]) -> Value {
    Value::Known(Datum::List(
        all.iter().map(|number| Value::number(Number::from(*number))).collect(),
    ))
}

fn any(ty: Type, value: Value) -> Value {
    Value::Known(Datum::Dynamic(Box::new(Dynamic { ty, value })))
}

#[tokio::test]
async fn variadic_arguments_arrive_in_order_and_there_may_be_none() {
    let texts = [Value::string("-"), Value::string("a"), Value::string("b")];
    assert_eq!(call("join", &texts).await, Ok(Value::string("a-b")));
    assert_eq!(call("join", &texts[..1]).await, Ok(Value::string("")));
}

#[tokio::test]
async fn null_arrives_where_the_type_is_an_option_and_is_refused_elsewhere() {
    let texts = [Value::Null, Value::string("a"), Value::string("b")];
    assert_eq!(call("join", &texts).await, Ok(Value::string("a b")));
    let refused = call("join", &[Value::string("-"), Value::Null]).await;
    assert_eq!(refused.map_err(|error| error.argument), Err(Some(1)));
}

#[tokio::test]
async fn an_error_names_its_argument_also_among_variadic_ones() {
    let texts = [Value::Null, Value::string("a"), Value::string("!")];
    let error = call("join", &texts).await.expect_err("an error");
    assert_eq!(error.argument, Some(2));
}

#[tokio::test]
async fn an_error_ends_without_the_period_that_hosts_put_there() {
    let error = call("join", &[Value::Null, Value::string("!")])
        .await
        .expect_err("an error");
    assert_eq!(error.text, "This is no word");
}

#[tokio::test]
async fn an_argument_that_the_host_leaves_out_is_null() {
    let request = proto::call_function::Request {
        name: "join".to_owned(),
        // As OpenTofu sends null.
        arguments: vec![proto::DynamicValue::default()],
    };
    let mut rpc = unconfigured().await.0.rpc();
    let answer = rpc.call_function(request).await.expect("an answer").into_inner();
    assert_eq!(answer.error, None);
}

#[tokio::test]
async fn a_list_may_hold_nulls_but_makes_the_result_unknown_where_unknowns_are_not_taken() {
    assert_eq!(call("count", &[numbers(&[1, 2])]).await, Ok(Value::number(2)));
    let with_null = Value::Known(Datum::List(vec![Value::Null, Value::number(1)]));
    assert_eq!(call("count", &[with_null]).await, Ok(Value::number(1)));
    let with_unknown = Value::Known(Datum::List(vec![Value::unknown()]));
    assert_eq!(call("count", &[with_unknown]).await, Ok(Value::unknown()));
}

#[tokio::test]
async fn anything_goes_through_a_dynamic_argument_and_comes_back_with_its_type() {
    let text = |name: &str| Ok(any(Type::String, Value::string(name)));
    assert_eq!(call("kind", &[Value::Null]).await, text("null"));
    assert_eq!(call("kind", &[Value::unknown()]).await, text("unknown"));
    let list = any(Type::list(Type::Number), numbers(&[1]));
    assert_eq!(call("kind", &[list]).await, text("list(number)"));
}

#[tokio::test]
async fn a_panic_is_an_error_of_the_function_and_the_next_call_works() {
    let (core, _) = unconfigured().await;
    let error = core.call("count", &[numbers(&[0; 10])]).await.expect_err("an error");
    assert!(error.text.contains("bug in the provider"), "{error}");
    assert_eq!(core.call("count", &[numbers(&[0])]).await, Ok(Value::number(1)));
}
