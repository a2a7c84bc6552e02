//! Schemas as text.

use std::fmt::Write as _;

use tfmodel::schema::{
    Attribute, Behaviour, BlockNesting, NestedBlock, Nesting, Replace, Shape, SiblingRule, Usage, Validator,
};
use tfmodel::{Schema, Type, encoding};

/// One line of a page: an attribute or a block.
struct Entry<'a> {
    name: &'a str,
    usage: Usage,
    line: String,
    /// What is inside, where that has attributes of its own.
    inside: Option<Vec<Entry<'a>>>,
}

/// The section of a page that says what may be set and what comes back.
pub(super) fn section(schema: &Schema) -> String {
    let entries = entries(&schema.block.attributes, &schema.block.blocks);
    let mut text = "\n## Schema\n".to_owned();
    text.push_str(&lists(&entries, ""));
    let mut path = Vec::new();
    nested(&entries, &mut path, &mut text);
    text
}

/// What identifies an object.
pub(super) fn identity(schema: &Schema) -> String {
    let mut text = String::new();
    for (usage, heading) in [(Usage::Required, "Required"), (Usage::Optional, "Optional")] {
        let of_usage = schema.block.attributes.iter().filter(|one| one.usage == usage);
        let lines: Vec<String> = of_usage
            .map(|one| format!("- `{}` ({}) {}\n", one.name, type_name(&one.ty()), one.description))
            .collect();
        if !lines.is_empty() {
            let _ = write!(text, "\nIdentity, {}:\n\n{}", heading.to_lowercase(), lines.concat());
        }
    }
    text
}

fn lists(entries: &[Entry<'_>], prefix: &str) -> String {
    let mut text = String::new();
    for (heading, usages) in [
        ("Required", &[Usage::Required][..]),
        ("Optional", &[Usage::Optional, Usage::OptionalComputed]),
        ("Read-Only", &[Usage::Computed]),
    ] {
        let mut lines = entries.iter().filter(|entry| usages.contains(&entry.usage)).peekable();
        if lines.peek().is_none() {
            continue;
        }
        let _ = write!(text, "\n### {heading}\n\n");
        for entry in lines {
            text.push_str(&entry.line);
            if entry.inside.is_some() {
                let _ = write!(text, " (see [below](#{}))", anchor(prefix, entry.name));
            }
            text.push('\n');
        }
    }
    text
}

fn nested<'a>(entries: &[Entry<'a>], path: &mut Vec<&'a str>, text: &mut String) {
    for entry in entries {
        let Some(inside) = &entry.inside else { continue };
        let prefix = path.join("--");
        path.push(entry.name);
        let _ = write!(
            text,
            "\n<a id=\"{}\"></a>\n### Nested Schema for `{}`\n",
            anchor(&prefix, entry.name),
            path.join(".")
        );
        let here = path.join("--");
        text.push_str(&lists(inside, &here).replace("\n### ", "\n#### "));
        nested(inside, path, text);
        path.pop();
    }
}

fn anchor(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        format!("nested--{name}")
    } else {
        format!("nested--{prefix}--{name}")
    }
}

fn entries<'a>(attributes: &'a [Attribute], blocks: &'a [NestedBlock]) -> Vec<Entry<'a>> {
    let mut all: Vec<Entry<'_>> = attributes
        .iter()
        .map(attribute)
        .chain(blocks.iter().map(block))
        .collect();
    all.sort_by_key(|entry| entry.name);
    all
}

fn attribute(attribute: &Attribute) -> Entry<'_> {
    let (kind, inside) = match &attribute.shape {
        Shape::Plain(ty) => (type_name(ty), None),
        Shape::Nested(nesting, attributes) => {
            let kind = match nesting {
                Nesting::Single => "Attributes",
                Nesting::List => "Attributes List",
                Nesting::Set => "Attributes Set",
                Nesting::Map => "Attributes Map",
            };
            (kind.to_owned(), Some(entries(attributes, &[])))
        }
    };
    let marks = [
        (attribute.sensitive, ", Sensitive"),
        (attribute.write_only, ", Write-only"),
    ];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    let mut line = format!("- `{}` ({kind}{marks})", attribute.name);
    let Behaviour {
        default,
        validators,
        rules,
        replace,
        ..
    } = &attribute.behaviour;
    let mut sentences = vec![attribute.description.clone()];
    if let Some(default) = default
        .as_ref()
        .and_then(|value| encoding::json::encode(value, &attribute.ty()).ok())
    {
        sentences.push(format!("Defaults to `{default}`."));
    }
    sentences.extend(asked(validators, rules));
    sentences.extend(replaces(replace));
    sentences.extend(
        attribute
            .deprecation
            .as_ref()
            .map(|instead| format!("**Deprecated**: {instead}")),
    );
    push(&mut line, sentences);
    Entry {
        name: &attribute.name,
        usage: attribute.usage,
        line,
        inside,
    }
}

fn block(block: &NestedBlock) -> Entry<'_> {
    let (kind, required, limits) = match block.nesting {
        BlockNesting::Single { required } => ("Block", required, String::new()),
        BlockNesting::Group => ("Block", false, String::new()),
        BlockNesting::List { min, max } => ("Block List", min > 0, limits(min, max)),
        BlockNesting::Set { min, max } => ("Block Set", min > 0, limits(min, max)),
        BlockNesting::Map => ("Block Map", false, String::new()),
    };
    let mut line = format!("- `{}` ({kind}{limits})", block.name);
    let mut sentences = vec![block.block.description.clone()];
    sentences.extend(asked(&block.validators, &block.rules));
    sentences.extend(replaces(&block.replace));
    push(&mut line, sentences);
    Entry {
        name: &block.name,
        usage: if required { Usage::Required } else { Usage::Optional },
        line,
        inside: Some(entries(&block.block.attributes, &block.block.blocks)),
    }
}

fn push(line: &mut String, sentences: Vec<String>) {
    for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
        line.push(' ');
        line.push_str(sentence);
    }
}

fn limits(min: u64, max: u64) -> String {
    match (min, max) {
        (0, 0) => String::new(),
        (0, max) => format!(", Max: {max}"),
        (min, 0) => format!(", Min: {min}"),
        (min, max) => format!(", Min: {min}, Max: {max}"),
    }
}

fn asked(validators: &[std::sync::Arc<dyn Validator>], rules: &[SiblingRule]) -> Vec<String> {
    let checks = validators.iter().map(|one| one.description());
    checks.chain(rules.iter().map(rule)).collect()
}

fn replaces(replace: &Replace) -> Option<String> {
    let text = match replace {
        Replace::Never => return None,
        Replace::Changed => "A change makes a new object.",
        Replace::Configured => "A change of what is configured makes a new object.",
        Replace::When(_) => "Some changes make a new object.",
    };
    Some(text.to_owned())
}

fn rule(rule: &SiblingRule) -> String {
    let names: Vec<String> = rule.names().iter().map(|name| format!("`{name}`")).collect();
    let all = |last: &str| match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    };
    match rule {
        SiblingRule::AtLeastOneOf(_) => format!("At least one of {} has to be set.", all("and")),
        SiblingRule::ExactlyOneOf(_) => format!("Exactly one of {} has to be set.", all("and")),
        SiblingRule::AtMostOneOf(_) => format!("At most one of {} can be set.", all("and")),
        SiblingRule::RequiredTogether(_) => format!("{} have to be set together.", all("and")),
        SiblingRule::ConflictsWith(_) => format!("It cannot be set together with {}.", all("or")),
        SiblingRule::Requires(_) => format!("It needs {}.", all("and")),
        SiblingRule::PreferWriteOnly(_) => format!("Prefer {}.", all("or")),
        SiblingRule::AtLeastSumOf(_) => format!("It is at least the sum of {}.", all("and")),
        SiblingRule::AtMostSumOf(_) => format!("It is at most the sum of {}.", all("and")),
        SiblingRule::EqualToSumOf(_) => format!("It is the sum of {}.", all("and")),
        SiblingRule::EqualToProductOf(_) => format!("It is the product of {}.", all("and")),
    }
}

/// A type in the words of registries.
pub(super) fn type_name(ty: &Type) -> String {
    match ty {
        Type::Bool => "Boolean".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::String => "String".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Tuple(_) => "Tuple".to_owned(),
        Type::Object(object) => {
            let attributes: Vec<String> = object
                .attributes
                .iter()
                .map(|(name, ty)| format!("{name}: {}", type_name(ty)))
                .collect();
            format!("Object {{ {} }}", attributes.join(", "))
        }
    }
}
