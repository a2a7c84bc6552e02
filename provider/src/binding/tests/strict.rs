//! Through the provider's own clients, on an AWS that sees its writes late, loses answers and says no.

use std::time::Duration;

use pod_fake_aws::{Delays, Fault, Outcome};
use tfplugin_testing::core::State;

use crate::cloud::fake::ACCOUNT;
use crate::lab::strict::{StrictLab, run};
use crate::lab::{owned, text};

/// The writes that make a binding with a role of its own.
const CREATE: [&str; 4] = [
    "iam:CreateRole",
    "iam:AttachRolePolicy",
    "iam:PutRolePolicy",
    "eks:CreatePodIdentityAssociation",
];

#[test]
fn what_aws_does_not_know_yet_is_waited_for() {
    run(|| async {
        let lab = StrictLab::new().await;
        let delay = Duration::from_secs(1);
        lab.aws.set_delays(Delays {
            effects: delay,
            ..Delays::default()
        });
        let mut state = State::default();
        for (mode, objects) in [("pod_identity", 2), ("dual", 2), ("irsa", 1), ("dual", 2)] {
            // Nobody applies twice in a second.
            lab.aws.advance(delay);
            let config = lab.binding(&owned(mode));
            state = lab.bindings.converge(&state, &config).await.unwrap();
            assert_eq!(lab.objects().len(), objects, "{mode}");
        }
        lab.bindings.destroy(&state).await.unwrap();
        assert!(lab.objects().is_empty());
        // It would prove nothing if AWS had known everything at once.
        let calls = lab.aws.calls();
        for (action, code) in [
            ("iam:AttachRolePolicy", "NoSuchEntity"),
            ("eks:CreatePodIdentityAssociation", "InvalidParameterException"),
            ("iam:DeleteRole", "DeleteConflict"),
        ] {
            let refused = Outcome::Refused(code.to_owned());
            let was_late = calls
                .iter()
                .any(|call| call.action() == action && call.outcome == refused);
            assert!(was_late, "{action}");
        }
    });
}

#[test]
fn an_answer_that_is_lost_leaves_one_of_everything() {
    run(|| async {
        for action in CREATE {
            let lab = StrictLab::new().await;
            lab.aws.fail(action).with(Fault::LostAnswer);
            let config = lab.binding(&owned("pod_identity"));
            let state = lab.bindings.converge(&State::default(), &config).await;
            let state = state.unwrap_or_else(|error| panic!("{action}: {}", text(&error)));
            assert!(lab.aws.unmet_faults().is_empty(), "{action}");
            assert_eq!(lab.objects(), ["checkout", "shop/checkout"], "{action}");
            lab.bindings.destroy(&state).await.unwrap();
            assert!(lab.objects().is_empty(), "{action}");
        }
    });
}

#[test]
fn a_create_that_is_refused_leaves_nothing_or_says_what() {
    run(|| async {
        for action in CREATE {
            let lab = StrictLab::new().await;
            lab.aws.fail(action).always().with(Fault::AccessDenied);
            let plan = lab
                .bindings
                .plan(&State::default(), &lab.binding(&owned("pod_identity")))
                .await
                .unwrap();
            let applied = lab.bindings.apply(&plan).await.unwrap();
            let told = text(&applied.diagnostics);
            assert!(
                applied.diagnostics.has_errors() && told.contains(action),
                "{action}: {told}"
            );
            assert!(
                told.contains(&format!("arn:aws:iam::{ACCOUNT}:root is not authorized")),
                "{told}"
            );
            lab.aws.heal();
            if !applied.state.value.is_null() {
                lab.bindings.destroy(&applied.state).await.unwrap();
            }
            assert!(lab.objects().is_empty(), "{action}: {:?}", lab.objects());
        }
    });
}

#[test]
fn a_busy_service_is_asked_again() {
    run(|| async {
        let lab = StrictLab::new().await;
        for action in CREATE {
            lab.aws.fail(action).with(Fault::Throttled);
            lab.aws.fail(action).nth(2).with(Fault::Unavailable);
        }
        let config = lab.binding(&owned("pod_identity"));
        lab.bindings.converge(&State::default(), &config).await.unwrap();
        assert_eq!(lab.objects(), ["checkout", "shop/checkout"]);
        assert!(lab.aws.unmet_faults().is_empty());
    });
}
