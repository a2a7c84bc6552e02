# What EKS sends to a target role where session tags are off: known before anything is made.
output "external_id" {
  value = provider::pod::external_id({
    account_id      = "111122223333"
    region          = "eu-central-1"
    cluster_name    = "demo"
    namespace       = "reports"
    service_account = "exporter"
  })
}
