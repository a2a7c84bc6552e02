# The name that a binding gives its role, for policies that are written elsewhere.
output "role_name" {
  value = provider::pod::role_name({
    account_id      = "111122223333"
    region          = "eu-central-1"
    cluster_name    = "demo"
    namespace       = "reports"
    service_account = "exporter"
  })
}
