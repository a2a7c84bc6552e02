# The agent that hands credentials to pods. EKS chooses the version that suits the cluster, and it stays.
resource "pod_identity_agent" "demo" {
  cluster_name = "demo"
}

# With a version and a configuration; taken over if it is installed already.
resource "pod_identity_agent" "other" {
  cluster_name = "other"
  version      = "v1.3.10-eksbuild.1"
  on_existing  = "adopt"

  # What somebody changed in the cluster stays.
  resolve_conflicts_on_update = "PRESERVE"

  configuration = jsonencode({
    resources = { limits = { memory = "64Mi" } }
  })

  timeouts {
    create = "10m"
  }
}
