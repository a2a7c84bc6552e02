use tfmodel::Model;

#[derive(Clone, Model)]
struct Thing {
    #[tf(optional)]
    name: String,
}

fn main() {}
