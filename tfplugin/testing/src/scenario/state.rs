//! Checks of the state after a step.
//!
//! Addresses are the host's, paths lead into the object, as in [`plan`](super::plan).

use std::cell::RefCell;
use std::rc::Rc;

use serde_json::Value;

use super::known::{Known, same};
use super::path::Path;
use crate::cli::State;

/// A check of the state.
pub struct StateCheck(Check);

type Check = Box<dyn FnOnce(&State) -> Result<(), String>>;

/// Any other check; what it returns as an error is what the failed scenario says.
pub fn holds(check: impl FnOnce(&State) -> Result<(), String> + 'static) -> StateCheck {
    StateCheck(Box::new(check))
}

/// A value.
pub fn value(address: impl Into<String>, path: impl Into<String>, known: impl Into<Known>) -> StateCheck {
    let (address, path, known) = (address.into(), path.into(), known.into());
    holds(move |state| {
        let found = find(state, &address, &path)?;
        known
            .refuse(found)
            .map_err(|wrong| format!("`{address}`: `{path}` {wrong}"))
    })
}

/// That a value is sensitive.
pub fn sensitive(address: impl Into<String>, path: impl Into<String>) -> StateCheck {
    let (address, path) = (address.into(), path.into());
    holds(move |state| {
        find(state, &address, &path)?;
        let marks = state.resource(&address).and_then(|found| found.get("sensitive_values"));
        let parsed = Path::parse(&path)?;
        if marks.is_some_and(|marks| parsed.is_marked(marks)) {
            return Ok(());
        }
        Err(format!("`{address}`: `{path}` is not sensitive"))
    })
}

/// The identity of a resource. Needs [`Feature::Identity`](crate::cli::Feature::Identity).
pub fn identity(address: impl Into<String>, known: impl Into<Known>) -> StateCheck {
    let (address, known) = (address.into(), known.into());
    holds(move |state| {
        let Some(found) = state.resource(&address) else {
            return Err(format!("`{address}` is not in the state"));
        };
        let Some(found) = found.get("identity") else {
            return Err(format!("`{address}` has no identity in the state"));
        };
        known
            .refuse(found)
            .map_err(|wrong| format!("the identity of `{address}` {wrong}"))
    })
}

/// That a resource is not in the state.
pub fn absent(address: impl Into<String>) -> StateCheck {
    let address = address.into();
    holds(move |state| match state.resource(&address) {
        None => Ok(()),
        Some(_) => Err(format!("`{address}` is in the state")),
    })
}

/// An output.
pub fn output(name: impl Into<String>, known: impl Into<Known>) -> StateCheck {
    let (name, known) = (name.into(), known.into());
    holds(move |state| {
        let Some(found) = state.output(&name) else {
            return Err(format!("there is no output `{name}`"));
        };
        let value = found.get("value").unwrap_or(&Value::Null);
        known.refuse(value).map_err(|wrong| format!("output `{name}` {wrong}"))
    })
}

/// That an output is sensitive.
pub fn sensitive_output(name: impl Into<String>) -> StateCheck {
    let name = name.into();
    holds(move |state| match state.output(&name) {
        None => Err(format!("there is no output `{name}`")),
        Some(found) if found.get("sensitive") == Some(&Value::Bool(true)) => Ok(()),
        Some(_) => Err(format!("output `{name}` is not sensitive")),
    })
}

/// That two values are equal.
pub fn equal(left: (&str, &str), right: (&str, &str)) -> StateCheck {
    pair(left, right, |are_equal| if are_equal { Ok(()) } else { Err("differ") })
}

/// That two values differ.
pub fn unequal(left: (&str, &str), right: (&str, &str)) -> StateCheck {
    pair(
        left,
        right,
        |are_equal| if are_equal { Err("are equal") } else { Ok(()) },
    )
}

/// A value that is followed from step to step.
///
/// The first check of it, [`Followed::seen`], looks; each later one compares with the last look, and looks again.
#[derive(Clone, Debug)]
pub struct Followed {
    address: String,
    path: String,
    last: Rc<RefCell<Option<Value>>>,
}

/// Follows a value from step to step.
pub fn follow(address: impl Into<String>, path: impl Into<String>) -> Followed {
    Followed {
        address: address.into(),
        path: path.into(),
        last: Rc::default(),
    }
}

impl Followed {
    /// Looks at it for the first time.
    #[must_use]
    pub fn seen(&self) -> StateCheck {
        let followed = self.clone();
        holds(move |state| followed.look(state).map(drop))
    }

    /// That it is what it was.
    #[must_use]
    pub fn same(&self) -> StateCheck {
        self.compare(true)
    }

    /// That it is something else now.
    #[must_use]
    pub fn changed(&self) -> StateCheck {
        self.compare(false)
    }

    fn compare(&self, is_same: bool) -> StateCheck {
        let followed = self.clone();
        holds(move |state| {
            let Some(before) = followed.last.borrow().clone() else {
                return Err(format!(
                    "`{}`: nobody has looked at `{}` before; check `seen()` in an earlier step",
                    followed.address, followed.path
                ));
            };
            let now = followed.look(state)?;
            if same(&now, &before) == is_same {
                return Ok(());
            }
            let Followed { address, path, .. } = followed;
            Err(if is_same {
                format!("`{address}`: `{path}` was `{before}` and is `{now}`")
            } else {
                format!("`{address}`: `{path}` is still `{now}`")
            })
        })
    }

    fn look(&self, state: &State) -> Result<Value, String> {
        let found = find(state, &self.address, &self.path)?.clone();
        self.last.replace(Some(found.clone()));
        Ok(found)
    }
}

impl StateCheck {
    pub(super) fn run(self, state: &State) -> Result<(), String> {
        (self.0)(state)
    }
}

fn pair(
    left: (&str, &str),
    right: (&str, &str),
    judge: impl FnOnce(bool) -> Result<(), &'static str> + 'static,
) -> StateCheck {
    let own = |(address, path): (&str, &str)| (address.to_owned(), path.to_owned());
    let (left, right) = (own(left), own(right));
    holds(move |state| {
        let found = [&left, &right].map(|(address, path)| find(state, address, path));
        let [one, other] = found;
        let (one, other) = (one?, other?);
        judge(same(one, other)).map_err(|wrong| {
            format!(
                "`{}.{}` and `{}.{}` {wrong}: `{one}` and `{other}`",
                left.0, left.1, right.0, right.1
            )
        })
    })
}

fn find<'v>(state: &'v State, address: &str, path: &str) -> Result<&'v Value, String> {
    let parsed = Path::parse(path)?;
    let Some(values) = state.values(address) else {
        return Err(format!("`{address}` is not in the state"));
    };
    parsed
        .find(values)
        .ok_or_else(|| format!("`{address}`: `{path}` is not there"))
}
