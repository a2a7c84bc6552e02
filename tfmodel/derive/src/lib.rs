//! Derives a Terraform schema and its typed model from one struct.
