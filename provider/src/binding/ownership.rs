//! How the provider knows its own objects again: a tag on each, whose value only this binding's private state repeats.
//!
//! The hash says which binding an object belongs to; the nonce, which life of that binding. Two states that declare the same binding, or
//! somebody who makes an object with the right name and hash in advance, lack the nonce.

use pod_identity_core::ids::BindingKey;
use tfmodel::{Diagnostic, Diagnostics};

use crate::cloud::Tags;

/// Key of the tag.
pub(crate) const TAG: &str = "pod-identity:owner";

/// What the tag holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ownership {
    value: String,
}

impl Ownership {
    /// For objects that are about to be made.
    pub(crate) fn new(key: &BindingKey) -> Result<Self, Diagnostics> {
        Ok(Self {
            value: format!("{}/{}", key.tag_value(), random()?),
        })
    }

    /// As private state has it.
    pub(crate) fn restore(value: String) -> Self {
        Self { value }
    }

    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    /// Tags with ours among them.
    pub(crate) fn mark(&self, tags: &Tags) -> Tags {
        let mut marked = tags.clone();
        marked.insert(TAG.to_owned(), self.value.clone());
        marked
    }

    /// Whether an object was made in this life of this binding.
    pub(crate) fn is_on(&self, tags: &Tags) -> bool {
        tags.get(TAG) == Some(&self.value)
    }
}

/// 32 random digits: a nonce, or the token that makes repeated calls one.
pub(crate) fn random() -> Result<String, Diagnostics> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| {
        Diagnostic::error(
            "The operating system gives no random numbers",
            format!("They are needed to mark what this provider makes as its own: {error}. Nothing was changed."),
        )
    })?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether an object was made for this binding, in whatever life.
pub(crate) fn names(key: &BindingKey, tags: &Tags) -> bool {
    let owner = tags.get(TAG).and_then(|value| value.split_once('/'));
    owner.is_some_and(|(hash, _)| hash == key.tag_value())
}

/// Tags without the one that is nobody's business.
pub(crate) fn without(tags: &Tags) -> Tags {
    let mut tags = tags.clone();
    tags.remove(TAG);
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_life_of_the_same_binding_is_told_apart() {
        let key: BindingKey = "111122223333/us-west-2/demo/shop/checkout".parse().unwrap();
        let (first, second) = (Ownership::new(&key).unwrap(), Ownership::new(&key).unwrap());
        let tags = first.mark(&Tags::from([("team".to_owned(), "shop".to_owned())]));
        assert!(first.is_on(&tags) && !second.is_on(&tags));
        assert!(names(&key, &tags));
        let other: BindingKey = "111122223333/eu-west-1/demo/shop/checkout".parse().unwrap();
        assert!(!names(&other, &tags));
        assert_eq!(without(&tags).into_keys().collect::<Vec<_>>(), ["team"]);
    }
}
