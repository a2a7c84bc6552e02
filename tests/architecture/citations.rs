//! Documents say which test proves what they claim, in the column "Test" of their tables. Here is what holds them to it.

use crate::proofs::Proofs;
use crate::tree::{Source, files};

/// What the columns "Proven" may say, how far a claim is proven, and where the tests are that prove so much.
const LEVELS: [(&str, &[&str]); 3] = [
    ("host-proven", &["pod_tests::acceptance::", "tfplugin_testing::hosts::"]),
    ("client-proven", &["tfplugin::it::", "tfplugin_testing::it::"]),
    ("wire-golden", &["tfplugin_proto::it::", "tfmodel::encoding::"]),
];

#[derive(Debug, PartialEq, Eq)]
struct Row {
    line: usize,
    /// The names in the column "Test"; nothing if the table has none.
    tests: Option<Vec<String>>,
    /// The cell of the column "Proven".
    proven: Option<String>,
}

#[test]
fn the_tests_that_documents_name_are_there() {
    let proofs = Proofs::of_the_workspace();
    let documents = files("docs").into_iter().filter(|file| file.path.ends_with(".md"));
    let held = documents.filter(|file| !file.path.starts_with("docs/decisions/"));
    let wrong: Vec<String> = held.flat_map(|document| faults(&proofs, &document)).collect();
    assert!(
        wrong.is_empty(),
        "a document that names a test promises that somebody looks: {wrong:#?}"
    );
}

#[test]
fn what_we_say_we_have_and_others_may_not_is_proven_by_a_test() {
    let documents = files("docs");
    let comparison = documents.iter().find(|file| file.path == "docs/comparison.md").unwrap();
    let rows = comparison.text.lines().filter(|line| line.starts_with("| ")).map(cells);
    let ours: Vec<Vec<String>> = rows
        .filter(|cells| cells.get(1).is_some_and(|pod| pod == "yes"))
        .collect();
    assert!(ours.len() > 30, "the table has another form: {}", ours.len());
    let unproven: Vec<&String> = ours
        .iter()
        .filter(|cells| !cells.last().unwrap().contains("::"))
        .map(|cells| &cells[0])
        .collect();
    assert!(unproven.is_empty(), "without a test: {unproven:#?}");
}

#[test]
fn what_is_easy_to_get_wrong_is_held_with_a_real_host() {
    let documents = files("docs");
    let behaviour = documents.iter().find(|file| file.path == "docs/behaviour.md").unwrap();
    let rows = rows(&behaviour.text);
    assert!(rows.len() > 30, "the table has another form: {}", rows.len());
    let places = LEVELS.iter().find(|(level, _)| *level == "host-proven").unwrap().1;
    let unheld: Vec<usize> = rows
        .iter()
        .filter(|row| {
            let mut tests = row.tests.iter().flatten();
            !tests.any(|test| places.iter().any(|place| test.starts_with(place)))
        })
        .map(|row| row.line)
        .collect();
    assert!(
        unheld.is_empty(),
        "lines without a test that runs terraform or tofu: {unheld:?}"
    );
}

/// A test of an item may not go without its line: whoever writes one finds the table.
#[test]
fn every_test_of_a_behaviour_stands_in_the_table() {
    const OF_BEHAVIOUR: [&str; 9] = [
        "adoption",
        "deletion",
        "drift",
        "early_errors",
        "in_effect",
        "ownership",
        "roles",
        "switching",
        "trust_policies",
    ];
    let documents = files("docs");
    let behaviour = documents.iter().find(|file| file.path == "docs/behaviour.md").unwrap();
    let sources = files("tests/acceptance");
    let missing: Vec<String> = OF_BEHAVIOUR
        .iter()
        .flat_map(|module| {
            let path = format!("tests/acceptance/{module}.rs");
            let source = sources.iter().find(|file| file.path == path).unwrap();
            let tests = source.text.split("#[test]\n").skip(1);
            tests.map(move |test| {
                let name = test.trim_start_matches("fn ").split('(').next().unwrap();
                format!("pod_tests::acceptance::{module}::{name}")
            })
        })
        .filter(|test| !behaviour.text.contains(&format!("`{test}`")))
        .collect();
    assert!(missing.is_empty(), "not in docs/behaviour.md: {missing:#?}");
}

fn faults(proofs: &Proofs, document: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows(&document.text) {
        let place = format!("{}:{}", document.path, row.line);
        let tests = row.tests.unwrap_or_default();
        for test in &tests {
            if let Err(why) = proofs.find(test) {
                faults.push(format!("{place}: `{test}`: {why}"));
            }
        }
        let Some(proven) = row.proven else {
            continue;
        };
        let Some((_, places)) = LEVELS.iter().find(|(level, _)| *level == proven) else {
            faults.push(format!("{place}: `{proven}` is no level of proof"));
            continue;
        };
        let proves = |test: &String| places.iter().any(|place| test.starts_with(place));
        if !tests.iter().any(proves) {
            faults.push(format!(
                "{place}: is said to be {proven}, and none of its tests is in {places:?}"
            ));
        }
    }
    faults
}

/// The rows of the tables in a Markdown text.
fn rows(text: &str) -> Vec<Row> {
    let mut found = Vec::new();
    let mut header: Option<Vec<String>> = None;
    let mut is_code = false;
    for (at, line) in text.lines().enumerate() {
        is_code ^= line.trim_start().starts_with("```");
        if is_code || !line.starts_with('|') {
            header = None;
            continue;
        }
        let cells = cells(line);
        let Some(columns) = &header else {
            header = Some(cells);
            continue;
        };
        if cells
            .iter()
            .all(|cell| cell.chars().all(|letter| "-: ".contains(letter)))
        {
            continue;
        }
        let cell = |name: &str| cells.get(columns.iter().position(|column| column == name)?);
        found.push(Row {
            line: at + 1,
            tests: cell("Test").map(|cell| spans(cell)),
            proven: cell("Proven").cloned(),
        });
    }
    found
}

fn cells(line: &str) -> Vec<String> {
    // `\\|` is a bar in a cell.
    let line = line.trim().trim_matches('|').replace("\\|", "\u{0}");
    line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect()
}

/// What stands between backticks.
fn spans(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tables_with_the_columns_are_read() {
        let text = "\
| a | Test | Proven |
|---|:---|---|
| `x \\| y` | `a::b`, `a::c` | host-proven |
| z | – | |

| a | b |
|---|---|
| `a::d` | e |
```text
| Test |
| `a::e` |
```
";
        let row = |line, tests: Option<&[&str]>, proven: Option<&str>| Row {
            line,
            tests: tests.map(|tests| tests.iter().map(|test| (*test).to_owned()).collect()),
            proven: proven.map(str::to_owned),
        };
        assert_eq!(
            rows(text),
            [
                row(3, Some(&["a::b", "a::c"]), Some("host-proven")),
                row(4, Some(&[]), Some("")),
                row(8, None, None),
            ]
        );
    }

    #[test]
    fn wrong_names_and_empty_proofs_are_faults() {
        let there = "pod_tests::architecture::citations::tests::wrong_names_and_empty_proofs_are_faults";
        let client = "tfplugin::it::server::calls::types_that_do_not_exist_are_named";
        let text = format!(
            "| Test | Proven |\n|---|---|\n| `{there}`, `{client}` | client-proven |\n| `{there}s` | believed |\n\
             | `{client}` | host-proven |\n"
        );
        let path = "a.md".to_owned();
        let faults = faults(&Proofs::of_the_workspace(), &Source { path, text });
        assert_eq!(
            faults,
            [
                format!("a.md:4: `{there}s`: its module has no test function of that name"),
                "a.md:4: `believed` is no level of proof".to_owned(),
                format!(
                    "a.md:5: is said to be host-proven, and none of its tests is in {:?}",
                    LEVELS[0].1
                ),
            ]
        );
    }
}
