use tfmodel::value::Dynamic;
use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional)]
    values: Value<Vec<Dynamic>>,
}

fn main() {}
