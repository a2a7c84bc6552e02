//! What is bound in a cluster, whoever made it: the data sources `pod_identity_binding` and `pod_identity_bindings`.

mod all;
mod one;
pub(crate) mod survey;
#[cfg(test)]
mod tests;

pub(crate) use all::BindingsSource;
pub(crate) use one::BindingSource;
