//! Lists, page by page.

use crate::client::{Client, pods, start};

fn with_roles(count: usize) -> (pod_fake_aws::FakeAws, Client) {
    let (aws, client) = start();
    for number in 0..count {
        aws.account("111122223333")
            .create_role(&format!("role-{number:03}"), &pods());
    }
    (aws, client)
}

/// The sizes of the pages, and all names.
fn pages(client: &Client, operation: &str, more: &[(&str, &str)]) -> (Vec<usize>, Vec<String>) {
    let (mut sizes, mut names, mut marker) = (Vec::new(), Vec::new(), None);
    loop {
        let mut parameters = more.to_vec();
        let sent: String;
        if let Some(next) = marker {
            sent = next;
            parameters.push(("Marker", &sent));
        }
        let page = client.iam(operation, &parameters).done();
        sizes.push(page.texts("RoleName").len());
        names.extend(page.texts("RoleName"));
        marker = page.text("Marker");
        assert_eq!(page.text("IsTruncated").unwrap(), marker.is_some().to_string());
        if marker.is_none() {
            return (sizes, names);
        }
    }
}

#[test]
fn roles_come_a_hundred_a_page() {
    let (_aws, client) = with_roles(205);
    for operation in ["ListRoles", "GetAccountAuthorizationDetails"] {
        let (sizes, names) = pages(&client, operation, &[]);
        assert_eq!(sizes, [100, 100, 5], "{operation}");
        assert_eq!(names.len(), 205);
        assert!(names.is_sorted());
    }
    let (sizes, _) = pages(&client, "ListRoles", &[("MaxItems", "3")]);
    assert_eq!((sizes.len(), sizes[0]), (69, 3));
    for bad in ["0", "1001", "many"] {
        assert_eq!(
            client.iam("ListRoles", &[("MaxItems", bad)]).refusal().1,
            "ValidationError"
        );
    }
    assert_eq!(
        client.iam("ListRoles", &[("Marker", "role-001")]).refusal().1,
        "ValidationError"
    );
}

#[test]
fn neither_bulk_call_has_every_field() {
    let (aws, client) = start();
    let account = aws.account("111122223333");
    let boundary = account.create_policy("limit");
    let trust = pods().to_string();
    account.iam(
        "CreateRole",
        &[
            ("RoleName", "a"),
            ("AssumeRolePolicyDocument", &trust),
            ("Description", "text"),
            ("MaxSessionDuration", "7200"),
            ("PermissionsBoundary", &boundary),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "shop"),
        ],
    );
    let listed = client.iam("ListRoles", &[]).done();
    let detailed = client
        .iam("GetAccountAuthorizationDetails", &[("Filter.member.1", "Role")])
        .done();
    for (element, in_list) in [
        ("Description", true),
        ("MaxSessionDuration", true),
        ("PermissionsBoundary", false),
        ("Tags", false),
    ] {
        assert_eq!(listed.text(element).is_some(), in_list, "ListRoles: {element}");
        assert_eq!(detailed.text(element).is_some(), !in_list, "details: {element}");
    }
    for answer in [listed, detailed] {
        assert!(answer.text("AssumeRolePolicyDocument").unwrap().starts_with("%7B"));
    }
    let none = client
        .iam("GetAccountAuthorizationDetails", &[("Filter.member.1", "User")])
        .done();
    assert_eq!(none.text("RoleName"), None);
}

#[test]
fn other_lists_have_pages_too() {
    let (aws, client) = with_roles(1);
    let account = aws.account("111122223333");
    let role = ("RoleName", "role-000");
    for number in 0..3 {
        let arn = account.create_policy(&format!("p{number}"));
        account.iam("AttachRolePolicy", &[role, ("PolicyArn", &arn)]);
    }
    let first = client
        .iam("ListAttachedRolePolicies", &[role, ("MaxItems", "2")])
        .done();
    assert_eq!(first.texts("PolicyName"), ["p0", "p1"]);
    let marker = first.text("Marker").unwrap();
    let second = client
        .iam("ListAttachedRolePolicies", &[role, ("Marker", &marker)])
        .done();
    assert_eq!(
        (second.texts("PolicyName"), second.text("Marker")),
        (vec!["p2".to_owned()], None)
    );
}
