# Beside hashicorp/aws: who writes what, so that no two write the same.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    pod = {
      source = "pod-identity/pod"
    }
  }
}

provider "aws" {}
provider "pod" {}

variable "cluster_name" {
  type    = string
  default = "demo"
}

# The binding makes the role and leaves its policies to others: neither `managed_policy_arns` nor `inline_policies` is set.
resource "pod_identity_binding" "checkout" {
  cluster_name    = var.cluster_name
  namespace       = "shop"
  service_account = "checkout"
  role            = {}
}

resource "aws_iam_role_policy_attachment" "checkout" {
  role       = pod_identity_binding.checkout.role_name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"
}

# hashicorp/aws makes the role, and the binding keeps its own statements in the trust policy.
resource "aws_iam_role" "exporter" {
  name = "exporter"

  # What the role trusts besides pods; the binding adds to it.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  lifecycle {
    ignore_changes = [assume_role_policy]
  }
}

resource "pod_identity_binding" "exporter" {
  cluster_name        = var.cluster_name
  namespace           = "reports"
  service_account     = "exporter"
  role_arn            = aws_iam_role.exporter.arn
  manage_trust_policy = true
}

# Or hashicorp/aws owns the trust policy too: the function writes it, and the binding only checks it.
resource "aws_iam_role" "viewer" {
  name = "viewer"

  assume_role_policy = provider::pod::trust_policy({
    account_id      = data.aws_caller_identity.current.account_id
    region          = data.aws_region.current.region
    cluster_name    = var.cluster_name
    namespace       = "reports"
    service_account = "viewer"
  })
}

resource "pod_identity_binding" "viewer" {
  cluster_name    = var.cluster_name
  namespace       = "reports"
  service_account = "viewer"
  role_arn        = aws_iam_role.viewer.arn
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}
