//! Rules between siblings.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident};

use super::Field;
use crate::Problems;
use crate::options::Opt;

/// A rule of a field, or of a whole model.
pub(crate) struct Rule {
    kind: Kind,
    siblings: Vec<Expr>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    AtLeastOneOf,
    ExactlyOneOf,
    AtMostOneOf,
    RequiredTogether,
    ConflictsWith,
    Requires,
    PreferWriteOnly,
    AtLeastSumOf,
    AtMostSumOf,
    EqualToSumOf,
    EqualToProductOf,
}

/// The rules that a whole model can have: no field of it stands out.
pub(crate) const OF_MODELS: &[&str] = &[
    "at_least_one_of",
    "exactly_one_of",
    "at_most_one_of",
    "required_together",
];

impl Kind {
    pub(crate) fn of(key: &str) -> Option<Self> {
        Some(match key {
            "at_least_one_of" => Self::AtLeastOneOf,
            "exactly_one_of" => Self::ExactlyOneOf,
            "at_most_one_of" => Self::AtMostOneOf,
            "required_together" => Self::RequiredTogether,
            "conflicts_with" => Self::ConflictsWith,
            "requires" => Self::Requires,
            "prefer_write_only" => Self::PreferWriteOnly,
            "at_least_sum_of" => Self::AtLeastSumOf,
            "at_most_sum_of" => Self::AtMostSumOf,
            "equal_to_sum_of" => Self::EqualToSumOf,
            "equal_to_product_of" => Self::EqualToProductOf,
            _ => return None,
        })
    }

    /// Whether the field that has the rule is one of those that it counts, named or not.
    pub(crate) fn counts_itself(self) -> bool {
        match self {
            Self::AtLeastOneOf | Self::ExactlyOneOf | Self::AtMostOneOf | Self::RequiredTogether => true,
            Self::ConflictsWith | Self::Requires | Self::PreferWriteOnly => false,
            Self::AtLeastSumOf | Self::AtMostSumOf | Self::EqualToSumOf | Self::EqualToProductOf => false,
        }
    }

    fn calculates(self) -> bool {
        match self {
            Self::AtLeastSumOf | Self::AtMostSumOf | Self::EqualToSumOf | Self::EqualToProductOf => true,
            Self::AtLeastOneOf | Self::ExactlyOneOf | Self::AtMostOneOf | Self::RequiredTogether => false,
            Self::ConflictsWith | Self::Requires | Self::PreferWriteOnly => false,
        }
    }

    fn variant(self) -> Ident {
        let name = match self {
            Self::AtLeastOneOf => "AtLeastOneOf",
            Self::ExactlyOneOf => "ExactlyOneOf",
            Self::AtMostOneOf => "AtMostOneOf",
            Self::RequiredTogether => "RequiredTogether",
            Self::ConflictsWith => "ConflictsWith",
            Self::Requires => "Requires",
            Self::PreferWriteOnly => "PreferWriteOnly",
            Self::AtLeastSumOf => "AtLeastSumOf",
            Self::AtMostSumOf => "AtMostSumOf",
            Self::EqualToSumOf => "EqualToSumOf",
            Self::EqualToProductOf => "EqualToProductOf",
        };
        Ident::new(name, Span::call_site())
    }
}

impl Rule {
    pub(crate) fn new(kind: Kind, option: Opt, problems: &mut Problems) -> Self {
        Self {
            kind,
            siblings: option.list(problems),
        }
    }

    /// The value of a rule of a whole model.
    pub(crate) fn of_model(&self, all: &[Field<'_>], root: &TokenStream, problems: &mut Problems) -> TokenStream {
        let named: Vec<&str> = self
            .named(all, problems)
            .iter()
            .map(|(_, field)| field.name.as_str())
            .collect();
        self.tokens(&named, root)
    }

    fn tokens(&self, names: &[&str], root: &TokenStream) -> TokenStream {
        let kind = self.kind.variant();
        quote!(#root::schema::SiblingRule::#kind(::std::vec![#(#names),*]))
    }

    /// The fields that it names.
    fn named<'n>(&'n self, all: &'n [Field<'_>], problems: &mut Problems) -> Vec<(&'n Expr, &'n Field<'n>)> {
        let mut named = Vec::new();
        for sibling in &self.siblings {
            let field = match sibling {
                Expr::Path(path) => all.iter().find(|field| path.path.is_ident(field.ident)),
                _ => None,
            };
            match field {
                Some(field) => named.push((sibling, field)),
                None => problems.at(sibling, "there is no such field"),
            }
        }
        named
    }
}

impl Field<'_> {
    /// The values of its rules, which name its siblings as HCL does.
    pub(crate) fn rules(&self, all: &[Field<'_>], root: &TokenStream, problems: &mut Problems) -> Vec<TokenStream> {
        self.rules
            .iter()
            .map(|rule| rule.tokens(&self.siblings(rule, all, problems), root))
            .collect()
    }

    fn siblings<'n>(&'n self, rule: &'n Rule, all: &'n [Field<'_>], problems: &mut Problems) -> Vec<&'n str> {
        let mut names = Vec::new();
        for (sibling, field) in rule.named(all, problems) {
            if field.ident == self.ident && !rule.kind.counts_itself() {
                problems.at(sibling, "a field cannot name itself here");
            } else if rule.kind == Kind::PreferWriteOnly && !field.is_write_only() {
                problems.at(
                    sibling,
                    "this field is not `write_only`, so it is kept in the state as well",
                );
            } else {
                names.push(field.name.as_str());
            }
        }
        if rule.kind.counts_itself() && !names.contains(&self.name.as_str()) {
            names.insert(0, &self.name);
        }
        names
    }

    /// Constants that do not compile if a rule calculates with what is no number.
    pub(crate) fn check_rules(&self, all: &[Field<'_>], root: &TokenStream) -> TokenStream {
        let mut checks = TokenStream::new();
        for rule in self.rules.iter().filter(|rule| rule.kind.calculates()) {
            // Whoever is named and missing is reported where the rules are read.
            let named = rule
                .named(all, &mut Problems::default())
                .into_iter()
                .map(|(sibling, field)| (sibling.span(), field.ty));
            for (span, ty) in std::iter::once((self.ty.span(), self.ty)).chain(named) {
                checks.extend(quote_spanned! {span=>
                    const _: () = <#ty as #root::model::Field>::FACTS.check_number();
                });
            }
        }
        checks
    }
}
