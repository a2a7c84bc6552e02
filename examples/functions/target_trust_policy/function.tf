# What the role in the other account trusts; both accounts can be planned in one run.
resource "aws_iam_role" "warehouse" {
  provider = aws.data
  name     = "warehouse-reader"

  assume_role_policy = provider::pod::target_trust_policy({
    account_id      = "111122223333"
    region          = "eu-central-1"
    cluster_name    = "demo"
    namespace       = "reports"
    service_account = "exporter"
    session_tags    = "on"
  })
}
