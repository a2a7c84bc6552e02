# IRSA on a cluster that is not EKS: with its issuer given, EKS is never asked. The issuer's documents have to be public.

terraform {
  required_providers {
    pod = {
      source = "pod-identity/pod"
    }
  }
}

provider "pod" {}

variable "oidc_issuer" {
  type    = string
  default = "https://oidc.example.com/clusters/edge"
}

resource "pod_oidc_provider" "edge" {
  url = var.oidc_issuer
}

resource "pod_identity_binding" "collector" {
  cluster_name    = "edge"
  namespace       = "telemetry"
  service_account = "collector"
  mode            = "irsa"
  oidc_issuer     = pod_oidc_provider.edge.url

  role = {
    managed_policy_arns = ["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"]
  }
}
