# What the role of the cluster's account must be allowed to reach the role in the other one.
resource "aws_iam_role_policy" "warehouse" {
  name = "warehouse"
  role = "reports-exporter"

  policy = provider::pod::target_permissions_policy({
    target_role_arn = "arn:aws:iam::444455556666:role/warehouse-reader"
  })
}
