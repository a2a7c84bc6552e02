# The same workload in several clusters: one binding and one role for each.

terraform {
  required_providers {
    pod = {
      source = "pod-identity/pod"
    }
  }
}

provider "pod" {}

variable "clusters" {
  type    = set(string)
  default = ["blue", "green"]
}

resource "pod_identity_binding" "checkout" {
  for_each = var.clusters

  cluster_name    = each.key
  namespace       = "shop"
  service_account = "checkout"

  role = {
    managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"]
  }
}

output "role_arns" {
  value = { for cluster, binding in pod_identity_binding.checkout : cluster => binding.role_arn }
}
