terraform {
  required_providers {
    pod = {
      source = "pod-identity/pod"
    }
  }
}

provider "pod" {
  region = "eu-central-1"

  default_tags {
    tags = {
      team = "platform"
    }
  }
}
