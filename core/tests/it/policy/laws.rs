use pod_identity_core::policy::{
    Actions, Condition, Document, Effect, Principal, PrincipalKind, Principals, Statement, Strings, Who, diff,
};
use proptest::prelude::*;

use super::{document, one};

fn strings() -> impl Strategy<Value = Strings> {
    let text = "[a-cA-C:*$ \"\\\\é]{0,4}";
    prop_oneof![
        text.prop_map(Strings::One),
        prop::collection::vec(text, 0..4).prop_map(Strings::Many),
    ]
}

fn principals() -> impl Strategy<Value = Principals> {
    let kind = prop_oneof![
        Just(PrincipalKind::Aws),
        Just(PrincipalKind::Service),
        Just(PrincipalKind::Federated),
    ];
    let named = prop::collection::btree_map(kind, strings(), 0..3).prop_map(|named| {
        Who::Named(
            named
                .into_iter()
                .map(|(kind, names)| Principal { kind, names })
                .collect(),
        )
    });
    (any::<bool>(), prop_oneof![Just(Who::Everybody), named]).prop_map(|(except, who)| Principals { except, who })
}

fn statement() -> impl Strategy<Value = Statement> {
    let conditions = prop::collection::btree_map(("Str|Bool", "[ab]"), strings(), 0..4).prop_map(|all| {
        all.into_iter()
            .map(|((operator, key), values)| Condition { operator, key, values })
            .collect()
    });
    (
        prop::option::of("[A-C]"),
        prop_oneof![Just(Effect::Allow), Just(Effect::Deny)],
        prop::option::of(principals()),
        strings(),
        conditions,
    )
        .prop_map(|(sid, effect, principals, names, conditions)| Statement {
            sid,
            effect,
            principals,
            actions: Some(Actions { except: false, names }),
            resources: None,
            conditions,
        })
}

fn documents() -> impl Strategy<Value = Document> {
    prop::collection::vec(statement(), 0..5).prop_map(Document::new)
}

/// The same document as IAM may return it.
fn reordered(original: &Document) -> Document {
    let mut other = original.clone();
    other.statements.reverse();
    for statement in &mut other.statements {
        statement.conditions.reverse();
        for condition in &mut statement.conditions {
            condition.values = listed(&condition.values);
        }
        if let Some(actions) = &mut statement.actions {
            actions.names = listed(&actions.names);
        }
    }
    other
}

fn listed(strings: &Strings) -> Strings {
    Strings::Many(strings.iter().rev().cloned().collect())
}

proptest! {
    #[test]
    fn reading_what_was_written_gives_the_same_document(original in documents()) {
        prop_assert_eq!(&document(&original.to_json()), &original);
        prop_assert_eq!(&document(&original.render()), &original);
    }

    #[test]
    fn the_canonical_form_is_stable_and_means_the_same(original in documents()) {
        let canonical = original.canonical();
        prop_assert_eq!(&canonical.canonical(), &canonical);
        prop_assert!(original.same_meaning(&canonical));
        prop_assert_eq!(&document(&canonical.to_json()), &canonical);
    }

    #[test]
    fn order_and_lists_of_one_mean_nothing(original in documents()) {
        prop_assert!(original.same_meaning(&reordered(&original)));
    }

    #[test]
    fn a_document_does_not_differ_from_itself(original in documents()) {
        prop_assert!(diff(Some(&original), Some(&original)).is_empty());
        prop_assert!(diff(Some(&original), Some(&reordered(&original))).is_empty());
    }

    #[test]
    fn a_diff_is_empty_exactly_when_nothing_changes_in_meaning(a in documents(), b in documents()) {
        prop_assert_eq!(diff(Some(&a), Some(&b)).is_empty(), a.same_meaning(&b));
    }

    #[test]
    fn a_diff_shows_every_statement_of_both_sides_once(a in documents(), b in documents()) {
        let found = diff(Some(&a), Some(&b));
        let mut before: Vec<usize> = found.statements.iter().filter_map(|one| one.index_before).collect();
        before.sort_unstable();
        let after: Vec<usize> = found.statements.iter().filter_map(|one| one.index_after).collect();
        prop_assert_eq!(before, (0..a.statements.len()).collect::<Vec<_>>());
        prop_assert_eq!(after, (0..b.statements.len()).collect::<Vec<_>>());
    }

    #[test]
    fn taking_our_statements_out_gives_back_what_was_there(foreign in documents(), mut ours in prop::collection::vec(statement(), 0..3)) {
        for (number, statement) in ours.iter_mut().enumerate() {
            statement.sid = Some(format!("Pib{number}"));
        }
        let is_ours = |sid: &str| sid.starts_with("Pib");
        let both = foreign.with_ours(&ours, is_ours);
        prop_assert_eq!(both.with_ours(&ours, is_ours), both.clone());
        prop_assert_eq!(both.with_ours(&[], is_ours), foreign);
    }
}

#[test]
fn spellings_that_iam_treats_alike() {
    #[track_caller]
    fn check(a: &str, b: &str, alike: bool) {
        assert_eq!(one(a).same_meaning(&one(b)), alike, "{a} / {b}");
    }
    let with = |principal: &str| format!(r#""Action":"sts:AssumeRole","Principal":{principal}"#);
    // Root ARN or bare account id.
    check(
        &with(r#"{"AWS":"111122223333"}"#),
        &with(r#"{"AWS":["arn:aws:iam::111122223333:root"]}"#),
        true,
    );
    check(
        &with(r#"{"AWS":"111122223333"}"#),
        &with(r#"{"AWS":"arn:aws:iam::111122223333:role/root"}"#),
        false,
    );
    check(&with(r#""*""#), &with(r#"{"AWS":"*"}"#), true);
    check(&with(r#"{"Service":"a"}"#), &with(r#"{"AWS":"a"}"#), false);
    // Keys ignore case, values do not.
    let under =
        |key: &str, value: &str| format!(r#""Action":"a","Condition":{{"StringEquals":{{"{key}":"{value}"}}}}"#);
    check(&under("aws:SourceAccount", "x"), &under("AWS:sourceaccount", "x"), true);
    check(
        &under("aws:SourceAccount", "x"),
        &under("aws:SourceAccount", "X"),
        false,
    );
    check(r#""Action":"sts:AssumeRole""#, r#""Action":"STS:assumerole""#, true);
    check(r#""Action":"sts:AssumeRole""#, r#""NotAction":"sts:AssumeRole""#, false);
    check(r#""Sid":"","Action":"a""#, r#""Action":"a""#, true);
    check(r#""Sid":"A","Action":"a""#, r#""Action":"a""#, false);
    // An absent version is the first one, in which variables are plain text.
    assert!(document(r#"{"Statement":[]}"#).same_meaning(&document(r#"{"Version":"2008-10-17","Statement":[]}"#)));
    assert!(!document(r#"{"Statement":[]}"#).same_meaning(&document(r#"{"Version":"2012-10-17","Statement":[]}"#)));
}
