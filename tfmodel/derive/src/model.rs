//! Structs with named fields.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{DeriveInput, Expr, Ident, LitStr};

use crate::field::{Field, Kind, OF_MODELS, Rule};
use crate::options::Opt;
use crate::{Problems, docs};

const OPTIONS: &[&str] = &["version", "description", "deprecated", "validate"];

pub(crate) fn expand<'a>(
    input: &'a DeriveInput,
    fields: impl Iterator<Item = &'a syn::Field>,
    root: &TokenStream,
) -> TokenStream {
    let mut problems = Problems::default();
    let mut version = 0;
    let mut description = docs::first_paragraph(&input.attrs);
    let mut deprecated: Option<LitStr> = None;
    let mut rules: Vec<Rule> = Vec::new();
    let mut checks: Vec<Expr> = Vec::new();
    for option in Opt::read(&input.attrs, &mut problems) {
        match option.key.to_string().as_str() {
            "version" => version = option.number(&mut problems).unwrap_or_default(),
            "description" => {
                if let Some(text) = option.text(&mut problems) {
                    description = text.value();
                }
            }
            "deprecated" => deprecated = option.text(&mut problems),
            "validate" => checks = option.list(&mut problems),
            key => match Kind::of(key).filter(|kind| kind.counts_itself()) {
                Some(kind) => rules.push(Rule::new(kind, option, &mut problems)),
                None => option.refuse(&[OPTIONS, OF_MODELS].concat(), &mut problems),
            },
        }
    }
    let fields: Vec<Field<'_>> = fields
        .filter_map(|field| Some(Field::read(field, field.ident.as_ref()?, &mut problems)))
        .collect();
    for (position, field) in fields.iter().enumerate() {
        if fields.iter().take(position).any(|earlier| earlier.name == field.name) {
            problems.at(field.ident, format!("two fields are called `{}`", field.name));
        }
    }
    // Sorted here, schemas and objects need no sorting when they are built.
    let mut by_name: Vec<&Field<'_>> = fields.iter().collect();
    by_name.sort_by(|a, b| a.name.cmp(&b.name));
    // Rules of the whole model stand at its first field: they name all that they are about.
    let mut of_model: Vec<TokenStream> = rules
        .iter()
        .map(|rule| rule.of_model(&fields, root, &mut problems))
        .collect();
    let schema: Vec<TokenStream> = by_name
        .iter()
        .map(|field| {
            let mut rules = field.rules(&fields, root, &mut problems);
            rules.append(&mut of_model);
            field.schema(&rules, root)
        })
        .collect();

    let ident = &input.ident;
    if let Some(errors) = problems.into_errors() {
        // Without an implementation every use of the type would be an error more.
        return quote! {
            #errors
            #[automatically_derived]
            impl #root::model::Model for #ident {
                fn schema() -> #root::Schema {
                    ::core::default::Default::default()
                }
                fn from_value(_: &#root::Value, _: &#root::Path) -> ::core::result::Result<Self, #root::Diagnostics> {
                    ::core::result::Result::Err(#root::Diagnostics::new())
                }
                fn to_value(&self) -> #root::Value {
                    #root::Value::Null
                }
            }
        };
    }

    let local = |name: &str| Ident::new(name, Span::mixed_site());
    let (reader, attributes, blocks) = (local("reader"), local("attributes"), local("blocks"));
    let constants = fields.iter().map(|field| {
        let (own, of_rules) = (field.check(root), field.check_rules(&fields, root));
        quote!(#own #of_rules)
    });
    let validators = (!checks.is_empty()).then(|| {
        quote! {
            fn validators() -> ::std::vec::Vec<::std::sync::Arc<dyn #root::schema::Validator>> {
                ::std::vec![#(::std::sync::Arc::new(#checks)),*]
            }
        }
    });
    let version = i64::try_from(version).unwrap_or(i64::MAX);
    let deprecated = match deprecated {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    };
    let made = quote!(#root::model::derived::schema(#version, #description, #deprecated, #attributes, #blocks));
    let made = if checks.is_empty() {
        made
    } else {
        quote!(#root::model::derived::checked::<Self>(#made))
    };
    let facts = fields.iter().map(|field| field.facts(root));
    let idents: Vec<&Ident> = fields.iter().map(|field| field.ident).collect();
    let names: Vec<&str> = by_name.iter().map(|field| field.name.as_str()).collect();
    let reads = fields.iter().map(|field| {
        let position = names.iter().position(|name| *name == field.name);
        field.read_from(&reader, position.unwrap_or_default(), root)
    });
    let types = by_name.iter().map(|field| field.named_type(root));
    let writes = by_name.iter().map(|field| field.write(root));
    let read: Vec<Ident> = (0..fields.len())
        .map(|position| local(&format!("field_{position}")))
        .collect();
    quote! {
        #(#constants)*

        #[automatically_derived]
        impl #root::model::Model for #ident {
            const FACTS: #root::model::Facts = #root::model::Facts::NONE #(#facts)*;

            fn schema() -> #root::Schema {
                let (mut #attributes, mut #blocks) = #root::model::derived::fields();
                #(#schema)*
                #made
            }

            fn ty() -> #root::Type {
                #root::model::derived::object_type(&[#(#types),*])
            }

            #validators

            fn from_value(
                value: &#root::Value,
                at: &#root::Path,
            ) -> ::core::result::Result<Self, #root::Diagnostics> {
                let mut #reader = #root::model::derived::Reader::open(&[#(#names),*], value, at)?;
                #(let #read = #reads;)*
                #reader.finish(|| ::core::option::Option::Some(Self { #(#idents: #read?),* }))
            }

            fn to_value(&self) -> #root::Value {
                static NAMES: #root::model::derived::FieldNames = #root::model::derived::FieldNames::new(&[#(#names),*]);
                NAMES.object(::std::vec![#(#writes),*])
            }
        }
    }
}
