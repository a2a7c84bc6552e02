use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(block)]
    name: Value<String>,
}

fn main() {}
