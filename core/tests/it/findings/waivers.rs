use pod_identity_core::findings::{Waiver, Waivers};

use super::{all_rules, found};

#[test]
fn findings_are_open_or_waived_and_waivers_count_are_over_or_match_nothing() {
    let rule = all_rules().next().unwrap();
    let all = found(rule.bad.policy, rule.bad.context);
    let [finding] = all.as_slice() else { panic!("{all:?}") };
    let waiver = |code: &str, expires: Option<&str>, fingerprint: Option<&str>| Waiver {
        code: code.to_owned(),
        reason: "known".to_owned(),
        expires: expires.map(|day| day.parse().unwrap()),
        fingerprint: fingerprint.map(str::to_owned),
    };
    let judge = |waivers: &[Waiver], today: Option<&str>| {
        let waivers = Waivers {
            all: waivers.to_vec(),
            today: today.map(|day| day.parse().unwrap()),
        };
        let judged = waivers.judge(all.clone());
        [
            judged.open.len(),
            judged.waived.len(),
            judged.expired.len(),
            judged.unused.len(),
        ]
    };
    let today = Some("2026-11-21");
    assert_eq!(judge(&[], today), [1, 0, 0, 0]);
    assert_eq!(judge(&[waiver(rule.code, None, None)], today), [0, 1, 0, 0]);
    assert_eq!(
        judge(&[waiver(rule.rule.slug, Some("2026-11-21"), None)], today),
        [0, 1, 0, 0]
    );
    let over = waiver(rule.code, Some("2026-11-20"), Some(&finding.fingerprint));
    assert_eq!(judge(std::slice::from_ref(&over), today), [1, 0, 1, 0]);
    // Without a day nobody can say that it is over.
    assert_eq!(judge(std::slice::from_ref(&over), None), [0, 1, 0, 0]);
    let other = waiver(rule.code, None, Some("aaaaaaaaaaaaaaaaaaaa"));
    assert_eq!(judge(&[over, other], today), [1, 0, 1, 1]);
    assert_eq!(judge(&[waiver("PIB999", None, None)], today), [1, 0, 0, 1]);
}
