# The pods of service account shop/checkout are a role that this binding makes.
resource "pod_identity_binding" "checkout" {
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = "checkout"

  role = {
    managed_policy_arns = ["arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"]

    inline_policies = {
      orders = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect   = "Allow"
          Action   = "sqs:SendMessage"
          Resource = "arn:aws:sqs:eu-central-1:111122223333:orders"
        }]
      })
    }
  }
}

# A role that is managed elsewhere; only this binding's statements in its trust policy are kept.
resource "pod_identity_binding" "exporter" {
  cluster_name    = "demo"
  namespace       = "reports"
  service_account = "exporter"
  mode            = "irsa"

  role_arn            = "arn:aws:iam::111122223333:role/exporter"
  manage_trust_policy = true
}

# A role in another account, reached through the binding's own role. Its trust policy comes from function target_trust_policy.
resource "pod_identity_binding" "billing" {
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = "billing"

  role            = {}
  target_role_arn = "arn:aws:iam::444455556666:role/billing"

  session_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = "arn:aws:s3:::invoices/*"
    }]
  })
}
