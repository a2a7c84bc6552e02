//! Where files of a container come from.

use super::admission::{Seen, unix_path};
use crate::workload::{Container, Mount, Origin, Reference, Variable, VolumeSource};

impl Seen {
    /// The mount under which a file stands, if one covers it: the deepest.
    pub(super) fn mount_of(&self, file: &str) -> Option<&Mount> {
        self.container
            .mounts
            .iter()
            .filter(|mount| below(file, &mount.path).is_some())
            .max_by_key(|mount| mount.path.len())
    }

    /// What a mount brings, for people.
    pub(super) fn brought_by(&self, mount: &Mount) -> String {
        let what = match self.source(mount) {
            Some(VolumeSource::Reference(of)) => name_of(of),
            Some(VolumeSource::HostPath(path)) => format!("`{path}` of the node"),
            Some(VolumeSource::Csi(driver)) => format!("the driver `{driver}`"),
            Some(VolumeSource::Projected { references, .. }) => match references.first() {
                Some(of) => name_of(of),
                None => format!("volume `{}`", mount.volume),
            },
            Some(VolumeSource::EmptyDir | VolumeSource::Other) | None => format!("volume `{}`", mount.volume),
        };
        format!("{what} at `{}`", mount.path)
    }

    /// The audience of the token that stands in a file; `Err` with whether it can be there at all if nobody can see it.
    pub(super) fn token_in(&self, file: &str) -> Result<Option<&str>, bool> {
        let file = unix_path(file);
        let Some(mount) = self.mount_of(&file) else {
            return Err(false);
        };
        match self.source(mount) {
            Some(VolumeSource::Projected { tokens, .. }) => {
                let inside = below(&file, &mount.path).unwrap_or_default();
                let token = tokens
                    .iter()
                    .find(|token| mount.sub_path.is_some() || token.path == inside);
                token.map(|token| token.audience.as_deref()).ok_or(false)
            }
            Some(
                VolumeSource::Reference(_)
                | VolumeSource::HostPath(_)
                | VolumeSource::EmptyDir
                | VolumeSource::Csi(_)
                | VolumeSource::Other,
            )
            | None => Err(true),
        }
    }

    /// Mounts at places where SDKs look for shared files on their own account.
    pub(super) fn mounts_at_home(&self) -> impl Iterator<Item = &Mount> {
        self.container.mounts.iter().filter(|mount| {
            let path = mount.path.trim_end_matches('/');
            path.ends_with("/.aws") || path.contains("/.aws/")
        })
    }

    fn source(&self, mount: &Mount) -> Option<&VolumeSource> {
        let volume = self.volumes.iter().find(|volume| volume.name == mount.volume);
        volume.map(|volume| &volume.source)
    }
}

/// The rest of a path below a folder; empty if it is the folder itself.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('/')
}

/// A Secret or ConfigMap, for people.
pub(super) fn name_of(of: &Reference) -> String {
    format!("{} `{}`", of.source.name(), of.name)
}

/// Where the value of variables comes from, for people.
pub(super) fn origin_of(container: &Container, variables: &[&str]) -> String {
    use crate::workload::EnvValue;
    let mut found = Vec::new();
    let mut add = |origin: Origin<'_>| {
        let text = match origin {
            Origin::All(of) | Origin::Value(EnvValue::Key { of, .. }) => name_of(of),
            Origin::Value(
                EnvValue::Text(_)
                | EnvValue::Withheld
                | EnvValue::Empty
                | EnvValue::Computed
                | EnvValue::Field(_)
                | EnvValue::Other,
            ) => "the pod itself".to_owned(),
        };
        if !found.contains(&text) {
            found.push(text);
        }
    };
    for name in variables {
        match container.variable(name) {
            Variable::Absent => {}
            Variable::Set(value) => add(Origin::Value(value)),
            Variable::Unclear(origins) => origins.into_iter().for_each(&mut add),
        }
    }
    found.join(" and ")
}
