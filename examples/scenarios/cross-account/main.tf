# A pod of one account is a role of another: the role here, which EKS assumes, reaches the role there. Both sides are known in one plan.

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

variable "account_id" {
  description = "Account of the cluster."
  type        = string
  default     = "111122223333"
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

locals {
  target_role_arn = "arn:aws:iam::444455556666:role/warehouse-reader"

  # The target role's trust is written by the function and not by the binding's attribute: each would wait for the other.
  exporter = {
    account_id      = var.account_id
    region          = var.region
    cluster_name    = var.cluster_name
    namespace       = "reports"
    service_account = "exporter"
    target_role_arn = local.target_role_arn
    role_arn        = "arn:aws:iam::${var.account_id}:role/reports-exporter"
  }
}

resource "pod_identity_binding" "exporter" {
  cluster_name    = local.exporter.cluster_name
  namespace       = local.exporter.namespace
  service_account = local.exporter.service_account
  target_role_arn = local.exporter.target_role_arn

  # The permission to reach the target role comes with the binding.
  role = {
    name = "reports-exporter"
  }
}

# In place of the role in the other account: aws_iam_role with a provider for that account and
# assume_role_policy = provider::pod::target_trust_policy(local.exporter).
resource "terraform_data" "warehouse_reader" {
  input = {
    arn                = local.target_role_arn
    assume_role_policy = provider::pod::target_trust_policy(local.exporter)
  }
}
