//! Structs of one unnamed field: the same values, with checks or an equality of their own.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, FieldsUnnamed};

use crate::Problems;
use crate::options::Opt;

const OPTIONS: &[&str] = &["validate", "equality", "meaning"];

pub(crate) fn expand(input: &DeriveInput, fields: &FieldsUnnamed, root: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let mut problems = Problems::default();
    let (mut checks, mut equality, mut meaning) = (Vec::new(), None, None);
    for option in Opt::read(&input.attrs, &mut problems) {
        match option.key.to_string().as_str() {
            "validate" => checks = option.list(&mut problems),
            "equality" => equality = option.value(&mut problems),
            "meaning" => meaning = option.value(&mut problems),
            _ => option.refuse(OPTIONS, &mut problems),
        }
    }
    let mut fields_left = fields.unnamed.iter();
    let (Some(inner), None) = (fields_left.next(), fields_left.next()) else {
        problems.at(&fields.unnamed, "a model without field names has exactly one field");
        return problems.into_errors().unwrap_or_default();
    };
    for option in Opt::read(&inner.attrs, &mut problems) {
        option.refuse(&["none: write them above the struct"], &mut problems);
    }
    let ty = &inner.ty;
    let field = quote!(<#ty as #root::model::Field>);
    let mut checks: Vec<TokenStream> = checks.iter().map(|check| quote!(#check)).collect();
    checks.extend(
        meaning
            .iter()
            .map(|format| quote!(#root::validators::parses::<#format>())),
    );
    let equality = match (equality, meaning) {
        (Some(_), Some(format)) => {
            problems.at(format, "`meaning` and `equality` exclude each other");
            quote!(::core::option::Option::None)
        }
        (Some(equality), None) => quote!(::core::option::Option::Some(::std::sync::Arc::new(#equality))),
        (None, Some(format)) => {
            quote!(::core::option::Option::Some(::std::sync::Arc::new(#root::equality::by_meaning::<#format>())))
        }
        (None, None) => quote!(#field::equality()),
    };
    let validators = if checks.is_empty() {
        quote!(#field::validators())
    } else {
        quote! {
            let mut all = #field::validators();
            #(all.push(::std::sync::Arc::new(#checks));)*
            all
        }
    };
    let errors = problems.into_errors();
    quote! {
        #errors

        #[automatically_derived]
        impl #root::model::Field for #ident {
            const FACTS: #root::model::Facts = #field::FACTS;

            fn shape() -> #root::schema::Shape {
                #field::shape()
            }

            fn from_value(
                value: &#root::Value,
                at: &#root::Path,
            ) -> ::core::result::Result<Self, #root::Diagnostics> {
                ::core::result::Result::map(#field::from_value(value, at), Self)
            }

            fn to_value(&self) -> #root::Value {
                #root::model::Field::to_value(&self.0)
            }

            fn validators() -> ::std::vec::Vec<::std::sync::Arc<dyn #root::schema::Validator>> {
                #validators
            }

            fn equality() -> ::core::option::Option<::std::sync::Arc<dyn #root::schema::SemanticEquality>> {
                #equality
            }
        }
    }
}
