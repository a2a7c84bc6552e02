terraform import pod_identity_agent.demo demo@eu-central-1
