mod access;
mod markdown;
mod sarif;
mod text;

use pod_identity_core::findings::{Judged, Subject, Surroundings, TrustPolicy, Waiver, Waivers, find};
use pod_identity_core::report::Reported;

use crate::findings::Documented;

/// A role's trust policy with the mistake of a rule, and with that waived if asked.
fn with_mistake(code: &str, waived: bool) -> Reported {
    let rule = Documented::named(code);
    let text = rule.bad.policy.to_owned();
    let trust = TrustPolicy::new(&text);
    let around = Surroundings::default();
    let found = find(&Subject {
        trust: Some(&trust),
        around: &around,
    });
    let found: Vec<_> = found.into_iter().filter(|finding| finding.rule.code == code).collect();
    assert_eq!(found.len(), 1, "the example of {code} shows it once");
    let all = if waived {
        vec![Waiver {
            code: code.to_owned(),
            reason: "a shared cluster | see *ticket* 12".to_owned(),
            expires: Some("2026-12-31".parse().unwrap()),
            fingerprint: None,
        }]
    } else {
        Vec::new()
    };
    let waivers = Waivers { all, today: None };
    Reported {
        name: "role api".to_owned(),
        file: Some("roles/api trust.json".to_owned()),
        text,
        judged: waivers.judge(found),
        ..Reported::default()
    }
}

/// Waivers that count no more, or for nothing.
fn with_idle_waivers() -> Reported {
    let waiver = |code: &str, expires: Option<&str>| Waiver {
        code: code.to_owned(),
        reason: "it was meant".to_owned(),
        expires: expires.map(|day| day.parse().unwrap()),
        fingerprint: None,
    };
    let waivers = Waivers {
        all: vec![waiver("PIB101", Some("2026-01-31")), waiver("PIB102", None)],
        today: Some("2026-02-01".parse().unwrap()),
    };
    Reported {
        name: "role web".to_owned(),
        judged: waivers.judge(Vec::new()),
        ..Reported::default()
    }
}

fn nothing() -> Reported {
    Reported {
        name: "role quiet".to_owned(),
        judged: Judged::default(),
        ..Reported::default()
    }
}
