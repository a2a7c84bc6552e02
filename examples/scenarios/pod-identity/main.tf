# EKS Pod Identity with a role whose trust policy names the pod: cluster, namespace and service account.

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

resource "pod_identity_binding" "checkout" {
  cluster_name    = var.cluster_name
  namespace       = "shop"
  service_account = "checkout"

  role = {
    path = "/workloads/"

    inline_policies = {
      orders = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "sqs:SendMessage"
          Resource = "arn:aws:sqs:*:*:orders"
        }]
      })
    }
  }

  # Pods of one organization only.
  trust = {
    conditions = [{
      test      = "StringEquals"
      variable  = "aws:SourceOrgID"
      values    = ["$${aws:ResourceOrgID}"]
      mechanism = "pod_identity"
    }]
  }

  tags = {
    team = "shop"
  }
}

# Fails the plan if the trust policy would keep the pod out, and says why.
check "checkout_gets_in" {
  assert {
    condition = provider::pod::can_assume(
      pod_identity_binding.checkout.trust_policy,
      pod_identity_binding.checkout,
    ).verdict != "deny"
    error_message = "The pods of shop/checkout would be refused."
  }
}
