use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    name: Value<String>,
}

fn main() {}
