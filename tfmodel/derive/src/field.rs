//! One field of a model: what its options say.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr, Type};

use crate::options::Opt;
use crate::{Problems, docs, name};

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) name: String,
    description: String,
    place: Place,
    rules: Vec<(&'static str, Vec<Expr>)>,
    deprecated: Option<LitStr>,
}

enum Place {
    Attribute {
        usage: Usage,
        /// Statements that change the attribute, which they call `it`.
        changes: Vec<Change>,
        write_only: bool,
    },
    Block {
        min: u64,
        max: u64,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Usage {
    Required,
    Optional,
    Computed,
    OptionalComputed,
}

enum Change {
    Sensitive,
    WriteOnly,
    Default(Expr),
    Validate(Vec<Expr>),
    Equality(Expr),
    Replace(&'static str),
    ReplaceWhen(Expr),
    KeepPrior(&'static str),
}

const OPTIONS: &[&str] = &[
    "required",
    "optional",
    "computed",
    "default",
    "block",
    "min",
    "max",
    "rename",
    "description",
    "deprecated",
    "sensitive",
    "write_only",
    "validate",
    "equality",
    "replace",
    "replace_if_configured",
    "replace_when",
    "keep_prior",
    "keep_prior_non_null",
    "at_least_one_of",
    "exactly_one_of",
    "conflicts_with",
    "requires",
];

/// The options as they stand, each with the key that gave it, before they are judged together.
#[derive(Default)]
struct Given {
    required: Option<Ident>,
    optional: Option<Ident>,
    computed: Option<Ident>,
    default: Option<Ident>,
    write_only: Option<Ident>,
    block: Option<Ident>,
    replace: Option<Ident>,
    keep_prior: Option<Ident>,
    /// Options that only a configurable attribute can have.
    configured_only: Vec<Ident>,
    /// Options that only an attribute can have.
    attribute_only: Vec<Ident>,
    /// Options that only a block can have.
    block_only: Vec<Ident>,
}

impl<'a> Field<'a> {
    pub(crate) fn read(field: &'a syn::Field, ident: &'a Ident, problems: &mut Problems) -> Self {
        let mut given = Given::default();
        let mut read = Self {
            ident,
            ty: &field.ty,
            name: name::of_field(ident),
            description: docs::first_sentence(&field.attrs),
            place: Place::Block { min: 0, max: 0 },
            rules: Vec::new(),
            deprecated: None,
        };
        let (mut changes, mut min, mut max) = (Vec::new(), 0, 0);
        for option in Opt::read(&field.attrs, problems) {
            let key = option.key.clone();
            match key.to_string().as_str() {
                "required" => given.required = option.flag(problems).then_some(key),
                "optional" => given.optional = option.flag(problems).then_some(key),
                "computed" => given.computed = option.flag(problems).then_some(key),
                "block" => given.block = option.flag(problems).then_some(key),
                "min" => {
                    given.block_only.push(key);
                    min = option.number(problems).unwrap_or_default();
                }
                "max" => {
                    given.block_only.push(key);
                    max = option.number(problems).unwrap_or_default();
                }
                "rename" => {
                    if let Some(text) = option.text(problems) {
                        read.name = text.value();
                    }
                }
                "description" => {
                    if let Some(text) = option.text(problems) {
                        read.description = text.value();
                    }
                }
                "deprecated" => read.deprecated = option.text(problems),
                "at_least_one_of" => read.rules.push(("AtLeastOneOf", option.list(problems))),
                "exactly_one_of" => read.rules.push(("ExactlyOneOf", option.list(problems))),
                "conflicts_with" => read.rules.push(("ConflictsWith", option.list(problems))),
                "requires" => read.rules.push(("Requires", option.list(problems))),
                _ => match Change::read(option, &mut given, problems) {
                    Some(change) => {
                        given.attribute_only.push(key);
                        changes.push(change);
                    }
                    None => continue,
                },
            }
        }
        if !name::is_valid(&read.name) {
            problems.at(
                ident,
                format!(
                    "`{}` is no name for Terraform: lower-case letters, digits and underscores, not starting with a digit",
                    read.name
                ),
            );
        }
        read.place = if given.block.is_some() {
            Place::Block {
                min: given.check_block(min, max, problems),
                max,
            }
        } else {
            if let Some(key) = given.block_only.first() {
                problems.at(key, format!("`{key}` is for blocks: add `block`"));
            }
            let usage = given.check_attribute(ident, problems);
            if usage == Usage::Computed && !read.rules.is_empty() {
                problems.at(
                    ident,
                    "rules look at the configuration, and a computed attribute is never in it",
                );
            }
            Place::Attribute {
                usage,
                write_only: given.write_only.is_some(),
                changes,
            }
        };
        read
    }

    /// Checks that rules name other fields, and returns what refers to them by their names in HCL.
    pub(crate) fn rules(&self, all: &[Field<'_>], root: &TokenStream, problems: &mut Problems) -> Vec<TokenStream> {
        self.rules
            .iter()
            .map(|(kind, siblings)| {
                let mut names = Vec::new();
                // "One of" counts the field itself, named or not.
                let counts_itself = matches!(*kind, "AtLeastOneOf" | "ExactlyOneOf");
                let is_named = siblings
                    .iter()
                    .any(|sibling| matches!(sibling, Expr::Path(path) if path.path.is_ident(self.ident)));
                if counts_itself && !is_named {
                    names.push(self.name.as_str());
                }
                for sibling in siblings {
                    let found = match sibling {
                        Expr::Path(path) => all.iter().find(|field| path.path.is_ident(field.ident)),
                        _ => None,
                    };
                    match found {
                        Some(field) if field.ident != self.ident || counts_itself => names.push(&field.name),
                        Some(_) => problems.at(sibling, "a field cannot name itself here"),
                        None => problems.at(sibling, "there is no such field"),
                    }
                }
                let kind = Ident::new(kind, Span::call_site());
                quote!(#root::schema::SiblingRule::#kind(::std::vec![#(#names),*]))
            })
            .collect()
    }

    /// The statements that add it to the `attributes` or `blocks` of a schema.
    pub(crate) fn schema(&self, rules: &[TokenStream], root: &TokenStream) -> TokenStream {
        let Self {
            ty, name, description, ..
        } = self;
        let it = Ident::new("it", Span::mixed_site());
        let attributes = Ident::new("attributes", Span::mixed_site());
        let blocks = Ident::new("blocks", Span::mixed_site());
        match &self.place {
            Place::Attribute { usage, changes, .. } => {
                let usage = usage.tokens(root);
                let rules = (!rules.is_empty()).then(|| quote!(#it.behaviour.rules = ::std::vec![#(#rules),*];));
                let deprecated = self.deprecated.as_ref().map(
                    |text| quote!(#it.deprecation = ::core::option::Option::Some(::std::string::String::from(#text));),
                );
                let changes: Vec<TokenStream> = changes.iter().map(|change| change.tokens(&it, ty, root)).collect();
                let mutable = (rules.is_some() || deprecated.is_some() || !changes.is_empty()).then(|| quote!(mut));
                let new = quote_spanned!(ty.span()=> <#ty as #root::model::Field>::attribute);
                quote! {
                    let #mutable #it = #new(#name, #usage, #description);
                    #(#changes)*
                    #rules
                    #deprecated
                    #attributes.push(#it);
                }
            }
            Place::Block { min, max } => {
                let rules = (!rules.is_empty()).then(|| quote!(#it.rules = ::std::vec![#(#rules),*];));
                let deprecated = self.deprecated.as_ref().map(
                    |text| quote!(#it.block.deprecation = ::core::option::Option::Some(::std::string::String::from(#text));),
                );
                let mutable = (rules.is_some() || deprecated.is_some()).then(|| quote!(mut));
                let new = quote_spanned!(ty.span()=> <#ty as #root::model::Blocks>::nested);
                quote! {
                    let #mutable #it = #new(#name, #min, #max, #description);
                    #rules
                    #deprecated
                    #blocks.push(#it);
                }
            }
        }
    }

    /// The expression that reads it, if it can be read.
    pub(crate) fn read_from(&self, reader: &Ident, root: &TokenStream) -> TokenStream {
        let Self { ty, name, .. } = self;
        let is_sensitive = match &self.place {
            Place::Attribute { changes, .. } => changes.iter().any(|change| matches!(change, Change::Sensitive)),
            Place::Block { .. } => false,
        };
        let method = Ident::new(if is_sensitive { "read_sensitive" } else { "read" }, ty.span());
        let field = quote_spanned!(ty.span()=> <#ty as #root::model::Field>::#method);
        quote!(#field(&mut #reader, #name))
    }

    /// The expression that writes it.
    pub(crate) fn write(&self, root: &TokenStream) -> TokenStream {
        let Self { ident, ty, .. } = self;
        let field = quote_spanned!(ty.span()=> <#ty as #root::model::Field>::to_value);
        quote!(#field(&self.#ident))
    }

    /// A constant that does not compile if the type does not fit.
    pub(crate) fn check(&self, root: &TokenStream) -> TokenStream {
        let ty = self.ty;
        match &self.place {
            Place::Attribute { usage, .. } => {
                let usage = usage.tokens(root);
                quote_spanned! {ty.span()=>
                    const _: () = <#ty as #root::model::Field>::FACTS.check_attribute(#usage);
                }
            }
            Place::Block { min, .. } => quote_spanned! {ty.span()=>
                const _: () = <#ty as #root::model::Field>::FACTS.check_block(
                    <#ty as #root::model::Blocks>::GROUP && #min == 0
                );
            },
        }
    }

    /// What it adds to the facts of its model.
    pub(crate) fn facts(&self, root: &TokenStream) -> TokenStream {
        let ty = self.ty;
        let facts = quote_spanned!(ty.span()=> <#ty as #root::model::Field>::FACTS);
        match &self.place {
            Place::Attribute { usage, write_only, .. } => {
                let usage = usage.tokens(root);
                if *write_only {
                    quote!(.with_write_only(#facts, #usage))
                } else {
                    quote!(.with_attribute(#facts, #usage))
                }
            }
            Place::Block { .. } => quote!(.with_block(#facts)),
        }
    }
}

impl Usage {
    fn tokens(self, root: &TokenStream) -> TokenStream {
        let variant = Ident::new(
            match self {
                Self::Required => "Required",
                Self::Optional => "Optional",
                Self::Computed => "Computed",
                Self::OptionalComputed => "OptionalComputed",
            },
            Span::call_site(),
        );
        quote!(#root::schema::Usage::#variant)
    }
}

impl Given {
    fn check_block(&self, min: u64, max: u64, problems: &mut Problems) -> u64 {
        for key in &self.attribute_only {
            problems.at(key, format!("`{key}` is for attributes, and this is a block"));
        }
        for key in [&self.optional, &self.computed].into_iter().flatten() {
            problems.at(key, "a block is `required` or else may be left out");
        }
        if max > 0 && min > max {
            problems.at(&self.block, "`min` is more than `max`");
        }
        if self.required.is_some() { min.max(1) } else { min }
    }

    fn check_attribute(&self, field: &Ident, problems: &mut Problems) -> Usage {
        if self.required.is_some() {
            for (other, why) in [
                (
                    &self.computed,
                    "a required attribute is set by the configuration, never computed",
                ),
                (&self.optional, "an attribute is either required or optional"),
                (
                    &self.default,
                    "a required attribute is always set, so its default is never used",
                ),
            ] {
                if let Some(other) = other {
                    problems.at(other, why);
                }
            }
            if let Some(keep) = &self.keep_prior {
                problems.at(
                    keep,
                    "only computed attributes become unknown and can keep their prior value",
                );
            }

            return Usage::Required;
        }
        let computed = self.computed.is_some() || self.default.is_some();
        if let (Some(write_only), true) = (&self.write_only, computed) {
            problems.at(
                write_only,
                "a write-only attribute is never in plan or state, so it can neither be computed nor have a default",
            );
        }
        if let (Some(keep), false) = (&self.keep_prior, computed) {
            problems.at(
                keep,
                "only computed attributes become unknown and can keep their prior value",
            );
        }
        match (self.optional.is_some() || self.default.is_some(), computed) {
            (true, true) => Usage::OptionalComputed,
            (true, false) => Usage::Optional,
            (false, true) => {
                for key in &self.configured_only {
                    problems.at(
                        key,
                        format!("`{key}` looks at the configuration, and a computed attribute is never in it: add `optional`"),
                    );
                }
                Usage::Computed
            }
            (false, false) => {
                problems.at(
                    field,
                    "say who sets this attribute: `#[tf(required)]`, `#[tf(optional)]`, `#[tf(computed)]`, `#[tf(optional, computed)]` \
                     or `#[tf(default = …)]`, or make it a block with `#[tf(block)]`",
                );
                Usage::Optional
            }
        }
    }
}

impl Change {
    fn read(option: Opt, given: &mut Given, problems: &mut Problems) -> Option<Self> {
        let key = option.key.clone();
        let only_one = |slot: &mut Option<Ident>, problems: &mut Problems| {
            if let Some(earlier) = slot.replace(key.clone()) {
                problems.at(&key, format!("`{key}` and `{earlier}` exclude each other"));
            }
        };
        match key.to_string().as_str() {
            "sensitive" => option.flag(problems).then_some(Self::Sensitive),
            "write_only" => {
                given.write_only = Some(key);
                option.flag(problems).then_some(Self::WriteOnly)
            }
            "default" => {
                given.default = Some(key);
                option.value(problems).map(Self::Default)
            }
            "validate" => {
                given.configured_only.push(key);
                Some(Self::Validate(option.list(problems)))
            }
            "equality" => option.value(problems).map(Self::Equality),
            "replace" => {
                only_one(&mut given.replace, problems);
                option.flag(problems).then_some(Self::Replace("Changed"))
            }
            "replace_if_configured" => {
                only_one(&mut given.replace, problems);
                given.configured_only.push(key);
                option.flag(problems).then_some(Self::Replace("Configured"))
            }
            "replace_when" => {
                only_one(&mut given.replace, problems);
                option.value(problems).map(Self::ReplaceWhen)
            }
            "keep_prior" => {
                only_one(&mut given.keep_prior, problems);
                option.flag(problems).then_some(Self::KeepPrior("Always"))
            }
            "keep_prior_non_null" => {
                only_one(&mut given.keep_prior, problems);
                option.flag(problems).then_some(Self::KeepPrior("NonNull"))
            }
            _ => {
                option.refuse(OPTIONS, problems);
                None
            }
        }
    }

    fn tokens(&self, it: &Ident, ty: &Type, root: &TokenStream) -> TokenStream {
        match self {
            Self::Sensitive => quote!(#it.sensitive = true;),
            Self::WriteOnly => quote!(#it.write_only = true;),
            Self::Default(value) => {
                let convert = quote_spanned!(ty.span()=> <#ty as #root::model::derived::Nullable>::default);
                let value = match value {
                    Expr::Lit(syn::ExprLit {
                        lit: syn::Lit::Str(_), ..
                    }) => {
                        quote_spanned!(value.span()=> ::core::convert::Into::into(#value))
                    }
                    _ => quote!(#value),
                };
                quote!(#it.behaviour.default = ::core::option::Option::Some(#convert(#value));)
            }
            Self::Validate(checks) => quote!(#(#it.behaviour.validators.push(::std::sync::Arc::new(#checks));)*),
            Self::Equality(equality) => {
                quote!(#it.behaviour.equality = ::core::option::Option::Some(::std::sync::Arc::new(#equality));)
            }
            Self::Replace(variant) => {
                let variant = Ident::new(variant, Span::call_site());
                quote!(#it.behaviour.replace = #root::schema::Replace::#variant;)
            }
            Self::ReplaceWhen(function) => quote!(#it.behaviour.replace = #root::schema::Replace::When(#function);),
            Self::KeepPrior(variant) => {
                let variant = Ident::new(variant, Span::call_site());
                quote!(#it.behaviour.keep_prior = #root::schema::KeepPrior::#variant;)
            }
        }
    }
}
