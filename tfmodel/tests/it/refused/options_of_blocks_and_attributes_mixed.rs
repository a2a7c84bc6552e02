use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Part {
    #[tf(optional)]
    size: Value<i64>,
}

#[derive(Clone, Model)]
struct Thing {
    #[tf(block, sensitive)]
    part: Part,
    #[tf(block, optional, min = 3, max = 2)]
    parts: Vec<Part>,
    #[tf(optional, max = 3)]
    more: Value<Vec<Part>>,
}

fn main() {}
