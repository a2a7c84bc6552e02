use tfmodel::{Model, Set, Value};

#[derive(Clone, Model)]
struct Part {
    #[tf(optional, write_only)]
    secret: Value<String>,
}

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional)]
    parts: Value<Set<Part>>,
}

fn main() {}
