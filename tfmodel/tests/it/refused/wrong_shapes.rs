use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Pair(String, String);

#[derive(Clone, Model)]
enum Shape {
    Round(f64),
    Flat,
}

#[derive(Clone, Model)]
struct Generic<T> {
    #[tf(required)]
    value: T,
}

#[derive(Clone, Model)]
struct Names {
    #[tf(optional)]
    roleArn: Value<String>,
    #[tf(optional, rename = "one")]
    first: Value<String>,
    #[tf(optional)]
    one: Value<String>,
}

fn main() {}
