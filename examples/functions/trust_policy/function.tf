# What a role must trust that is managed elsewhere.
resource "aws_iam_role" "exporter" {
  name = "exporter"

  assume_role_policy = provider::pod::trust_policy({
    account_id      = "111122223333"
    region          = "eu-central-1"
    cluster_name    = "demo"
    namespace       = "reports"
    service_account = "exporter"
    mode            = "pod_identity"
  })
}
