//! Rules of the workspace that no compiler holds. Each failure says the rule and its reason.

#[cfg(test)]
mod citations;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod licences;
#[cfg(test)]
mod packages;
#[cfg(test)]
mod proofs;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod tree;
