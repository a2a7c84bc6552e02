use super::NONE;
use crate::host_checks::{Parameter, function};

fn check(name: &str, parameters: &[(&str, bool)]) -> Vec<String> {
    let parameters = parameters.iter().map(|&(name, variadic)| Parameter { name, variadic });
    let blame = " This is a bug in the provider: please report it.";
    let found = function(name, parameters);
    found
        .iter()
        .map(|problem| problem.detail.strip_suffix(blame).unwrap().to_owned())
        .collect()
}

#[test]
fn names_of_functions_and_parameters_are_identifiers() {
    let rule =
        "must have a name of letters, digits, underscores and dashes that starts with a letter or an underscore.";
    for name in ["join", "_x", "trust-policy", "Sha256"] {
        assert_eq!(check(name, &[(name, false)]), NONE);
    }
    for name in ["", "1st", "-x", "a b", "a.b"] {
        assert_eq!(
            check(name, &[(name, false)]),
            [
                format!("`{name}` {rule}"),
                format!("The parameter `{name}` of `{name}` {rule}")
            ]
        );
    }
}

#[test]
fn a_parameter_has_a_name_of_its_own() {
    assert_eq!(
        check("join", &[("text", false), ("text", true)]),
        ["`join` has two parameters `text`."]
    );
}

#[test]
fn a_variadic_parameter_is_the_last() {
    assert_eq!(check("join", &[("separator", false), ("parts", true)]), NONE);
    assert_eq!(
        check("join", &[("parts", true), ("separator", false)]),
        ["`separator` of `join` follows `parts`, which takes all arguments that are left, so it never gets one."]
    );
}
