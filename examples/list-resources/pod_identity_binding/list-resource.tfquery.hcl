list "pod_identity_binding" "shop" {
  provider = pod

  config {
    cluster_name = "demo"
    namespace    = "shop"
  }
}
