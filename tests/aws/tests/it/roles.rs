use crate::client::{Client, OTHER, pods, refused, start};

fn create(client: &Client, name: &str, more: &[(&str, &str)]) -> crate::client::Answer {
    let trust = pods().to_string();
    let mut parameters = vec![("RoleName", name), ("AssumeRolePolicyDocument", &trust)];
    parameters.extend_from_slice(more);
    client.iam("CreateRole", &parameters)
}

#[test]
fn a_role_comes_back_as_it_was_made() {
    let (aws, client) = start();
    aws.account("111122223333").create_policy("limit");
    let boundary = "arn:aws:iam::111122223333:policy/limit";
    create(
        &client,
        "checkout",
        &[
            ("Path", "/shop/"),
            ("Description", "a < b & c"),
            ("MaxSessionDuration", "7200"),
            ("PermissionsBoundary", boundary),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "shop <1>"),
        ],
    );
    // A tag value with `<` is refused, so nothing was made.
    let missing = client.iam("GetRole", &[("RoleName", "checkout")]).refusal();
    assert_eq!(
        missing,
        refused(404, "NoSuchEntity", "The role with name checkout cannot be found.")
    );

    let made = create(
        &client,
        "checkout",
        &[
            ("Path", "/shop/"),
            ("Description", "a < b & c"),
            ("MaxSessionDuration", "7200"),
            ("PermissionsBoundary", boundary),
            ("Tags.member.1.Key", "team"),
            ("Tags.member.1.Value", "shop"),
        ],
    )
    .done();
    let read = client.iam("GetRole", &[("RoleName", "CHECKOUT")]).done();
    for answer in [made, read] {
        assert_eq!(
            answer.text("Arn").unwrap(),
            "arn:aws:iam::111122223333:role/shop/checkout"
        );
        assert_eq!(answer.text("Description").unwrap(), "a < b & c");
        assert_eq!(answer.text("MaxSessionDuration").unwrap(), "7200");
        assert_eq!(answer.text("PermissionsBoundaryArn").unwrap(), boundary);
        assert_eq!(
            (answer.texts("Key"), answer.texts("Value")),
            (vec!["team".to_owned()], vec!["shop".to_owned()])
        );
        let id = answer.text("RoleId").unwrap();
        assert!(id.starts_with("AROA") && id.len() == 21, "{id}");
        assert!(
            answer
                .text("AssumeRolePolicyDocument")
                .unwrap()
                .starts_with("%7B%22Version%22%3A")
        );
    }
}

#[test]
fn what_a_role_does_not_have_is_absent() {
    let (_aws, client) = start();
    create(&client, "plain", &[]).done();
    let read = client.iam("GetRole", &[("RoleName", "plain")]).done();
    for element in ["Description", "PermissionsBoundary", "Tags"] {
        assert_eq!(read.text(element), None, "{}", read.body);
    }
    assert_eq!(read.text("MaxSessionDuration").unwrap(), "3600");
}

#[test]
fn names_that_differ_in_case_only_are_taken() {
    let (_aws, client) = start();
    create(&client, "checkout", &[]).done();
    for name in ["checkout", "Checkout"] {
        let message = format!("Role with name {name} already exists.");
        assert_eq!(
            create(&client, name, &[]).refusal(),
            refused(409, "EntityAlreadyExists", &message)
        );
    }
    // Another account has names of its own.
    let (aws, _) = start();
    create(&Client::new(&aws, OTHER), "checkout", &[]).done();
}

#[test]
fn bad_parameters_are_refused() {
    let (_aws, client) = start();
    let long = "x".repeat(65);
    let (code, message) = ("ValidationError", "Member must have length less than or equal to 64");
    let refusal = create(&client, &long, &[]).refusal();
    assert_eq!((refusal.0, refusal.1.as_str()), (400, code));
    assert!(refusal.2.ends_with(message), "{}", refusal.2);
    for (name, parameter) in [
        ("with space", ("Path", "/")),
        ("a", ("Path", "shop")),
        ("a", ("MaxSessionDuration", "100")),
        ("a", ("MaxSessionDuration", "43201")),
        ("a", ("Description", "\u{2713}")),
    ] {
        let refusal = create(&client, name, &[parameter]).refusal();
        assert_eq!((refusal.0, refusal.1.as_str()), (400, code), "{name} {parameter:?}");
    }
    let boundary = "arn:aws:iam::111122223333:policy/none";
    let refusal = create(&client, "a", &[("PermissionsBoundary", boundary)]).refusal();
    assert_eq!((refusal.0, refusal.1.as_str()), (404, "NoSuchEntity"));
    let missing = client.iam("CreateRole", &[("RoleName", "a")]).refusal();
    assert!(
        missing.2.contains("Value null at 'assumeRolePolicyDocument'"),
        "{}",
        missing.2
    );
}

#[test]
fn tag_keys_ignore_case() {
    let (aws, client) = start();
    let twice = [
        ("Tags.member.1.Key", "team"),
        ("Tags.member.1.Value", "a"),
        ("Tags.member.2.Key", "Team"),
        ("Tags.member.2.Value", "b"),
    ];
    let duplicate = refused(
        400,
        "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
    assert_eq!(create(&client, "a", &twice).refusal(), duplicate);
    create(&client, "a", &twice[..2]).done();
    // One after the other, the second replaces the first.
    let second = [
        ("RoleName", "a"),
        ("Tags.member.1.Key", "TEAM"),
        ("Tags.member.1.Value", "b"),
    ];
    client.iam("TagRole", &second).done();
    let tags = aws.account("111122223333").role("a").unwrap().tags;
    assert_eq!(
        tags.into_iter().collect::<Vec<_>>(),
        [("TEAM".to_owned(), "b".to_owned())]
    );
    let listed = client.iam("ListRoleTags", &[("RoleName", "a")]).done();
    assert_eq!(listed.texts("Key"), ["TEAM"]);
    client
        .iam("UntagRole", &[("RoleName", "a"), ("TagKeys.member.1", "team")])
        .done();
    assert!(aws.account("111122223333").role("a").unwrap().tags.is_empty());
}

#[test]
fn tags_have_limits() {
    let (_aws, client) = start();
    for (key, value) in [
        ("a*", "b"),
        ("a", "b*"),
        ("", "b"),
        ("a", &"x".repeat(257)),
        (&"x".repeat(129), "b"),
    ] {
        let refusal = create(
            &client,
            "a",
            &[("Tags.member.1.Key", key), ("Tags.member.1.Value", value)],
        )
        .refusal();
        assert_eq!(
            (refusal.0, refusal.1.as_str()),
            (400, "ValidationError"),
            "{key} {value}"
        );
    }
    let reserved = create(
        &client,
        "a",
        &[("Tags.member.1.Key", "aws:x"), ("Tags.member.1.Value", "b")],
    );
    assert_eq!(reserved.refusal().1, "InvalidInput");
}

#[test]
fn an_update_changes_what_it_names_and_an_empty_description_clears() {
    let (aws, client) = start();
    create(&client, "a", &[("Description", "one"), ("MaxSessionDuration", "7200")]).done();
    client.iam("UpdateRole", &[("RoleName", "a")]).done();
    let account = aws.account("111122223333");
    assert_eq!(account.role("a").unwrap().description.as_deref(), Some("one"));
    client
        .iam("UpdateRole", &[("RoleName", "a"), ("Description", "")])
        .done();
    let role = account.role("a").unwrap();
    assert_eq!((role.description, role.max_session_duration), (None, 7200));
    let refusal = client
        .iam("UpdateRole", &[("RoleName", "a"), ("MaxSessionDuration", "1")])
        .refusal();
    assert_eq!(refusal.1, "ValidationError");
}

#[test]
fn a_role_in_use_is_not_deleted() {
    let (aws, client) = start();
    create(&client, "a", &[]).done();
    let role = ("RoleName", "a");
    let managed = ("PolicyArn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess");
    client.iam("AttachRolePolicy", &[role, managed]).done();
    let conflict = |message| refused(409, "DeleteConflict", message);
    let deleted = client.iam("DeleteRole", &[role]).refusal();
    assert_eq!(
        deleted,
        conflict("Cannot delete entity, must detach all policies first.")
    );
    client.iam("DetachRolePolicy", &[role, managed]).done();

    let document = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    client
        .iam(
            "PutRolePolicy",
            &[role, ("PolicyName", "p"), ("PolicyDocument", document)],
        )
        .done();
    let deleted = client.iam("DeleteRole", &[role]).refusal();
    assert_eq!(deleted, conflict("Cannot delete entity, must delete policies first."));
    client.iam("DeleteRolePolicy", &[role, ("PolicyName", "p")]).done();

    aws.account("111122223333").create_instance_profile("node", "a");
    let deleted = client.iam("DeleteRole", &[role]).refusal();
    assert_eq!(
        deleted,
        conflict("Cannot delete entity, must remove roles from instance profile first.")
    );
    let profiles = client.iam("ListInstanceProfilesForRole", &[role]).done();
    assert_eq!(profiles.texts("InstanceProfileName"), ["node"]);
}

#[test]
fn a_role_that_is_gone_is_no_entity() {
    let (_aws, client) = start();
    create(&client, "a", &[]).done();
    client.iam("DeleteRole", &[("RoleName", "a")]).done();
    let trust = pods().to_string();
    let policy = ("PolicyArn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess");
    for (operation, more) in [
        ("GetRole", None),
        ("DeleteRole", None),
        ("UpdateRole", None),
        ("UpdateAssumeRolePolicy", Some(("PolicyDocument", trust.as_str()))),
        ("AttachRolePolicy", Some(policy)),
        ("DetachRolePolicy", Some(policy)),
        ("ListRolePolicies", None),
        ("ListAttachedRolePolicies", None),
        ("ListRoleTags", None),
        ("TagRole", None),
        ("DeleteRolePermissionsBoundary", None),
    ] {
        let parameters: Vec<_> = [Some(("RoleName", "a")), more].into_iter().flatten().collect();
        let refusal = client.iam(operation, &parameters).refusal();
        let expected = refused(404, "NoSuchEntity", "The role with name a cannot be found.");
        assert_eq!(refusal, expected, "{operation}");
    }
}

#[test]
fn roles_of_aws_are_not_changed() {
    let (_aws, client) = start();
    create(&client, "a", &[("Path", "/aws-reserved/sso.amazonaws.com/")]).done();
    let refusal = client.iam("DeleteRole", &[("RoleName", "a")]).refusal();
    assert_eq!((refusal.0, refusal.1.as_str()), (400, "UnmodifiableEntity"));
}

#[test]
fn an_account_has_room_for_so_many_roles() {
    let (aws, client) = start();
    aws.set_quotas(|quotas| quotas.roles = 1);
    create(&client, "a", &[]).done();
    let refusal = create(&client, "b", &[]).refusal();
    assert_eq!(
        refusal,
        refused(409, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1")
    );
}

#[test]
fn an_unknown_action_is_refused() {
    let (_aws, client) = start();
    let refusal = client.iam("CreateRoles", &[]).refusal();
    assert_eq!((refusal.0, refusal.1.as_str()), (400, "InvalidAction"));
}
