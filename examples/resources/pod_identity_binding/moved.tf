# The association comes along without a change; hashicorp/aws has to stay installed until the move is applied.
moved {
  from = aws_eks_pod_identity_association.checkout
  to   = pod_identity_binding.checkout
}
