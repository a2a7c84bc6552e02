//! The pages of a provider's documentation, as registries show them.
//!
//! They are made of what the provider offers: descriptions, types, defaults, checks and rules of its schemas, signatures of its functions,
//! and example files in the layout that registries know: `provider/provider.tf`, `resources/TYPE/resource.tf`, `data-sources/TYPE/data-source.tf`,
//! `functions/NAME/function.tf` and so on. A test that compares [`pages`] with the files in `docs/` keeps them fresh.

mod schema;

use std::fmt::Write as _;

use tfmodel::{Diagnostics, Schema};

use self::schema::section;
use crate::provider::{Offered, Provider};
use crate::server::Definition;

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it belongs, below `docs/`: `resources/identity_binding.md`.
    pub path: String,
    /// Markdown.
    pub text: String,
}

/// All pages of a provider, in the order of their kinds and names; `example` reads a file of the examples, by its path below their folder.
///
/// # Errors
/// What the provider offers contradicts itself.
pub fn pages<P: Provider>(provider: &P, example: impl Fn(&str) -> Option<String>) -> Result<Vec<Page>, Diagnostics> {
    let name = P::ADDRESS.rsplit('/').next().unwrap_or(P::ADDRESS);
    let registry = provider.registry();
    let problems = registry.problems();
    if problems.has_errors() {
        return Err(problems);
    }
    let site = Site {
        name,
        example: &example,
    };
    let config = <P::Config as tfmodel::Model>::schema();
    let mut pages = vec![site.index(&config)];
    pages.extend(site.objects(Kind::RESOURCE, &registry.resources, |one| &one.prepared().schema));
    for page in &mut pages {
        let of_resource = registry
            .resources
            .iter()
            .find(|(name, _)| page.path == site.path(Kind::RESOURCE, name));
        if let Some((type_name, resource)) = of_resource {
            let identity = resource.identity().map(|identity| &identity.schema);
            page.text.push_str(&site.import(type_name, identity));
        }
    }
    pages.extend(site.objects(Kind::DATA_SOURCE, &registry.data_sources, |one| &one.prepared().schema));
    pages.extend(site.objects(Kind::EPHEMERAL, &registry.ephemeral_resources, |one| {
        &one.prepared().schema
    }));
    pages.extend(site.objects(Kind::LIST, &registry.list_resources, |one| &one.prepared().schema));
    pages.extend(site.objects(Kind::ACTION, &registry.actions, |one| &one.prepared().schema));
    for (name, function) in &registry.functions {
        pages.push(site.function(name, function.definition()?));
    }
    Ok(pages)
}

/// A kind of things that have a schema.
#[derive(Clone, Copy)]
struct Kind {
    folder: &'static str,
    file: &'static str,
    title: &'static str,
}

impl Kind {
    const RESOURCE: Self = Self::new("resources", "resource.tf", "Resource");
    const DATA_SOURCE: Self = Self::new("data-sources", "data-source.tf", "Data Source");
    const EPHEMERAL: Self = Self::new("ephemeral-resources", "ephemeral-resource.tf", "Ephemeral Resource");
    const LIST: Self = Self::new("list-resources", "list-resource.tfquery.hcl", "List Resource");
    const ACTION: Self = Self::new("actions", "action.tf", "Action");

    const fn new(folder: &'static str, file: &'static str, title: &'static str) -> Self {
        Self { folder, file, title }
    }
}

struct Site<'a> {
    /// What the names of all types begin with.
    name: &'a str,
    example: &'a dyn Fn(&str) -> Option<String>,
}

impl Site<'_> {
    fn index(&self, config: &Schema) -> Page {
        let mut text = front_matter(&format!("Provider: {}", self.name), &config.block.description);
        let _ = write!(text, "# {} Provider\n\n{}\n", self.name, config.block.description);
        text.push_str(&self.usage("provider/provider.tf", "terraform"));
        text.push_str(&section(config));
        Page {
            path: "index.md".to_owned(),
            text,
        }
    }

    fn objects<T: ?Sized>(&self, kind: Kind, offered: &Offered<T>, schema: fn(&T) -> &Schema) -> Vec<Page> {
        let page = |(type_name, one): (&&str, &std::sync::Arc<T>)| {
            let schema = schema(one);
            let Kind { folder, file, title } = kind;
            let mut text = front_matter(
                &format!("{type_name} {title} - {}", self.name),
                &schema.block.description,
            );
            let _ = write!(text, "# {type_name} ({title})\n\n{}\n", schema.block.description);
            if let Some(instead) = &schema.block.deprecation {
                let _ = write!(text, "\n~> **Deprecated** {instead}\n");
            }
            text.push_str(&self.usage(&format!("{folder}/{type_name}/{file}"), "terraform"));
            text.push_str(&section(schema));
            Page {
                path: self.path(kind, type_name),
                text,
            }
        };
        offered.iter().map(page).collect()
    }

    /// Registries leave the provider's name out of paths.
    fn path(&self, kind: Kind, type_name: &str) -> String {
        let short = type_name
            .strip_prefix(self.name)
            .and_then(|rest| rest.strip_prefix('_'));
        format!("{}/{}.md", kind.folder, short.unwrap_or(type_name))
    }

    fn usage(&self, file: &str, language: &str) -> String {
        let code = (self.example)(file);
        code.map(|code| format!("\n## Example Usage\n\n```{language}\n{}\n```\n", code.trim_end()))
            .unwrap_or_default()
    }

    /// How an object that exists comes into the state.
    fn import(&self, type_name: &str, identity: Option<&Schema>) -> String {
        let ways = [
            ("import-by-string-id.tf", "With an `import` block, by id:", "terraform"),
            (
                "import-by-identity.tf",
                "With an `import` block, by identity (Terraform 1.12 and later):",
                "terraform",
            ),
            ("import.sh", "With the command:", "shell"),
        ];
        let mut text = String::new();
        for (file, heading, language) in ways {
            if let Some(code) = (self.example)(&format!("resources/{type_name}/{file}")) {
                let _ = write!(text, "\n{heading}\n\n```{language}\n{}\n```\n", code.trim_end());
            }
            if let Some(identity) = identity.filter(|_| file == "import-by-identity.tf") {
                text.push_str(&schema::identity(identity));
            }
        }
        if text.is_empty() {
            text
        } else {
            format!("\n## Import\n{text}")
        }
    }

    fn function(&self, name: &str, definition: &Definition) -> Page {
        let signature = &definition.signature;
        let mut text = front_matter(&format!("{name} function - {}", self.name), &signature.summary);
        let _ = write!(text, "# function: {name}\n\n{}\n", signature.description);
        if let Some(instead) = &signature.deprecation {
            let _ = write!(text, "\n~> **Deprecated** {instead}\n");
        }
        text.push_str(&self.usage(&format!("functions/{name}/function.tf"), "terraform"));
        let arguments = || signature.parameters.iter().zip(&definition.accepted);
        let listed: Vec<String> = arguments()
            .map(|((name, _), accepted)| {
                let dots = if accepted.variadic { "..." } else { "" };
                format!("{name} {}{dots}", schema::type_name(&accepted.ty).to_lowercase())
            })
            .collect();
        let output = schema::type_name(&definition.output).to_lowercase();
        let _ = write!(
            text,
            "\n## Signature\n\n```text\n{name}({}) {output}\n```\n",
            listed.join(", ")
        );
        if !listed.is_empty() {
            text.push_str("\n## Arguments\n\n");
        }
        for (index, ((name, description), accepted)) in arguments().enumerate() {
            let number = index + 1;
            let null = if accepted.null { ", Nullable" } else { "" };
            let ty = schema::type_name(&accepted.ty);
            let _ = writeln!(text, "{number}. `{name}` ({ty}{null}) {description}");
        }
        Page {
            path: format!("functions/{name}.md"),
            text,
        }
    }
}

fn front_matter(title: &str, description: &str) -> String {
    format!("---\npage_title: \"{title}\"\nsubcategory: \"\"\ndescription: |-\n  {description}\n---\n\n")
}
