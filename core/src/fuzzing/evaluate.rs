use std::collections::BTreeMap;

use crate::evaluate::{Call, Caller, Context, Prepared, Presence, Request, Verdict, blocked};
use crate::policy::Document;

/// A request, an empty line, and a policy. The lines of the request are `service NAME`, `federated NAME`, `aws NAME`, `do ACTION`,
/// `on RESOURCE`, `KEY=VALUE` (again for each value), `KEY!` for a key of unknown value and `KEY?` for one that nobody knows.
///
/// The explained answer is the short one and says why; another spelling of the document gives the same; what becomes known of a request
/// never turns the answer round.
pub(super) fn evaluate(bytes: &[u8]) {
    let Some((request, policy)) = std::str::from_utf8(bytes).ok().and_then(|text| text.split_once("\n\n")) else {
        return;
    };
    let Ok(document) = Document::parse(policy) else { return };
    let asked = Asked::read(request);
    let prepared = Prepared::new(&document);
    let as_it_is = asked.request(|presence| presence.clone());
    let answer = prepared.evaluate(&as_it_is);
    assert_eq!(prepared.verdict(&as_it_is), answer.verdict);
    assert!(!answer.because.is_empty());
    let canonical = document.canonical();
    assert_eq!(Prepared::new(&canonical).verdict(&as_it_is), answer.verdict);

    for known in [Presence::Absent, Presence::Values(vec!["shop".to_owned()])] {
        let more = asked.request(|presence| match presence {
            Presence::Unknown => known.clone(),
            Presence::Absent | Presence::Values(_) | Presence::Present => presence.clone(),
        });
        if matches!(answer.verdict, Verdict::Allow | Verdict::Deny) {
            assert_eq!(prepared.verdict(&more), answer.verdict);
        }
    }

    let context = asked.context(|presence| presence.clone());
    let action = asked.actions.first().map_or("", String::as_str);
    assert!(!blocked(&document, action, asked.resource, &context).because.is_empty());
}

struct Asked<'a> {
    caller: Caller,
    actions: Vec<String>,
    resource: &'a str,
    keys: BTreeMap<&'a str, Presence>,
}

impl<'a> Asked<'a> {
    fn read(text: &'a str) -> Self {
        let mut asked = Self {
            caller: Caller::Unknown,
            actions: Vec::new(),
            resource: "*",
            keys: BTreeMap::new(),
        };
        for line in text.lines() {
            if let Some((key, value)) = line.split_once('=') {
                match asked.keys.entry(key).or_insert(Presence::Values(Vec::new())) {
                    Presence::Values(values) => values.push(value.to_owned()),
                    other @ (Presence::Absent | Presence::Present | Presence::Unknown) => {
                        *other = Presence::Values(vec![value.to_owned()]);
                    }
                }
            } else if let Some(key) = line.strip_suffix('!') {
                asked.keys.insert(key, Presence::Present);
            } else if let Some(key) = line.strip_suffix('?') {
                asked.keys.insert(key, Presence::Unknown);
            } else if let Some((word, rest)) = line.split_once(' ') {
                match word {
                    "service" => asked.caller = Caller::Service(rest.to_owned()),
                    "federated" => asked.caller = Caller::Federated(rest.to_owned()),
                    "aws" => asked.caller = Caller::Aws(rest.to_owned()),
                    "do" => asked.actions.push(rest.to_owned()),
                    "on" => asked.resource = rest,
                    _ => {}
                }
            }
        }
        asked
    }

    fn context(&self, known: impl Fn(&Presence) -> Presence) -> Context {
        self.keys.iter().fold(Context::new(), |context, (key, presence)| {
            context.with(key, known(presence))
        })
    }

    fn request(&self, known: impl Fn(&Presence) -> Presence) -> Request {
        let context = self.context(known);
        Request {
            caller: self.caller.clone(),
            calls: self
                .actions
                .iter()
                .map(|action| Call {
                    action: action.clone(),
                    context: context.clone(),
                })
                .collect(),
        }
    }
}
