use tfmodel::model::Object;
use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Login {
    #[tf(optional, write_only)]
    password: Value<String>,
}

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional)]
    login: Value<Object<Login>>,
}

fn main() {}
