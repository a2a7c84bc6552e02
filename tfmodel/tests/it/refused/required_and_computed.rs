use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(required, computed)]
    id: Value<String>,
    #[tf(required, default = 3)]
    size: Value<i64>,
    #[tf(required, optional)]
    name: Value<String>,
}

fn main() {}
