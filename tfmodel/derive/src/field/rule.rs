//! Rules between siblings.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Expr, Ident};

use super::Field;
use crate::Problems;

pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) siblings: Vec<Expr>,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    AtLeastOneOf,
    ExactlyOneOf,
    ConflictsWith,
    Requires,
}

impl Kind {
    pub(super) fn of(key: &str) -> Option<Self> {
        Some(match key {
            "at_least_one_of" => Self::AtLeastOneOf,
            "exactly_one_of" => Self::ExactlyOneOf,
            "conflicts_with" => Self::ConflictsWith,
            "requires" => Self::Requires,
            _ => return None,
        })
    }

    /// Whether the field that has the rule is one of those that it counts, named or not.
    fn counts_itself(self) -> bool {
        match self {
            Self::AtLeastOneOf | Self::ExactlyOneOf => true,
            Self::ConflictsWith | Self::Requires => false,
        }
    }

    fn variant(self) -> Ident {
        let name = match self {
            Self::AtLeastOneOf => "AtLeastOneOf",
            Self::ExactlyOneOf => "ExactlyOneOf",
            Self::ConflictsWith => "ConflictsWith",
            Self::Requires => "Requires",
        };
        Ident::new(name, Span::call_site())
    }
}

impl Field<'_> {
    /// The values of its rules, which name its siblings as HCL does.
    pub(crate) fn rules(&self, all: &[Field<'_>], root: &TokenStream, problems: &mut Problems) -> Vec<TokenStream> {
        self.rules
            .iter()
            .map(|rule| {
                let names = self.siblings(rule, all, problems);
                let kind = rule.kind.variant();
                quote!(#root::schema::SiblingRule::#kind(::std::vec![#(#names),*]))
            })
            .collect()
    }

    fn siblings<'n>(&'n self, rule: &Rule, all: &'n [Field<'_>], problems: &mut Problems) -> Vec<&'n str> {
        let mut names = Vec::new();
        for sibling in &rule.siblings {
            let named = match sibling {
                Expr::Path(path) => all.iter().find(|field| path.path.is_ident(field.ident)),
                _ => None,
            };
            match named {
                Some(field) if field.ident != self.ident || rule.kind.counts_itself() => {
                    names.push(field.name.as_str())
                }
                Some(_) => problems.at(sibling, "a field cannot name itself here"),
                None => problems.at(sibling, "there is no such field"),
            }
        }
        if rule.kind.counts_itself() && !names.contains(&self.name.as_str()) {
            names.insert(0, &self.name);
        }
        names
    }
}
