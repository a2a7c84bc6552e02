use tfmodel::Model;

#[derive(Clone, Model)]
struct Thing {
    #[tf(default = 3)]
    size: i64,
}

fn main() {}
