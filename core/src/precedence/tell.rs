use std::fmt::Write as _;

use tfmodel::order;

use super::chain::{Found, Link, Outcome};
use super::resolve::{Answer, Resolution};
use super::sdk::Sdk;
use super::verdict::{Met, Verdict};

impl Resolution {
    /// It, as text for a terminal. The steps are told where one chain was followed; several would hide the answer.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for container in &self.containers {
            _ = writeln!(text, "container `{}`", container.container);
            for (title, answer) in [("as it runs", &container.running), ("in a new pod", &container.next)] {
                if let Some(answer) = answer {
                    _ = writeln!(text, "  {title}: {}", headline(&answer.verdict));
                    details(&mut text, answer);
                }
            }
            _ = writeln!(text, "  when it changes: {}", container.change);
        }
        for notice in &self.notices {
            let of = notice.container.as_ref().map(|name| format!(" (`{name}`)"));
            _ = writeln!(text, "note {}{}: {}", notice.id, of.unwrap_or_default(), notice.means);
        }
        text
    }
}

fn headline(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Decided { .. } => verdict.sentence(),
        Verdict::Unknown { .. } => "It cannot be known which it uses.".to_owned(),
    }
}

fn details(text: &mut String, answer: &Answer) {
    match &answer.verdict {
        Verdict::Decided { needs, .. } => {
            for need in needs {
                let mark = match need.met {
                    Met::Yes => '+',
                    Met::No => '-',
                    Met::Unknown => '?',
                };
                _ = writeln!(text, "      {mark} {}", need.what);
            }
        }
        Verdict::Unknown { because, candidates } => {
            let all = order::distinct(answer.cases.iter().flat_map(|case| case.sdks.iter().copied()));
            for one in candidates {
                _ = writeln!(text, "      ? {}{}", one.credentials, sdks(&one.sdks, &all));
            }
            for why in because {
                _ = writeln!(text, "      why: {why}");
            }
        }
    }
    if let [case] = answer.cases.as_slice() {
        for (position, link) in case.links.iter().enumerate() {
            _ = writeln!(text, "      {}. {}", position + 1, step(link));
        }
    }
}

fn step(link: &Link) -> String {
    let found = match (link.outcome, link.found) {
        (Outcome::NotReached, _) => return format!("{}: not reached", link.looks_at),
        (Outcome::Wins, _) => "wins",
        (Outcome::MayWin, _) => "may win",
        (Outcome::PassedOver, Found::Absent | Found::Present | Found::Unknown) => "passed over",
    };
    format!("{}: {found}. {}", link.looks_at, link.detail)
}

/// With which SDKs, or without which: the shorter.
fn sdks(some: &[Sdk], all: &[Sdk]) -> String {
    let names = |sdks: &mut dyn Iterator<Item = &Sdk>| sdks.map(|sdk| sdk.facts().name).collect::<Vec<_>>().join(", ");
    let mut others = all.iter().filter(|sdk| !some.contains(sdk));
    match all.len() - others.clone().count() {
        with if with == all.len() => String::new(),
        with if with >= all.len() - with => format!(", but not with {}", names(&mut others)),
        _ => format!(", with {}", names(&mut some.iter())),
    }
}
