use pod_identity_core::workload::{
    Compute, ContainerKind, EnvValue, Fault, Objects, SourceKind, Variable, VolumeSource, Workload, read,
};

fn one(text: &str) -> Workload {
    let objects = read(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    objects.workloads.into_iter().next().unwrap()
}

fn pod(spec: &str) -> String {
    format!(r#"{{"kind":"Pod","metadata":{{"name":"p","namespace":"prod"}},"spec":{{{spec}}}}}"#)
}

fn container(fields: &str) -> Workload {
    one(&pod(&format!(r#""containers":[{{"name":"app",{fields}}}]"#)))
}

#[test]
fn every_kind_that_makes_pods_is_read() {
    let template =
        r#"{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"app"}],"serviceAccountName":"api"}}"#;
    for kind in [
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
    ] {
        let workload = one(&format!(
            r#"{{"kind":"{kind}","metadata":{{"name":"x","uid":"1"}},"spec":{{"template":{template}}}}}"#
        ));
        assert_eq!((workload.kind.as_str(), workload.admitted), (kind, false));
        assert_eq!(workload.pod.service_account.as_str(), "api");
        assert_eq!(workload.pod.labels["a"], "b");
    }
    let cron = one(&format!(
        r#"{{"kind":"CronJob","metadata":{{"name":"x"}},"spec":{{"jobTemplate":{{"spec":{{"template":{template}}}}}}}}}"#
    ));
    assert_eq!(cron.pod.containers.len(), 1);
}

#[test]
fn a_pod_is_admitted_once_the_cluster_has_given_it_an_id() {
    assert!(!one(&pod(r#""containers":[]"#)).admitted);
    assert!(one(r#"{"kind":"Pod","metadata":{"name":"p","uid":"1"},"spec":{}}"#).admitted);
}

#[test]
fn lists_are_read_whether_their_items_repeat_their_kind_or_not() {
    let item = r#""metadata":{"name":"p"},"spec":{}"#;
    let list =
        format!(r#"{{"kind":"List","items":[{{"kind":"Pod",{item}}},{{"kind":"Service"}},{{"kind":"Secret"}}]}}"#);
    let objects = read(&list).unwrap();
    assert_eq!(objects.workloads.len(), 1);
    assert_eq!(
        objects.passed_over.into_iter().collect::<Vec<_>>(),
        ["Secret", "Service"]
    );
    let typed = format!(r#"{{"kind":"PodList","items":[{{{item}}}]}}"#);
    assert_eq!(read(&typed).unwrap().workloads.len(), 1);
    assert_eq!(read(r#"{"kind":"List","items":null}"#), Ok(Objects::default()));
}

#[test]
fn a_pod_without_a_service_account_uses_the_default_one() {
    assert_eq!(one(&pod(r#""containers":[]"#)).pod.service_account.as_str(), "default");
    assert_eq!(
        one(&pod(r#""serviceAccount":"old""#)).pod.service_account.as_str(),
        "old"
    );
    assert_eq!(
        one(&pod(r#""serviceAccountName":"""#)).pod.service_account.as_str(),
        "default"
    );
}

#[test]
fn containers_say_when_they_run() {
    let workload = one(&pod(
        r#""containers":[{"name":"a"}],"initContainers":[{"name":"b"},{"name":"c","restartPolicy":"Always"}],"ephemeralContainers":[{"name":"d"}]"#,
    ));
    let kinds: Vec<_> = workload
        .pod
        .containers
        .iter()
        .map(|one| (one.name.as_str(), one.kind))
        .collect();
    assert_eq!(
        kinds,
        [
            ("b", ContainerKind::Init),
            ("c", ContainerKind::Sidecar),
            ("a", ContainerKind::Main),
            ("d", ContainerKind::Ephemeral)
        ]
    );
}

#[test]
fn variables_are_looked_up_as_the_kubelet_does() {
    #[track_caller]
    fn check(fields: &str, expected: &str) {
        let workload = container(fields);
        let found = match workload.pod.containers[0].variable("AWS_PROFILE") {
            Variable::Absent => "absent".to_owned(),
            Variable::Set(EnvValue::Text(text)) => format!("text {text}"),
            Variable::Set(_) => "set".to_owned(),
            Variable::Unclear(origins) => format!("unclear {}", origins.len()),
        };
        assert_eq!(found, expected, "{fields}");
    }
    check(r#""env":[]"#, "absent");
    check(r#""env":[{"name":"AWS_PROFILE","value":"a"}]"#, "text a");
    check(r#""env":[{"name":"aws_profile","value":"a"}]"#, "absent");
    check(
        r#""env":[{"name":"AWS_PROFILE","value":"a"},{"name":"AWS_PROFILE","value":"b"}]"#,
        "text b",
    );
    check(
        r#""env":[{"name":"AWS_PROFILE","value":"a"},{"name":"AWS_PROFILE"}]"#,
        "absent",
    );
    check(r#""env":[{"name":"AWS_PROFILE","value":"$(POD)-x"}]"#, "set");
    check(
        r#""env":[{"name":"AWS_PROFILE","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]"#,
        "set",
    );
    check(
        r#""env":[{"name":"AWS_PROFILE","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]"#,
        "set",
    );
    check(
        r#""env":[{"name":"AWS_PROFILE","value":"a"},{"name":"AWS_PROFILE","valueFrom":{"secretKeyRef":{"name":"s","key":"k","optional":true}}}]"#,
        "unclear 2",
    );
    check(
        r#""envFrom":[{"secretRef":{"name":"s"}},{"configMapRef":{"name":"c"}}]"#,
        "unclear 2",
    );
    check(r#""envFrom":[{"prefix":"AWS_","secretRef":{"name":"s"}}]"#, "unclear 1");
    check(r#""envFrom":[{"prefix":"APP_","secretRef":{"name":"s"}}]"#, "absent");
    check(
        r#""envFrom":[{"prefix":"AWS_PROFILE","secretRef":{"name":"s"}}]"#,
        "absent",
    );
    check(
        r#""env":[{"name":"AWS_PROFILE","value":""}],"envFrom":[{"secretRef":{"name":"s"}}]"#,
        "absent",
    );
}

#[test]
fn values_that_say_nothing_about_credentials_are_not_kept() {
    let workload = container(
        r#""env":[{"name":"DB_PASSWORD","value":"hunter2"},{"name":"AWS_SECRET_ACCESS_KEY","value":"hunter3"}]"#,
    );
    let json = serde_json::to_string(&workload).unwrap();
    assert!(!json.contains("hunter"), "{json}");
    let workload = one(
        r#"{"kind":"Pod","metadata":{"name":"p","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"hunter2","eks.amazonaws.com/skip-containers":"a"}},"spec":{}}"#,
    );
    assert_eq!(workload.pod.annotations.len(), 1);
}

#[test]
fn volumes_say_what_is_in_them() {
    let workload = one(&pod(r#""volumes":[
            {"name":"t","projected":{"sources":[{"serviceAccountToken":{"audience":"sts.amazonaws.com","path":"token"}},{"secret":{"name":"s"}}]}},
            {"name":"s","secret":{"secretName":"aws"}},{"name":"c","configMap":{"name":"aws"}},{"name":"h","hostPath":{"path":"/app/.aws"}},
            {"name":"e","emptyDir":{}},{"name":"d","csi":{"driver":"secrets-store.csi.k8s.io"}},{"name":"o","nfs":{"server":"x"}}]"#));
    let VolumeSource::Projected { tokens, references } = &workload.pod.volumes[0].source else {
        panic!("{:?}", workload.pod.volumes[0]);
    };
    assert_eq!(tokens[0].audience.as_deref(), Some("sts.amazonaws.com"));
    assert_eq!(references[0].source, SourceKind::Secret);
    let VolumeSource::Reference(of) = &workload.pod.volumes[1].source else {
        panic!("{:?}", workload.pod.volumes[1]);
    };
    assert_eq!(of.name, "aws");
    assert_eq!(
        workload.pod.volumes[3].source,
        VolumeSource::HostPath("/app/.aws".into())
    );
    assert_eq!(workload.pod.volumes[4].source, VolumeSource::EmptyDir);
    assert_eq!(workload.pod.volumes[6].source, VolumeSource::Other);
}

#[test]
fn pods_say_what_they_run_on() {
    #[track_caller]
    fn check(spec: &str, expected: Option<Compute>) {
        assert_eq!(one(&pod(spec)).pod.compute(), expected, "{spec}");
    }
    check(r#""schedulerName":"fargate-scheduler""#, Some(Compute::Fargate));
    check(r#""schedulerName":"default-scheduler""#, None);
    check(
        r#""nodeName":"fargate-ip-10-0-0-1.eu-west-1.compute.internal""#,
        Some(Compute::Fargate),
    );
    check(r#""nodeName":"ip-10-0-0-1.eu-west-1.compute.internal""#, None);
    check(r#""os":{"name":"windows"}"#, Some(Compute::Windows));
    check(r#""os":{"name":"linux"}"#, None);
    check(
        r#""nodeSelector":{"kubernetes.io/os":"windows"}"#,
        Some(Compute::Windows),
    );
    check(r#""nodeSelector":{"kubernetes.io/os":"linux"}"#, None);
    check(
        r#""nodeSelector":{"eks.amazonaws.com/compute-type":"hybrid"}"#,
        Some(Compute::Hybrid),
    );
    check(
        r#""nodeSelector":{"eks.amazonaws.com/compute-type":"auto"}"#,
        Some(Compute::AutoMode),
    );
    check(
        r#""nodeSelector":{"eks.amazonaws.com/nodegroup":"a"}"#,
        Some(Compute::Ec2),
    );
}

#[test]
fn faults_say_what_and_where() {
    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(read(text).unwrap_err().to_string(), expected, "{text}");
    }
    check("", "not JSON: there is no value at line 1, column 1");
    check(
        "[]",
        "`object` must be an object of Kubernetes, found an array at line 1, column 1",
    );
    check("{}", "`kind` is missing at line 1, column 1");
    check(
        r#"{"kind":1}"#,
        "`kind` must be a string, found a number at line 1, column 9",
    );
    check(r#"{"kind":"Pod"}"#, "`metadata` is missing at line 1, column 1");
    check(
        r#"{"kind":"List","items":[1]}"#,
        "`object` must be an object of Kubernetes, found a number at line 1, column 25",
    );
    check(
        "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\n\"spec\":{\"containers\":{}}}",
        "`containers` must be a list, found an object at line 2, column 22",
    );
    check(
        &pod(r#""hostNetwork":"yes","containers":[{"env":[{"value":"x"}]}]"#),
        "`hostNetwork` must be true or false, found a string at line 1, column 80; `name` is missing at line 1, column 100; `name` is missing at line 1, column 108",
    );
    let error = read(&pod(r#""serviceAccountName":"No_Such""#)).unwrap_err();
    assert!(matches!(&error.faults()[0].fault, Fault::Name(name, _) if name == "No_Such"));
}

#[test]
fn hostile_texts_are_refused_or_read_quickly() {
    let deep = format!(
        r#"{{"kind":"Pod","metadata":{{"name":"p"}},"spec":{}1{}}}"#,
        "[".repeat(4000),
        "]".repeat(4000)
    );
    assert!(read(&deep).is_err());
    assert!(read(r#"{"kind":"Pod","metadata":{"name":"\ud800"},"spec":{}}"#).is_err());
    let wide = format!(
        r#"{{"kind":"List","items":[{}]}}"#,
        vec![r#"{"kind":"Pod","metadata":{"name":1},"spec":{}}"#; 20_000].join(",")
    );
    let faults = read(&wide).unwrap_err();
    assert!(faults.faults().len() <= 50);
    let nested = format!("{}{}", r#"{"kind":"List","items":["#.repeat(40), "]}".repeat(40));
    // Lists do not stand in lists.
    assert_eq!(
        read(&nested).unwrap().passed_over.into_iter().collect::<Vec<_>>(),
        ["List"]
    );
}
