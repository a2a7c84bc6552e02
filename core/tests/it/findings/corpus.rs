use super::found;
use crate::policy::corpus;

#[test]
fn nothing_is_found_in_good_policies() {
    for (name, policy) in corpus() {
        let all = found(&policy, "");
        assert!(all.is_empty(), "{name}: {all:#?}");
    }
}
