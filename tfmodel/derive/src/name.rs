//! Names in HCL.

use syn::Ident;
use syn::ext::IdentExt;

/// The name of a field: the identifier without `r#`.
pub(crate) fn of_field(field: &Ident) -> String {
    field.unraw().to_string()
}

/// The name of a variant in snake case: `PodIdentity` is `pod_identity`, `HTTPProxy` is `http_proxy`.
pub(crate) fn of_variant(variant: &Ident) -> String {
    let text: Vec<char> = variant.unraw().to_string().chars().collect();
    let mut name = String::new();
    for (position, letter) in text.iter().enumerate() {
        let before = position.checked_sub(1).and_then(|before| text.get(before));
        let after = text.get(position + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() && *before != '_' || after.is_some_and(|after| after.is_lowercase())
            });
        if starts_word && !name.ends_with('_') {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// Whether a host takes it as the name of an attribute or block.
pub(crate) fn is_valid(name: &str) -> bool {
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == '_')
        && letters.all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}
