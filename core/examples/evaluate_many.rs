//! Which pods of a fleet may assume which roles, and how long it takes to say so: 10,000 pods against the trust policies of 100 roles.
#![allow(clippy::print_stdout, reason = "an example shows its results")]

use std::error::Error;
use std::str::FromStr;
use std::time::Instant;

use pod_identity_core::evaluate::pod::{AskedRole, Pod};
use pod_identity_core::evaluate::{Prepared, Verdict};
use pod_identity_core::ids::{Mechanism, Partition};
use pod_identity_core::policy::Document;

const PODS: usize = 10_000;
const ROLES: usize = 100;
const NAMESPACES: usize = 40;
const ACCOUNT: &str = "111122223333";
const ISSUER: &str = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";

fn main() -> Result<(), Box<dyn Error>> {
    let policies = (0..ROLES)
        .map(|number| Document::parse(&policy(number)))
        .collect::<Result<Vec<_>, _>>()?;
    let pods = (0..PODS).map(pod).collect::<Result<Vec<_>, _>>()?;

    let start = Instant::now();
    let prepared: Vec<Prepared<'_>> = policies.iter().map(Prepared::new).collect();
    let (mut allowed, mut unknown) = (0_usize, 0_usize);
    for pod in &pods {
        // What is not known of a role keeps nothing back: an answer that is certain without it stays. One pod after the other, because
        // what a request carries is much more than what a policy wants.
        let request = pod.ask(&AskedRole::default()).request;
        for policy in &prepared {
            match policy.verdict(&request) {
                Verdict::Allow => allowed += 1,
                Verdict::Unknown => unknown += 1,
                Verdict::Deny | Verdict::Invalid => {}
            }
        }
    }
    println!(
        "{PODS} pods, {ROLES} roles: {allowed} may, {unknown} perhaps; answered in {:.1} ms",
        start.elapsed().as_secs_f64() * 1e3,
    );
    Ok(())
}

/// Every fourth role is for IRSA, every fifth one of the others has a perimeter.
fn policy(number: usize) -> String {
    let namespace = format!("team-{}", number % NAMESPACES);
    if number.is_multiple_of(4) {
        return format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity",
                "Principal":{{"Federated":"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"}},
                "Condition":{{"StringEquals":{{"{ISSUER}:aud":"sts.amazonaws.com"}},
                    "StringLike":{{"{ISSUER}:sub":"system:serviceaccount:{namespace}:*-{number}"}}}}}}}}"#
        );
    }
    let perimeter = if number.is_multiple_of(5) {
        r#",{"Sid":"Perimeter","Effect":"Deny","Principal":"*","Action":"sts:*","Condition":{
            "StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-example"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}"#
    } else {
        ""
    };
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],
            "Principal":{{"Service":"pods.eks.amazonaws.com"}},"Condition":{{"StringEquals":{{
                "aws:SourceAccount":"{ACCOUNT}","aws:RequestTag/kubernetes-namespace":"{namespace}"}},
                "ArnLike":{{"aws:RequestTag/eks-cluster-arn":"arn:aws:eks:*:{ACCOUNT}:cluster/main"}},
                "StringLike":{{"aws:RequestTag/kubernetes-service-account":["app-{number}*","job-?"]}}}}}}{perimeter}]}}"#
    )
}

/// Every third pod uses IRSA.
fn pod(number: usize) -> Result<Pod, Box<dyn Error>> {
    let mechanism = if number.is_multiple_of(3) {
        Mechanism::Irsa
    } else {
        Mechanism::PodIdentity
    };
    Ok(Pod {
        partition: Some(Partition::Aws),
        region: Some(FromStr::from_str("eu-west-1")?),
        account: Some(FromStr::from_str(ACCOUNT)?),
        cluster: Some(FromStr::from_str("main")?),
        namespace: Some(FromStr::from_str(&format!("team-{}", number % NAMESPACES))?),
        service_account: Some(FromStr::from_str(&format!("app-{}", number / NAMESPACES))?),
        name: Some(format!("app-{number}")),
        uid: Some(format!("00000000-0000-4000-8000-{number:012}")),
        organization: Some("o-example".to_owned()),
        issuer: Some(FromStr::from_str(&format!("https://{ISSUER}"))?),
        provider_account: Some(FromStr::from_str(ACCOUNT)?),
        ..Pod::new(mechanism)
    })
}
