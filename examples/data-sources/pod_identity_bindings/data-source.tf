data "pod_identity_bindings" "demo" {
  cluster_name = "demo"
}

# Both mechanisms at once are for moving from one to the other, not for staying.
check "double_bound" {
  assert {
    condition     = length(data.pod_identity_bindings.demo.double_bound) == 0
    error_message = "Bound twice: ${join(", ", data.pod_identity_bindings.demo.double_bound)}."
  }
}

# Written to a file, they import everything that no binding has made yet.
output "import_blocks" {
  value = data.pod_identity_bindings.demo.import_blocks
}
