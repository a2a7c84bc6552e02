variable "stage" {
  type = number
}

resource "terraform_data" "role" {
  input = "deep${var.stage}"
}
