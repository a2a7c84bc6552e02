//! The engine's exports for JavaScript.
//!
//! Nothing is decided here. A file lives in a [`Session`] in the module's memory and is read in slices, because the page has one thread;
//! views of it are handed out as plain data whose strings are ready to be shown. Every answer is either a success or a failure, never
//! an exception.

mod access;
mod answer;
mod argument;
mod binding;
mod detail;
#[expect(
    unreachable_pub,
    reason = "wasm-bindgen exports public functions only; Rust calls what is behind them"
)]
mod exports;
mod findings;
mod place;
mod report;
mod rows;
mod session;
mod summary;
mod trust;
mod workload;

pub use access::{access_report, can_assume};
pub use answer::{Answer, Failure};
pub use binding::{
    Annotations, external_id, merge_trust_policies, role_name, service_account_annotations, target_permissions_policy,
    target_trust_policy, trust_policy,
};
pub use detail::{Detail, Leaf, LeafKind, Node, NodeStatus, Shape};
pub use exports::{PlanSession, version};
pub use findings::{Finding, Findings, Fix, Severity, TextEdit, trust_policy_findings};
pub use place::{Place, Point};
pub use report::{ReportFormat, report};
pub use rows::{Class, Group, GroupKind, Row};
pub use session::{Progress, Session};
pub use summary::{ClassCount, Completeness, Summary};
pub use trust::{Change, Edit, Holder, Line, LineMark, Statement, Text, TrustPolicy, TrustRow, TrustStatus};
pub use workload::{
    Credentials, Mechanism, MechanismQuestion, WorkloadCredentials, which_credentials, which_mechanism,
};
