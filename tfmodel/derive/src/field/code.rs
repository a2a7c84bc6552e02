//! The code that a field becomes.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Type};

use super::{Change, Field, Place, Usage};

impl Field<'_> {
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
                let behaviour = quote!(#it.behaviour);
                let changes: Vec<TokenStream> = changes
                    .iter()
                    .map(|change| change.tokens(&it, &behaviour, ty, root))
                    .collect();
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
            Place::Block {
                min,
                max,
                computed,
                changes,
            } => {
                let rules = (!rules.is_empty()).then(|| quote!(#it.rules = ::std::vec![#(#rules),*];));
                let deprecated = self.deprecated.as_ref().map(
                    |text| quote!(#it.block.deprecation = ::core::option::Option::Some(::std::string::String::from(#text));),
                );
                let computed = computed.map(|kept| {
                    let kept = Ident::new(kept, Span::call_site());
                    quote!(#it.computed = ::core::option::Option::Some(#root::schema::KeepPrior::#kept);)
                });
                let changes: Vec<TokenStream> = changes
                    .iter()
                    .filter(|change| change.fits_blocks())
                    .map(|change| change.tokens(&it, &quote!(#it), ty, root))
                    .collect();
                let mutable = (rules.is_some() || deprecated.is_some() || computed.is_some() || !changes.is_empty())
                    .then(|| quote!(mut));
                let new = quote_spanned!(ty.span()=> <#ty as #root::model::Blocks>::nested);
                quote! {
                    let #mutable #it = #new(#name, #min, #max, #description);
                    #computed
                    #(#changes)*
                    #rules
                    #deprecated
                    #blocks.push(#it);
                }
            }
        }
    }

    /// Its name, and the function that makes its type.
    pub(crate) fn named_type(&self, root: &TokenStream) -> TokenStream {
        let Self { ty, name, .. } = self;
        let make = quote_spanned!(ty.span()=> <#ty as #root::model::Field>::ty);
        quote!((#name, #make))
    }

    /// The expression that reads it, if it can be read.
    pub(crate) fn read_from(&self, reader: &Ident, position: usize, root: &TokenStream) -> TokenStream {
        let Self { ty, .. } = self;
        let is_sensitive = match &self.place {
            Place::Attribute { changes, .. } => changes.iter().any(|change| matches!(change, Change::Sensitive)),
            Place::Block { .. } => false,
        };
        let method = Ident::new(if is_sensitive { "read_sensitive" } else { "read" }, ty.span());
        let field = quote_spanned!(ty.span()=> <#ty as #root::model::Field>::#method);
        quote!(#field(&mut #reader, #position))
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
            Place::Block { computed: Some(_), .. } => quote_spanned! {ty.span()=>
                const _: () = <#ty as #root::model::Field>::FACTS.check_computed_block();
            },
            Place::Block {
                min, computed: None, ..
            } => quote_spanned! {ty.span()=>
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
            Place::Block { computed: Some(_), .. } => quote!(.with_computed_block(#facts)),
            Place::Block { computed: None, .. } => quote!(.with_block(#facts)),
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

impl Change {
    /// The statements; `behaviour` is what holds the options that attributes and blocks have in common.
    fn tokens(&self, it: &Ident, behaviour: &TokenStream, ty: &Type, root: &TokenStream) -> TokenStream {
        match self {
            Self::Sensitive => quote!(#it.sensitive = true;),
            Self::WriteOnly => quote!(#root::model::derived::write_only(&mut #it);),
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
                quote!(#behaviour.default = ::core::option::Option::Some(#convert(#value));)
            }
            Self::Validate(checks) => quote!(#(#behaviour.validators.push(::std::sync::Arc::new(#checks));)*),
            Self::Equality(equality) => {
                quote!(#behaviour.equality = ::core::option::Option::Some(::std::sync::Arc::new(#equality));)
            }
            Self::Meaning(format) => quote! {
                #behaviour.validators.push(::std::sync::Arc::new(#root::validators::parses::<#format>()));
                #behaviour.equality = ::core::option::Option::Some(
                    ::std::sync::Arc::new(#root::equality::by_meaning::<#format>())
                );
            },
            Self::Replace(variant) => {
                let variant = Ident::new(variant, Span::call_site());
                quote!(#behaviour.replace = #root::schema::Replace::#variant;)
            }
            Self::ReplaceWhen(function) => quote!(#behaviour.replace = #root::schema::Replace::When(#function);),
            Self::KeepPrior(variant) => {
                let variant = Ident::new(variant, Span::call_site());
                quote!(#behaviour.keep_prior = #root::schema::KeepPrior::#variant;)
            }
        }
    }
}
