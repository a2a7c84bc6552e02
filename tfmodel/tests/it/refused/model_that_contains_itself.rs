use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Tree {
    #[tf(optional)]
    children: Value<Vec<Tree>>,
}

fn main() {}
