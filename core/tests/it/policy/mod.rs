mod diff;
mod keys;
mod laws;
mod merge;
mod operator;
mod parse;
mod refusal;
mod sentence;
mod variables;

use pod_identity_core::policy::Document;

/// The good trust policies that core, page and provider share, by file name.
pub(crate) fn corpus() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/policies");
    let mut all: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    all.sort();
    assert!(all.len() >= 10, "the corpus is gone: {folder}");
    all
}

fn document(text: &str) -> Document {
    Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A document of one statement, whose elements after `Effect` are given.
fn one(elements: &str) -> Document {
    document(&format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{elements}}}]}}"#
    ))
}

fn from_corpus(name: &str) -> Document {
    let (_, text) = corpus().into_iter().find(|(found, _)| found == name).unwrap();
    document(&text)
}
