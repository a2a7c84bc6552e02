# One role for two bindings: each says what it needs, and nothing widens.
resource "aws_iam_role" "reports" {
  name = "reports"

  assume_role_policy = provider::pod::merge_trust_policies([
    for service_account in ["exporter", "viewer"] : provider::pod::trust_policy({
      account_id      = "111122223333"
      region          = "eu-central-1"
      cluster_name    = "demo"
      namespace       = "reports"
      service_account = service_account
    })
  ])
}
