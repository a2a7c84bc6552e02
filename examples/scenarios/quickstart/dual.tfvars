# The first step from IRSA to Pod Identity: both, while pods are restarted one by one.
reports_mode = "dual"
