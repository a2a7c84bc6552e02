use pod_identity_core::policy::{Document, diff};
use pod_identity_core::report::{Reported, markdown};

use super::{nothing, with_idle_waivers, with_mistake};

#[test]
fn the_summary_comes_first_and_details_are_folded() {
    let told = markdown(&[with_mistake("PIB101", false), nothing()]);
    let expected = "### Pod identity: 1 finding: 1 security\n\n| Severity | Finding | Where |\n|---|---|---|\n\
                    | security | **PIB101** IRSA trust does not say which service account | `roles/api trust.json` line 3 |\n\n#### `role api`\n\n\
                    <details><summary>PIB101 IRSA trust does not say which service account</summary>\n";
    assert!(told.starts_with(expected), "{told}");
    assert!(!told.contains("role quiet"), "what has nothing to say is left out");
    assert_eq!(told.matches("<details>").count(), told.matches("</details>").count());
}

#[test]
fn what_people_wrote_cannot_break_out_of_its_cell_or_become_markup() {
    let mut reported = with_mistake("PIB101", true);
    reported.name = "role `x` | <img src=x> @team\nnext".to_owned();
    let told = markdown(&[reported]);
    assert!(
        told.contains(r"because: a shared cluster \| see \*ticket\* 12"),
        "{told}"
    );
    assert!(
        told.contains(r"#### role `x` \| &lt;img src=x&gt; \@team next"),
        "{told}"
    );
}

#[test]
fn a_fence_is_longer_than_any_in_what_it_holds() {
    let policy = |value: &str| {
        Document::parse(&format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"111122223333"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"aws:PrincipalTag/x":"{value}"}}}}}}]}}"#
        ))
        .unwrap()
    };
    let told = markdown(&[Reported {
        name: "role api".to_owned(),
        diff: Some(diff(Some(&policy("a")), Some(&policy("````")))),
        ..Reported::default()
    }]);
    assert!(told.contains("`````diff\n") && told.contains("\n`````\n"), "{told}");
    assert!(
        told.contains(
            "- **changed**: Identities of account `111122223333`, under one condition, may assume this role."
        )
    );
}

#[test]
fn an_order_that_means_nothing_is_called_that() {
    let all = Document::parse(
        r#"{"Statement":[{"Sid":"A","Effect":"Allow","Principal":"*","Action":"sts:A"},{"Sid":"B","Effect":"Allow","Principal":"*","Action":"sts:B"}]}"#,
    )
    .unwrap();
    let mut other = all.clone();
    other.statements.reverse();
    let reported = |before: &Document| Reported {
        name: "role api".to_owned(),
        diff: Some(diff(Some(before), Some(&all))),
        ..Reported::default()
    };
    assert!(markdown(&[reported(&other)]).contains("stand in another order, which means nothing"));
    assert!(markdown(&[reported(&all)]).ends_with("The trust policy stays as it is.\n"));
}

#[test]
fn idle_waivers_are_listed() {
    let told = markdown(&[with_idle_waivers()]);
    assert!(
        told.contains("- the waiver of **PIB101** is over since the end of 2026-01-31: it was meant"),
        "{told}"
    );
    assert!(
        told.contains("- nothing is left of what **PIB102** was waived for: it was meant"),
        "{told}"
    );
}
