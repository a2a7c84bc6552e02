use tsify::{Ts, Tsify};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::access::Access;
use crate::answer::Answer;
use crate::detail::Detail;
use crate::rows::{Group, Row};
use crate::session::{Progress, Session};
use crate::summary::Summary;
use crate::trust::{TrustPolicy, TrustRow};

/// Version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Whether a trust policy lets somebody assume its role. `request` is JSON: a pod, or what a request carries, with the keys of the provider's
/// function `can_assume`.
#[wasm_bindgen(js_name = canAssume, unchecked_return_type = "Answer<Access>")]
pub fn can_assume(policy: &str, request: &str) -> Result<Ts<Answer<Access>>, JsError> {
    Ok(Answer::from(Access::ask(policy, request)).into_ts()?)
}

/// A plan in the memory of the module. Free it when another one takes its place.
#[wasm_bindgen]
#[derive(Debug)]
pub struct PlanSession(Session);

#[wasm_bindgen]
impl PlanSession {
    /// Takes a file; nothing is read yet.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Self {
        Self(Session::open(bytes))
    }

    /// Works on for about `budget` bytes of the file.
    #[wasm_bindgen(unchecked_return_type = "Answer<Progress>")]
    pub fn step(&mut self, budget: u32) -> Result<Ts<Answer<Progress>>, JsError> {
        Ok(Answer::from(self.0.step(budget as usize)).into_ts()?)
    }

    /// What the plan does as a whole.
    #[wasm_bindgen(unchecked_return_type = "Answer<Summary>")]
    pub fn summary(&self) -> Result<Ts<Answer<Summary>>, JsError> {
        Ok(Answer::from(self.0.summary()).into_ts()?)
    }

    /// Chooses the changes to show: those of the named classes in whose address, type or attribute names `text` occurs.
    #[wasm_bindgen(unchecked_return_type = "Answer<Group[]>")]
    pub fn filter(&mut self, text: &str, classes: Vec<String>) -> Result<Ts<Answer<Vec<Group>>>, JsError> {
        Ok(Answer::from(self.0.filter(text, &classes)).into_ts()?)
    }

    /// Some of the chosen changes of one group.
    #[wasm_bindgen(unchecked_return_type = "Answer<Row[]>")]
    pub fn rows(&self, group: u32, start: u32, count: u32) -> Result<Ts<Answer<Vec<Row>>>, JsError> {
        Ok(Answer::from(self.0.rows(group as usize, start as usize, count as usize)).into_ts()?)
    }

    /// One change in full.
    #[wasm_bindgen(unchecked_return_type = "Answer<Detail>")]
    pub fn detail(&self, row: u32) -> Result<Ts<Answer<Detail>>, JsError> {
        Ok(Answer::from(self.0.detail(row as usize)).into_ts()?)
    }

    /// Every trust policy in the plan.
    #[wasm_bindgen(unchecked_return_type = "Answer<TrustRow[]>")]
    pub fn trust(&self) -> Result<Ts<Answer<Vec<TrustRow>>>, JsError> {
        Ok(Answer::from(self.0.trust()).into_ts()?)
    }

    /// One trust policy in full.
    #[wasm_bindgen(js_name = trustPolicy, unchecked_return_type = "Answer<TrustPolicy>")]
    pub fn trust_policy(&self, id: u32) -> Result<Ts<Answer<TrustPolicy>>, JsError> {
        Ok(Answer::from(self.0.trust_policy(id as usize)).into_ts()?)
    }
}
