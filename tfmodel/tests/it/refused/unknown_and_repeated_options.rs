use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(required, requird)]
    name: Value<String>,
    #[tf(optional, replace, replace)]
    size: Value<i64>,
    #[tf(optional, replace, replace_if_configured)]
    kind: Value<i64>,
}

fn main() {}
