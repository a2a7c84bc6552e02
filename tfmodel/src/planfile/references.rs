//! What the configuration in a plan says about an argument whose value is not known.

use super::plan::{Plan, ResourceChange};
use crate::json::Node;

impl Plan {
    /// What an argument of a resource is made from: the addresses that its expression refers to.
    pub fn references(&self, change: &ResourceChange, argument: &str) -> Vec<String> {
        let found = self
            .expression(change, argument)
            .and_then(|expression| expression.get("references"));
        let mut references: Vec<String> = Vec::new();
        for reference in found.map_or(&[][..], Node::elements).iter().filter_map(Node::as_str) {
            // The most exact reference comes first, those to what it belongs to after it.
            let is_told = references.iter().any(|told| {
                told.strip_prefix(reference)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            });
            if !is_told {
                references.push(reference.to_owned());
            }
        }
        references
    }

    fn expression(&self, change: &ResourceChange, argument: &str) -> Option<&Node> {
        let mut module = self.configuration.as_ref()?.get("root_module")?;
        let path = change.module.as_deref().map(names).unwrap_or_default();
        // `module`, name, `module`, name, and so on.
        for name in path.iter().skip(1).step_by(2) {
            module = module.get("module_calls")?.get(name)?.get("module")?;
        }
        let own = names(&change.address);
        let address = own.get(path.len()..)?.join(".");
        let resources = module.get("resources")?.elements().iter();
        let mut named = resources.filter(|one| one.get("address").and_then(Node::as_str) == Some(&address));
        named.next()?.get("expressions")?.get(argument)
    }
}

/// The names in an address, without the keys of instances, in which dots and brackets may stand.
fn names(address: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let (mut in_key, mut in_string, mut escaped) = (false, false, false);
    for character in address.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' if in_key => in_string = !in_string,
            ']' if in_key && !in_string => in_key = false,
            _ if in_key => {}
            '[' => in_key = true,
            '.' => names.push(String::new()),
            _ => names.last_mut().into_iter().for_each(|name| name.push(character)),
        }
    }
    names
}
