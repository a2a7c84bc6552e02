use super::findings::Findings;
use crate::path::Step;
use crate::schema::{Attribute, BlockNesting, Members, NestedBlock, Nesting, Usage};
use crate::value::{Datum, Value, same_but_for_refinements};

/// The rules for one planned object that conforms to its schema.
pub(super) fn object(findings: &mut Findings, members: Members<'_>, prior: &Value, config: &Value, planned: &Value) {
    if !same_presence(findings, config, planned) || planned.is_null() {
        return;
    }
    attributes(findings, members.attributes, prior, config, planned);
    for block in members.blocks {
        let values = (
            prior.member(&block.name),
            config.member(&block.name),
            planned.member(&block.name),
        );
        findings.inside(Step::Attribute(block.name.clone()), |f| nested_block(f, block, values));
    }
}

fn same_presence(findings: &mut Findings, config: &Value, planned: &Value) -> bool {
    match (config.is_null(), planned.is_null()) {
        (false, true) => findings.report("is configured, so it must not be absent"),
        (true, false) => findings.report("is not configured, so it must be absent"),
        (true, true) | (false, false) => return true,
    }
    false
}

fn attributes(findings: &mut Findings, attributes: &[Attribute], prior: &Value, config: &Value, planned: &Value) {
    for (near, a) in attributes.iter().enumerate() {
        let values = (
            prior.member_near(near, &a.name),
            config.member_near(near, &a.name),
            planned.member_near(near, &a.name),
        );
        if !is_as_it_should_be(a, values) {
            findings.inside(Step::Attribute(a.name.clone()), |f| attribute(f, a, values));
        }
    }
}

type Values<'v> = (&'v Value, &'v Value, &'v Value);

/// Whether an attribute keeps the configuration or the prior value as a whole, or need not. Write-only attributes have a rule of their own.
fn is_as_it_should_be(attribute: &Attribute, (prior, config, planned): Values<'_>) -> bool {
    attribute.write_only
        || attribute.usage == Usage::Computed
        || same_but_for_refinements(planned, config)
        || (!prior.holds_null() && !config.holds_null() && same_but_for_refinements(planned, prior))
}

fn attribute(findings: &mut Findings, attribute: &Attribute, (prior, config, planned): Values<'_>) {
    if config.holds_null() {
        if !attribute.usage.is_computed() {
            findings.report("is neither configured nor computed, so it must be null");
        }
        return;
    }
    match attribute.inside() {
        Some((nesting, members)) => nested_attributes(findings, nesting, members.attributes, (prior, config, planned)),
        None if prior.holds_null() => findings.report("must be as it is configured"),
        None => findings.report("must be as it is configured, or stay as it is"),
    }
}

fn nested_attributes(
    findings: &mut Findings,
    nesting: Nesting,
    inner: &[Attribute],
    (prior, config, planned): Values<'_>,
) {
    if !same_presence(findings, config, planned) {
        return;
    }
    if planned.is_unknown() {
        findings
            .report("is configured, but planned to be unknown as a whole; plan unknown attributes inside it instead");
        return;
    }
    match (nesting, config, planned) {
        (Nesting::Single, config, planned) => attributes(findings, inner, prior, config, planned),
        (Nesting::List, Value::Known(Datum::List(configured)), Value::Known(Datum::List(elements)))
            if configured.len() == elements.len() =>
        {
            for (index, (config, planned)) in configured.iter().zip(elements).enumerate() {
                findings.inside(Step::Index(index), |f| {
                    attributes(f, inner, prior.element(index), config, planned);
                });
            }
        }
        (Nesting::Map, Value::Known(Datum::Map(configured)), Value::Known(Datum::Map(entries)))
            if configured.keys().eq(entries.keys()) =>
        {
            for (key, planned) in entries {
                findings.inside(Step::Key(key.clone()), |f| {
                    attributes(f, inner, prior.entry(key), config.entry(key), planned);
                });
            }
        }
        (Nesting::Set, Value::Known(Datum::Set(configured)), Value::Known(Datum::Set(elements))) => {
            // Elements that are not known yet may turn out to be equal.
            let open = configured
                .iter()
                .chain(elements)
                .any(|element| !element.is_wholly_known());
            if configured.len() != elements.len() && !open {
                count(findings, configured.len(), elements.len());
            }
        }
        (Nesting::List | Nesting::Set, Value::Known(_), _) => {
            count(findings, config.elements().len(), planned.elements().len());
        }
        (Nesting::Map, Value::Known(_), _) => keys(findings),
        (Nesting::List | Nesting::Set | Nesting::Map, Value::Null | Value::Unknown(_), _) => {
            findings.report("is not known yet in the configuration, so its elements cannot be planned");
        }
    }
}

fn nested_block(findings: &mut Findings, block: &NestedBlock, (prior, config, planned): Values<'_>) {
    let (nesting, members) = block.inside();
    let may_be_null = matches!(block.nesting, BlockNesting::Single { .. });
    if planned.is_null() && !may_be_null {
        findings.report("is null; where there are no blocks it must be empty instead");
        return;
    }
    if planned == config {
        return;
    }
    if config.is_unknown() {
        findings.report("depends on blocks that are not known yet, so it must be planned to be unknown");
        return;
    }
    if config.is_null() && block.computed.is_some() {
        return;
    }
    if planned.is_unknown() {
        findings.report("is a block and cannot be planned to be unknown; plan unknown attributes inside it instead");
        return;
    }
    match (nesting, planned) {
        (Nesting::Single, _) => object(findings, members, prior, config, planned),
        (Nesting::List, Value::Known(Datum::List(elements))) => {
            if config.elements().len() != elements.len() {
                count(findings, config.elements().len(), elements.len());
                return;
            }
            for (index, (config, planned)) in config.elements().iter().zip(elements).enumerate() {
                findings.inside(Step::Index(index), |f| {
                    if is_known_element(f, planned) {
                        object(f, members, prior.element(index), config, planned);
                    }
                });
            }
        }
        (Nesting::Map, Value::Known(Datum::Map(entries))) => {
            let same_keys = matches!(config, Value::Known(Datum::Map(config)) if config.keys().eq(entries.keys()));
            if !same_keys {
                keys(findings);
                return;
            }
            for (key, planned) in entries {
                findings.inside(Step::Key(key.clone()), |f| {
                    if is_known_element(f, planned) {
                        object(f, members, prior.entry(key), config.entry(key), planned);
                    }
                });
            }
        }
        (Nesting::Set, Value::Known(Datum::Set(elements))) => {
            // Elements of a set cannot be told apart, so the host does not look into them.
            for element in elements {
                is_known_element(findings, element);
            }
        }
        (Nesting::List | Nesting::Map | Nesting::Set, _) => {}
    }
}

fn is_known_element(findings: &mut Findings, element: &Value) -> bool {
    if element.is_unknown() {
        findings.report("is a block and cannot be planned to be unknown; plan unknown attributes inside it instead");
    }
    !element.is_unknown()
}

fn count(findings: &mut Findings, config: usize, planned: usize) {
    findings.report(&format!("is configured with {config} elements and has {planned}"));
}

fn keys(findings: &mut Findings) {
    findings.report("has other keys than the ones that are configured");
}
