use super::*;

fn read(text: &str) -> Result<Box<Plan>, Refusal> {
    Reading::start(text.as_bytes()).and_then(Reading::finish)
}

/// A plan with one resource change, whose `change` is given.
fn plan_with(change: &str) -> String {
    format!(
        r#"{{"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [{{
            "address": "x.y", "mode": "managed", "type": "x", "name": "y", "provider_name": "p", "change": {change}}}]}}"#
    )
}

fn sides(change: &str) -> (Shown, Shown) {
    let plan = read(&plan_with(change)).unwrap();
    plan.sides(&plan.changes[0])
}

/// A compact form of a value: `?` unknown, `***` masked.
fn text(value: &Shown) -> String {
    match value {
        Shown::Null => "null".to_owned(),
        Shown::Bool(value) => value.to_string(),
        Shown::Number(value) => value.clone(),
        Shown::String(value) => format!("'{value}'"),
        Shown::List(elements) => format!("[{}]", elements.iter().map(text).collect::<Vec<_>>().join(" ")),
        Shown::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{key}={}", text(value)))
                .collect();
            format!("{{{}}}", members.join(" "))
        }
        Shown::Unknown => "?".to_owned(),
        Shown::Secret(_) => "***".to_owned(),
    }
}

/// A compact form of a difference, one place per entry.
fn entries(difference: &Difference) -> Vec<String> {
    fn walk(at: &str, difference: &Difference, found: &mut Vec<String>) {
        let sign = match difference.status {
            Status::Unchanged => "=",
            Status::Added => "+",
            Status::Removed => "-",
            Status::Changed => "~",
            Status::Reordered => "<>",
            Status::Rewritten => "≈",
        };
        let sign = if difference.forces_replacement {
            format!("{sign}!")
        } else {
            sign.to_owned()
        };
        match &difference.content {
            Content::Value(value) => found.push(format!("{sign}{at} {}", text(value))),
            Content::Pair(before, after) => found.push(format!("{sign}{at} {} -> {}", text(before), text(after))),
            Content::Document(inner) => {
                found.push(format!("{sign}{at} json"));
                walk(&format!("{at}:"), inner, found);
            }
            Content::Members(members) => {
                for (key, member) in members {
                    walk(&format!("{at}.{key}"), member, found);
                }
            }
            Content::Elements(elements) => {
                for element in elements {
                    let index = element.after.or(element.before).unwrap();
                    walk(&format!("{at}[{index}]"), &element.difference, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    walk("", difference, &mut found);
    found
}

fn shown(json: &str) -> Shown {
    Shown::embedded(&format!("[{json}]")).map_or_else(
        || panic!("{json}"),
        |list| match list {
            Shown::List(mut elements) => elements.remove(0),
            other => other,
        },
    )
}

#[track_caller]
fn differs(before: &str, after: &str, expected: &[&str]) {
    assert_eq!(
        entries(&difference(&shown(before), &shown(after), &[])),
        expected,
        "{before} to {after}"
    );
}

#[test]
fn a_plan_says_what_changes_and_how_complete_it_is() {
    let plan = read(
        r#"{"format_version": "1.2", "terraform_version": "1.14.0", "errored": true, "complete": false, "applyable": false,
            "timestamp": "2026-11-21T09:00:00Z", "future": {"x": 1},
            "resource_changes": [
              {"address": "module.a.t.n[0]", "module_address": "module.a", "previous_address": "t.n", "mode": "managed", "type": "t",
               "deposed": "abcd", "provider_name": "p", "action_reason": "replace_because_tainted",
               "change": {"actions": ["delete", "create"], "importing": {"id": "i-1"}, "replace_paths": []}},
              {"address": "t.f", "change": {"actions": ["forget"]}},
              {"address": "t.g", "change": {"actions": ["explode", "create"]}, "action_reason": "because_of_the_moon"}],
            "resource_drift": [{"address": "t.d", "change": {"actions": ["update"]}}],
            "deferred_changes": [{"reason": "instance_count_unknown",
               "resource_change": {"address": "t.later", "change": {"actions": ["create"]}}}],
            "output_changes": {"o": {"actions": ["create"], "before": null, "after": 1, "after_unknown": false}}}"#,
    )
    .unwrap();
    assert_eq!(
        (plan.errored, plan.complete, plan.applyable),
        (true, Some(false), Some(false))
    );
    assert_eq!(plan.terraform_version.as_deref(), Some("1.14.0"));
    let first = &plan.changes[0];
    assert_eq!(first.module.as_deref(), Some("module.a"));
    assert_eq!(first.previous_address.as_deref(), Some("t.n"));
    assert_eq!(first.deposed.as_deref(), Some("abcd"));
    assert_eq!(first.action, Action::DeleteThenCreate);
    assert_eq!(
        first.import,
        Some(Import {
            id: Some("i-1".to_owned())
        })
    );
    assert!(first.reason_in_words().unwrap().contains("tainted"));
    assert_eq!(plan.changes[1].action, Action::Forget);
    assert_eq!(plan.changes[2].action, Action::Other("explode, create".to_owned()));
    assert_eq!(
        plan.changes[2].reason_in_words().unwrap(),
        "the plan says `because_of_the_moon`"
    );
    assert_eq!(plan.drift[0].address, "t.d");
    assert_eq!(plan.deferred[0].change.address, "t.later");
    assert_eq!(
        plan.deferred[0].reason_in_words(),
        "`count` or `for_each` is not known yet"
    );
    assert_eq!(plan.outputs[0].name, "o");
    assert!(plan.notes.is_empty());
}

#[test]
fn a_replacement_names_the_attributes_that_force_it() {
    let plan = read(&plan_with(
        r#"{"actions": ["create", "delete"], "replace_paths": [["cluster_name"], ["rule", 0, "port"]]}"#,
    ))
    .unwrap();
    assert_eq!(
        plan.changes[0].reason_in_words().unwrap(),
        "`cluster_name`, `rule[0].port` change and cannot be changed in place"
    );
}

#[test]
fn a_newer_minor_version_is_read_with_a_note_and_another_major_is_refused() {
    let newer = read(r#"{"format_version": "1.9", "resource_changes": []}"#).unwrap();
    assert!(newer.notes[0].contains("1.9"), "{:?}", newer.notes);
    for version in ["2.0", "0.2", "next", "1"] {
        let refusal = read(&format!(r#"{{"format_version": "{version}", "resource_changes": []}}"#)).unwrap_err();
        assert_eq!(refusal.kind, Kind::Plan, "{version}");
        assert!(refusal.detail.contains(&format!("`{version}`")), "{}", refusal.detail);
        assert_eq!(refusal.commands, ["terraform show -json plan.tfplan > plan.json"]);
    }
}

#[test]
fn reading_in_slices_gives_the_same_plan_and_tells_how_far_it_is() {
    let text = plan_with(r#"{"actions": ["create"], "after": {"a": [1, 2, 3]}, "after_unknown": {"id": true}}"#);
    let mut reading = Reading::start(text.as_bytes()).unwrap();
    let mut last = 0;
    let plan = loop {
        match reading.step(7).unwrap() {
            Progress::Working { done, total } => {
                assert!(done > last && done <= total && total == text.len());
                last = done;
            }
            Progress::Done(plan) => break plan,
        }
    };
    assert!(last > 0);
    assert_eq!(self::text(&plan.sides(&plan.changes[0]).1), "{a=[1 2 3] id=?}");
}

#[test]
fn other_encodings_are_read_with_a_note() {
    let plan = plan_with(r#"{"actions": ["create"], "after": {"name": "日本 𝄞"}}"#);
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
    let marked = format!("\u{feff}{plan}");
    for (bytes, note) in [
        (little(&marked), "UTF-16"),
        (big(&marked), "UTF-16"),
        (little(&plan), "UTF-16"),
        (big(&plan), "UTF-16"),
        (marked.clone().into_bytes(), "byte order mark"),
    ] {
        let read = Reading::start(&bytes).and_then(Reading::finish).unwrap();
        assert_eq!(text(&read.sides(&read.changes[0]).1), "{name='日本 𝄞'}");
        assert!(read.notes[0].contains(note), "{:?}", read.notes);
    }
    let half = &little(&marked)[..101];
    assert!(Reading::start(half).unwrap_err().detail.contains("UTF-16"));
}

#[test]
fn what_is_no_plan_is_named_and_answered_with_a_command() {
    let show = "terraform show -json plan.tfplan > plan.json";
    for (bytes, kind) in [
        (&b"PK\x03\x04\x14\0\x08\0"[..], Kind::SavedPlan),
        (b"\x1f\x8b\x08\0", Kind::Compressed),
        (b"  \n", Kind::Empty),
        (b"", Kind::Empty),
        (b"\x7fELF\x02\x01\x01\0\xff\xfe", Kind::Binary),
        (
            b"{\"@level\":\"info\",\"@message\":\"Terraform 1.11.4\"}\n{\"@level\":\"info\"}\n",
            Kind::UiStream,
        ),
        (
            b"\x1b[0m\nTerraform will perform the following actions:\n  + resource \"a\" \"b\" {\n",
            Kind::PlanText,
        ),
        (
            b"\x1b[1m\x1b[32mNo changes.\x1b[0m\x1b[1m Your infrastructure matches the configuration.",
            Kind::PlanText,
        ),
        (b"# roles\nresource \"aws_iam_role\" \"a\" {\n}\n", Kind::Configuration),
        (
            br#"{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": []}"#,
            Kind::StateFile,
        ),
        (
            br#"{"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}"#,
            Kind::StateJson,
        ),
        (br#"{"format_version": "1.0"}"#, Kind::StateJson),
        (
            br#"{"format_version": "1.0", "provider_schemas": {}}"#,
            Kind::ProviderSchemas,
        ),
        (br#"{"Version": "2012-10-17", "Statement": []}"#, Kind::Policy),
        (br#"{"apiVersion": "v1", "kind": "ServiceAccount"}"#, Kind::Kubernetes),
        (
            br#"{"meta": {}, "encrypted_data": "x", "encryption_version": "v0"}"#,
            Kind::Encrypted,
        ),
        (br#"[1, 2]"#, Kind::OtherJson),
        (br#"{"hello": "world"}"#, Kind::OtherJson),
        (b"hello", Kind::Text),
    ] {
        let refusal = Reading::start(bytes).and_then(Reading::finish).unwrap_err();
        assert_eq!(refusal.kind, kind, "{}", String::from_utf8_lossy(bytes));
        assert!(
            refusal
                .commands
                .last()
                .is_some_and(|last| last.ends_with("show -json plan.tfplan > plan.json")),
            "{refusal:?}"
        );
    }
    assert_eq!(Reading::start(b"PK\x03\x04").unwrap_err().commands, [show]);
}

#[test]
fn broken_json_is_located_and_never_quoted() {
    let whole = plan_with(r#"{"actions": ["create"], "after": {"password": "hunter2secret"}}"#);
    let cut = whole.find("secret\"").unwrap();
    let refusal = read(&whole[..cut]).unwrap_err();
    assert_eq!(
        (refusal.kind, refusal.summary.as_str()),
        (Kind::Plan, "This JSON breaks off in the middle")
    );
    assert_eq!(refusal.place.unwrap().line, 2);
    assert!(!format!("{refusal:?}").contains("hunter2"));

    let refusal = read(&whole.replacen("\"mode\":", "\"mode\" =", 1)).unwrap_err();
    assert_eq!(refusal.summary, "This is not valid JSON");
    assert_eq!(refusal.place.unwrap().line, 2);

    let refusal = read(&format!("Loading modules...\n{whole}")).unwrap_err();
    assert_eq!(refusal.place, Some(Place { line: 1, column: 1 }));
    assert!(refusal.detail.contains("wrapper"), "{}", refusal.detail);

    let refusal = read(&whole.replacen("\"address\"", "\"adress\"", 1)).unwrap_err();
    assert!(refusal.detail.contains("`address`"), "{}", refusal.detail);
}

#[test]
fn what_is_known_only_after_apply_is_shown_as_unknown() {
    let (before, after) = sides(
        r#"{"actions": ["update"],
            "before": {"id": "1", "list": ["a"], "deep": {"a": 1}},
            "after": {"list": ["a", null], "deep": {}, "gone": null},
            "after_unknown": {"id": true, "list": [false, true], "deep": {"a": true}, "block": [{"x": true}], "no": {"z": false}}}"#,
    );
    assert_eq!(text(&before), "{deep={a=1} id='1' list=['a']}");
    assert_eq!(text(&after), "{block=[{x=?}] deep={a=?} gone=null id=? list=['a' ?]}");
}

#[test]
fn sensitive_values_have_no_way_out() {
    let (before, after) = sides(
        r#"{"actions": ["update"],
            "before": {"open": "a", "password": "hunter2secret", "map": {"k": "v", "s": "s3cr3tvalue"}},
            "after": {"open": "b", "password": "other-secret", "map": {"k": "v", "s": "s3cr3tvalue"}},
            "before_sensitive": {"password": true, "map": {"s": true}},
            "after_sensitive": {"password": true, "map": {"s": true}},
            "after_unknown": {}}"#,
    );
    assert_eq!(text(&before), "{map={k='v' s=***} open='a' password=***}");
    let difference = difference(&before, &after, &[]);
    assert_eq!(
        entries(&difference),
        ["=.map {k='v' s=***}", "~.open 'a' -> 'b'", "~.password *** -> ***"]
    );
    let everything = format!("{before:?} {after:?} {difference:?}");
    for secret in ["hunter2", "other-secret", "s3cr3t"] {
        assert!(!everything.contains(secret), "{everything}");
    }
}

#[test]
fn an_array_with_a_sensitive_member_is_masked_whole_because_it_may_be_a_set() {
    let (before, after) = sides(
        r#"{"actions": ["update"],
            "before": {"set": ["a", "b"], "blocks": [{"n": 1, "v": "x"}, {"n": 2, "v": "y"}], "one": [{"n": 1, "v": "x"}]},
            "after": {"set": ["a", "b"], "blocks": [{"n": 1, "v": "x"}], "one": [{"n": 1, "v": "x"}]},
            "before_sensitive": {"set": [false, true], "blocks": [{}, {"v": true}], "one": [{"v": true}]},
            "after_sensitive": {"set": {"0": true}, "blocks": [{}, {"v": true}], "one": [{"v": true}]}}"#,
    );
    assert_eq!(text(&before), "{blocks=*** one=[{n=1 v=***}] set=***}");
    assert_eq!(text(&after), "{blocks=*** one=[{n=1 v=***}] set=***}");
}

#[test]
fn a_sensitive_value_is_masked_where_a_provider_copied_it_to_as_well() {
    let plan = read(
        r#"{"format_version": "1.2", "variables": {"token": {"value": "a-long-token"}, "open": {"value": "not-a-secret"}},
            "configuration": {"root_module": {"variables": {"token": {"sensitive": true}, "open": {}}}},
            "resource_changes": [{"address": "x.y", "change": {"actions": ["create"], "before": null,
               "after": {"argument": "hunter2secret", "copy": "hunter2secret", "nested": ["a-long-token", "not-a-secret"]},
               "after_sensitive": {"argument": true}}}]}"#,
    )
    .unwrap();
    let (_, after) = plan.sides(&plan.changes[0]);
    assert_eq!(text(&after), "{argument=*** copy=*** nested=[*** 'not-a-secret']}");
    assert!(!format!("{:?}", after).contains("hunter2"));
}

#[test]
fn json_with_a_sensitive_string_in_it_is_masked_whole() {
    let plan = read(
        r#"{"format_version": "1.2", "resource_changes": [{"address": "x.y", "change": {"actions": ["update"],
            "importing": {"id": "hunter2secret"},
            "before": {"password": "hunter2secret", "value": "{\"password\": \"hunter2secret\"}"},
            "after": {"password": "hunter2secret", "value": "[{\"password\": \"hunter2\\u0073ecret\"}]",
                "key": "{\"hunter2secret\": 1}", "bare": "\"hunter2secret\"", "inner": "[\"[\\\"hunter2secret\\\"]\"]",
                "open": "{\"user\": \"hunter\"}"},
            "before_sensitive": {"password": true}, "after_sensitive": {"password": true}}}]}"#,
    )
    .unwrap();
    let (before, after) = plan.sides(&plan.changes[0]);
    assert_eq!(text(&before), "{password=*** value=***}");
    assert_eq!(
        text(&after),
        r#"{bare=*** inner=*** key=*** open='{"user": "hunter"}' password=*** value=***}"#
    );
    let difference = difference(&before, &after, &[]);
    assert!(entries(&difference).contains(&"~.value *** -> ***".to_owned()));
    assert_eq!(plan.changes[0].import, Some(Import { id: None }));
    let everything = format!("{before:?} {after:?} {difference:?} {:?}", plan.changes[0].import);
    assert!(!everything.contains("hunter2"), "{everything}");
}

#[test]
fn what_an_unknown_argument_is_made_from_is_found_in_its_module() {
    let plan = read(
        r#"{"format_version": "1.2",
            "configuration": {"root_module": {
                "resources": [{"address": "x.y", "expressions": {"policy": {"references": ["data.d.root.json", "data.d.root"]}}}],
                "module_calls": {"a": {"module": {"module_calls": {"b": {"module": {"resources": [
                    {"address": "x.y", "expressions": {"policy": {"references":
                        ["data.d.doc[0].json", "data.d.doc[0]", "data.d.doc", "var.name", "data.d.docs"]}}}]}}}}}}}},
            "resource_changes": [
              {"address": "x.y", "change": {"actions": ["create"]}},
              {"address": "module.a[\"one.two]\"].module.b[0].x.y[\"k.l\"]", "module_address": "module.a[\"one.two]\"].module.b[0]",
               "change": {"actions": ["create"]}},
              {"address": "module.gone.x.y", "module_address": "module.gone", "change": {"actions": ["delete"]}}]}"#,
    )
    .unwrap();
    let of = |index: usize, argument| plan.references(&plan.changes[index], argument);
    assert_eq!(of(0, "policy"), ["data.d.root.json"]);
    assert_eq!(of(1, "policy"), ["data.d.doc[0].json", "var.name", "data.d.docs"]);
    assert!(of(0, "other").is_empty() && of(2, "policy").is_empty());
}

#[test]
fn marks_that_do_not_fit_their_value_mask_it() {
    let (_, after) = sides(
        r#"{"actions": ["create"], "after": {"a": "text", "b": {"x": 1}, "c": null},
            "after_sensitive": {"a": {"x": true}, "b": [true], "c": {"x": true}}}"#,
    );
    assert_eq!(text(&after), "{a=*** b=*** c=null}");
}

#[test]
fn objects_differ_by_key() {
    differs(
        r#"{"a": 1, "b": 2, "c": {"x": 1, "y": 2}, "n": null}"#,
        r#"{"a": 1, "c": {"x": 1, "y": 3}, "d": [1], "n": null}"#,
        &["=.a 1", "-.b 2", "=.c.x 1", "~.c.y 2 -> 3", "+.d [1]"],
    );
    differs(r#"{"a": 1}"#, r#"{"a": "1"}"#, &["~.a 1 -> '1'"]);
    differs(r#"{"a": {"x": 1}}"#, r#"{"a": [1]}"#, &["~.a {x=1} -> [1]"]);
}

#[test]
fn a_created_or_deleted_object_is_told_attribute_by_attribute() {
    differs("null", r#"{"a": 1, "n": null}"#, &["+.a 1"]);
    differs(r#"{"a": 1, "n": null}"#, "null", &["-.a 1"]);
}

#[test]
fn lists_keep_what_they_have_in_common() {
    differs("[1, 2, 3]", "[1, 9, 2, 3]", &["=[0] 1", "+[1] 9", "=[2] 2", "=[3] 3"]);
    differs("[1, 2, 3]", "[2]", &["-[0] 1", "=[0] 2", "-[2] 3"]);
    differs(r#"["a"]"#, r#"["b"]"#, &["-[0] 'a'", "+[0] 'b'"]);
    differs(
        r#"[{"n": 1, "v": 1}]"#,
        r#"[{"n": 1, "v": 2}]"#,
        &["=[0].n 1", "~[0].v 1 -> 2"],
    );
    differs("[null]", "[null, null]", &["=[0] null", "+[1] null"]);
}

#[test]
fn order_alone_is_told_apart() {
    differs("[1, 2, 3]", "[3, 1, 2]", &["<> [3 1 2]"]);
    differs("[1, 1, 2]", "[1, 2, 2]", &["=[0] 1", "-[1] 1", "+[1] 2", "=[2] 2"]);
}

#[test]
fn strings_that_hold_json_differ_by_what_they_say() {
    let pair = |a: &str, b: &str| difference(&Shown::String(a.to_owned()), &Shown::String(b.to_owned()), &[]);
    assert_eq!(
        entries(&pair(r#"{"a": 1, "b": [1]}"#, r#"{"a": 2, "b": [1]}"#)),
        ["~ json", "~:.a 1 -> 2", "=:.b [1]"]
    );
    assert_eq!(
        pair(r#"{"a":1,"b":2}"#, r#"{ "b": 2, "a": 1 }"#).status,
        Status::Rewritten
    );
    assert_eq!(
        entries(&pair("{not json}", r#"{"a": 1}"#)),
        [r#"~ '{not json}' -> '{"a": 1}'"#]
    );
}

#[test]
fn the_attribute_that_forces_a_replacement_is_marked() {
    let plan = read(&plan_with(
        r#"{"actions": ["delete", "create"], "before": {"a": "1", "b": ["x"], "c": {"d": 1, "e": 1}, "id": "i"},
            "after": {"a": "2", "b": ["y"], "c": {"d": 2, "e": 2}}, "after_unknown": {"id": true},
            "replace_paths": [["a"], ["b", 0], ["c", "d"]]}"#,
    ))
    .unwrap();
    let (before, after) = plan.sides(&plan.changes[0]);
    assert_eq!(
        entries(&difference(&before, &after, &plan.changes[0].replace_paths)),
        [
            "~!.a '1' -> '2'",
            "-!.b[0] 'x'",
            "+!.b[0] 'y'",
            "~!.c.d 1 -> 2",
            "~.c.e 1 -> 2",
            "~.id 'i' -> ?"
        ]
    );
}

#[test]
fn long_lists_are_compared_in_bounded_time() {
    let list = |from: u32| Shown::List((from..from + 20_000).map(|n| Shown::Number(n.to_string())).collect());
    let found = difference(&list(0), &list(5), &[]);
    assert_eq!(found.status, Status::Changed);
}

#[test]
fn a_value_does_not_differ_from_itself() {
    let value = shown(r#"{"a": [1, {"b": null}], "c": "{\"d\": [2]}"}"#);
    assert_eq!(difference(&value, &value, &[]).status, Status::Unchanged);
}
