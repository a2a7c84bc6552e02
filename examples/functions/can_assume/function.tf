# Fails the plan if the pod would be refused, with the reason.
check "exporter_gets_in" {
  assert {
    condition     = local.answer.verdict == "allow"
    error_message = join(" ", local.answer.because)
  }
}

locals {
  answer = provider::pod::can_assume(file("trust.json"), {
    mode            = "pod_identity"
    account_id      = "111122223333"
    region          = "eu-central-1"
    cluster_name    = "demo"
    namespace       = "reports"
    service_account = "exporter"
  })
}
