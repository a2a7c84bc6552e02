//! `#[derive(Model)]`: one Rust type is both a part of a Terraform schema and the values of that schema.
//!
//! The macro is documented where it is used, in `tfmodel::model`. Structs become models, enums of unit variants become strings with a
//! fixed set of values, and structs of one unnamed field become new types over another field.

mod docs;
mod enumeration;
mod field;
mod model;
mod name;
mod newtype;
mod options;

#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

/// Derives a model for a crate that depends on `tfmodel`.
#[proc_macro_derive(Model, attributes(tf))]
pub fn model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into(), &quote!(::tfmodel)).into()
}

/// Derives a model for a crate that depends on `tfplugin` only, which exports this macro as `Model`.
#[proc_macro_derive(TfpluginModel, attributes(tf))]
pub fn tfplugin_model(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expand(input.into(), &quote!(::tfplugin::model)).into()
}

/// The whole expansion; `root` is the path under which generated code finds the crate `tfmodel`.
fn expand(input: TokenStream, root: &TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    if let Some(parameter) = input.generics.params.first() {
        return syn::Error::new_spanned(parameter, "a model cannot have generic parameters").into_compile_error();
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => model::expand(&input, fields.named.iter(), root),
            Fields::Unit => model::expand(&input, [].into_iter(), root),
            Fields::Unnamed(fields) => newtype::expand(&input, fields, root),
        },
        Data::Enum(data) => enumeration::expand(&input, data, root),
        Data::Union(data) => {
            syn::Error::new_spanned(data.union_token, "a union cannot be a model").into_compile_error()
        }
    }
}

/// Problems, collected so that all of them are reported at once.
#[derive(Default)]
struct Problems(Option<syn::Error>);

impl Problems {
    fn push(&mut self, problem: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(problem),
            none => *none = Some(problem),
        }
    }

    fn at(&mut self, tokens: impl quote::ToTokens, message: impl std::fmt::Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// The compile errors, if there is any problem.
    fn into_errors(self) -> Option<TokenStream> {
        self.0.map(syn::Error::into_compile_error)
    }
}
