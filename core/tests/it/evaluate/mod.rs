mod cases;
pub(crate) mod corpus;
