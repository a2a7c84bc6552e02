# Two workloads of one cluster: one still on IRSA, one on EKS Pod Identity.

terraform {
  required_providers {
    pod = {
      source = "pod-identity/pod"
    }
  }
}

provider "pod" {
  region = var.region
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "cluster_name" {
  type    = string
  default = "quickstart"
}

variable "reports_mode" {
  description = "How the pods of reports/exporter get credentials: irsa, dual or pod_identity."
  type        = string
  default     = "irsa"
}

resource "pod_identity_binding" "checkout" {
  cluster_name    = var.cluster_name
  namespace       = "shop"
  service_account = "checkout"

  role = {
    name = "quickstart-checkout"
    inline_policies = {
      orders = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = ["sqs:SendMessage"]
          Resource = "arn:aws:sqs:${var.region}:111122223333:orders"
        }]
      })
    }
  }
}

resource "pod_identity_binding" "exporter" {
  cluster_name    = var.cluster_name
  namespace       = "reports"
  service_account = "exporter"
  mode            = var.reports_mode

  role = {
    name                = "quickstart-exporter"
    managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
  }
}

# What the chart of the workload has to put on the service account; empty without IRSA.
output "service_account_annotations" {
  value = {
    checkout = pod_identity_binding.checkout.service_account_annotations
    exporter = pod_identity_binding.exporter.service_account_annotations
  }
}
