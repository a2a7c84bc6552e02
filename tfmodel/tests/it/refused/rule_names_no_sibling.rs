use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional, conflicts_with(other, name), requires("name"))]
    name: Value<String>,
}

fn main() {}
