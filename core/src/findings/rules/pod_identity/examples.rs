//! Documents that several pages show.

/// Trust that says which pods it is for.
pub(super) const SCOPED: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {
      "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
      "aws:RequestTag/kubernetes-namespace": "shop",
      "aws:RequestTag/kubernetes-service-account": "api"
    }}
  }]
}"#;

/// Trust for every association of one account.
pub(super) const ACCOUNT_WIDE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Service": "pods.eks.amazonaws.com"},
    "Action": ["sts:AssumeRole", "sts:TagSession"],
    "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}
  }]
}"#;

pub(super) const ROLE_PAGE: &str =
    "Amazon EKS User Guide, Create IAM role with trust policy required by EKS Pod Identity";
pub(super) const TAGS_PAGE: &str = "Amazon EKS User Guide, Grant Pods access to AWS resources based on tags";
