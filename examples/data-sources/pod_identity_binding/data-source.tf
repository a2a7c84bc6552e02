data "pod_identity_binding" "checkout" {
  cluster_name    = "demo"
  namespace       = "shop"
  service_account = "checkout"
}

output "what_pods_of_checkout_get" {
  value = {
    by      = data.pod_identity_binding.checkout.mechanism
    role    = data.pod_identity_binding.checkout.role_arn
    trusted = data.pod_identity_binding.checkout.verdict
    because = data.pod_identity_binding.checkout.because
  }
}
