//! Reads the counts that test runners print.

use crate::ledger::{Counts, Verdict};

/// Sums the results of `cargo test`.
///
/// A binary without a test, and a test that is ignored, are faults: nobody would notice that what
/// they should hold is not held. A target that has no tests says `test = false` in its manifest.
pub(crate) fn libtest(output: &str) -> Verdict {
    let mut verdict = Verdict::default();
    let mut running = "";
    for line in output.lines().map(str::trim) {
        if line.starts_with("Running ") || line.starts_with("Doc-tests ") {
            running = line;
        }
        let Some(result) = line.strip_prefix("test result: ") else {
            continue;
        };
        let [passed, failed, ignored, filtered] =
            ["passed", "failed", "ignored", "filtered out"].map(|label| number_before(result, label));
        verdict.counts += Counts { passed, failed };
        if ignored > 0 {
            verdict.faults.push(format!("{running}: has ignored tests"));
        }
        if passed + failed + filtered == 0 && !running.starts_with("Doc-tests") {
            verdict.faults.push(format!(
                "{running}: has no tests; if that is meant, say `test = false` in its manifest"
            ));
        }
    }
    verdict.or_nothing_ran()
}

/// Sums the results of node:test and of runners that print its summary lines.
pub(crate) fn node(output: &str) -> Verdict {
    let sum = |label: &str| -> usize {
        output
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter_map(|words| match words.as_slice() {
                ["#" | "ℹ", word, count] if *word == label => count.parse::<usize>().ok(),
                _ => None,
            })
            .sum()
    };
    let mut verdict = Verdict {
        counts: Counts {
            passed: sum("pass"),
            failed: sum("fail"),
        },
        faults: Vec::new(),
    };
    if sum("skipped") + sum("todo") > 0 {
        verdict.faults.push("there are skipped tests".to_owned());
    }
    verdict.or_nothing_ran()
}

impl Verdict {
    fn or_nothing_ran(mut self) -> Self {
        if self.counts == Counts::default() && self.faults.is_empty() {
            self.faults.push("no test ran".to_owned());
        }
        self
    }
}

/// The number before a label in `ok. 1 passed; 0 failed; …`.
fn number_before(result: &str, label: &str) -> usize {
    let parts = result.split(';').map(str::trim);
    parts
        .filter_map(|part| part.strip_suffix(label)?.trim().rsplit(' ').next())
        .find_map(|digits| digits.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "
     Running unittests src/lib.rs (target/debug/deps/a-1)

running 2 tests
test x ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running tests/it/main.rs (target/debug/deps/it-1)
test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
   Doc-tests a
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    fn counts(passed: usize, failed: usize) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn results_of_all_binaries_are_summed() {
        let verdict = libtest(TWO);
        assert_eq!(verdict.counts, counts(5, 1));
        assert!(verdict.faults.is_empty(), "{:?}", verdict.faults);
    }

    #[test]
    fn a_binary_without_tests_is_named_and_the_others_are_counted() {
        let verdict = libtest(&TWO.replace("2 passed", "0 passed"));
        assert_eq!(verdict.counts, counts(3, 1));
        assert!(verdict.faults[0].contains("unittests src/lib.rs (target/debug/deps/a-1)"));
    }

    #[test]
    fn a_binary_whose_tests_were_not_asked_for_is_no_fault() {
        let verdict = libtest(
            &TWO.replacen("2 passed", "0 passed", 1)
                .replacen("0 filtered", "2 filtered", 1),
        );
        assert!(verdict.faults.is_empty(), "{:?}", verdict.faults);
    }

    #[test]
    fn ignored_tests_are_a_fault() {
        let verdict = libtest(&TWO.replacen("0 ignored", "1 ignored", 1));
        assert_eq!(verdict.faults.len(), 1, "{:?}", verdict.faults);
    }

    #[test]
    fn output_without_results_is_a_fault() {
        assert_eq!(libtest("error: could not compile").faults, ["no test ran"]);
        assert_eq!(node("nothing").faults, ["no test ran"]);
    }

    #[test]
    fn both_spellings_of_node_summaries_are_read() {
        let verdict = node("ok 1 - # pass nothing here\n# pass 3\n# fail 1\nℹ pass 2\nℹ fail 0\n");
        assert_eq!(verdict.counts, counts(5, 1));
        assert!(verdict.faults.is_empty(), "{:?}", verdict.faults);
    }

    #[test]
    fn skipped_page_tests_are_a_fault() {
        assert_eq!(node("# pass 3\n# fail 0\n# skipped 1\n").faults.len(), 1);
    }
}
