use tfmodel::equality::{Json, TextEquality};
use tfmodel::{Model, Value};

#[derive(Clone, Model)]
struct Twice {
    #[tf(optional, meaning = Json, equality = TextEquality(str::eq))]
    text: Value<String>,
}

#[derive(Clone, Model)]
#[tf(meaning = Json, equality = TextEquality(str::eq))]
struct New(String);

#[derive(Clone, Model)]
struct Number {
    #[tf(optional, meaning = u8)]
    text: Value<String>,
}

fn main() {}
