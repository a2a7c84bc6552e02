use pod_identity_planner::{Failure, Session};

/// The sample that the page offers.
pub(crate) const SAMPLE: &str = include_str!("../../web/samples/migration.json");

/// A session that has read its file, in slices.
pub(crate) fn read(file: &[u8]) -> Result<Session, Failure> {
    let mut session = Session::open(file);
    let mut last = 0;
    loop {
        let progress = session.step(512)?;
        assert!(progress.percent >= last, "{progress:?} after {last}");
        last = progress.percent;
        if progress.ready {
            assert_eq!(progress.percent, 100);
            return Ok(session);
        }
    }
}

pub(crate) fn sample() -> Session {
    read(SAMPLE.as_bytes()).unwrap()
}

/// Everything that can be asked for, as the JSON that JavaScript would see.
pub(crate) fn everything(session: &mut Session) -> String {
    let mut all = serde_json::to_string(&session.summary().unwrap()).unwrap();
    let groups = session.filter("", &all_classes()).unwrap();
    for group in &groups {
        for row in session.rows(group.id, 0, usize::MAX).unwrap() {
            all += &serde_json::to_string(&row).unwrap();
            all += &serde_json::to_string(&session.detail(row.id).unwrap()).unwrap();
        }
    }
    for row in session.trust().unwrap() {
        all += &serde_json::to_string(&session.trust_policy(row.id).unwrap()).unwrap();
    }
    all
}

pub(crate) fn all_classes() -> Vec<String> {
    pod_identity_planner::Class::ALL
        .map(|class| class.word().to_owned())
        .to_vec()
}
