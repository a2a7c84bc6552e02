use pod_identity_core::findings::documented;
use pod_identity_planner::{
    merge_trust_policies, report, role_name, service_account_annotations, trust_policy, trust_policy_findings,
    which_credentials, which_mechanism,
};

const BINDING: &str = r#"{"account_id": "111122223333", "region": "eu-central-1", "cluster_name": "prod", "namespace": "shop",
    "service_account": "api", "role": {"name": "shop-api"}}"#;

#[test]
fn a_binding_that_cannot_be_used_is_a_failure_with_argument_path_and_place() {
    let failure = trust_policy("{\n  \"cluster_name\": \"prod\",\n  \"namespaces\": \"shop\"\n}").unwrap_err();
    assert_eq!(failure.argument, Some("binding"));
    assert_eq!(failure.path.as_deref(), Some("namespaces"));
    assert_eq!((failure.line, failure.column), (Some(3), Some(17)));
    assert!(
        failure.detail.contains("`namespace` may be meant"),
        "{}",
        failure.detail
    );

    let failure = trust_policy("{\n  \"namespace\": }").unwrap_err();
    assert_eq!((failure.line, failure.column), (Some(2), Some(16)));
    assert_eq!(failure.argument, Some("binding"));
}

#[test]
fn an_unknown_part_matters_only_where_the_answer_depends_on_it() {
    let unknown = BINDING.replace(r#""111122223333""#, r#"{"$unknown": true}"#);
    assert_eq!(role_name(&unknown).unwrap().as_deref(), Some("shop-api"));
    assert_eq!(trust_policy(&unknown).unwrap(), None);
    assert!(trust_policy(BINDING).unwrap().is_some());
}

#[test]
fn without_irsa_a_service_account_needs_no_annotations() {
    assert!(service_account_annotations(BINDING).unwrap().unwrap().is_empty());
}

#[test]
fn the_policy_of_a_binding_merges_with_itself_to_one_statement() {
    let policy = trust_policy(BINDING).unwrap().unwrap();
    let merged = merge_trust_policies(&format!("[{policy}, {policy}]")).unwrap().unwrap();
    let merged: serde_json::Value = serde_json::from_str(&merged).unwrap();
    assert_eq!(merged["Statement"].as_array().unwrap().len(), 1, "{merged}");
}

const POD: &str = r#"{"kind": "Deployment", "metadata": {"name": "api", "namespace": "shop"}, "spec": {"template": {"metadata": {},
    "spec": {"serviceAccountName": "api", "containers": [{"name": "app"}]}}}}"#;

#[test]
fn a_list_of_associations_is_all_of_them() {
    let association = |namespace: &str| {
        let known = format!(
            r#"{{"associations": [{{"namespace": {namespace}, "service_account": "api", "role_arn": "arn:aws:iam::111122223333:role/api"}}]}}"#
        );
        let told = which_credentials(POD, &known).unwrap();
        told.workloads[0].resolution.admission.because[0].clone()
    };
    assert!(association("\"shop\"").starts_with("There is a Pod Identity association"));
    assert!(association("\"dev\"").starts_with("There is no Pod Identity association"));
    assert!(association("{\"$unknown\": true}").starts_with("Whether there is"));
    let nothing = which_credentials(POD, "").unwrap();
    assert!(nothing.workloads[0].resolution.admission.because[0].starts_with("Whether there is"));
}

#[test]
fn what_kubectl_does_not_print_is_refused_with_the_place() {
    let failure = which_credentials("{\n\"kind\": 7}", "").unwrap_err();
    assert_eq!(failure.argument, Some("objects"));
    assert_eq!((failure.line, failure.column), (Some(2), Some(9)));
    let failure = which_credentials(POD, r#"{"sdk": "cobol"}"#).unwrap_err();
    assert_eq!(
        (failure.argument, failure.path.as_deref()),
        (Some("known"), Some("sdk"))
    );
    assert!(failure.detail.contains("`boto3`"), "{}", failure.detail);
}

#[test]
fn what_a_workload_tells_can_be_asked_for_a_mechanism() {
    let told = which_credentials(POD, r#"{"associations": [], "compute": "fargate"}"#).unwrap();
    let answers = serde_json::to_string(&told.workloads[0].answers).unwrap();
    let mechanism = which_mechanism(&answers).unwrap();
    let on_eks = mechanism
        .questions
        .iter()
        .find(|one| one.text.contains("EKS cluster"))
        .unwrap();
    assert_eq!(on_eks.answer, Some(true));
    assert!(!mechanism.words.is_empty());
}

#[test]
fn hostile_arguments_are_answered() {
    let deep = "[".repeat(100_000);
    let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let long = format!("\"{}\"", "x".repeat(1 << 20));
    let odd = [
        "\u{0}",
        "nul",
        "\"\\ud800\"",
        "1e999999999",
        "{\"a\": 1, \"a\": 2}",
        "[[[[]]]]",
        "\u{feff}{}",
    ];
    for text in odd.into_iter().chain([deep.as_str(), &nested, &long]) {
        assert!(trust_policy(text).is_err());
        assert!(merge_trust_policies(text).is_err());
        assert!(which_credentials(text, "").is_err());
        // An empty object says nothing of what is known.
        for failure in [
            trust_policy_findings("{}", text).err(),
            report("text", text).err(),
            which_mechanism(text).err(),
        ]
        .into_iter()
        .flatten()
        {
            assert!(failure.argument.is_some(), "{failure:?}");
        }
        trust_policy_findings(text, "").unwrap();
    }
}

#[test]
fn the_policy_of_a_binding_has_no_findings() {
    let policy = trust_policy(BINDING).unwrap().unwrap();
    assert_eq!(trust_policy_findings(&policy, "").unwrap().findings, []);
}

/// What JavaScript does with the edits: it cuts texts by UTF-16 units.
fn fixed(text: &str, fix: &pod_identity_planner::Fix) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut fixed = Vec::new();
    let mut from = 0;
    for edit in &fix.edits {
        fixed.extend(&units[from..edit.place.start.offset as usize]);
        fixed.extend(edit.replacement.encode_utf16());
        from = edit.place.end.offset as usize;
    }
    fixed.extend(&units[from..]);
    String::from_utf16(&fixed).unwrap()
}

#[test]
fn the_edits_of_a_fix_take_its_finding_away() {
    let mut mended = 0;
    for (rule, page) in documented() {
        let found = trust_policy_findings(page.bad.policy, page.bad.context).unwrap();
        let Some((one, fix)) = found
            .findings
            .iter()
            .find_map(|one| Some((one, one.fix.as_ref().filter(|_| one.code == rule.code)?)))
        else {
            continue;
        };
        let text = fixed(&found.text, fix);
        let after = trust_policy_findings(&text, page.bad.context).unwrap();
        assert!(
            after.findings.iter().all(|left| left.fingerprint != one.fingerprint),
            "{}: {text}",
            rule.code
        );
        mended += 1;
    }
    assert!(mended > 20, "{mended}");
}

#[test]
fn places_count_lines_characters_and_utf_16_units() {
    let text = "{\"Version\":\"2012-10-17\",\n\"Id\":\"\u{1f511}\u{e9}\",\"Statement\":[]}";
    let found = trust_policy_findings(text, "").unwrap();
    let illegal = found.findings.iter().find(|one| one.path == "Id");
    let place = illegal.and_then(|one| one.place).unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!((place.start.line, place.start.column), (2, 6));
    assert_eq!((place.end.line, place.end.column), (2, 10));
    let units: Vec<u16> = found.text.encode_utf16().collect();
    let cut = &units[place.start.offset as usize..place.end.offset as usize];
    assert_eq!(String::from_utf16(cut).unwrap(), "\"\u{1f511}\u{e9}\"");
}

#[test]
fn a_policy_as_iam_returns_it_is_read_and_places_are_in_the_decoded_text() {
    let found = trust_policy_findings("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D", "").unwrap();
    assert_eq!(found.text, r#"{"Version":"2012-10-17","Statement":[]}"#);
}

#[test]
fn a_waived_finding_is_told_apart_until_the_waiver_is_over() {
    let (rule, page) = documented()
        .find(|(_, page)| page.bad.context.is_empty() && !page.bad.policy.is_empty())
        .unwrap();
    let subject = |today: &str| {
        let policy = serde_json::Value::from(page.bad.policy);
        let code = rule.code;
        format!(
            r#"{{"policies": [{{"name": "role api", "policy": {policy},
                "waivers": [{{"code": "{code}", "reason": "it is meant", "expires": "2026-02-01"}}]}}], "today": "{today}"}}"#
        )
    };
    let text = report("text", &subject("2026-02-01")).unwrap();
    assert!(
        text.contains("Waived in role api") && text.contains("it is meant"),
        "{text}"
    );
    let text = report("text", &subject("2026-02-02")).unwrap();
    assert!(!text.contains("Waived") && text.contains("is over"), "{text}");
    assert!(report("markdown", &subject("2026-02-01")).unwrap().starts_with("### "));
}

#[test]
fn a_report_says_which_part_of_its_subject_cannot_be_used() {
    let failure = report(
        "text",
        "{\"policies\": [{\"policy\": \"{}\", \"waivers\": [\n{\"code\": \"PIB101\", \"reason\": \"meant\", \"expires\": \"soon\"}]}]}",
    )
    .unwrap_err();
    assert_eq!(failure.argument, Some("subject"));
    assert_eq!(failure.path.as_deref(), Some("policies[0].waivers[0].expires"));
    assert_eq!(failure.line, Some(2));
    assert_eq!(report("pdf", "").unwrap_err().argument, Some("format"));
}
