use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::schema::{Members, Schema};
use crate::value::{Datum, Value};

/// The computed blocks that a configuration leaves out, each as an error, for a host that takes no blocks from a provider. A configuration
/// that writes them works with every host.
pub fn computed_blocks_unsupported(schema: &Schema, config: &Value) -> Diagnostics {
    let mut found = Diagnostics::new();
    if config.is_known() {
        blocks(schema.block.members(), config, &Path::root(), &mut found);
    }
    found
}

fn blocks(members: Members<'_>, object: &Value, at: &Path, found: &mut Diagnostics) {
    for block in members.blocks {
        let (value, at) = (object.member(&block.name), at.with_attribute(&block.name));
        let (_, inside) = block.inside();
        match value {
            Value::Unknown(_) => {}
            Value::Known(Datum::Object(_)) => blocks(inside, value, &at, found),
            Value::Known(Datum::List(elements)) if !elements.is_empty() => {
                for (index, element) in elements.iter().enumerate() {
                    blocks(inside, element, &at.with_index(index), found);
                }
            }
            Value::Known(Datum::Map(entries)) if !entries.is_empty() => {
                for (key, entry) in entries {
                    blocks(inside, entry, &at.with_key(key), found);
                }
            }
            // No path leads into a set.
            Value::Known(Datum::Set(elements)) if !elements.is_empty() => {
                let mut inner = Diagnostics::new();
                for element in elements {
                    blocks(inside, element, &at, &mut inner);
                }
                found.extend(inner.into_iter().map(|problem| problem.at(at.clone())));
            }
            Value::Null | Value::Known(_) => {
                if block.computed.is_some() {
                    found.push(not_supported(&at));
                }
            }
        }
    }
}

fn not_supported(at: &Path) -> Diagnostic {
    Diagnostic::error(
        format!("A configuration without `{at}` needs a newer version of Terraform"),
        "The provider fills in what this block says where there is none, and this version of Terraform or OpenTofu cannot take a block from a \
         provider; Terraform can from version 1.16 on. Upgrade, or write the block.",
    )
    .at(at.clone())
}
