use super::SchemaProblem;
use super::schema::Problems;
use crate::path::Path;
use crate::schema::{Attribute, Members, Schema, Shape};
use crate::ty::Type;

/// What a schema describes: hosts give each kind of block other words of their own, and other abilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The settings of the provider.
    Provider,
    /// What a module passes to the provider.
    ProviderMeta,
    /// A managed resource.
    Resource,
    /// A data source.
    DataSource,
    /// An ephemeral resource.
    EphemeralResource,
    /// What a list resource looks for.
    ListResource,
    /// What an action is given.
    Action,
    /// What identifies an object of a managed resource.
    Identity,
}

impl Subject {
    /// Names that the host takes for its own arguments and blocks. Those of list resources and actions stand in a block `config`, which
    /// the host shares with nobody.
    const fn reserved(self) -> &'static [&'static str] {
        match self {
            Self::Provider => &[
                "_",
                "alias",
                "count",
                "depends_on",
                "for_each",
                "lifecycle",
                "locals",
                "source",
                "version",
            ],
            // A data source could have the words that only a managed resource gives a meaning to, to nobody's advantage.
            Self::Resource | Self::DataSource | Self::EphemeralResource => &[
                "_",
                "connection",
                "count",
                "depends_on",
                "for_each",
                "lifecycle",
                "locals",
                "provider",
                "provisioner",
            ],
            Self::ProviderMeta | Self::ListResource | Self::Action | Self::Identity => &[],
        }
    }

    /// Whether the provider can answer with values of its own.
    const fn has_result(self) -> bool {
        match self {
            Self::Resource | Self::DataSource | Self::EphemeralResource => true,
            Self::Provider | Self::ProviderMeta | Self::ListResource | Self::Action | Self::Identity => false,
        }
    }

    const fn takes_write_only(self) -> bool {
        matches!(self, Self::Resource | Self::Action)
    }
}

impl Schema {
    /// What is wrong with the schema, also in view of what it describes.
    pub fn check_as(&self, subject: Subject) -> Vec<SchemaProblem> {
        let mut problems = Problems(self.check());
        let members = self.block.members();
        for name in members
            .attributes
            .iter()
            .map(|a| &a.name)
            .chain(members.blocks.iter().map(|b| &b.name))
        {
            if subject.reserved().contains(&name.as_str()) {
                problems.push(&Path::attribute(name), "is a name that the language keeps for itself");
            }
        }
        problems.in_subject(subject, members, &Path::root());
        if subject == Subject::Identity {
            problems.identity(members);
        }
        problems.0
    }
}

impl Problems {
    fn in_subject(&mut self, subject: Subject, members: Members<'_>, at: &Path) {
        for attribute in members.attributes {
            let path = at.with_attribute(&attribute.name);
            if attribute.usage.is_computed() && !subject.has_result() {
                self.push(
                    &path,
                    "is computed, and the host never asks what the provider made of it",
                );
            }
            if attribute.write_only && !subject.takes_write_only() {
                self.push(
                    &path,
                    "is write-only, which only attributes of managed resources and actions can be",
                );
            }
            if let Some((_, inside)) = attribute.inside() {
                self.in_subject(subject, inside, &path);
            }
        }
        for block in members.blocks {
            let path = at.with_attribute(&block.name);
            if block.computed.is_some() && subject != Subject::Resource {
                self.push(&path, "is a computed block, and only managed resources have those");
            }
            self.in_subject(subject, block.inside().1, &path);
        }
    }

    fn identity(&mut self, members: Members<'_>) {
        if members.attributes.is_empty() {
            self.push(&Path::root(), "has no attributes, so it identifies nothing");
        }
        for block in members.blocks {
            self.push(
                &Path::attribute(&block.name),
                "is a block, and identities have attributes only",
            );
        }
        for attribute in members.attributes {
            let path = Path::attribute(&attribute.name);
            if !is_of_identity(attribute) {
                self.push(
                    &path,
                    "is neither a bool, number or string nor a list of them, which is all that identities hold",
                );
            }
            if attribute.sensitive {
                self.push(&path, "is sensitive, and identities are shown");
            }
        }
    }
}

fn is_of_identity(attribute: &Attribute) -> bool {
    let primitive = |ty: &Type| matches!(ty, Type::Bool | Type::Number | Type::String);
    match &attribute.shape {
        Shape::Plain(Type::List(element)) => primitive(element),
        Shape::Plain(ty) => primitive(ty),
        Shape::Nested(..) => false,
    }
}
