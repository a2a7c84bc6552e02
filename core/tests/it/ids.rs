use std::fmt::{Debug, Display};
use std::str::FromStr;

use pod_identity_core::ids::{
    AccountId, AssociationArn, AssociationId, BindingKey, ClusterArn, ClusterName, IdError, ImportId, Mechanism,
    Namespace, OidcIssuer, OidcProviderArn, Partition, PolicyArn, Region, RoleArn, RoleName, RolePath, ServiceAccount,
};

/// Good texts come back as they were, bad ones are refused.
#[track_caller]
fn check<T>(good: &[&str], bad: &[&str], error: IdError)
where
    T: FromStr<Err = IdError> + Display + Debug,
{
    for text in good {
        let parsed: T = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(parsed.to_string(), *text);
    }
    for text in bad {
        assert_eq!(text.parse::<T>().expect_err(text), error, "{text}");
    }
}

#[test]
fn aws_names() {
    check::<AccountId>(
        &["111122223333"],
        &["", "11112222333", "1111222233334", "11112222333x"],
        IdError::AccountId,
    );
    check::<Region>(
        &[
            "eu-west-1",
            "us-gov-west-1",
            "cn-north-1",
            "ap-southeast-10",
            "eusc-de-east-1",
        ],
        &["", "eu", "eu-west", "west-1", "EU-west-1", "eu--1", "eu-west-1a"],
        IdError::Region,
    );
    check::<Partition>(
        &["aws", "aws-cn", "aws-us-gov", "aws-iso-b"],
        &["", "aws-", "gov", "aws-1"],
        IdError::Partition,
    );
}

#[test]
fn the_partition_follows_from_the_region() {
    // `is_assumed` marks those nobody could verify.
    for (region, partition, assumed) in [
        ("eu-west-1", "aws", false),
        ("cn-northwest-1", "aws-cn", false),
        ("us-gov-east-1", "aws-us-gov", false),
        ("us-isob-east-1", "aws-iso-b", true),
        ("eusc-de-east-1", "aws-eusc", true),
    ] {
        let found = Partition::of_region(&region.parse().unwrap());
        assert_eq!((found.as_str(), found.is_assumed()), (partition, assumed), "{region}");
    }
}

#[test]
fn cluster_names() {
    let longest = "a".repeat(100);
    check::<ClusterName>(
        &["main", "A", "9_x-Y", &longest],
        &["", "-a", "_a", "a.b", "a/b", "ä", &"a".repeat(101)],
        IdError::ClusterName,
    );
    check::<ClusterArn>(
        &["arn:aws-cn:eks:cn-north-1:111122223333:cluster/main"],
        &[
            "",
            "main",
            "arn:aws:eks:eu-west-1:111122223333:nodegroup/main",
            "arn:aws:eks:eu-west-1:1:cluster/main",
        ],
        IdError::ClusterArn,
    );
}

#[test]
fn kubernetes_names() {
    // RFC 1123 label and subdomain, as Kubernetes asks for
    check::<Namespace>(
        &["a", "kube-system", "0x", &"a".repeat(63)],
        &["", "-a", "a-", "A", "a.b", "a_b", "a*", &"a".repeat(64)],
        IdError::Namespace,
    );
    check::<ServiceAccount>(
        &["default", "a.b", "api-*", "?", "*", &"a".repeat(253)],
        &["", "a..b", ".a", "a.", "a-.b", "A", "a/b", "a:b", &"a".repeat(254)],
        IdError::ServiceAccount,
    );
    assert!("api-?".parse::<ServiceAccount>().unwrap().is_pattern());
    assert!(!"api".parse::<ServiceAccount>().unwrap().is_pattern());
}

#[test]
fn role_names_and_arns() {
    check::<RoleName>(
        &["a", "A+=,.@_-9", &"a".repeat(64)],
        &["", "a/b", "a b", "ä", &"a".repeat(65)],
        IdError::RoleName,
    );
    check::<RolePath>(&["/", "/a/", "/a/b!/"], &["", "a/", "/a", "/a b/"], IdError::RolePath);
    check::<RoleArn>(
        &[
            "arn:aws:iam::111122223333:role/name",
            "arn:aws-us-gov:iam::111122223333:role/a/b/name",
        ],
        &[
            "",
            "name",
            "arn:aws:iam::111122223333:user/name",
            "arn:aws:iam:eu-west-1:111122223333:role/name",
            "arn:aws:iam::111122223333:role/",
        ],
        IdError::RoleArn,
    );
    check::<PolicyArn>(
        &[
            "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
            "arn:aws:iam::aws:policy/service-role/AWSLambdaRole",
            "arn:aws-cn:iam::111122223333:policy/team/name",
        ],
        &[
            "",
            "AmazonS3ReadOnlyAccess",
            "arn:aws:iam::aws:policy/",
            "arn:aws:iam::aws:policy/team/",
            "arn:aws:iam::111122223333:role/name",
            "arn:aws:iam::aws:policy/a b",
            "arn:aws:s3:::policy/name",
        ],
        IdError::PolicyArn,
    );
    let arn: RoleArn = "arn:aws:iam::111122223333:role/a/b/name".parse().unwrap();
    assert_eq!((arn.path.as_str(), arn.name.as_str()), ("/a/b/", "name"));
}

#[test]
fn issuers_lose_their_scheme_and_need_not_be_of_eks() {
    for (text, kept, eks) in [
        (
            "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
            "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
            Some("eu-west-1"),
        ),
        (
            "oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE",
            "oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE",
            Some("cn-north-1"),
        ),
        ("https://oidc.example.com", "oidc.example.com", None),
        ("http://localhost:4566/id/x", "localhost:4566/id/x", None),
        (
            "oidc.eu-west-1.eks.amazonaws.com/id/EXAMPLE",
            "oidc.eu-west-1.eks.amazonaws.com/id/EXAMPLE",
            None,
        ),
    ] {
        let issuer: OidcIssuer = text.parse().unwrap();
        assert_eq!(issuer.as_str(), kept);
        assert_eq!(
            issuer.eks().map(|found| found.region.to_string()).as_deref(),
            eks,
            "{text}"
        );
    }
    check::<OidcIssuer>(
        &[],
        &["", "https://", "https://a b", "https://a?b=c", "https://*/id", "/id/x"],
        IdError::OidcIssuer,
    );
    check::<OidcProviderArn>(
        &["arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"],
        &["", "oidc.example.com", "arn:aws:iam::111122223333:saml-provider/x"],
        IdError::OidcProviderArn,
    );
}

#[test]
fn association_ids() {
    check::<AssociationId>(
        &["a-4wvljrezsukshq1bv"],
        &["", "a-", "b-1", "a-X"],
        IdError::AssociationId,
    );
    check::<AssociationArn>(
        &["arn:aws:eks:us-west-2:123456789012:podidentityassociation/mycluster/a-4wvljrezsukshq1bv"],
        &["", "arn:aws:eks:us-west-2:123456789012:cluster/mycluster"],
        IdError::AssociationArn,
    );
}

fn key(text: &str) -> BindingKey {
    text.parse().unwrap()
}

#[test]
fn a_binding_is_named_by_its_key() {
    check::<BindingKey>(
        &["111122223333/eu-west-1/main/prod/api"],
        &["", "main/prod/api", "111122223333/eu-west-1/main/prod/api/x"],
        IdError::BindingKey,
    );
    check::<BindingKey>(&[], &["111122223333/eu-west-1/main/Prod/api"], IdError::Namespace);
}

#[test]
fn import_ids_are_those_of_bindings_and_of_associations() {
    check::<ImportId>(
        &[
            "main/prod/api",
            "main/prod/api/a-role",
            "main/prod/api@eu-west-1",
            "main/prod/api/me@home@eu-west-1",
            "main/prod/api/me@home",
            "main/prod/api/a,role",
            "111122223333/eu-west-1/main/prod/api",
            "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/main/a-abc123",
            "main,a-abc123",
            "main,a-abc123@eu-west-1",
        ],
        &[
            "",
            "main/prod",
            "main/prod/api/role/more/yet",
            "111122223333/eu-west-1/main/prod/api@eu-west-1",
        ],
        IdError::ImportId,
    );
    check::<ImportId>(&[], &["main,api"], IdError::AssociationId);
    check::<ImportId>(&[], &["arn:aws:iam::111122223333:role/api"], IdError::AssociationArn);
    let ImportId::ServiceAccount { role, region, .. } = "main/prod/api/me@home@eu-west-1".parse().unwrap() else {
        panic!("a service account is named");
    };
    assert_eq!(role.unwrap().as_str(), "me@home");
    assert_eq!(region.unwrap().as_str(), "eu-west-1");
}

#[test]
fn sids_are_alphanumeric_and_differ_by_key_and_mechanism() {
    let (a, b) = (
        key("111122223333/eu-west-1/main/prod/api"),
        key("111122223333/eu-west-2/main/prod/api"),
    );
    let sids = [
        a.sid(Mechanism::Irsa),
        a.sid(Mechanism::PodIdentity),
        b.sid(Mechanism::Irsa),
        b.sid(Mechanism::PodIdentity),
        a.untagged_sid(),
        b.untagged_sid(),
    ];
    for (position, sid) in sids.iter().enumerate() {
        assert!(
            sid.bytes().all(|byte| byte.is_ascii_alphanumeric()) && BindingKey::is_sid(sid),
            "{sid}"
        );
        assert!(!sids[..position].contains(sid), "{sid} twice");
    }
    assert!(a.owns_sid(&sids[0]) && a.owns_sid(&sids[1]) && !a.owns_sid(&sids[2]));
    assert!(a.owns_sid(&sids[4]) && !b.owns_sid(&sids[4]));
    // Written into roles: another spelling would orphan the statements of every binding there is.
    assert_eq!(sids[0], "Pibmh6meibtnjna");
    assert!(!BindingKey::is_sid("PibAllowsSomething") && !BindingKey::is_sid("AllowPods"));
}

#[test]
fn default_role_names_are_readable_valid_and_unique() {
    let long = format!("111122223333/eu-west-1/{}/prod/api", "c".repeat(100));
    let mut names = Vec::new();
    for text in [
        "111122223333/eu-west-1/main/prod/api",
        "111122223333/eu-west-2/main/prod/api",
        "111122223333/eu-west-1/main-prod/api/x",
        "111122223333/eu-west-1/main/prod/api-*",
        &long,
    ] {
        let name = key(text).default_role_name("");
        assert!(name.parse::<RoleName>().is_ok(), "{name}");
        assert!(!names.contains(&name));
        names.push(name);
    }
    assert!(names[0].starts_with("main-prod-api-"));
    assert_eq!(names[4].len(), 64);
    assert!(
        key("111122223333/eu-west-1/main/prod/api")
            .default_role_name("team-")
            .starts_with("team-main-prod-api-")
    );
}
