//! Tests of the engine through its public face.

// The attribute tells clippy that the helpers of tests are tests too.
#[cfg(test)]
mod advice;
#[cfg(test)]
mod binding;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod evaluate;
#[cfg(test)]
mod findings;
#[cfg(test)]
mod functions;
#[cfg(test)]
mod ids;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod pods;
#[cfg(test)]
mod policy;
#[cfg(test)]
mod precedence;
#[cfg(test)]
mod report;
#[cfg(test)]
mod workload;
