# What the Kubernetes service account needs in each mode; nothing in mode `pod_identity`.
resource "kubernetes_service_account_v1" "exporter" {
  metadata {
    name      = "exporter"
    namespace = "reports"

    annotations = provider::pod::service_account_annotations({
      account_id      = "111122223333"
      region          = "eu-central-1"
      cluster_name    = "demo"
      namespace       = "reports"
      service_account = "exporter"
      mode            = "dual"
    })
  }
}
