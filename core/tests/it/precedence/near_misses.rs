use pod_identity_core::binding::Fact;
use pod_identity_core::precedence::{Credentials, Met, Situation, Verdict, resolve};
use pod_identity_core::workload::{Compute, read};

use super::{ROLE, association, deployment, next};

fn ids(situation: &Situation) -> Vec<&'static str> {
    resolve(situation).notices.into_iter().map(|notice| notice.id).collect()
}

/// A deployment whose pods have these annotations, and one container, `app`, with these fields.
fn annotated(annotations: &str, container: &str) -> Situation {
    let text = format!(
        r#"{{"kind":"Deployment","metadata":{{"name":"api","namespace":"prod"}},"spec":{{"template":{{"metadata":{{"annotations":{{{annotations}}}}},
            "spec":{{"serviceAccountName":"api","containers":[{{"name":"app"{container}}}],
                     "volumes":[{{"name":"t","projected":{{"sources":[{{"serviceAccountToken":{{"audience":"sts.amazonaws.com","path":"token"}}}}]}}}},
                                {{"name":"e","emptyDir":{{}}}}]}}}}}}}}"#
    );
    let objects = read(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let mut situation = Situation::among(&objects, &objects.workloads[0]);
    situation.association = association();
    situation
}

#[test]
fn only_the_annotations_of_kube2iam_vault_and_the_webhook_are_noticed() {
    #[track_caller]
    fn check(annotations: &str, expected: &[&str]) {
        assert_eq!(ids(&annotated(annotations, "")), expected, "{annotations}");
    }
    check(r#""iam.amazonaws.com/role":"x""#, &["node_proxy"]);
    check(r#""iam.amazonaws.com/roles":"x""#, &[]);
    check(r#""example.com/iam.amazonaws.com/role":"x""#, &[]);
    let secret = r#""vault.hashicorp.com/agent-inject-secret-aws":"aws/creds/x""#;
    check(
        &format!(r#"{secret},"vault.hashicorp.com/agent-inject":"true""#),
        &["vault_agent"],
    );
    check(&format!(r#"{secret},"vault.hashicorp.com/agent-inject":"false""#), &[]);
    check(secret, &[]);
    check(
        r#""vault.hashicorp.com/agent-inject-secret-db":"database/creds/x","vault.hashicorp.com/agent-inject":"true""#,
        &[],
    );
    check(r#""eks.amazonaws.com/skip-containers":"app""#, &[]);
    check(r#""eks.amazonaws.com/skip-containers":"app,other""#, &["skips_nobody"]);
}

#[test]
fn containers_are_skipped_by_their_exact_names() {
    #[track_caller]
    fn check(names: &str, is_skipped: bool) {
        let mut of = annotated(&format!(r#""eks.amazonaws.com/skip-containers":"{names}""#), "");
        of.compute = Some(Compute::Ec2);
        of.metadata_reachable = Some(false);
        let used = next(&of).verdict.credentials().cloned().unwrap();
        assert_eq!(used == Credentials::Nothing, is_skipped, "{names}: {used}");
    }
    check("app", true);
    check("other,app", true);
    check(r#"\"app\""#, true);
    check("other, app", false);
    check("application", false);
    check("", false);
}

#[test]
fn shared_files_are_looked_for_where_sdks_look() {
    #[track_caller]
    fn check(path: &str, may_win: bool) {
        let of = annotated("", &format!(r#","volumeMounts":[{{"name":"e","mountPath":"{path}"}}]"#));
        let is_unknown = next(&of).verdict.credentials().is_none();
        assert_eq!(is_unknown, may_win, "{path}");
    }
    check("/app/.aws", true);
    check("/srv/app/.aws/", true);
    check("/app/.aws/credentials", true);
    check("/app/.awsome", false);
    check("/app/aws", false);
    check("/.aws-backup/x", false);
}

#[test]
fn a_token_is_of_use_where_it_stands() {
    #[track_caller]
    fn check(path: &str, mounts: &str, expected: Met) {
        let of = annotated(
            "",
            &format!(
                r#","env":[{{"name":"AWS_ROLE_ARN","value":"{ROLE}"}},{{"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"{path}"}}],"volumeMounts":[{mounts}]"#
            ),
        );
        let mut of = of;
        of.association = Fact::Absent;
        let Verdict::Decided { needs, .. } = next(&of).verdict else {
            panic!("{path}");
        };
        assert_eq!(needs[0].met, expected, "{path}: {}", needs[0].what);
    }
    let token = r#"{"name":"t","mountPath":"/t"}"#;
    check("/t/token", token, Met::Yes);
    check("/t/other", token, Met::No);
    check("/tt/token", token, Met::No);
    check("/t/token", "", Met::No);
    check("/t/token", r#"{"name":"e","mountPath":"/t"}"#, Met::Unknown);
    check(
        "/t/token",
        r#"{"name":"t","mountPath":"/t/token","subPath":"token"}"#,
        Met::Yes,
    );
    // The deeper mount hides the other.
    check(
        "/t/token",
        r#"{"name":"e","mountPath":"/"},{"name":"t","mountPath":"/t/"}"#,
        Met::Yes,
    );
}

#[test]
fn a_proxy_is_in_the_way_unless_the_agent_is_excepted() {
    #[track_caller]
    fn check(env: &str, expected: Option<Met>) {
        let mut of = deployment(&format!(r#","env":[{env}]"#));
        of.association = association();
        let Verdict::Decided { needs, .. } = next(&of).verdict else {
            panic!("{env}");
        };
        let found = needs
            .iter()
            .find(|need| need.what.contains("proxy"))
            .map(|need| need.met);
        assert_eq!(found, expected, "{env}");
    }
    let proxy = r#"{"name":"http_proxy","value":"http://p:3128"}"#;
    let except = |list: &str| format!(r#"{proxy},{{"name":"NO_PROXY","value":"{list}"}}"#);
    check("", None);
    check(r#"{"name":"HTTPS_PROXY","value":"http://p:3128"}"#, None);
    check(r#"{"name":"HTTP_PROXY","value":""}"#, None);
    check(proxy, Some(Met::No));
    check(&except("169.254.169.254"), Some(Met::No));
    check(&except("10.0.0.0/8, 169.254.170.23"), Some(Met::Yes));
    check(&except("*"), Some(Met::Yes));
    check(&except("169.254.0.0/16"), Some(Met::Unknown));
    check(
        &format!(r#"{proxy},{{"name":"no_proxy","valueFrom":{{"configMapKeyRef":{{"name":"c","key":"k"}}}}}}"#),
        Some(Met::Unknown),
    );
}

#[test]
fn only_the_address_of_the_agent_is_that_of_the_agent() {
    #[track_caller]
    fn check(uri: &str, is_agent: bool) {
        let mut of = deployment(&format!(
            r#","env":[{{"name":"AWS_CONTAINER_CREDENTIALS_FULL_URI","value":"{uri}"}}]"#
        ));
        of.association = Fact::Absent;
        of.service_account = Fact::Absent;
        let used = next(&of).verdict.credentials().cloned().unwrap();
        assert_eq!(
            matches!(used, Credentials::PodIdentity { .. }),
            is_agent,
            "{uri}: {used}"
        );
    }
    check("http://169.254.170.23/v1/credentials", true);
    check("http://[fd00:ec2::23]/v1/credentials", true);
    check("http://169.254.170.2/v2/credentials", false);
    check("http://169.254.170.23.example.com/v1/credentials", false);
    check("http://127.0.0.1:80/v1/credentials", false);
}

#[test]
fn one_variable_by_hand_keeps_the_webhook_from_setting_either() {
    let env = r#","env":[{"name":"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE","value":"/x"}]"#;
    let mut of = annotated("", env);
    of.compute = Some(Compute::Ec2);
    of.metadata_reachable = Some(false);
    assert_eq!(next(&of).verdict.credentials(), Some(&Credentials::Nothing));
    assert_eq!(ids(&of), ["endpoint_by_hand"]);
    // Where the variable comes from outside of `env`, the webhook does not see it, and `env` outdoes it.
    let of = annotated(
        "",
        r#","envFrom":[{"prefix":"AWS_CONTAINER_","secretRef":{"name":"s"}}]"#,
    );
    assert!(matches!(
        next(&of).verdict.credentials(),
        Some(Credentials::PodIdentity { .. })
    ));
}

#[test]
fn what_a_pod_was_given_is_told_from_what_its_author_wrote() {
    let text = |path: &str, volume: &str| {
        format!(
            r#"{{"kind":"Pod","metadata":{{"name":"p","uid":"1"}},"spec":{{"serviceAccountName":"api","containers":[{{"name":"app",
                "env":[{{"name":"AWS_ROLE_ARN","value":"{ROLE}"}},{{"name":"AWS_WEB_IDENTITY_TOKEN_FILE","value":"{path}"}}],
                "volumeMounts":[{{"name":"{volume}","mountPath":"/var/run/secrets/eks.amazonaws.com/serviceaccount"}}]}}],
                "volumes":[{{"name":"{volume}","projected":{{"sources":[]}}}}]}}}}"#
        )
    };
    let injected = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";
    for (path, volume, is_kept) in [
        (injected, "aws-iam-token", false),
        (
            r"C:\\var\\run\\secrets\\eks.amazonaws.com\\serviceaccount\\token",
            "aws-iam-token",
            false,
        ),
        (injected, "my-token", true),
        ("/my/token", "aws-iam-token", true),
    ] {
        let objects = read(&text(path, volume)).unwrap();
        let mut of = Situation::among(&objects, &objects.workloads[0]);
        of.association = Fact::Absent;
        of.service_account = Fact::Absent;
        of.compute = Some(Compute::Fargate);
        let resolution = resolve(&of);
        let container = &resolution.containers[0];
        let is_irsa = |verdict: &Verdict| matches!(verdict.credentials(), Some(Credentials::Irsa { .. }));
        assert!(is_irsa(&container.running.as_ref().unwrap().verdict), "{path}");
        assert_eq!(
            is_irsa(&container.next.as_ref().unwrap().verdict),
            is_kept,
            "{path} {volume}"
        );
    }
}
