//! What does not compile, and what the compiler says of it.

#[test]
fn wrong_models_do_not_compile_and_errors_point_at_the_field() {
    trybuild::TestCases::new().compile_fail("tests/it/refused/*.rs");
}
