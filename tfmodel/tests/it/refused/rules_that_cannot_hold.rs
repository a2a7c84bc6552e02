use tfmodel::{Model, Value};

#[derive(Clone, Model)]
#[tf(at_most_one_of(name, nothing), requires(name))]
struct Named {
    #[tf(optional, prefer_write_only(other))]
    name: Value<String>,
    #[tf(optional)]
    other: Value<String>,
}

#[derive(Clone, Model)]
struct Sum {
    #[tf(optional, at_least_sum_of(text))]
    number: Value<i64>,
    #[tf(optional)]
    text: Value<String>,
}

fn main() {}
