# What Kubernetes has to know: the annotations of the service account, and when pods have to be replaced.

terraform {
  required_providers {
    kubernetes = {
      source = "hashicorp/kubernetes"
    }
    pod = {
      source = "pod-identity/pod"
    }
  }
}

provider "kubernetes" {}
provider "pod" {}

variable "cluster_name" {
  type    = string
  default = "demo"
}

resource "pod_identity_binding" "exporter" {
  cluster_name    = var.cluster_name
  namespace       = "reports"
  service_account = "exporter"
  mode            = "dual"
  role            = {}
}

resource "kubernetes_service_account_v1" "exporter" {
  metadata {
    name        = "exporter"
    namespace   = "reports"
    annotations = pod_identity_binding.exporter.service_account_annotations
  }
}

resource "kubernetes_deployment_v1" "exporter" {
  metadata {
    name      = "exporter"
    namespace = "reports"
  }

  spec {
    selector {
      match_labels = { app = "exporter" }
    }

    template {
      metadata {
        labels = { app = "exporter" }

        # Changes exactly when running pods have to be replaced to get what new pods get, so that the rollout follows the binding.
        annotations = {
          "pod-identity/ready" = pod_identity_binding.exporter.ready_token
        }
      }

      spec {
        service_account_name = kubernetes_service_account_v1.exporter.metadata[0].name

        container {
          name  = "exporter"
          image = "registry.example.com/reports/exporter:1"
        }
      }
    }
  }
}
