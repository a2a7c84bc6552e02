use std::collections::BTreeMap;

use pod_identity_core::binding::Fact;
use pod_identity_core::evaluate::Verdict;
use pod_identity_core::ids::BindingKey;
use pod_identity_core::ids::OWNER_TAG;
use pod_identity_core::inventory::{Bound, FoundAssociation, FoundRole, Inventory, Maker, Reach, Survey, admitted};
use pod_identity_core::policy::Document;

const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE";
const GONE: &str = "oidc.eks.eu-west-1.amazonaws.com/id/GONE";
const PODS: &str = r#"{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}"#;

fn irsa(issuer: &str, operator: &str, subject: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::111122223333:oidc-provider/{issuer}"}},"Action":"sts:AssumeRoleWithWebIdentity",
            "Condition":{{"StringEquals":{{"{issuer}:aud":"sts.amazonaws.com"}},"{operator}":{{"{issuer}:sub":"{subject}"}}}}}}"#
    )
}

fn trust(statements: &[&str]) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))
}

fn role(name: &str, statements: &[&str]) -> FoundRole {
    FoundRole {
        arn: format!("arn:aws:iam::111122223333:role/{name}"),
        name: name.to_owned(),
        trust_policy: trust(statements),
        tags: BTreeMap::new(),
    }
}

fn association(id: &str, service_account: &str, role: &str) -> FoundAssociation {
    FoundAssociation {
        id: id.to_owned(),
        namespace: "prod".to_owned(),
        service_account: service_account.to_owned(),
        role_arn: Some(format!("arn:aws:iam::111122223333:role/{role}")),
        session_tags: true,
        ..FoundAssociation::default()
    }
}

fn survey(associations: Vec<FoundAssociation>, roles: Vec<FoundRole>) -> Survey {
    Survey {
        cluster: "arn:aws:eks:eu-west-1:111122223333:cluster/main".parse().unwrap(),
        issuer: Fact::Known(ISSUER.parse().unwrap()),
        associations: Fact::Known(associations),
        roles: Fact::Known(roles),
        issuers: Fact::Known(vec![ISSUER.parse().unwrap()]),
        trust_policy_quota: 2048,
    }
}

fn only(inventory: &Inventory) -> &Bound {
    let [row] = inventory.bindings.as_slice() else {
        panic!("{inventory:#?}");
    };
    row
}

#[test]
fn subjects_say_whose_tokens_are_taken() {
    let key: BindingKey = "111122223333/eu-west-1/main/prod/api".parse().unwrap();
    for (operator, subject, expected) in [
        (
            "StringEquals",
            "system:serviceaccount:prod:api",
            Some((Reach::One, true)),
        ),
        (
            "ForAnyValue:StringLike",
            "system:serviceaccount:prod:a*",
            Some((Reach::Namespace, true)),
        ),
        (
            "StringLike",
            "system:serviceaccount:prod:b*",
            Some((Reach::Namespace, false)),
        ),
        ("StringLike", "system:serviceaccount:*:api", Some((Reach::Wider, true))),
        ("StringLike", "*", Some((Reach::Wider, true))),
        ("StringEquals", "system:serviceaccount:prod:*", None),
        ("StringNotLike", "system:serviceaccount:prod:api", None),
    ] {
        let document = Document::parse(&trust(&[&irsa(ISSUER, operator, subject)])).unwrap();
        let found = admitted(&document).pop().map(|one| (one.reach, one.is_for(&key)));
        assert_eq!(found, expected, "{operator} {subject}");
    }
    let open = irsa(ISSUER, "StringEquals", "x").replace(":sub", ":amr");
    let document = Document::parse(&trust(&[&open])).unwrap();
    assert_eq!(
        admitted(&document)[0].reach,
        Reach::Wider,
        "nothing is asked of the subject"
    );
    for elsewhere in [
        irsa(ISSUER, "StringEquals", "x").replace("Allow", "Deny"),
        irsa(ISSUER, "StringEquals", "x").replace("WithWebIdentity", ""),
    ] {
        let document = Document::parse(&trust(&[&elsewhere])).unwrap();
        assert_eq!(admitted(&document), []);
    }
}

#[test]
fn one_role_by_both_mechanisms_is_one_row_and_two_roles_are_two() {
    let token = irsa(ISSUER, "StringEquals", "system:serviceaccount:prod:api");
    let same = Inventory::of(&survey(
        vec![association("a-1", "api", "one")],
        vec![role("one", &[PODS, &token])],
    ));
    let row = only(&same);
    assert!(row.pod_identity && row.irsa && row.double_bound);
    assert_eq!(
        row.association_arn.as_deref(),
        Some("arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-1")
    );
    assert_eq!(same.double_bound, ["prod/api"]);

    let two = Inventory::of(&survey(
        vec![association("a-1", "api", "one")],
        vec![role("one", &[PODS]), role("two", &[&token])],
    ));
    let ids: Vec<Option<&str>> = two.bindings.iter().map(|row| row.import_id.as_deref()).collect();
    assert_eq!(
        ids,
        [Some("main/prod/api@eu-west-1"), None],
        "pods never get the other role"
    );
    assert!(
        two.bindings
            .iter()
            .all(|row| row.double_bound && row.verdict == Some(Verdict::Allow))
    );
}

#[test]
fn an_association_whose_role_does_not_trust_it_is_shown_with_the_reason() {
    let machines = r#"{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}"#;
    let roles = vec![role("one", &[machines])];
    let found = Inventory::of(&survey(vec![association("a-1", "api", "one")], roles));
    let row = only(&found);
    assert_eq!(row.verdict, Some(Verdict::Deny));
    assert!(!row.because.is_empty());
}

#[test]
fn who_made_a_row_is_told_by_owner_tag_and_statement() {
    let of = |association: FoundAssociation| only(&Inventory::of(&survey(vec![association], vec![]))).made_by;
    assert_eq!(of(association("a-1", "api", "one")), Maker::Other);
    let mut tagged = association("a-1", "api", "one");
    tagged.tags.insert(OWNER_TAG.to_owned(), "x".to_owned());
    assert_eq!(of(tagged), Maker::Binding);
    let owned = FoundAssociation {
        owner_arn: Some("arn:aws:eks:eu-west-1:111122223333:addon/main/vpc-cni/1".to_owned()),
        ..association("a-1", "api", "one")
    };
    let found = Inventory::of(&survey(vec![owned], vec![]));
    assert_eq!(
        (only(&found).made_by, only(&found).import_id.as_deref()),
        (Maker::AddOn, None)
    );

    let key: BindingKey = "111122223333/eu-west-1/main/prod/api".parse().unwrap();
    let sid = format!(r#"{{"Sid":"{}","#, key.sid(pod_identity_core::ids::Mechanism::Irsa));
    let ours = irsa(ISSUER, "StringEquals", "system:serviceaccount:prod:api").replacen('{', &sid, 1);
    let found = Inventory::of(&survey(vec![], vec![role("one", &[&ours])]));
    assert_eq!(only(&found).made_by, Maker::Binding);
    assert_eq!(found.import_blocks, "", "it is in a state somewhere");
}

#[test]
fn roles_trust_clusters_that_are_gone_only_if_all_clusters_are_known() {
    let roles = || {
        vec![
            role("old", &[&irsa(GONE, "StringLike", "*")]),
            role("new", &[&irsa(ISSUER, "StringLike", "*")]),
        ]
    };
    let known = Inventory::of(&survey(vec![], roles()));
    let stale: Vec<(&str, &[String])> = known
        .stale_roles
        .iter()
        .map(|role| (role.role_arn.as_str(), role.issuers.as_slice()))
        .collect();
    assert_eq!(stale, [("arn:aws:iam::111122223333:role/old", &[GONE.to_owned()][..])]);
    let unknown = Survey {
        issuers: Fact::Denied,
        ..survey(vec![], roles())
    };
    assert_eq!(Inventory::of(&unknown).stale_roles, []);
    let elsewhere = GONE.replace("eu-west-1", "eu-west-2");
    let found = Inventory::of(&survey(
        vec![],
        vec![role("far", &[&irsa(&elsewhere, "StringLike", "*")])],
    ));
    assert_eq!(found.stale_roles, [], "clusters of other regions were not asked for");
}

#[test]
fn quotas_count_associations_and_the_trust_policies_in_use() {
    let long = role(
        "long",
        &[PODS, &irsa(ISSUER, "StringEquals", "system:serviceaccount:prod:web")],
    );
    let found = Inventory::of(&survey(
        vec![association("a-1", "api", "short"), association("a-2", "web", "long")],
        vec![role("short", &[PODS]), long, role("unused", &[])],
    ));
    let told: Vec<(&str, usize)> = found.quotas.iter().map(|one| (one.quota.as_str(), one.limit)).collect();
    assert_eq!(
        told,
        [
            ("associations of cluster main", 5000),
            ("trust policy of role long", 2048),
            ("trust policy of role short", 2048)
        ]
    );
    assert_eq!(found.quotas[0].used, 2);
    assert!(found.quotas[1].used > found.quotas[2].used);
}

#[test]
fn import_blocks_have_names_of_their_own() {
    let with = |namespace: &str, service_account: &str, id: &str| FoundAssociation {
        namespace: namespace.to_owned(),
        ..association(id, service_account, "one")
    };
    let all = vec![
        with("a-b", "c", "a-1"),
        with("a", "b-c", "a-2"),
        with("a", "b-c-2", "a-3"),
        with("1st", "x", "a-4"),
    ];
    let blocks = Inventory::of(&survey(all, vec![])).import_blocks;
    let names: Vec<&str> = blocks
        .lines()
        .filter_map(|line| line.strip_prefix("  to = pod_identity_binding."))
        .collect();
    assert_eq!(names, ["_1st_x", "a_b_c", "a_b_c_2", "a_b_c_3"]);
}
