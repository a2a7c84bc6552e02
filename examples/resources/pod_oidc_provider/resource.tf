# The OIDC provider of a cluster, for IRSA. If IAM has it already, it is joined and left as it is.
resource "pod_oidc_provider" "demo" {
  cluster_name = "demo"
}

# A binding that refers to it goes first when both are destroyed: a provider that a role trusts is not deleted.
resource "pod_identity_binding" "exporter" {
  cluster_name      = "demo"
  namespace         = "reports"
  service_account   = "exporter"
  mode              = "irsa"
  oidc_provider_arn = pod_oidc_provider.demo.arn

  role = {
    managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
  }
}

# A cluster outside EKS.
resource "pod_oidc_provider" "own" {
  url        = "https://oidc.example.com/clusters/own"
  client_ids = ["sts.amazonaws.com", "vault"]
}
