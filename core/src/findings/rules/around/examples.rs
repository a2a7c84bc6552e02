//! Texts that several pages share.

pub(super) const TARGET_PAGE: &str =
    "Amazon EKS User Guide, Access AWS resources using EKS Pod Identity target IAM roles";

pub(super) const POD_IDENTITY_PAGE: &str =
    "Amazon EKS User Guide, Learn how EKS Pod Identity grants pods access to AWS services";

/// A target role that asks for the external id of one service account, with session tags off.
pub(super) const TARGET_BY_EXTERNAL_ID: &str = r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "clusters": [{"arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main"}],
  "pods": [{"namespace": "shop", "service_account": "api"}],
  "session_tags": false,
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "target_trust_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"eu-west-1/111122223333/main/shop/api\"}}}]}"
}"#;

/// A target role that asks for the tags of one service account, with session tags on.
pub(super) const TARGET_BY_TAGS: &str = r#"{
  "role_arn": "arn:aws:iam::111122223333:role/api",
  "session_tags": true,
  "target_role_arn": "arn:aws:iam::444455556666:role/data",
  "target_trust_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:role/api\"},\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"],\"Condition\":{\"StringEquals\":{\"aws:RequestTag/kubernetes-namespace\":\"shop\"}}}]}"
}"#;

pub(super) const TAGS_PAGE: &str = "Amazon EKS User Guide, Grant Pods access to AWS resources based on tags";
