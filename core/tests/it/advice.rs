use pod_identity_core::advice::{Advice, ArguesFor, Ask, Question, RULES, Recommendation, Weight, advise};
use pod_identity_core::binding::Fact;
use pod_identity_core::precedence::resolve;
use pod_identity_core::workload::Compute;
use proptest::prelude::*;

use crate::precedence::{association, situation};

fn question(answers: &[(Ask, bool)]) -> Question {
    answers.iter().fold(Question::default(), |question, (ask, answer)| {
        question.with(*ask, *answer)
    })
}

const ON_LINUX: &[(Ask, bool)] = &[
    (Ask::OnEks, true),
    (Ask::OnLinuxNodes, true),
    (Ask::OnFargateOrWindows, false),
];

fn on_linux(more: &[(Ask, bool)]) -> Advice {
    advise(&question(&[ON_LINUX, more].concat()))
}

#[test]
fn workloads_are_advised_as_the_comparison_says() {
    #[track_caller]
    fn check(answers: &[(Ask, bool)], expected: Recommendation, deciding: &str) {
        let advice = advise(&question(answers));
        assert_eq!(advice.recommendation, expected, "{answers:?}");
        assert!(
            advice.because.iter().any(|reason| reason.rule == deciding),
            "{answers:?}: {:?}",
            advice.because
        );
    }
    use Recommendation::{Both, Either, Irsa, Neither, PodIdentity};
    check(
        &[(Ask::OnEks, false), (Ask::PublicIssuer, true)],
        Irsa,
        "no_pod_identity_outside_eks",
    );
    check(&[(Ask::OnEks, false), (Ask::PublicIssuer, false)], Neither, "no_issuer");
    check(ON_LINUX, PodIdentity, "new_on_linux");
    check(
        &[
            (Ask::OnEks, true),
            (Ask::OnFargateOrWindows, true),
            (Ask::OnLinuxNodes, false),
        ],
        Irsa,
        "no_agent_on_fargate_and_windows",
    );
    check(
        &[
            (Ask::OnEks, true),
            (Ask::OnFargateOrWindows, true),
            (Ask::OnLinuxNodes, true),
        ],
        Both,
        "mixed_nodes",
    );
    let linux = |more: &[(Ask, bool)], expected, deciding| check(&[ON_LINUX, more].concat(), expected, deciding);
    linux(&[(Ask::RecentSdks, false)], Irsa, "old_sdk");
    linux(&[(Ask::AgentPossible, false)], Irsa, "no_agent");
    linux(&[(Ask::OidcProviderPossible, false)], PodIdentity, "no_provider");
    linux(
        &[(Ask::OidcProviderPossible, false), (Ask::RecentSdks, false)],
        Neither,
        "old_sdk",
    );
    linux(&[(Ask::WorkingIrsa, true)], Irsa, "working_irsa");
    linux(
        &[(Ask::WorkingIrsa, true), (Ask::ManyClusters, true)],
        PodIdentity,
        "many_clusters",
    );
    linux(
        &[(Ask::WorkingIrsa, true), (Ask::NearIamLimits, true)],
        PodIdentity,
        "near_iam_limits",
    );
    linux(
        &[(Ask::WorkingIrsa, true), (Ask::SessionTags, true)],
        PodIdentity,
        "session_tags",
    );
    linux(
        &[(Ask::WorkingIrsa, true), (Ask::SeparateDuties, true)],
        Either,
        "separate_duties",
    );
    linux(&[(Ask::AccountPattern, true)], Either, "account_pattern");
    linux(&[(Ask::NearAssociationLimit, true)], Either, "near_association_limit");
    linux(&[(Ask::StaticKeys, true)], PodIdentity, "replace_static_keys");
    linux(&[(Ask::NodeCredentials, true)], PodIdentity, "replace_node_credentials");
    linux(&[(Ask::Broker, true)], PodIdentity, "broker");
}

#[test]
fn an_old_sdk_on_mixed_nodes_leaves_irsa_for_all() {
    let advice = advise(&question(&[
        (Ask::OnEks, true),
        (Ask::OnFargateOrWindows, true),
        (Ask::OnLinuxNodes, true),
        (Ask::RecentSdks, false),
    ]));
    assert_eq!(advice.recommendation, Recommendation::Irsa);
}

#[test]
fn what_cannot_be_assumed_is_asked_for() {
    let needs = |answers: &[(Ask, bool)]| advise(&question(answers)).needs;
    assert_eq!(
        needs(&[]),
        [
            Ask::OnEks,
            Ask::PublicIssuer,
            Ask::OnFargateOrWindows,
            Ask::OnLinuxNodes
        ]
    );
    assert_eq!(needs(&[(Ask::OnEks, false)]), [Ask::PublicIssuer]);
    assert_eq!(
        needs(&[(Ask::OnEks, true)]),
        [Ask::OnFargateOrWindows, Ask::OnLinuxNodes]
    );
    assert_eq!(
        needs(&[(Ask::OnEks, true), (Ask::OnFargateOrWindows, true)]),
        [Ask::OnLinuxNodes]
    );
    // Pods that are not on Fargate or Windows are on Linux.
    assert_eq!(needs(&[(Ask::OnEks, true), (Ask::OnFargateOrWindows, false)]), []);
    // Wherever they run: the agent cannot be there.
    assert_eq!(needs(&[(Ask::OnEks, true), (Ask::AgentPossible, false)]), []);
}

#[test]
fn advice_says_what_it_took_for_granted_and_what_would_change_it() {
    let advice = on_linux(&[]);
    assert!(advice.assumed.contains(&(Ask::RecentSdks, true)));
    let change = advice
        .would_change
        .iter()
        .find(|change| change.ask == Ask::RecentSdks)
        .unwrap();
    assert_eq!((change.answer, change.to), (false, Recommendation::Irsa));
    assert!(!advice.would_change.iter().any(|change| change.ask == Ask::Broker));
}

#[test]
fn a_situation_answers_what_it_can() {
    let mut of = situation("static-keys-in-the-pod");
    of.compute = Some(Compute::AutoMode);
    of.association = Fact::Absent;
    let question = Question::about(&of, &resolve(&of));
    for (ask, expected) in [
        (Ask::OnEks, Some(true)),
        (Ask::OnLinuxNodes, Some(true)),
        (Ask::OnFargateOrWindows, Some(false)),
        (Ask::WorkingIrsa, Some(true)),
        (Ask::StaticKeys, Some(true)),
        (Ask::Broker, None),
        (Ask::RecentSdks, None),
    ] {
        assert_eq!(question.answer(ask), expected, "{ask:?}");
    }
    of.association = association();
    of.compute = Some(Compute::Fargate);
    let question = Question::about(&of, &resolve(&of));
    assert_eq!(question.answer(Ask::WorkingIrsa), Some(false));
    assert_eq!(advise(&question).recommendation, Recommendation::Irsa);
    let mut nothing = situation("nothing");
    nothing.service_account = Fact::Unknown;
    assert_eq!(Question::about(&nothing, &resolve(&nothing)), Question::default());
}

#[test]
fn rules_have_names_of_their_own_reasons_and_sources() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
    for rule in RULES {
        assert!(!rule.when.is_empty() && !rule.source.is_empty(), "{}", rule.id);
        assert!(rule.reason.ends_with('.') && !rule.reason.contains("  "), "{}", rule.id);
    }
    let used = |ask: Ask| {
        RULES
            .iter()
            .any(|rule| rule.when.iter().any(|(other, _)| *other == ask))
    };
    for ask in Ask::ALL {
        assert!(used(ask), "nothing depends on {ask:?}");
    }
    assert!(
        !RULES
            .iter()
            .any(|rule| rule.argues_for == ArguesFor::Either && rule.weight == Weight::Must)
    );
}

proptest! {
    #[test]
    fn answers_that_are_not_named_change_nothing(answers in prop::collection::btree_map(prop::sample::select(Ask::ALL.to_vec()), any::<bool>(), 0..12), ask in prop::sample::select(Ask::ALL.to_vec()), answer: bool) {
        let answers: Vec<(Ask, bool)> = answers.into_iter().collect();
        let question = question(&answers);
        let advice = advise(&question);
        let after = advise(&question.clone().with(ask, answer)).recommendation;
        let is_named = advice.would_change.iter().any(|change| (change.ask, change.answer, change.to) == (ask, answer, after));
        if question.answer(ask).is_none() && !is_named {
            prop_assert_eq!(after, advice.recommendation);
        }
    }

    #[test]
    fn answering_what_was_not_needed_keeps_the_advice(answers in prop::collection::btree_map(prop::sample::select(Ask::ALL.to_vec()), any::<bool>(), 0..12), ask in prop::sample::select(Ask::ALL.to_vec()), answer: bool) {
        let answers: Vec<(Ask, bool)> = answers.into_iter().collect();
        let question = question(&answers);
        let advice = advise(&question);
        let is_open = question.answer(ask).is_none() && ask.assumed().is_none();
        let nowhere = |of: &Question| of.answer(Ask::OnLinuxNodes) == Some(false) && of.answer(Ask::OnFargateOrWindows) == Some(false);
        let after = question.clone().with(ask, answer);
        if is_open && advice.needs.is_empty() && !nowhere(&after) {
            prop_assert_eq!(advise(&after).recommendation, advice.recommendation);
        }
        prop_assert_eq!(advice.needs.is_empty(), advice.recommendation != Recommendation::Unknown);
    }
}
