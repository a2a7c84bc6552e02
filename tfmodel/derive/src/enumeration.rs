//! Enums: strings with a fixed set of values.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Fields, Ident};

use crate::options::Opt;
use crate::{Problems, name};

pub(crate) fn expand(input: &DeriveInput, data: &DataEnum, root: &TokenStream) -> TokenStream {
    let mut problems = Problems::default();
    for option in Opt::read(&input.attrs, &mut problems) {
        option.refuse(&["none for enums"], &mut problems);
    }
    if data.variants.is_empty() {
        problems.at(&input.ident, "an enum without variants has no value");
    }
    let mut variants: Vec<(&Ident, String)> = Vec::new();
    let mut other: Option<&Ident> = None;
    for variant in &data.variants {
        let mut text = name::of_variant(&variant.ident);
        let mut is_other = false;
        for option in Opt::read(&variant.attrs, &mut problems) {
            match option.key.to_string().as_str() {
                "name" => {
                    if let Some(given) = option.text(&mut problems) {
                        text = given.value();
                    }
                }
                "other" => {
                    option.flag(&mut problems);
                    is_other = true;
                }
                _ => option.refuse(&["name", "other"], &mut problems),
            }
        }
        match (&variant.fields, is_other) {
            (Fields::Unit, false) => {
                if variants.iter().any(|(_, earlier)| *earlier == text) {
                    problems.at(&variant.ident, format!("two variants are called `{text}`"));
                }
                variants.push((&variant.ident, text));
            }
            (Fields::Unnamed(fields), true) if fields.unnamed.len() == 1 => {
                if other.replace(&variant.ident).is_some() {
                    problems.at(&variant.ident, "only one variant can hold all other texts");
                }
            }
            (_, true) => problems.at(&variant.ident, "the variant for all other texts holds one `String`"),
            (_, false) => problems.at(
                &variant.ident,
                "an enum stands for a fixed set of strings, so its variants hold nothing; `#[tf(other)]` marks one that holds any \
                 other `String`",
            ),
        }
    }

    let ident = &input.ident;
    let errors = problems.into_errors();
    let (idents, names): (Vec<&Ident>, Vec<String>) = variants.into_iter().unzip();
    let (name_body, from_body) = if errors.is_some() {
        (quote!(""), quote!(::core::option::Option::None))
    } else {
        let other_name = other.map(|other| quote!(Self::#other(text) => text,));
        let other_value = match other {
            Some(other) => quote!(::core::option::Option::Some(Self::#other(::std::string::String::from(other)))),
            None => quote!(::core::option::Option::None),
        };
        let binding = if other.is_some() { quote!(other) } else { quote!(_) };
        (
            quote!(match self { #(Self::#idents => #names,)* #other_name }),
            quote!(match name { #(#names => ::core::option::Option::Some(Self::#idents),)* #binding => #other_value, }),
        )
    };
    quote! {
        #errors

        #[automatically_derived]
        impl #root::model::Keyword for #ident {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn name(&self) -> &str {
                #name_body
            }

            fn from_name(name: &str) -> ::core::option::Option<Self> {
                #from_body
            }
        }

        #[automatically_derived]
        impl #root::model::Field for #ident {
            fn shape() -> #root::schema::Shape {
                <::std::string::String as #root::model::Field>::shape()
            }

            fn from_value(
                value: &#root::Value,
                at: &#root::Path,
            ) -> ::core::result::Result<Self, #root::Diagnostics> {
                #root::model::derived::keyword(value, at)
            }

            fn to_value(&self) -> #root::Value {
                #root::Value::string(#root::model::Keyword::name(self))
            }

            fn validators() -> ::std::vec::Vec<::std::sync::Arc<dyn #root::schema::Validator>> {
                #root::model::derived::keyword_validators::<Self>()
            }
        }
    }
}
