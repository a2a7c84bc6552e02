//! What a CLI remembers.

use serde_json::Value;

/// The state, as `show -json` has it.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// All of it.
    pub json: Value,
}

impl State {
    /// One resource, of any module: its values, its identity and what is sensitive.
    #[must_use]
    pub fn resource(&self, address: &str) -> Option<&Value> {
        self.resources()
            .into_iter()
            .find(|resource| resource.get("address").and_then(Value::as_str) == Some(address))
    }

    /// The values of one resource.
    #[must_use]
    pub fn values(&self, address: &str) -> Option<&Value> {
        self.resource(address)?.get("values")
    }

    /// Every resource and data source, of every module.
    #[must_use]
    pub fn resources(&self) -> Vec<&Value> {
        let mut found = Vec::new();
        if let Some(root) = self.json.pointer("/values/root_module") {
            collect(root, &mut found);
        }
        found
    }

    /// The objects that the CLI manages, by address.
    #[must_use]
    pub fn managed(&self) -> Vec<&str> {
        let resources = self.resources().into_iter();
        resources
            .filter(|resource| resource.get("mode").and_then(Value::as_str) == Some("managed"))
            .filter_map(|resource| resource.get("address")?.as_str())
            .collect()
    }

    /// An output: its value, and whether it is sensitive.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&Value> {
        self.json.pointer("/values/outputs")?.get(name)
    }
}

fn collect<'v>(module: &'v Value, found: &mut Vec<&'v Value>) {
    let list = |name: &str| module.get(name).and_then(Value::as_array).into_iter().flatten();
    found.extend(list("resources"));
    for child in list("child_modules") {
        collect(child, found);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn resources_are_found_in_every_module() {
        let state = State {
            json: json!({ "values": {
                "outputs": { "o": { "value": 1 } },
                "root_module": {
                    "resources": [{ "address": "data.a.b", "mode": "data", "values": {} }],
                    "child_modules": [{ "child_modules": [{
                        "resources": [{ "address": "module.m.module.n.a.b", "mode": "managed", "values": { "x": 1 } }],
                    }]}],
                },
            }}),
        };
        assert_eq!(state.values("module.m.module.n.a.b"), Some(&json!({ "x": 1 })));
        assert_eq!(state.managed(), ["module.m.module.n.a.b"]);
        assert_eq!((state.values("a.b"), state.output("p")), (None, None));
    }
}
