use quote::quote;

use crate::docs::first_paragraph;
use crate::{expand, name};

fn expanded(input: proc_macro2::TokenStream) -> String {
    expand(input, &quote!(::root)).to_string()
}

/// The messages of the compile errors in an expansion.
fn errors(input: proc_macro2::TokenStream) -> Vec<String> {
    expanded(input)
        .split("compile_error ! { ")
        .skip(1)
        .filter_map(|rest| {
            rest.split_once(" }")
                .map(|(message, _)| message.trim_matches('"').to_owned())
        })
        .collect()
}

#[test]
fn a_field_becomes_a_row_of_the_schema_a_read_and_a_write() {
    let code = expanded(quote! {
        /// A thing.
        struct Thing {
            /// Its kind.
            ///
            /// Not shown.
            #[tf(required, replace)]
            r#type: String,
            #[tf(required)]
            name: String,
        }
    });
    for part in [
        quote!(
            const _: () = <String as ::root::model::Field>::FACTS.check_attribute(::root::schema::Usage::Required);
        ),
        quote!(let mut it = <String as ::root::model::Field>::attribute("type", ::root::schema::Usage::Required, "Its kind.");),
        quote!(it.behaviour.replace = ::root::schema::Replace::Changed;),
        quote!(::root::model::derived::schema(
            0i64,
            "A thing.",
            ::core::option::Option::None,
            attributes,
            blocks
        )),
        quote!(::root::model::derived::object_type(&[
            ("name", <String as ::root::model::Field>::ty),
            ("type", <String as ::root::model::Field>::ty)
        ])),
        // By their places in the order of the names.
        quote!(::root::model::derived::Reader::open(&["name", "type"], value, at)),
        quote!(let field_0 = <String as ::root::model::Field>::read(&mut reader, 1usize);),
        quote!(let field_1 = <String as ::root::model::Field>::read(&mut reader, 0usize);),
        quote!(Self {
            r#type: field_0?,
            name: field_1?
        }),
        quote!(::root::model::derived::FieldNames::new(&["name", "type"])),
        quote!(::std::vec![
            <String as ::root::model::Field>::to_value(&self.name),
            <String as ::root::model::Field>::to_value(&self.r#type)
        ]),
    ] {
        assert!(code.contains(&part.to_string()), "{part}\nis not in\n{code}");
    }
}

#[test]
fn an_enum_becomes_its_names() {
    let code = expanded(quote! {
        enum Mode { PodIdentity, #[tf(name = "IRSA")] Irsa }
    });
    for part in [
        quote!(&["pod_identity", "IRSA"]),
        quote!(match self {
            Self::PodIdentity => "pod_identity",
            Self::Irsa => "IRSA",
        }),
        quote!("IRSA" => ::core::option::Option::Some(Self::Irsa), _ => ::core::option::Option::None,),
    ] {
        assert!(code.contains(&part.to_string()), "{part}\nis not in\n{code}");
    }
}

#[test]
fn all_problems_are_reported_at_once_and_the_type_is_still_a_model() {
    let input = quote! {
        struct Thing {
            #[tf(required, computed)]
            a: String,
            b: String,
            #[tf(optional, conflicts_with(nothing))]
            c: String,
        }
    };
    let found = errors(input.clone());
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found.iter().any(|message| message == "there is no such field"));
    assert!(expanded(input).contains("impl :: root :: model :: Model for Thing"));
}

#[test]
fn names_of_variants_are_snake_case() {
    for (variant, expected) in [
        ("PodIdentity", "pod_identity"),
        ("Irsa", "irsa"),
        ("HTTPProxy", "http_proxy"),
        ("Ipv4Only", "ipv4_only"),
        ("V1", "v1"),
    ] {
        let ident = quote::format_ident!("{variant}");
        assert_eq!(name::of_variant(&ident), expected);
    }
}

#[test]
fn a_description_is_the_first_paragraph_without_links_to_rust() {
    for (doc, expected) in [
        (
            " Name of the cluster. It is unique.",
            "Name of the cluster. It is unique.",
        ),
        (" Kind of [`Thing`].", "Kind of `Thing`."),
        (" Kind of [thing](crate::Thing).", "Kind of thing."),
        (" Kind of [`Thing`][Self::thing]. More.", "Kind of `Thing`. More."),
        (
            " **Bold**, as [`IAM`](https://example.org/a.html?b#c) says.",
            "**Bold**, as [`IAM`](https://example.org/a.html?b#c) says.",
        ),
        (" A [list] of [things. More.", "A [list] of [things. More."),
    ] {
        let input: syn::DeriveInput = syn::parse_quote!(#[doc = #doc] struct Thing;);
        assert_eq!(first_paragraph(&input.attrs), expected);
    }
    let lines: syn::DeriveInput = syn::parse_quote! {
        /// A sentence over
        /// two lines. And another.
        ///
        /// What only readers of the code need.
        struct Thing;
    };
    assert_eq!(first_paragraph(&lines.attrs), "A sentence over two lines. And another.");
}
