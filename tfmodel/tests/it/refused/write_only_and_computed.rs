use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional, computed, write_only)]
    secret: Value<String>,
}

fn main() {}
