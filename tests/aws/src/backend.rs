//! From a request to an answer, with what is recorded and what goes wrong on the way.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::access::{Need, Policies, Request as Wish, needs};
use crate::answer::{Answer, Body, Refusal};
use crate::call::{Caller, Context};
use crate::calls::{Call, Outcome};
use crate::faults::{Fault, Script, expired};
use crate::operations::{Effect, Service, effect};
use crate::request::{Form, Request};
use crate::signature::{self, Signed};
use crate::sts::Sessions;
use crate::world::{Timeline, partition};
use crate::{eks, iam, sts};

/// Everything behind the HTTP server.
#[derive(Debug, Default)]
pub(crate) struct Backend {
    pub(crate) timeline: Timeline,
    pub(crate) script: Script,
    pub(crate) calls: Vec<Call>,
    pub(crate) sessions: Sessions,
    /// By access key, where the key is not the account itself.
    pub(crate) keys: BTreeMap<String, Holder>,
    requests: u64,
}

/// Whose an access key is.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) account: String,
    /// Name and policies; `None` for the root user, who may do everything.
    pub(crate) user: Option<(String, Policies)>,
}

/// What the server does about a request.
#[derive(Debug)]
pub(crate) enum Reaction {
    Answer(Answer),
    AnswerAfter(Answer, Duration),
    Cut,
}

/// What is called, and with what.
struct Asked {
    operation: String,
    parameters: BTreeMap<String, String>,
    what: What,
}

enum What {
    Query(Form),
    Rest { route: Option<eks::Route>, body: Value },
}

impl Backend {
    pub(crate) fn react(&mut self, request: &Request) -> Reaction {
        self.requests += 1;
        let id = format!("00000000-0000-4000-8000-{:012}", self.requests);
        let signed = match signature::read(&request.headers) {
            Ok(signed) => signed,
            Err(refusal) => {
                let unsigned = !request.headers.contains_key("authorization");
                let action = request.form().get("Action").map(str::to_owned);
                // The one operation for those who have no credentials yet.
                if !(unsigned && action.as_deref() == Some("AssumeRoleWithWebIdentity")) {
                    let service = if request.path.is_empty() {
                        Service::Iam
                    } else {
                        Service::Eks
                    };
                    return Reaction::Answer(Answer::of(service, "", Err(refusal), &id));
                }
                Signed {
                    access_key: String::new(),
                    region: "us-east-1".to_owned(),
                    service: Service::Sts,
                }
            }
        };
        let service = signed.service;
        let asked = match asked(service, request) {
            Ok(asked) => asked,
            Err(refusal) => return Reaction::Answer(Answer::of(service, "", Err(refusal), &id)),
        };
        let caller = self.caller(&signed, request);
        let account = caller.as_ref().map_or("", |caller| caller.account.as_str()).to_owned();
        let action = format!("{service}:{}", asked.operation);
        let fault = self.script.meet(&action, &account);
        let wish = Wish {
            service,
            operation: &asked.operation,
            parameters: &asked.parameters,
            partition: partition(&signed.region),
            region: &signed.region,
            account: &account,
        };
        let needs = needs(wish, &self.timeline.now);
        let caller = caller.and_then(|caller| self.permit(&signed, caller, &needs));
        let header = |name: &str| request.headers.get(name).cloned().unwrap_or_default();
        let (result, outcome) = self.result(&signed, &asked, request, caller, fault.as_ref());
        self.calls.push(Call {
            service,
            at: self.timeline.clock.now(),
            account,
            region: signed.region,
            parameters: asked.parameters,
            authorization: header("authorization"),
            security_token: header("x-amz-security-token"),
            permissions: needs.into_iter().map(|need| need.action).collect(),
            is_write: effect(&action) == Some(Effect::Write),
            outcome,
            operation: asked.operation.clone(),
        });
        let Some(result) = result else {
            return Reaction::Cut;
        };
        let answer = Answer::of(service, &asked.operation, result, &id);
        match fault {
            Some(Fault::Slow(delay)) => Reaction::AnswerAfter(answer, delay),
            _ => Reaction::Answer(answer),
        }
    }

    /// What is answered, if anything is, and how the call ended.
    fn result(
        &mut self,
        signed: &Signed,
        asked: &Asked,
        request: &Request,
        caller: Result<Caller, Refusal>,
        fault: Option<&Fault>,
    ) -> (Option<Result<Body, Refusal>>, Outcome) {
        if fault == Some(&Fault::Cut) {
            return (None, Outcome::Cut);
        }
        let arn = caller.as_ref().map_or("", |caller| caller.arn.as_str());
        let scripted = fault.and_then(|fault| fault.refusal(signed.service, &asked.operation, arn));
        let result = match scripted {
            Some(refusal) => Err(refusal),
            None => caller.and_then(|caller| self.dispatch(signed, asked, request, caller)),
        };
        let outcome = match &result {
            Ok(_) if fault == Some(&Fault::LostAnswer) => Outcome::AnswerLost,
            Ok(_) => Outcome::Done,
            Err(refusal) => Outcome::Refused(refusal.code.clone()),
        };
        let is_lost = fault == Some(&Fault::LostAnswer);
        ((!is_lost).then_some(result), outcome)
    }

    fn dispatch(&mut self, signed: &Signed, asked: &Asked, request: &Request, caller: Caller) -> Result<Body, Refusal> {
        let action = format!("{}:{}", signed.service, asked.operation);
        if effect(&action) == Some(Effect::Write) {
            self.timeline.remember();
        }
        let mut cx = Context {
            caller,
            region: signed.region.clone(),
            partition: partition(&signed.region),
            timeline: &mut self.timeline,
        };
        match (&asked.what, signed.service) {
            (What::Query(form), Service::Iam) => iam::answer(&asked.operation, form, &mut cx).map(Body::Xml),
            (What::Query(form), _) => sts::answer(&asked.operation, form, &mut cx, &mut self.sessions).map(Body::Xml),
            (
                What::Rest {
                    route: Some(route),
                    body,
                },
                _,
            ) => {
                let parameters = eks::Parameters {
                    path: &route.path,
                    request,
                    body,
                };
                eks::answer(route.operation, &parameters, &mut cx).map(Body::Json)
            }
            (What::Rest { route: None, .. }, _) => Err(eks::unknown_operation()),
        }
    }

    /// The caller, if their policies let them.
    fn permit(&self, signed: &Signed, caller: Caller, needs: &[Need]) -> Result<Caller, Refusal> {
        let holder = self.keys.get(&signed.access_key);
        if let Some((_, policies)) = holder.and_then(|holder| holder.user.as_ref()) {
            policies.check(signed.service, &caller.arn, needs)?;
        }
        Ok(caller)
    }

    /// Who signed. A key of 12 digits is the root user of that account.
    fn caller(&self, signed: &Signed, request: &Request) -> Result<Caller, Refusal> {
        let key = signed.access_key.as_str();
        let partition = partition(&signed.region);
        let is_account = key.len() == 12 && key.bytes().all(|byte| byte.is_ascii_digit());
        if key.is_empty() {
            return Ok(Caller {
                account: String::new(),
                arn: String::new(),
                user_id: String::new(),
                is_session: false,
            });
        }
        let holder = self.keys.get(key);
        if let Some(account) = is_account
            .then_some(key)
            .or(holder.map(|holder| holder.account.as_str()))
        {
            let user = holder.and_then(|holder| holder.user.as_ref());
            let name = user.map_or_else(|| "root".to_owned(), |(name, _)| format!("user/{name}"));
            return Ok(Caller {
                account: account.to_owned(),
                arn: format!("arn:{partition}:iam::{account}:{name}"),
                user_id: account.to_owned(),
                is_session: false,
            });
        }
        let token = request.headers.get("x-amz-security-token");
        match self.sessions.get(key) {
            Some(session) if token == Some(&session.token) => {
                if session.expires <= self.timeline.clock.date() {
                    return Err(expired(signed.service));
                }
                Ok(session.caller.clone())
            }
            _ => Err(Refusal::new(
                403,
                match signed.service {
                    Service::Eks => "UnrecognizedClientException",
                    Service::Iam | Service::Sts => "InvalidClientTokenId",
                },
                "The security token included in the request is invalid.",
            )),
        }
    }
}

fn asked(service: Service, request: &Request) -> Result<Asked, Refusal> {
    if service == Service::Eks {
        let body = request.json()?;
        let route = eks::route(request);
        let mut parameters: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in route.iter().flat_map(|route| &route.path) {
            parameters.insert((*name).to_owned(), value.clone());
        }
        for (name, value) in &request.query {
            // A parameter may be given several times.
            let known = parameters.entry(name.clone()).or_default();
            if !known.is_empty() {
                known.push(',');
            }
            known.push_str(value);
        }
        for (name, value) in body.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            parameters.insert(name.clone(), text);
        }
        let operation = route.as_ref().map_or("?", |route| route.operation).to_owned();
        return Ok(Asked {
            operation,
            parameters,
            what: What::Rest { route, body },
        });
    }
    if request.method != "POST" || !request.path.is_empty() {
        return Err(Refusal::new(
            400,
            "InvalidAction",
            "The query protocol is served at the root path, by POST",
        ));
    }
    let form = request.form();
    let operation = form
        .get("Action")
        .ok_or_else(|| Refusal::new(400, "MissingAction", "There is no Action"))?
        .to_owned();
    let version = if service == Service::Iam {
        "2010-05-08"
    } else {
        "2011-06-15"
    };
    if form.get("Version") != Some(version) {
        return Err(Refusal::new(
            400,
            "InvalidAction",
            format!("Could not find operation {operation} for this version: it is {version}"),
        ));
    }
    let mut parameters = form.0.clone();
    parameters.retain(|name, _| name != "Action" && name != "Version");
    Ok(Asked {
        operation,
        parameters,
        what: What::Query(form),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::OPERATIONS;

    #[test]
    fn every_operation_that_is_named_is_served() {
        for (action, _) in OPERATIONS {
            let (service, operation) = action.split_once(':').unwrap();
            let mut backend = Backend::default();
            let mut cx = Context {
                caller: Caller {
                    account: "111122223333".to_owned(),
                    arn: String::new(),
                    user_id: String::new(),
                    is_session: false,
                },
                region: "us-west-2".to_owned(),
                partition: "aws",
                timeline: &mut backend.timeline,
            };
            let form = Form(BTreeMap::new());
            let code = match service {
                "iam" => iam::answer(operation, &form, &mut cx).err(),
                "sts" => sts::answer(operation, &form, &mut cx, &mut backend.sessions).err(),
                _ => {
                    let parameters = eks::Parameters {
                        path: &BTreeMap::new(),
                        request: &Request::default(),
                        body: &Value::Null,
                    };
                    eks::answer(operation, &parameters, &mut cx).err()
                }
            };
            let code = code.map(|refusal| refusal.code).unwrap_or_default();
            assert!(
                code != "InvalidAction" && code != "UnknownOperationException",
                "{action}"
            );
        }
    }
}
