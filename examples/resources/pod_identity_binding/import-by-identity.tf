import {
  to = pod_identity_binding.checkout
  identity = {
    cluster_name    = "demo"
    namespace       = "shop"
    service_account = "checkout"
  }
}
