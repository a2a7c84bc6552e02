# Every kind of change that needs no provider but the built-in one.

variable "stage" {
  type    = number
  default = 2
}

variable "secret" {
  type      = string
  sensitive = true
  default   = "hunter2secret"
}

locals {
  later = var.stage == 2
}

resource "terraform_data" "kept" {
  input = { a = 1, list = ["x", "y"] }
}

resource "terraform_data" "changed" {
  input = local.later ? {
    name   = "b"
    list   = ["x", "z", "y"]
    policy = jsonencode({ Statement = [{ Effect = "Deny" }] })
    gone   = null
    } : {
    name   = "a"
    list   = ["x", "y"]
    policy = jsonencode({ Statement = [{ Effect = "Allow" }] })
    gone   = "was here"
  }
}

resource "terraform_data" "replaced" {
  input            = "same"
  triggers_replace = [var.stage]
}

resource "terraform_data" "secretive" {
  input = { open = "yes", password = "${var.secret}-${var.stage}", many = toset(["a", var.secret]) }
}

resource "terraform_data" "gone" {
  count = local.later ? 0 : 2
  input = count.index
}

resource "terraform_data" "each" {
  for_each = local.later ? toset(["a", "b"]) : toset(["a"])
  input    = each.key
}

module "apps" {
  source = "./apps"
  stage  = var.stage
}

output "secret" {
  value     = "${var.secret}-${var.stage}"
  sensitive = true
}

output "id" {
  value = terraform_data.replaced.id
}
