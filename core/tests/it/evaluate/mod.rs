mod cases;
pub(crate) mod corpus;
mod laws;
mod sentences;
mod session;
