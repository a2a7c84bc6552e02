// A whole provider: text files in a folder.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fs, io};

use tfplugin::model::plan::TypedDraft;
use tfplugin::model::{Diagnostic, Diagnostics, Model, Value};
use tfplugin::{Configure, Create, Cx, Delete, Function, FunctionError, ImportKey};
use tfplugin::{Provider, Read, Registry, Resource, Signature, Update};

/// Manages text files.
#[derive(Clone, Model)]
struct Settings {
    /// The folder that holds the files.
    #[tf(required)]
    folder: Value<String>,
}

/// A text file.
#[derive(Clone, Model)]
struct TextFile {
    /// Its name in the folder.
    #[tf(required, replace)]
    name: Value<String>,
    /// What is in it.
    #[tf(default = "")]
    text: Value<String>,
    /// How many bytes it has.
    #[tf(computed)]
    bytes: Value<i64>,
}

struct Example;

impl Provider for Example {
    const ADDRESS: &'static str = "registry.terraform.io/example/example";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type Config = Settings;
    /// The folder, unknown if it is known only after apply.
    type Data = Value<PathBuf>;

    fn registry(&self) -> Registry<Self::Data> {
        Registry::new().resource(TextFiles).function(Slug)
    }

    async fn configure(&self, _: &Cx<()>, request: Configure<Settings>) -> Result<Self::Data, Diagnostics> {
        Ok(request.config.folder.map(PathBuf::from))
    }
}

struct TextFiles;

type FileCx = Cx<Value<PathBuf>, TextFile>;

impl Resource for TextFiles {
    const TYPE: &'static str = "example_text_file";
    type Data = Value<PathBuf>;
    type Model = TextFile;
    type Identity = ();

    async fn plan(&self, _: &FileCx, mut draft: TypedDraft<TextFile>) -> Result<TypedDraft<TextFile>, Diagnostics> {
        draft.planned.bytes = draft.planned.text.as_ref().map(|text| bytes(text));
        Ok(draft)
    }

    async fn create(&self, cx: &FileCx, request: Create<TextFile>) -> Result<TextFile, Diagnostics> {
        let path = path(cx, &request.planned)?;
        fs::File::create_new(&path).map_err(|error| failed("created", &path, &error))?;
        // From here on there is a file: whatever fails, the state will know of it.
        cx.checkpoint(&request.planned);
        write(&path, request.planned)
    }

    async fn read(&self, cx: &FileCx, request: Read<TextFile>) -> Result<Option<TextFile>, Diagnostics> {
        let mut file = request.state;
        if cx.data()?.is_unknown() {
            return Ok(Some(file));
        }
        let path = path(cx, &file)?;
        match fs::read_to_string(&path) {
            Ok(text) => {
                file.bytes = bytes(&text).into();
                file.text = text.into();
                Ok(Some(file))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &path, &error)),
        }
    }

    async fn update(&self, cx: &FileCx, request: Update<TextFile>) -> Result<TextFile, Diagnostics> {
        write(&path(cx, &request.planned)?, request.planned)
    }

    async fn delete(&self, cx: &FileCx, request: Delete<TextFile>) -> Result<(), Diagnostics> {
        let path = path(cx, &request.prior)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("deleted", &path, &error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn import(&self, _: &FileCx, key: ImportKey<()>) -> Result<TextFile, Diagnostics> {
        let name = match key {
            ImportKey::Id(name) => name.into(),
            ImportKey::Identity(()) => Value::Null,
        };
        // The read that follows fills in the rest.
        Ok(TextFile {
            name,
            text: Value::Null,
            bytes: Value::Null,
        })
    }
}

fn path(cx: &FileCx, file: &TextFile) -> Result<PathBuf, Diagnostics> {
    match (cx.data()?, &file.name) {
        (Value::Known(folder), Value::Known(name)) => Ok(folder.join(name)),
        _ => Err(Diagnostic::error("The folder is not known yet", "Apply first what the folder depends on.").into()),
    }
}

fn bytes(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

fn write(path: &PathBuf, file: TextFile) -> Result<TextFile, Diagnostics> {
    let text = file.text.known().map_or("", String::as_str);
    fs::write(path, text).map_err(|error| failed("written", path, &error))?;
    Ok(TextFile {
        bytes: bytes(text).into(),
        ..file
    })
}

fn failed(done: &str, path: &std::path::Path, error: &io::Error) -> Diagnostics {
    let summary = format!("The file could not be {done}");
    Diagnostic::error(summary, format!("`{}`: {error}.", path.display())).into()
}

/// `provider::example::slug("Hello, world")` is `hello-world`.
struct Slug;

impl Function for Slug {
    const NAME: &'static str = "slug";
    type Arguments = (String,);
    type Output = String;

    fn signature(&self) -> Signature {
        Signature::new("A text as a file name").parameter("text", "Any text with a letter or digit in it.")
    }

    fn call(&self, (text,): (String,)) -> Result<String, FunctionError> {
        let words: Vec<String> = text
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        if words.is_empty() {
            return Err(FunctionError::argument(0, "There is no letter or digit in it."));
        }
        Ok(words.join("-"))
    }
}

fn main() -> ExitCode {
    tfplugin::serve(Example)
}
