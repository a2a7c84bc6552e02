use tfmodel::Model;

#[derive(Clone, Model)]
struct Part {
    #[tf(required)]
    size: i64,
}

#[derive(Clone, Model)]
struct Thing {
    #[tf(block)]
    part: Part,
}

fn main() {}
