use tfmodel::validators::non_empty;
use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(computed, validate(non_empty()))]
    id: Value<String>,
    #[tf(optional, keep_prior)]
    name: Value<String>,
}

fn main() {}
