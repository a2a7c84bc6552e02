# IRSA for a workload that has to stay on it, such as one on Fargate: an OIDC token of the cluster that the role trusts.

terraform {
  required_providers {
    pod = {
      source = "pod-identity/pod"
    }
  }
}

provider "pod" {}

variable "cluster_name" {
  type    = string
  default = "demo"
}

resource "pod_identity_binding" "exporter" {
  cluster_name    = var.cluster_name
  namespace       = "reports"
  service_account = "exporter"
  mode            = "irsa"

  role = {
    description          = "Reads reports for reports/exporter"
    max_session_duration = 7200
    managed_policy_arns  = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
  }
}

# One role for service accounts that are made by the dozen: a pattern, which only IRSA knows.
resource "pod_identity_binding" "runners" {
  cluster_name    = var.cluster_name
  namespace       = "ci"
  service_account = "runner-*"
  mode            = "irsa"

  role = {
    managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly"]
  }
}

# What the chart of the workload has to put on its service account.
output "service_account_annotations" {
  value = pod_identity_binding.exporter.service_account_annotations
}
