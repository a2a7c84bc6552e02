mode = "irsa"
