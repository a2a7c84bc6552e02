variable "stage" {
  type = number
}

resource "terraform_data" "role" {
  input = "v${var.stage}"
}

module "deep" {
  source = "./deep"
  count  = 2
  stage  = var.stage
}
