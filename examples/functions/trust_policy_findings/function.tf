# Nothing about security may be wrong with a trust policy that somebody else wrote.
check "trust_policy" {
  assert {
    condition     = length([for one in local.findings : one if one.severity == "security"]) == 0
    error_message = join("\n", [for one in local.findings : "${one.code} ${one.summary}: ${one.detail}"])
  }
}

locals {
  findings = provider::pod::trust_policy_findings(file("trust.json"), {
    role_arn = "arn:aws:iam::111122223333:role/reports"
  })
}
