use crate::fact::Fact;
use crate::precedence::{Credentials, Resolution, Situation, Verdict, resolve};
use crate::workload::read;

/// What is no output of kubectl is refused with a place; of what is, every container gets an answer, that is one or has a reason to be none, and
/// to learn that there is no association makes nothing possible that was not.
pub(super) fn workload(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let objects = match read(text) {
        Ok(objects) => objects,
        Err(error) => {
            assert!(!error.faults().is_empty());
            for fault in error.faults() {
                assert!(fault.line >= 1 && fault.column >= 1 && fault.span.start as usize <= text.len());
                assert!(!fault.fault.to_string().is_empty());
            }
            return;
        }
    };
    // One is as good as many, and many take long.
    for workload in objects.workloads.iter().take(3) {
        let open = Situation::among(&objects, workload);
        let mut closed = open.clone();
        closed.association = Fact::Absent;
        let (open, closed) = (resolve(&open), resolve(&closed));
        assert_eq!(open.containers.len(), workload.pod.containers.len());
        for (before, after) in verdicts(&open).zip(verdicts(&closed)) {
            let before = possible(before);
            assert!(possible(after).iter().all(|one| before.contains(one)));
        }
    }
}

fn verdicts(resolution: &Resolution) -> impl Iterator<Item = &Verdict> {
    let answers = resolution.containers.iter().flat_map(|one| [&one.running, &one.next]);
    answers.flatten().map(|answer| &answer.verdict)
}

fn possible(verdict: &Verdict) -> Vec<&Credentials> {
    match verdict {
        Verdict::Decided { credentials, .. } => vec![credentials],
        Verdict::Unknown { because, candidates } => {
            assert!(candidates.len() > 1 && !because.is_empty());
            candidates.iter().map(|one| &one.credentials).collect()
        }
    }
}
