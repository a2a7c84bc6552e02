# A service account, with the role where several trust it and the region where it is not the provider's:
terraform import pod_identity_binding.checkout demo/shop/checkout
terraform import pod_identity_binding.checkout demo/shop/checkout/shop-checkout@eu-west-1

# An association, by its ARN or as hashicorp/aws names it:
terraform import pod_identity_binding.checkout arn:aws:eks:eu-west-1:111122223333:podidentityassociation/demo/a-abcdefghij1234567
terraform import pod_identity_binding.checkout demo,a-abcdefghij1234567
