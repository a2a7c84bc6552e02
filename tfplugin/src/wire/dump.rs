//! Values as they cross the wire, in files, for whoever sets `TF_LOG_SDK_PROTO_DATA_DIR`.
//!
//! They are what a provider written in Go writes under that variable: the values as they are, secrets included.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::message::{Answer, Ask, Raw};

/// Files of the same call and field in one millisecond; more are given up.
const SAME_MOMENT: u64 = 100;

/// The folder for the files.
#[derive(Clone, Debug)]
pub(super) struct Folder(Arc<Path>);

impl Folder {
    /// The one that was asked for, if any.
    pub(super) fn of_process() -> Option<Self> {
        let set = std::env::var_os("TF_LOG_SDK_PROTO_DATA_DIR").filter(|folder| !folder.is_empty())?;
        Some(Self(Arc::from(PathBuf::from(set))))
    }

    /// Writes what a host sent.
    pub(super) fn request<A: Ask>(&self, request: &A) {
        for (field, raw) in request.raw() {
            self.write(&format!("{}_Request_{field}", A::RPC), raw);
        }
    }

    /// Writes what the host is answered.
    pub(super) fn response(&self, rpc: &str, answer: &impl Answer) {
        for (field, raw) in answer.raw() {
            self.write(&format!("{rpc}_Response_{field}"), raw);
        }
    }

    fn write(&self, name: &str, raw: Raw<'_>) {
        let (extension, bytes) = match raw {
            Raw::Msgpack(bytes) => (".msgpack", bytes),
            Raw::Json(bytes) => (".json", bytes),
            Raw::Private(bytes) => ("", bytes),
            Raw::Empty => (".empty", [].as_slice()),
        };
        let name = format!("{name}{extension}");
        match create(&self.0, &name, bytes) {
            Ok(path) => tracing::trace!(tf_proto_data_file = %path.display(), "Wrote protocol data file"),
            Err(error) => tracing::error!(%error, name, "Unable to write protocol data file"),
        }
    }
}

/// Writes a new file, whose name begins with the time in milliseconds: later ones come later in the folder.
fn create(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let first = u64::try_from(now.as_millis()).unwrap_or(0);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for moment in first..first.saturating_add(SAME_MOMENT) {
        let path = folder.join(format!("{moment}_{name}"));
        match options.open(&path) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
