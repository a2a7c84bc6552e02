//! Reads the counts that test runners print.

use anyhow::{Result, bail, ensure};

use crate::ledger::Counts;

/// Sums the results of `cargo test`.
///
/// A binary without a test, and a test that is ignored, are errors: nobody would notice that what
/// they should hold is not held. A target that has no tests says `test = false` in its manifest.
pub(crate) fn libtest(output: &str) -> Result<Counts> {
    let mut counts = Counts::default();
    let mut running = "";
    let mut results = 0;
    for line in output.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("Running ").or(line.strip_prefix("Doc-tests ")) {
            running = line;
            // A later line of a test's own output must not be taken for a heading.
            ensure!(!name.is_empty(), "`Running` without a name");
        }
        if let Some(result) = line.strip_prefix("test result: ") {
            let this = Counts {
                passed: number_before(result, " passed")?,
                failed: number_before(result, " failed")?,
            };
            ensure!(
                number_before(result, " ignored")? == 0,
                "{running}: has ignored tests\n{output}"
            );
            let filtered = number_before(result, " filtered out")?;
            ensure!(
                running.starts_with("Doc-tests") || this != Counts::default() || filtered > 0,
                "{running}: has no tests; if that is meant, say `test = false` in its manifest"
            );
            counts += this;
            results += 1;
        }
    }
    if results == 0 {
        bail!("no test ran\n{output}");
    }
    Ok(counts)
}

/// Sums the results of node:test and of runners that print its summary lines.
pub(crate) fn node(output: &str) -> Result<Counts> {
    let sum = |label: &str| -> Result<usize> {
        let mut sum = 0;
        for line in output.lines() {
            let mut words = line.split_whitespace();
            if let (Some("#" | "ℹ"), Some(word), Some(count), None) =
                (words.next(), words.next(), words.next(), words.next())
                && word == label
            {
                sum += count.parse::<usize>()?;
            }
        }
        Ok(sum)
    };
    let counts = Counts {
        passed: sum("pass")?,
        failed: sum("fail")?,
    };
    ensure!(sum("skipped")? == 0 && sum("todo")? == 0, "has skipped tests\n{output}");
    ensure!(counts != Counts::default(), "no test ran\n{output}");
    Ok(counts)
}

fn number_before(line: &str, label: &str) -> Result<usize> {
    let number = line
        .split(';')
        .filter_map(|part| part.trim().strip_suffix(label))
        .filter_map(|head| head.rsplit(' ').next())
        .find_map(|digits| digits.parse().ok());
    match number {
        Some(number) => Ok(number),
        None => bail!("`{line}` has no number of tests that{label}"),
    }
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

    #[test]
    fn results_of_all_binaries_are_summed() {
        let counts = libtest(TWO).unwrap();
        assert_eq!((counts.passed, counts.failed), (5, 1));
    }

    #[test]
    fn a_binary_without_tests_is_an_error_that_names_it() {
        let output = TWO.replace("2 passed", "0 passed");
        let error = libtest(&output).unwrap_err().to_string();
        assert!(
            error.contains("unittests src/lib.rs (target/debug/deps/a-1)"),
            "{error}"
        );
    }

    #[test]
    fn ignored_tests_are_an_error() {
        assert!(libtest(&TWO.replacen("0 ignored", "1 ignored", 1)).is_err());
    }

    #[test]
    fn output_without_results_is_an_error() {
        assert!(libtest("error: could not compile").is_err());
        assert!(node("nothing").is_err());
    }

    #[test]
    fn both_spellings_of_node_summaries_are_read() {
        let counts = node("ok 1 - # pass nothing here\n# pass 3\n# fail 1\nℹ pass 2\nℹ fail 0\n");
        let counts = counts.unwrap();
        assert_eq!((counts.passed, counts.failed), (5, 1));
    }

    #[test]
    fn skipped_page_tests_are_an_error() {
        assert!(node("# pass 3\n# fail 0\n# skipped 1\n").is_err());
    }
}
