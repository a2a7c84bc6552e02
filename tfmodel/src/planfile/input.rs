use super::refusal::Refusal;
use crate::json::Node;

/// How the characters of a file were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As JSON asks.
    Utf8,
    /// With a byte order mark in front.
    Utf8WithMark,
    /// Two bytes per character, low byte first: what `>` writes in Windows PowerShell.
    Utf16LittleEndian,
    /// Two bytes per character, high byte first.
    Utf16BigEndian,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plan, written by `terraform show -json plan.tfplan`.
    Plan,
    /// A plan as `terraform plan -out` saves it.
    SavedPlan,
    /// A plan as it is printed for people.
    PlanText,
    /// The events of `terraform plan -json`.
    UiStream,
    /// A state as it is stored.
    StateFile,
    /// A state, written by `terraform show -json`.
    StateJson,
    /// An IAM policy document.
    Policy,
    /// An object of Kubernetes.
    Kubernetes,
    /// What `terraform providers schema -json` writes.
    ProviderSchemas,
    /// HCL.
    Configuration,
    /// A plan or state that OpenTofu encrypted.
    Encrypted,
    /// A gzip file.
    Compressed,
    /// Nothing, or only white space.
    Empty,
    /// JSON of another kind.
    OtherJson,
    /// Text that is not JSON.
    Text,
    /// Neither text nor a saved plan.
    Binary,
}

/// Turns bytes into the text of a JSON document, or says what they are instead.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Encoding), Refusal> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Refusal::of_kind(Kind::SavedPlan));
    }
    if bytes.starts_with(&[0x1F, 0x8B]) {
        return Err(Refusal::of_kind(Kind::Compressed));
    }
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (utf8(rest)?, Encoding::Utf8WithMark),
        [0xFF, 0xFE, rest @ ..] => (utf16(rest, u16::from_le_bytes)?, Encoding::Utf16LittleEndian),
        [0xFE, 0xFF, rest @ ..] => (utf16(rest, u16::from_be_bytes)?, Encoding::Utf16BigEndian),
        // Without a mark, the zeros beside an ASCII character tell.
        [1..=0x7F, 0, ..] => (utf16(bytes, u16::from_le_bytes)?, Encoding::Utf16LittleEndian),
        [0, 1..=0x7F, ..] => (utf16(bytes, u16::from_be_bytes)?, Encoding::Utf16BigEndian),
        _ => (utf8(bytes)?, Encoding::Utf8),
    };
    match kind_of_text(&text) {
        None => Ok((text, encoding)),
        Some(kind) => Err(Refusal::of_kind(kind)),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Refusal> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        // Control characters, tab and line breaks aside, are not in texts.
        let head = bytes.get(..1024).unwrap_or(bytes);
        if head.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)) {
            return Refusal::of_kind(Kind::Binary);
        }
        let problem = if error.error_len().is_none() {
            "It ends in the middle of a character of UTF-8.".to_owned()
        } else {
            format!("Byte {} is not UTF-8.", error.valid_up_to() + 1)
        };
        Refusal::of_encoding(&problem)
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Refusal> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Refusal::of_encoding(
            "It is UTF-16 and ends in the middle of a character.",
        ));
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<_, _>>()
        .map_err(|_| Refusal::of_encoding("It looks like UTF-16, but not all of it is."))
}

/// What a text is that cannot be a JSON document of interest; `None` for one that may be.
fn kind_of_text(text: &str) -> Option<Kind> {
    let text = text.trim_start();
    if text.is_empty() {
        return Some(Kind::Empty);
    }
    if text.starts_with(['{', '[']) {
        let first_key = text.get(1..).unwrap_or_default().trim_start();
        return first_key.starts_with("\"@").then_some(Kind::UiStream);
    }
    const PLAN_TEXT: [&str; 6] = [
        "will perform the following actions",
        "Resource actions are indicated with",
        "Your infrastructure matches the configuration",
        "Refreshing state...",
        "Changes to Outputs:",
        "Saved the plan to:",
    ];
    // Something stands before the JSON; the reader will say where.
    if text.contains("\"format_version\"") {
        return None;
    }
    // The part before the first change can be long: one line per object that is refreshed.
    if PLAN_TEXT.iter().any(|phrase| text.contains(phrase)) {
        return Some(Kind::PlanText);
    }
    let is_block = |line: &str| {
        let mut words = line.split_whitespace();
        matches!(
            words.next(),
            Some(
                "resource"
                    | "data"
                    | "module"
                    | "variable"
                    | "output"
                    | "locals"
                    | "terraform"
                    | "provider"
                    | "import"
                    | "moved"
            )
        ) && line.trim_end().ends_with('{')
    };
    if text.lines().take(2000).any(is_block) {
        return Some(Kind::Configuration);
    }
    // Whether it is a JSON scalar or no JSON at all does not matter to anybody.
    Some(Kind::Text)
}

/// What a JSON document is.
pub(super) fn kind_of_json(document: &Node) -> Kind {
    let has = |key: &str| document.get(key).is_some();
    if has("encrypted_data") || has("encryption_version") {
        return Kind::Encrypted;
    }
    if has("format_version") {
        return if has("provider_schemas") {
            Kind::ProviderSchemas
        } else if [
            "resource_changes",
            "planned_values",
            "output_changes",
            "configuration",
            "errored",
        ]
        .into_iter()
        .any(has)
        {
            Kind::Plan
        } else if has("values") || document.members().len() <= 2 {
            Kind::StateJson
        } else {
            Kind::OtherJson
        };
    }
    if has("version") && (has("lineage") || has("serial")) {
        Kind::StateFile
    } else if has("Statement") {
        Kind::Policy
    } else if has("apiVersion") && has("kind") {
        Kind::Kubernetes
    } else {
        Kind::OtherJson
    }
}
