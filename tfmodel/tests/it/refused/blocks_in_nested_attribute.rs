use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Leaf {
    #[tf(optional)]
    size: Value<i64>,
}

#[derive(Clone, Model)]
struct Part {
    #[tf(block)]
    leaf: Leaf,
}

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional)]
    part: Value<Part>,
}

fn main() {}
