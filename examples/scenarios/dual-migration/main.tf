# From IRSA to EKS Pod Identity, one apply a stage, with the pods running: 1-irsa, 2-dual, 3-pod-identity. Each stage can be taken back.

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

variable "mode" {
  type    = string
  default = "irsa"
}

resource "pod_identity_binding" "exporter" {
  cluster_name    = var.cluster_name
  namespace       = "reports"
  service_account = "exporter"
  mode            = var.mode

  role = {
    managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
  }
}

# What the apply does, in order, and which pods to restart when.
output "steps" {
  value = pod_identity_binding.exporter.steps
}

# In stage 3 it is empty: an annotation that is left would make pods that are half on IRSA.
output "service_account_annotations" {
  value = pod_identity_binding.exporter.service_account_annotations
}
