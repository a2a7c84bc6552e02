use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(default = true)]
    size: Value<i64>,
}

fn main() {}
