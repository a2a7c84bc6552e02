use std::collections::BTreeMap;

use pod_identity_core::evaluate::{Call, Caller, Context, Prepared, Presence, Request, Truth, Verdict, evaluate};
use pod_identity_core::policy::{
    Actions, Condition, Document, Effect, Operator, Principal, PrincipalKind, Principals, Quantifier, Statement,
    Strings, Test, Who,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;

const KEYS: &[&str] = &["aws:RequestTag/a", "aws:PrincipalTag/b", "aws:TagKeys", "example:value"];

/// What conditions want; each fits some operators.
const WANTED: &[&str] = &[
    "a",
    "A",
    "ab",
    "a*",
    "?b",
    "*",
    "${aws:PrincipalTag/b}",
    "${aws:PrincipalTag/b, 'a'}*",
    "${*}",
    "1",
    "10.5",
    "true",
    "false",
    "YWI=",
    "10.0.0.0/8",
    "2001:db8::/32",
    "2026-11-21T13:00:00Z",
    "1795266001",
    "arn:aws:iam::111122223333:role/a",
    "arn:aws:*:*:*:role/?",
];

/// What requests carry.
const CARRIED: &[&str] = &[
    "",
    "a",
    "ab",
    "*",
    "1",
    "11",
    "true",
    "false",
    "YWI=",
    "10.1.2.3",
    "2001:db8::1",
    "2026-11-21T13:00:00Z",
    "arn:aws:iam::111122223333:role/a",
    "arn:aws:iam::111122223333:role/b",
];

const ACCOUNT: &str = "111122223333";
const ROLE: &str = "arn:aws:iam::111122223333:role/a";
const SERVICE: &str = "pods.eks.amazonaws.com";
const ACTIONS: &[&str] = &["sts:AssumeRole", "sts:TagSession"];

fn operators() -> impl Strategy<Value = Operator> {
    let quantifiers = select(vec![None, None, Some(Quantifier::All), Some(Quantifier::Any)]);
    (quantifiers, select(Test::ALL), any::<bool>()).prop_map(|(quantifier, test, if_exists)| Operator {
        quantifier,
        test,
        if_exists: if_exists && test != Test::Null,
    })
}

fn conditions() -> impl Strategy<Value = Condition> {
    let values = prop::collection::vec(select(WANTED), 1..3);
    (operators(), select(KEYS), values).prop_map(|(operator, key, values)| Condition {
        operator: operator.to_string(),
        key: key.to_owned(),
        values: values.into_iter().map(str::to_owned).collect(),
    })
}

fn principals() -> impl Strategy<Value = Principals> {
    let one = |kind, name: &str| Principals::one(kind, name);
    select(vec![
        Principals {
            except: false,
            who: Who::Everybody,
        },
        one(PrincipalKind::Service, SERVICE),
        one(PrincipalKind::Service, "ec2.amazonaws.com"),
        one(PrincipalKind::Aws, ACCOUNT),
        one(PrincipalKind::Aws, ROLE),
        one(PrincipalKind::Aws, "AROAEXAMPLEEXAMPLE123"),
        Principals {
            except: false,
            who: Who::Named(vec![
                Principal {
                    kind: PrincipalKind::Aws,
                    names: Strings::Many(vec![ROLE.to_owned(), "444455556666".to_owned()]),
                },
                Principal {
                    kind: PrincipalKind::Service,
                    names: SERVICE.into(),
                },
            ]),
        },
    ])
}

fn statements() -> impl Strategy<Value = Statement> {
    let actions = prop_oneof![
        Just(Strings::One("sts:*".to_owned())),
        Just(Strings::One("sts:assumerole".to_owned())),
        Just(ACTIONS.iter().map(|action| (*action).to_owned()).collect()),
    ];
    let effects = select(vec![Effect::Allow, Effect::Allow, Effect::Deny]);
    (
        effects,
        principals(),
        actions,
        prop::collection::vec(conditions(), 0..3),
    )
        .prop_map(|(effect, principals, names, conditions)| Statement {
            sid: None,
            effect,
            principals: Some(principals),
            actions: Some(Actions { except: false, names }),
            resources: None,
            conditions,
        })
}

fn documents() -> impl Strategy<Value = Document> {
    let versions = select(vec![None, Some("2008-10-17"), Some("2012-10-17"), Some("2012-10-17")]);
    (versions, prop::collection::vec(statements(), 1..4)).prop_map(|(version, statements)| Document {
        version: version.map(str::to_owned),
        id: None,
        statements,
    })
}

fn values() -> impl Strategy<Value = Presence> {
    prop::collection::vec(select(CARRIED), 0..3)
        .prop_map(|values| Presence::Values(values.into_iter().map(str::to_owned).collect()))
}

fn presences() -> impl Strategy<Value = Presence> {
    prop_oneof![
        Just(Presence::Absent),
        Just(Presence::Unknown),
        Just(Presence::Present),
        values(),
        values(),
    ]
}

/// Somebody, what is asked, and what the request carries.
#[derive(Clone, Debug)]
struct Asked {
    caller: Caller,
    actions: Vec<&'static str>,
    keys: BTreeMap<&'static str, Presence>,
}

impl Asked {
    fn request(&self) -> Request {
        let context = self.keys.iter().fold(Context::new(), |context, (key, presence)| {
            context.with(key, presence.clone())
        });
        Request {
            caller: self.caller.clone(),
            calls: self
                .actions
                .iter()
                .map(|action| Call {
                    action: (*action).to_owned(),
                    context: context.clone(),
                })
                .collect(),
        }
    }
}

fn asked() -> impl Strategy<Value = Asked> {
    let callers = select(vec![
        Caller::Service(SERVICE.to_owned()),
        Caller::Service(SERVICE.to_owned()),
        Caller::Aws(ROLE.to_owned()),
        Caller::Aws(ACCOUNT.to_owned()),
        Caller::Aws("arn:aws:sts::111122223333:assumed-role/a/session".to_owned()),
        Caller::Federated("accounts.google.com".to_owned()),
        Caller::Unknown,
    ]);
    (
        callers,
        prop::sample::subsequence(ACTIONS, 0..=2),
        prop::collection::btree_map(select(KEYS), presences(), 0..5),
    )
        .prop_map(|(caller, actions, keys)| Asked { caller, actions, keys })
}

fn verdict(document: &Document, request: &Request) -> Verdict {
    Prepared::new(document).verdict(request)
}

const fn is_decided(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Allow | Verdict::Deny)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_short_answer_is_the_explained_one(document in documents(), asked in asked()) {
        let request = asked.request();
        let answer = evaluate(&document, &request);
        prop_assert_eq!(verdict(&document, &request), answer.verdict);
        prop_assert_ne!(answer.verdict, Verdict::Invalid);
        prop_assert!(!answer.because.is_empty());
        for call in &answer.calls {
            let deciding = call.decided_by.map(|index| &call.statements[index]);
            match (call.verdict, deciding) {
                (Verdict::Allow, Some(statement)) => {
                    prop_assert_eq!((statement.effect, statement.matches), (Effect::Allow, Truth::True));
                }
                (Verdict::Deny, Some(statement)) => {
                    prop_assert_eq!((statement.effect, statement.matches), (Effect::Deny, Truth::True));
                }
                (Verdict::Unknown, Some(statement)) => prop_assert_eq!(statement.matches, Truth::Unknown),
                (verdict, deciding) => prop_assert_eq!((verdict, deciding), (Verdict::Deny, None)),
            }
        }
    }

    #[test]
    fn one_statement_more_turns_no_answer_against_its_effect(
        document in documents(),
        more in statements(),
        asked in asked(),
    ) {
        let request = asked.request();
        let before = verdict(&document, &request);
        let mut longer = document;
        let effect = more.effect;
        longer.statements.push(more);
        let after = verdict(&longer, &request);
        match (effect, before) {
            (Effect::Allow, Verdict::Allow) => prop_assert_eq!(after, Verdict::Allow),
            (Effect::Allow, _) if after == Verdict::Deny => prop_assert_eq!(before, Verdict::Deny),
            (Effect::Deny, Verdict::Deny) => prop_assert_eq!(after, Verdict::Deny),
            (Effect::Deny, _) if after == Verdict::Allow => prop_assert_eq!(before, Verdict::Allow),
            _ => {}
        }
    }

    #[test]
    fn what_becomes_known_turns_no_answer_round(
        document in documents(),
        asked in asked(),
        found in prop::collection::vec(prop_oneof![Just(Presence::Absent), values()], KEYS.len()),
    ) {
        let before = verdict(&document, &asked.request());
        let mut knowing = asked;
        for (presence, found) in knowing.keys.values_mut().zip(found) {
            let is_news = match (&*presence, &found) {
                (Presence::Unknown, _) => true,
                // Known to be there: with a value at least.
                (Presence::Present, Presence::Values(values)) => !values.is_empty(),
                _ => false,
            };
            if is_news {
                *presence = found;
            }
        }
        if is_decided(before) {
            prop_assert_eq!(verdict(&document, &knowing.request()), before);
        }
    }

    #[test]
    fn a_positive_condition_without_if_exists_lets_nobody_more_in(document in documents(), asked in asked()) {
        let request = asked.request();
        let mut stricter = document.clone();
        for condition in stricter
            .statements
            .iter_mut()
            .filter(|statement| statement.effect == Effect::Allow)
            .flat_map(|statement| &mut statement.conditions)
        {
            let operator: Operator = condition.operator.parse().unwrap();
            if !operator.is_negated() {
                condition.operator = Operator { if_exists: false, ..operator }.to_string();
            }
        }
        if verdict(&stricter, &request) == Verdict::Allow {
            prop_assert_eq!(verdict(&document, &request), Verdict::Allow);
        }
    }

    #[test]
    fn another_spelling_gives_the_same_answer(document in documents(), asked in asked()) {
        let request = asked.request();
        let answer = verdict(&document, &request);
        prop_assert_eq!(verdict(&document.canonical(), &request), answer);
        let mut reversed = document;
        reversed.statements.reverse();
        for statement in &mut reversed.statements {
            statement.conditions.reverse();
            for condition in &mut statement.conditions {
                condition.key = condition.key.to_ascii_uppercase();
                condition.values = Strings::Many(condition.values.iter().rev().cloned().collect());
            }
        }
        prop_assert_eq!(verdict(&reversed, &request), answer);
    }

    #[test]
    fn keys_that_no_statement_asks_for_mean_nothing(document in documents(), asked in asked(), other in presences()) {
        let request = asked.request();
        let mut with_more = request.clone();
        for call in &mut with_more.calls {
            call.context = call.context.clone().with("other:key", other.clone());
        }
        prop_assert_eq!(verdict(&document, &with_more), verdict(&document, &request));
    }

    #[test]
    fn wildcards_match_as_their_definition_says(pattern in "[ab*?é]{0,8}", text in "[abé]{0,10}") {
        /// Letter by letter, with every choice that `*` leaves.
        fn is_like(pattern: &[char], text: &[char]) -> bool {
            match (pattern, text) {
                ([], []) => true,
                (['*', rest @ ..], _) => (0..=text.len()).any(|taken| is_like(rest, &text[taken..])),
                (['?', rest @ ..], [_, text @ ..]) => is_like(rest, text),
                ([letter, rest @ ..], [found, text @ ..]) => letter == found && is_like(rest, text),
                _ => false,
            }
        }
        // The accent is one that policies may hold.
        let document = Document::new(vec![Statement {
            sid: None,
            effect: Effect::Allow,
            principals: Some(Principals::one(PrincipalKind::Service, SERVICE)),
            actions: Some(Actions { except: false, names: "sts:AssumeRole".into() }),
            resources: None,
            conditions: vec![Condition {
                operator: "StringLike".to_owned(),
                key: "example:value".to_owned(),
                values: pattern.as_str().into(),
            }],
        }]);
        let asked = Asked {
            caller: Caller::Service(SERVICE.to_owned()),
            actions: vec!["sts:AssumeRole"],
            keys: BTreeMap::from([("example:value", Presence::Values(vec![text.clone()]))]),
        };
        let (letters, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
        let expected = if is_like(&pattern, &letters) { Verdict::Allow } else { Verdict::Deny };
        prop_assert_eq!(verdict(&document, &asked.request()), expected);
    }
}

#[test]
fn the_requests_that_are_drawn_get_every_answer() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut counts = BTreeMap::new();
    for _ in 0..2_000 {
        let (document, asked) = (documents(), asked()).new_tree(&mut runner).unwrap().current();
        *counts
            .entry(format!("{:?}", verdict(&document, &asked.request())))
            .or_insert(0) += 1;
    }
    for answer in ["Allow", "Deny", "Unknown"] {
        assert!(counts.get(answer).is_some_and(|count| *count > 100), "{counts:?}");
    }
}

#[test]
fn no_pattern_takes_long() {
    let text = "ab".repeat(5_000);
    let start = std::time::Instant::now();
    for pattern in [
        format!("{}c", "*a".repeat(2_000)),
        format!("{}c", "*?a".repeat(2_000)),
        format!("*{}*c", "a?".repeat(2_000)),
        "*".repeat(10_000),
        "?".repeat(10_001),
    ] {
        let document = Document::parse(&format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":"*","Action":"sts:*","Condition":{{"StringLike":{{"example:value":"{pattern}"}}}}}}}}"#
        ))
        .unwrap();
        let asked = Asked {
            caller: Caller::Unknown,
            actions: vec!["sts:AssumeRole"],
            keys: BTreeMap::from([("example:value", Presence::Values(vec![text.clone()]))]),
        };
        assert!(is_decided(verdict(&document, &asked.request())), "{}", &pattern[..10]);
    }
    // Exponential time would be years.
    assert!(start.elapsed().as_secs() < 20);
}
