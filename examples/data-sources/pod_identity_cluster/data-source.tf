data "pod_identity_cluster" "demo" {
  name = "demo"
}

# Pods get nothing from an association until the agent runs on their node.
check "agent" {
  assert {
    condition = anytrue([
      data.pod_identity_cluster.demo.agent_addon == true,
      data.pod_identity_cluster.demo.auto_mode == true,
    ])
    error_message = "The EKS Pod Identity agent is not installed on cluster demo."
  }
}
