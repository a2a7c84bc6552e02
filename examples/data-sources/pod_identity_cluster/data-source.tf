data "pod_identity_cluster" "demo" {
  name = "demo"
}

# Pods get nothing from an association without the agent, or where their nodes may not ask for credentials.
check "pod_identity" {
  assert {
    condition     = length(data.pod_identity_cluster.demo.findings) == 0
    error_message = join("\n", data.pod_identity_cluster.demo.findings[*].detail)
  }
}
