//! What the provider works on: a folder with a file for each note. This stands for the API of a service.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tfplugin::model::{Diagnostic, Diagnostics, Value};

const TEXT: &str = "txt";
const PASSWORD: &str = "password";
const OPENED: &str = "opened";

#[derive(Clone, Debug)]
pub(crate) struct Store(PathBuf);

impl Store {
    pub(crate) fn new(folder: String) -> Self {
        Self(PathBuf::from(folder))
    }

    /// The store, once the folder is known.
    pub(crate) fn of(data: &Value<Self>) -> Result<&Self, Diagnostics> {
        let missing = || Diagnostic::error("The folder is not known yet", "Apply first what the folder depends on.");
        Ok(data.known().ok_or_else(missing)?)
    }

    pub(crate) fn create(&self, name: &str, text: &str) -> Result<(), Diagnostics> {
        let path = self.path(name, TEXT);
        fs::File::create_new(&path).map_err(|error| failed("created", &path, &error))?;
        self.write(name, text)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Diagnostics> {
        let path = self.path(name, TEXT);
        fs::write(&path, text).map_err(|error| failed("written", &path, &error))
    }

    /// `None` if there is no such note.
    pub(crate) fn read(&self, name: &str) -> Result<Option<String>, Diagnostics> {
        let path = self.path(name, TEXT);
        if_there(fs::read_to_string(&path)).map_err(|error| failed("read", &path, &error))
    }

    /// Deletes a note with its password; one that is gone already is a success.
    pub(crate) fn delete(&self, name: &str) -> Result<(), Diagnostics> {
        for extension in [TEXT, PASSWORD] {
            let path = self.path(name, extension);
            if_there(fs::remove_file(&path)).map_err(|error| failed("deleted", &path, &error))?;
        }
        Ok(())
    }

    /// The names of all notes, in order.
    pub(crate) fn names(&self) -> Result<Vec<String>, Diagnostics> {
        let listed = |error| failed("listed", &self.0, &error);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(listed)? {
            let path = entry.map_err(listed)?.path();
            if path.extension().is_some_and(|extension| extension == TEXT) {
                names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Moves a note into a folder for what nobody needs any more.
    pub(crate) fn archive(&self, name: &str) -> Result<(), Diagnostics> {
        let (from, folder) = (self.path(name, TEXT), self.0.join("archive"));
        fs::create_dir_all(&folder).map_err(|error| failed("created", &folder, &error))?;
        fs::copy(&from, folder.join(format!("{name}.{TEXT}"))).map_err(|error| failed("archived", &from, &error))?;
        Ok(())
    }

    pub(crate) fn set_password(&self, name: &str, password: &str) -> Result<(), Diagnostics> {
        let path = self.path(name, PASSWORD);
        fs::write(&path, password).map_err(|error| failed("written", &path, &error))
    }

    /// Takes the password out for a while; a second taker has to wait until it is [closed](Self::close).
    pub(crate) fn open(&self, name: &str) -> Result<String, Diagnostics> {
        let path = self.path(name, PASSWORD);
        let password = fs::read_to_string(&path).map_err(|error| failed("opened", &path, &error))?;
        let opened = self.path(name, OPENED);
        fs::File::create_new(&opened).map_err(|error| failed("opened", &opened, &error))?;
        Ok(password)
    }

    pub(crate) fn close(&self, name: &str) -> Result<(), Diagnostics> {
        let opened = self.path(name, OPENED);
        if_there(fs::remove_file(&opened)).map_err(|error| failed("closed", &opened, &error))?;
        Ok(())
    }

    fn path(&self, name: &str, extension: &str) -> PathBuf {
        self.0.join(format!("{name}.{extension}"))
    }
}

fn if_there<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn failed(done: &str, path: &Path, error: &io::Error) -> Diagnostics {
    let summary = format!("The note could not be {done}");
    Diagnostic::error(summary, format!("`{}`: {error}.", path.display())).into()
}
