import {
  to = pod_identity_binding.checkout
  id = "demo/shop/checkout"
}
