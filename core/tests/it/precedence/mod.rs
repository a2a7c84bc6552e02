mod laws;
mod near_misses;
mod sdks;
mod table;

use std::path::PathBuf;

use pod_identity_core::binding::Fact;
use pod_identity_core::precedence::{Answer, Association, Resolution, Situation, resolve};
use pod_identity_core::workload::{Objects, Workload, read};

pub(super) const ROLE: &str = "arn:aws:iam::111122223333:role/api";

pub(super) fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/corpus/workloads"))
}

pub(super) fn objects(name: &str) -> Objects {
    let path = folder().join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    read(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The one workload of a file of the corpus, with what the file says of its service account and node.
pub(super) fn situation(name: &str) -> Situation {
    let objects = objects(name);
    let [workload]: &[Workload] = objects.workloads.as_slice() else {
        panic!("{name} has not exactly one workload");
    };
    Situation::among(&objects, workload)
}

pub(super) fn association() -> Fact<Association> {
    Fact::Known(Association {
        role: Some("arn:aws:iam::111122223333:role/associated".parse().unwrap()),
        target_role: None,
    })
}

/// A deployment of one container, whose fields after its name are given.
fn deployment(container: &str) -> Situation {
    let text = format!(
        r#"{{"kind":"Deployment","metadata":{{"name":"api","namespace":"prod"}},"spec":{{"template":{{
            "metadata":{{}},"spec":{{"serviceAccountName":"api","containers":[{{"name":"app"{container}}}]}}}}}}}}"#
    );
    let objects = read(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    Situation::among(&objects, &objects.workloads[0])
}

fn next(situation: &Situation) -> Answer {
    let Resolution { containers, .. } = resolve(situation);
    containers.into_iter().next().unwrap().next.unwrap()
}
