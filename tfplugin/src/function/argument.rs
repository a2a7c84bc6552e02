//! From a function's values to a tuple of Rust types.

use std::iter::Peekable;
use std::ops::Deref;
use std::vec::IntoIter;

use tfmodel::model::Field;
use tfmodel::{Diagnostics, Path, Type, Value};

use super::FunctionError;

/// One argument of a function: any [`Field`], or [`Variadic`].
pub trait Argument: Sized {
    /// Whether it takes all arguments that are left.
    const VARIADIC: bool;

    /// The type of a value.
    #[doc(hidden)]
    fn ty() -> Type;

    /// Whether it can hold this value.
    #[doc(hidden)]
    fn accepts(value: &Value) -> bool;

    /// Takes its values.
    #[doc(hidden)]
    fn take(taken: &mut Taken) -> Result<Self, FunctionError>;
}

/// The arguments that are left.
#[doc(hidden)]
#[derive(Debug)]
pub struct Taken {
    rest: Peekable<IntoIter<Value>>,
    next: usize,
}

impl Taken {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self {
            rest: values.into_iter().peekable(),
            next: 0,
        }
    }

    fn field<F: Field>(&mut self) -> Result<F, FunctionError> {
        let index = self.next;
        let value = self
            .rest
            .next()
            .ok_or_else(|| FunctionError::new(format!("The host passed {index} arguments, and there are more.")))?;
        self.next += 1;
        F::from_value(&value, &Path::root()).map_err(|problems| FunctionError::argument(index, in_one_text(&problems)))
    }
}

fn in_one_text(problems: &Diagnostics) -> String {
    let texts: Vec<&str> = problems.iter().map(|problem| problem.detail.as_str()).collect();
    texts.join(" ")
}

impl<F: Field> Argument for F {
    const VARIADIC: bool = false;

    fn ty() -> Type {
        F::shape().ty()
    }

    fn accepts(value: &Value) -> bool {
        F::from_value(value, &Path::root()).is_ok()
    }

    fn take(taken: &mut Taken) -> Result<Self, FunctionError> {
        taken.field()
    }
}

/// All arguments that are left, as many as there are. Only the last argument of a function can be one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variadic<T>(pub Vec<T>);

impl<T> Deref for Variadic<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<F: Field> Argument for Variadic<F> {
    const VARIADIC: bool = true;

    fn ty() -> Type {
        F::shape().ty()
    }

    fn accepts(value: &Value) -> bool {
        F::from_value(value, &Path::root()).is_ok()
    }

    fn take(taken: &mut Taken) -> Result<Self, FunctionError> {
        let mut all = Vec::new();
        while taken.rest.peek().is_some() {
            all.push(taken.field()?);
        }
        Ok(Self(all))
    }
}

/// The arguments of a function: a tuple of up to eight.
pub trait Arguments: Sized {
    /// What each of them accepts.
    #[doc(hidden)]
    fn accepted() -> Vec<Accepted>;

    /// Takes them in order.
    #[doc(hidden)]
    fn take(values: Vec<Value>) -> Result<Self, FunctionError>;
}

/// What an argument accepts.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub(crate) ty: Type,
    pub(crate) null: bool,
    pub(crate) unknown: bool,
    pub(crate) variadic: bool,
}

impl Accepted {
    fn by<A: Argument>() -> Self {
        Self {
            ty: A::ty(),
            null: A::accepts(&Value::Null),
            unknown: A::accepts(&Value::unknown()),
            variadic: A::VARIADIC,
        }
    }
}

macro_rules! tuples {
    ($(($($name:ident),*);)+) => {$(
        impl<$($name: Argument),*> Arguments for ($($name,)*) {
            fn accepted() -> Vec<Accepted> {
                vec![$(Accepted::by::<$name>()),*]
            }

            fn take(values: Vec<Value>) -> Result<Self, FunctionError> {
                let mut taken = Taken::new(values);
                let all = ($($name::take(&mut taken)?,)*);
                match taken.rest.next() {
                    None => Ok(all),
                    Some(_) => Err(FunctionError::new(format!("The host passed more than {} arguments.", taken.next))),
                }
            }
        }
    )+};
}

tuples! {
    ();
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, F);
    (A, B, C, D, E, F, G);
    (A, B, C, D, E, F, G, H);
}
