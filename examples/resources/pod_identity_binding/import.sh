terraform import pod_identity_binding.checkout demo/shop/checkout
