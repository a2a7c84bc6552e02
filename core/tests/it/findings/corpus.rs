use super::found;
use crate::policy::corpus;

#[test]
fn nothing_is_found_in_good_policies() {
    let mut wrong: Vec<String> = Vec::new();
    for (name, policy) in corpus() {
        let all = found(&policy, "");
        wrong.extend(all.iter().map(|one| format!("{name}: {:?}: {}", one.rule, one.detail)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
