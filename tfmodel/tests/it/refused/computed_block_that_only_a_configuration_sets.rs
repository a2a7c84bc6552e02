use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Part {
    #[tf(optional)]
    size: Value<i64>,
}

#[derive(Clone, Model)]
struct Whole {
    #[tf(computed)]
    size: Value<i64>,
}

#[derive(Clone, Model)]
struct Thing {
    #[tf(block, computed)]
    parts: Value<Vec<Part>>,
    #[tf(block, computed)]
    never_null: Vec<Whole>,
}

#[derive(Clone, Model)]
struct Options {
    #[tf(block, computed, required)]
    required: Value<Vec<Whole>>,
    #[tf(block, keep_prior)]
    kept: Value<Vec<Whole>>,
}

fn main() {}
