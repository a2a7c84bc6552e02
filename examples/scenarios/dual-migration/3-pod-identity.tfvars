mode = "pod_identity"
