//! The calls as they are sent: by the SDK, over HTTP, to an AWS that refuses what AWS refuses.

use pod_fake_aws::{FakeAws, Fault};
use pod_identity_core::binding::{AssociationChange, AssociationTerms, TagChange};
use pod_identity_core::policy::Document;

use super::{Aws, Connection, Endpoints, StaticKeys};
use crate::cloud::{
    Addons, Association, ClusterRef, Eks, Iam, NewAssociation, NewRole, OidcProviders, Problem, Sts, Tags,
};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-west-2";
const PODS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}"#;

/// Clients of an account; failed calls are sent again so often.
async fn clients(aws: &FakeAws, max_retries: u32) -> Aws {
    Aws::connect(&Connection {
        region: Some(REGION.to_owned()),
        keys: Some(StaticKeys {
            access_key: ACCOUNT.to_owned(),
            secret_key: "secret".to_owned(),
            token: None,
        }),
        endpoints: Endpoints {
            eks: Some(aws.url()),
            iam: Some(aws.url()),
            sts: Some(aws.url()),
        },
        max_retries: Some(max_retries),
        ..Connection::default()
    })
    .await
    .unwrap()
}

async fn start() -> (FakeAws, Aws) {
    let aws = FakeAws::start().unwrap();
    let clients = clients(&aws, 0).await;
    (aws, clients)
}

fn demo() -> ClusterRef {
    ClusterRef {
        region: REGION.to_owned(),
        name: "demo".to_owned(),
    }
}

fn tags(key: &str, value: &str) -> Tags {
    Tags::from([(key.to_owned(), value.to_owned())])
}

fn new_role(name: &str) -> NewRole {
    NewRole {
        name: name.to_owned(),
        path: "/".to_owned(),
        description: None,
        permissions_boundary: None,
        max_session_duration: 3600,
        trust_policy: PODS.to_owned(),
        tags: Tags::new(),
    }
}

fn new_association(role_arn: &str, token: &str) -> NewAssociation {
    NewAssociation {
        token: token.to_owned(),
        namespace: "shop".to_owned(),
        service_account: "checkout".to_owned(),
        terms: AssociationTerms {
            role_arn: role_arn.to_owned(),
            ..AssociationTerms::default()
        },
        tags: tags("team", "shop"),
    }
}

/// A cluster, and the ARN of a role that its pods may have.
fn cluster_and_role(aws: &FakeAws) -> String {
    let account = aws.account(ACCOUNT);
    account.cluster(REGION, "demo");
    account.iam(
        "CreateRole",
        &[("RoleName", "checkout"), ("AssumeRolePolicyDocument", PODS)],
    );
    account.role("checkout").unwrap().arn
}

#[tokio::test]
async fn a_role_is_read_as_it_was_made() {
    let (aws, clients) = start().await;
    let new = NewRole {
        path: "/shop/".to_owned(),
        description: Some("a < b & c".to_owned()),
        permissions_boundary: Some(aws.account(ACCOUNT).create_policy("limit")),
        max_session_duration: 7200,
        tags: tags("team", "shop"),
        ..new_role("checkout")
    };
    let made = clients.create_role(&new).await.unwrap();
    assert_eq!(clients.role("checkout").await.unwrap(), made);
    assert_eq!(made.arn, "arn:aws:iam::111122223333:role/shop/checkout");
    assert_eq!((&made.path, &made.description), (&new.path, &new.description));
    assert_eq!(made.permissions_boundary, new.permissions_boundary);
    assert_eq!((made.max_session_duration, &made.tags), (Some(7200), &new.tags));
    assert_eq!(
        Document::parse(&made.trust_policy).unwrap(),
        Document::parse(PODS).unwrap()
    );

    // The bulk call leaves out what it leaves out, and nothing else.
    let [listed] = &clients.roles().await.unwrap()[..] else {
        panic!("one role was made")
    };
    assert_eq!((&listed.description, listed.max_session_duration), (&None, None));
    assert_eq!(
        (&listed.tags, &listed.permissions_boundary),
        (&made.tags, &made.permissions_boundary)
    );
    assert_eq!(listed.trust_policy, made.trust_policy);
}

#[tokio::test]
async fn a_role_is_changed_piece_by_piece_until_nothing_is_left() {
    let (aws, clients) = start().await;
    let boundary = aws.account(ACCOUNT).create_policy("limit");
    clients
        .create_role(&NewRole {
            description: Some("old".to_owned()),
            ..new_role("checkout")
        })
        .await
        .unwrap();
    let role = || aws.account(ACCOUNT).role("checkout").unwrap();

    clients.update_role("checkout", None, 7200).await.unwrap();
    assert_eq!(
        (role().description, role().max_session_duration),
        (None, 7200),
        "cleared, not left"
    );
    clients.write_boundary("checkout", Some(&boundary)).await.unwrap();
    assert_eq!(role().permissions_boundary, Some(boundary));
    clients.write_boundary("checkout", None).await.unwrap();
    assert_eq!(role().permissions_boundary, None);
    let trust = PODS.replace("pods.eks", "ec2");
    clients.write_trust("checkout", &trust).await.unwrap();
    let written = clients.role("checkout").await.unwrap().trust_policy;
    assert_eq!(Document::parse(&written).unwrap(), Document::parse(&trust).unwrap());

    let change = |set: Tags, remove: &[&str]| TagChange {
        set,
        remove: remove.iter().map(|key| (*key).to_owned()).collect(),
    };
    clients
        .retag_role("checkout", &change(tags("a", "1"), &[]))
        .await
        .unwrap();
    clients
        .retag_role("checkout", &change(tags("b", "2"), &["a"]))
        .await
        .unwrap();
    assert_eq!(role().tags, tags("b", "2"));

    let managed = [
        "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        "arn:aws:iam::aws:policy/AmazonS3FullAccess",
    ];
    for arn in managed {
        clients.attach_policy("checkout", arn).await.unwrap();
    }
    assert_eq!(
        clients.attached_policies("checkout").await.unwrap(),
        [managed[1], managed[0]],
        "in order"
    );
    let inline = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    clients.put_inline_policy("checkout", "orders", inline).await.unwrap();
    let policies = clients.inline_policies("checkout").await.unwrap();
    assert_eq!(
        policies.into_iter().collect::<Vec<_>>(),
        [("orders".to_owned(), inline.to_owned())]
    );

    let error = clients.delete_role("checkout").await.unwrap_err();
    assert_eq!(
        (error.problem(), error.has_code("DeleteConflict")),
        (&Problem::Conflict, true)
    );
    for arn in managed {
        clients.detach_policy("checkout", arn).await.unwrap();
    }
    clients.delete_inline_policy("checkout", "orders").await.unwrap();
    clients.delete_role("checkout").await.unwrap();
    assert!(clients.role("checkout").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn an_association_lives_from_its_creation_to_its_end() {
    let (aws, clients) = start().await;
    let role = cluster_and_role(&aws);
    let new = new_association(&role, "one");
    let made = clients.create_association(&demo(), &new).await.unwrap();
    assert_eq!((&made.terms, &made.tags), (&new.terms, &new.tags));
    assert_eq!((&made.external_id, &made.owner_arn), (&None, &None));
    assert_eq!(clients.association(&demo(), &made.id).await.unwrap(), made);
    let found = clients.find_association(&demo(), "shop", "checkout").await.unwrap();
    assert_eq!(found.as_ref(), Some(&made));
    let again = clients.create_association(&demo(), &new).await.unwrap();
    assert_eq!(again.id, made.id, "the same token is the same create");
    let error = clients
        .create_association(&demo(), &new_association(&role, "two"))
        .await
        .unwrap_err();
    assert!(
        error.says(&format!("Association already exists: {}", made.id)),
        "{error}"
    );

    aws.account(ACCOUNT).iam(
        "CreateRole",
        &[("RoleName", "second"), ("AssumeRolePolicyDocument", PODS)],
    );
    let second = aws.account(ACCOUNT).role("second").unwrap().arn;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
    let target = "arn:aws:iam::444455556666:role/data";
    let external_id = format!("{REGION}/{ACCOUNT}/demo/shop/checkout");
    for (target, policy, is_off, id) in [
        (None, None, false, None),
        (Some(target), None, false, None),
        (Some(target), Some(policy), true, Some(&external_id)),
        (None, Some(policy), true, None),
        (None, None, false, None),
    ] {
        let terms = AssociationTerms {
            role_arn: second.clone(),
            target_role_arn: target.map(str::to_owned),
            session_policy: policy.map(str::to_owned),
            disable_session_tags: is_off,
        };
        let present = clients.association(&demo(), &made.id).await.unwrap();
        let change = AssociationChange::between(&present.terms, &terms);
        let updated = clients.update_association(&demo(), &made.id, &change).await.unwrap();
        if is_off {
            assert_eq!(updated.external_id.as_ref(), id);
        }
        assert_eq!(
            Association {
                external_id: None,
                ..updated
            },
            Association { terms, ..made.clone() }
        );
    }

    let change = TagChange {
        set: tags("env", "test"),
        remove: vec!["team".to_owned()],
    };
    clients.retag(REGION, &made.arn, &change).await.unwrap();
    assert_eq!(
        clients.association(&demo(), &made.id).await.unwrap().tags,
        tags("env", "test")
    );

    clients.delete_association(&demo(), &made.id).await.unwrap();
    assert!(clients.association(&demo(), &made.id).await.unwrap_err().is_not_found());
    let found = clients.find_association(&demo(), "shop", "checkout").await.unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn every_page_is_read() {
    let (aws, clients) = start().await;
    let role = cluster_and_role(&aws);
    let cluster = aws.account(ACCOUNT).cluster(REGION, "demo");
    for number in 0..120 {
        cluster.associate("many", &format!("sa-{number}"), &role);
        let name = format!("role-{number}");
        let parameters = [("RoleName", name.as_str()), ("AssumeRolePolicyDocument", PODS)];
        aws.account(ACCOUNT).iam("CreateRole", &parameters);
    }
    assert_eq!(clients.roles().await.unwrap().len(), 121);
    for number in [0, 60, 119] {
        let service_account = format!("sa-{number}");
        let found = clients
            .find_association(&demo(), "many", &service_account)
            .await
            .unwrap();
        assert_eq!(found.unwrap().service_account, service_account);
    }
}

#[tokio::test]
async fn clusters_are_looked_for_where_they_are() {
    let (aws, clients) = start().await;
    let there = aws.account(ACCOUNT).cluster("eu-central-1", "demo");
    there.auto_mode();
    there.addon("eks-pod-identity-agent", "v1.3.9-eksbuild.3", "DEGRADED");
    let error = clients.cluster(&demo()).await.unwrap_err();
    assert!(
        error.is_not_found() && error.says("No cluster found for name: demo"),
        "{error}"
    );
    let at = ClusterRef {
        region: "eu-central-1".to_owned(),
        ..demo()
    };
    let cluster = clients.cluster(&at).await.unwrap();
    assert_eq!(
        (cluster.oidc_issuer, cluster.auto_mode),
        (Some(there.issuer()), Some(true))
    );
    let addon = clients.addon(&at, "eks-pod-identity-agent").await.unwrap();
    assert_eq!(
        (addon.version.as_deref(), addon.status.as_deref()),
        (Some("v1.3.9-eksbuild.3"), Some("DEGRADED"))
    );
    assert!(clients.addon(&at, "vpc-cni").await.unwrap_err().is_not_found());

    let provider = aws.account(ACCOUNT).create_oidc_provider(&there.issuer());
    assert_eq!(
        clients.oidc_provider(&provider).await.unwrap().client_ids,
        ["sts.amazonaws.com"]
    );
    assert_eq!(clients.caller().await.unwrap().account_id, ACCOUNT);
}

#[tokio::test]
async fn failures_are_told_apart() {
    let (aws, clients) = start().await;
    cluster_and_role(&aws);
    for (fault, problem) in [
        (Fault::Throttled, Problem::Throttled),
        (Fault::AccessDenied, Problem::AccessDenied),
        (Fault::ExpiredCredentials, Problem::BadCredentials),
        (Fault::ServerError, Problem::Other),
        (
            Fault::Cut,
            Problem::Unreachable {
                endpoint: Some(aws.url()),
            },
        ),
    ] {
        aws.fail("iam:GetRole").with(fault.clone());
        aws.fail("eks:DescribeCluster").with(fault.clone());
        let (iam, eks) = (
            clients.role("checkout").await.unwrap_err(),
            clients.cluster(&demo()).await.unwrap_err(),
        );
        assert_eq!((iam.problem(), eks.problem()), (&problem, &problem), "{fault:?}");
    }
}

/// What was done is done: the SDK sends the call again, and only the token keeps it from being a conflict.
#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let aws = FakeAws::start().unwrap();
    let clients = clients(&aws, 2).await;
    let role = cluster_and_role(&aws);
    aws.fail("eks:CreatePodIdentityAssociation").with(Fault::LostAnswer);
    let made = clients
        .create_association(&demo(), &new_association(&role, "one"))
        .await
        .unwrap();
    let there = aws.account(ACCOUNT).cluster(REGION, "demo").associations();
    assert_eq!((there.len(), &there[0].id), (1, &made.id));
    assert_eq!(aws.count("eks:CreatePodIdentityAssociation"), 2);

    aws.fail("iam:CreateRole").with(Fault::LostAnswer);
    let error = clients.create_role(&new_role("second")).await.unwrap_err();
    assert!(error.has_code("EntityAlreadyExists"), "{error}");
    assert!(aws.account(ACCOUNT).role("second").is_some());
    assert!(aws.unmet_faults().is_empty());
}
