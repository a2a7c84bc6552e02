//! OIDC providers.

use crate::client::{refused, start};

const URL: &str = "https://oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";
const ARN: &str =
    "arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF";

#[test]
fn a_provider_lives_from_its_creation_to_its_end() {
    let (_aws, client) = start();
    let sts = ("ClientIDList.member.1", "sts.amazonaws.com");
    let made = client.iam("CreateOpenIDConnectProvider", &[("Url", URL), sts]).done();
    assert_eq!(made.text("OpenIDConnectProviderArn").unwrap(), ARN);
    let again = client
        .iam("CreateOpenIDConnectProvider", &[("Url", URL), sts])
        .refusal();
    let message = format!("Provider with url {URL} already exists.");
    assert_eq!(again, refused(409, "EntityAlreadyExists", &message));

    let arn = ("OpenIDConnectProviderArn", ARN);
    let read = |name: &str| {
        client
            .iam("GetOpenIDConnectProvider", &[arn])
            .done()
            .text(name)
            .unwrap()
    };
    assert_eq!(read("Url"), URL.trim_start_matches("https://"), "without https://");
    assert!(read("ThumbprintList").starts_with("<member>"), "AWS fetched it");

    for _ in 0..2 {
        client
            .iam("AddClientIDToOpenIDConnectProvider", &[arn, ("ClientID", "second")])
            .done();
    }
    assert_eq!(
        read("ClientIDList"),
        "<member>sts.amazonaws.com</member><member>second</member>"
    );
    for _ in 0..2 {
        let removed = [arn, ("ClientID", "second")];
        client.iam("RemoveClientIDFromOpenIDConnectProvider", &removed).done();
    }
    assert_eq!(read("ClientIDList"), "<member>sts.amazonaws.com</member>");

    let tag = [arn, ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")];
    client.iam("TagOpenIDConnectProvider", &tag).done();
    let tags = || client.iam("ListOpenIDConnectProviderTags", &[arn]).done().texts("Key");
    assert_eq!(tags(), ["a"]);
    client
        .iam("UntagOpenIDConnectProvider", &[arn, ("TagKeys.member.1", "a")])
        .done();
    assert!(tags().is_empty());

    let listed = client.iam("ListOpenIDConnectProviders", &[]).done();
    assert_eq!(listed.texts("Arn"), [ARN]);
    client.iam("DeleteOpenIDConnectProvider", &[arn]).done();
    for operation in ["DeleteOpenIDConnectProvider", "GetOpenIDConnectProvider"] {
        let message = format!("OpenIDConnect Provider not found for arn {ARN}");
        assert_eq!(
            client.iam(operation, &[arn]).refusal(),
            refused(404, "NoSuchEntity", &message)
        );
    }
}

#[test]
fn bad_urls_and_thumbprints_are_refused() {
    let (_aws, client) = start();
    for url in ["http://oidc.example.com", "oidc.example.com", "https://"] {
        let refusal = client.iam("CreateOpenIDConnectProvider", &[("Url", url)]).refusal();
        assert_eq!(
            refusal,
            refused(400, "ValidationError", "Invalid Open ID Connect Provider URL")
        );
    }
    let bad = [("Url", URL), ("ThumbprintList.member.1", "xyz")];
    assert_eq!(client.iam("CreateOpenIDConnectProvider", &bad).refusal().0, 400);
}

#[test]
fn an_account_has_room_for_a_hundred() {
    let (aws, client) = start();
    for number in 0..100 {
        aws.account("111122223333")
            .create_oidc_provider(&format!("https://oidc.example.com/{number}"));
    }
    let refusal = client.iam("CreateOpenIDConnectProvider", &[("Url", URL)]).refusal();
    let message = "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100";
    assert_eq!(refusal, refused(409, "LimitExceeded", message));
}
