use serde::Serialize;
use tfmodel::planfile::{self, Plan, Reading};
use tsify::Tsify;

use crate::answer::Failure;
use crate::detail::{self, Detail};
use crate::rows::{self, Group, Index, Indexing, Row};
use crate::summary::{self, Summary};
use crate::trust::{self, TrustPolicy, TrustRow};

/// A plan on its way from bytes to something that can be asked about.
#[derive(Debug)]
pub struct Session(State);

#[derive(Debug)]
enum State {
    Reading(Reading),
    Indexing(Box<Plan>, Indexing),
    Ready(Box<Plan>, Index),
    Failed(Failure),
}

/// How far a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Progress {
    /// Whether everything can be asked for.
    pub ready: bool,
    /// Share of the work that is done, in percent.
    pub percent: u32,
}

/// What looking through one change counts as, in bytes read.
const BYTES_PER_CHANGE: usize = 4096;

impl Session {
    /// Takes a file.
    pub fn open(bytes: &[u8]) -> Self {
        Self(match Reading::start(bytes) {
            Ok(reading) => State::Reading(reading),
            Err(refusal) => State::Failed(refusal.into()),
        })
    }

    /// Works on for about `budget` bytes.
    ///
    /// # Errors
    /// When the file is no plan, and at every call after that.
    pub fn step(&mut self, budget: usize) -> Result<Progress, Failure> {
        let working = |percent| Progress { ready: false, percent };
        let (state, answer) =
            match std::mem::replace(&mut self.0, State::Failed(Failure::misuse("The session is broken."))) {
                State::Reading(mut reading) => match reading.step(budget) {
                    Ok(planfile::Progress::Working { done, total }) => {
                        // Reading is about nine tenths of the work.
                        let percent = u32::try_from(done.saturating_mul(90) / total.max(1)).unwrap_or_default();
                        (State::Reading(reading), Ok(working(percent)))
                    }
                    Ok(planfile::Progress::Done(plan)) => {
                        let indexing = Indexing::of(&plan);
                        (State::Indexing(plan, indexing), Ok(working(90)))
                    }
                    Err(refusal) => {
                        let failure = Failure::from(refusal);
                        (State::Failed(failure.clone()), Err(failure))
                    }
                },
                State::Indexing(plan, mut indexing) => match indexing.step(&plan, (budget / BYTES_PER_CHANGE).max(1)) {
                    rows::Step::Working(done) => (State::Indexing(plan, indexing), Ok(working(90 + done / 10))),
                    rows::Step::Done(index) => (
                        State::Ready(plan, index),
                        Ok(Progress {
                            ready: true,
                            percent: 100,
                        }),
                    ),
                },
                State::Ready(plan, index) => (
                    State::Ready(plan, index),
                    Ok(Progress {
                        ready: true,
                        percent: 100,
                    }),
                ),
                State::Failed(failure) => (State::Failed(failure.clone()), Err(failure)),
            };
        self.0 = state;
        answer
    }

    /// What the plan does as a whole.
    ///
    /// # Errors
    /// Before the session is ready.
    pub fn summary(&self) -> Result<Summary, Failure> {
        self.ready().map(|(plan, index)| summary::of(plan, index))
    }

    /// Chooses the changes to show.
    ///
    /// # Errors
    /// Before the session is ready.
    pub fn filter(&mut self, text: &str, classes: &[String]) -> Result<Vec<Group>, Failure> {
        match &mut self.0 {
            State::Ready(_, index) => Ok(index.filter(text, classes)),
            State::Reading(_) | State::Indexing(..) | State::Failed(_) => Err(not_ready()),
        }
    }

    /// Some of the chosen changes of one group.
    ///
    /// # Errors
    /// Before the session is ready, and for a group that is not there.
    pub fn rows(&self, group: usize, start: usize, count: usize) -> Result<Vec<Row>, Failure> {
        let (_, index) = self.ready()?;
        index
            .rows(group, start, count)
            .ok_or_else(|| Failure::misuse("There is no such group."))
    }

    /// One change in full.
    ///
    /// # Errors
    /// Before the session is ready, and for a row that is not there.
    pub fn detail(&self, row: usize) -> Result<Detail, Failure> {
        let (plan, index) = self.ready()?;
        let missing = || Failure::misuse("There is no such change.");
        let source = index.source(row).ok_or_else(missing)?;
        let trust = index.trust().iter().find(|policy| policy.row == row);
        detail::of(plan, source, row, trust.map(|policy| policy.id)).ok_or_else(missing)
    }

    /// Every trust policy in the plan.
    ///
    /// # Errors
    /// Before the session is ready.
    pub fn trust(&self) -> Result<Vec<TrustRow>, Failure> {
        self.ready().map(|(_, index)| index.trust().to_vec())
    }

    /// One trust policy in full.
    ///
    /// # Errors
    /// Before the session is ready, and for a policy that is not there.
    pub fn trust_policy(&self, id: usize) -> Result<TrustPolicy, Failure> {
        let (plan, index) = self.ready()?;
        let missing = || Failure::misuse("There is no such trust policy.");
        let row = index.trust().get(id).ok_or_else(missing)?;
        let source = index.source(row.row).ok_or_else(missing)?;
        let found = trust::find(plan, source).ok_or_else(missing)?;
        Ok(found.policy(row.clone()))
    }

    fn ready(&self) -> Result<(&Plan, &Index), Failure> {
        match &self.0 {
            State::Ready(plan, index) => Ok((plan, index)),
            State::Reading(_) | State::Indexing(..) | State::Failed(_) => Err(not_ready()),
        }
    }
}

fn not_ready() -> Failure {
    Failure::misuse("The plan has not been read to its end.")
}
