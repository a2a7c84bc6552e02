mod answers;
mod computed_blocks;
mod functions;
mod identities;
mod kinds;
mod plans;
mod schemas;
mod subjects;

use crate::diagnostics::Diagnostics;

/// Every check says where, and who is to blame.
fn problems(found: &Diagnostics) -> Vec<String> {
    let blame = ". This is a bug in the provider: please report it.";
    found
        .iter()
        .map(|diagnostic| {
            let problem = diagnostic.detail.strip_suffix(blame).unwrap();
            match &diagnostic.path {
                Some(path) => assert!(problem.starts_with(&format!("`{path}` "))),
                None => assert!(problem.starts_with("The ") || problem.contains("` of the ")),
            }
            problem.to_owned()
        })
        .collect()
}

const NONE: [&str; 0] = [];
