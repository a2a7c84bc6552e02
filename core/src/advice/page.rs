use std::fmt::Write as _;

use super::claims::CLAIMS;
use super::question::Ask;
use super::rules::{RULES, Weight};
use crate::precedence::{LinkKind, Sdk};

/// The guide "Which mechanism", as Markdown: the rules and the chains that the engine itself goes by.
pub fn page() -> String {
    let mut page = String::from(
        "<!-- Written by `cargo xtask docs` from the rules of the engine; edit them. -->\n\n\
         # Which mechanism should a workload use\n\n\
         Pods on EKS get credentials of AWS by IRSA, where the SDK trades a token of the service account for a role, or by EKS Pod Identity, where an \
         agent on the node does so for an association of namespace, service account and role. What speaks for which, in three tiers: what **must** be \
         decides; else what **should** be; else what **may** be. Where a tier speaks for both, take either.\n",
    );
    for (weight, title) in [
        (Weight::Must, "What must be"),
        (Weight::Should, "What should be"),
        (Weight::May, "What may be"),
    ] {
        _ = writeln!(
            page,
            "\n## {title}\n\n| If | Use | Because | Source |\n|---|---|---|---|"
        );
        for rule in RULES.iter().filter(|rule| rule.weight == weight) {
            let when: Vec<&str> = rule.when.iter().map(|(ask, answer)| ask.phrase(*answer)).collect();
            _ = writeln!(
                page,
                "| {} | {} | {} | {} |",
                when.join("; "),
                rule.argues_for.name(),
                rule.reason,
                rule.source
            );
        }
    }
    page.push_str(
        "\n## What to answer\n\nWhere nothing is answered, the assumption holds; without one, the answer is needed.\n\n| Question | Assumption |\n|---|---|\n",
    );
    for ask in Ask::ALL {
        let assumed = match ask.assumed() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        _ = writeln!(page, "| {} | {assumed} |", ask.text());
    }
    chains(&mut page);
    page.push_str("\n## What is often said\n\n| Claim | What is so | Source |\n|---|---|---|\n");
    for claim in CLAIMS {
        _ = writeln!(page, "| {} | {} | {} |", claim.said, claim.so, claim.source);
    }
    page
}

fn chains(page: &mut String) {
    page.push_str(
        "\n## Which credentials win where several are there\n\n\
         Two things decide. When a pod is made, EKS looks whether its service account has an association; if so, it writes the variables of EKS Pod \
         Identity into the containers and not those of IRSA, whatever the annotation says. It leaves alone containers that name one of these variables \
         themselves, and those in `eks.amazonaws.com/skip-containers`. Pods that run keep what they have until they are replaced.\n\n\
         Then the SDK takes the first place of its default chain that has something. So access keys outdo both mechanisms nearly everywhere, and variables \
         of IRSA that are written into the template outdo an association.\n\n\
         | SDK | Its chain | EKS Pod Identity since | Source |\n|---|---|---|---|\n",
    );
    for sdk in Sdk::ALL {
        let facts = sdk.facts();
        let chain: Vec<&str> = facts.chain.iter().map(|link| word(*link)).collect();
        let skips = if facts.profile_outdoes_environment {
            "; no keys of the environment where `AWS_PROFILE` is set"
        } else {
            ""
        };
        _ = writeln!(
            page,
            "| {} | {}{skips} | {} | {} |",
            facts.name,
            chain.join(", "),
            facts.pod_identity_since.join(", "),
            facts.source
        );
    }
}

const fn word(link: LinkKind) -> &'static str {
    match link {
        LinkKind::SystemProperties => "system properties",
        LinkKind::Environment => "keys in the environment",
        LinkKind::ProfileRole => "roles of profiles",
        LinkKind::Profile => "shared files",
        LinkKind::WebIdentity => "IRSA",
        LinkKind::Container => "EKS Pod Identity",
        LinkKind::InstanceMetadata => "role of the node",
    }
}
