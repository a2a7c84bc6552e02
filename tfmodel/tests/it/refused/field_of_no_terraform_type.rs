use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional)]
    path: Value<std::path::PathBuf>,
}

fn main() {}
