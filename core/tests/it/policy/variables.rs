use pod_identity_core::policy::{Piece, Variable, VariableFault, pieces};

#[test]
fn a_value_is_taken_apart() {
    let variable = |key, default| Piece::Variable(Variable { key, default });
    for (text, expected) in [
        ("", vec![]),
        ("shop", vec![Piece::Text("shop")]),
        ("5$ {a}", vec![Piece::Text("5$ {a}")]),
        ("${aws:username}", vec![variable("aws:username", None)]),
        (
            "a${aws:PrincipalTag/team, 'all, or }none'}b",
            vec![
                Piece::Text("a"),
                variable("aws:PrincipalTag/team", Some("all, or }none")),
                Piece::Text("b"),
            ],
        ),
        ("${a:b, ''}", vec![variable("a:b", Some(""))]),
        (
            "*${*}${?}${$}",
            vec![
                Piece::Text("*"),
                Piece::Character('*'),
                Piece::Character('?'),
                Piece::Character('$'),
            ],
        ),
        ("$${a:b}", vec![Piece::Text("$"), variable("a:b", None)]),
    ] {
        assert_eq!(pieces(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_only_starts_like_a_variable_is_none() {
    for (text, fault) in [
        ("${", VariableFault::Unclosed),
        ("a${aws:username", VariableFault::Unclosed),
        ("${}", VariableFault::Empty),
        ("${, 'a'}", VariableFault::Empty),
        ("${aws: username}", VariableFault::Name),
        ("${aws:${username}}", VariableFault::Name),
        ("${'a'}", VariableFault::Name),
        ("${$, 'a'}", VariableFault::Name),
        ("${a:b, c}", VariableFault::Default),
        ("${a:b,'c'}", VariableFault::Default),
        ("${a:b, 'c}", VariableFault::Default),
        ("${a:b, 'c' }", VariableFault::Default),
    ] {
        assert_eq!(pieces(text), Err(fault), "{text}");
    }
}
