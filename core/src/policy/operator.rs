use std::fmt;
use std::str::FromStr;

use tfmodel::spelling::closest;

/// A condition operator: which test, over which of the values, and what a missing key means.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// How the values of the request are taken together; without one, a key is expected to have a single value.
    pub quantifier: Option<Quantifier>,
    /// What is tested.
    pub test: Test,
    /// Whether a key that the request does not carry passes.
    pub if_exists: bool,
}

/// What a set operator asks of the values of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// `ForAllValues`: each of them passes; none is enough.
    All,
    /// `ForAnyValue`: at least one of them passes.
    Any,
}

macro_rules! tests {
    ($($(#[$doc:meta])* $name:ident, $kind:ident, $negated:literal;)*) => {
        /// What a condition operator tests.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Test {
            $($(#[$doc])* $name,)*
        }

        impl Test {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As policies spell it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// What it compares.
            pub const fn kind(self) -> TestKind {
                match self {
                    $(Self::$name => TestKind::$kind,)*
                }
            }

            /// Whether it passes where none of its values match, and where the key is missing.
            pub const fn is_negated(self) -> bool {
                match self {
                    $(Self::$name => $negated,)*
                }
            }
        }
    };
}

tests! {
    /// The same text.
    StringEquals, String, false;
    /// Another text.
    StringNotEquals, String, true;
    /// The same text, whatever its case.
    StringEqualsIgnoreCase, String, false;
    /// Another text, whatever its case.
    StringNotEqualsIgnoreCase, String, true;
    /// A text like this, with `*` and `?`.
    StringLike, String, false;
    /// A text unlike this, with `*` and `?`.
    StringNotLike, String, true;
    /// The same number.
    NumericEquals, Numeric, false;
    /// Another number.
    NumericNotEquals, Numeric, true;
    /// A smaller number.
    NumericLessThan, Numeric, false;
    /// A number that is not larger.
    NumericLessThanEquals, Numeric, false;
    /// A larger number.
    NumericGreaterThan, Numeric, false;
    /// A number that is not smaller.
    NumericGreaterThanEquals, Numeric, false;
    /// The same time.
    DateEquals, Date, false;
    /// Another time.
    DateNotEquals, Date, true;
    /// An earlier time.
    DateLessThan, Date, false;
    /// A time that is not later.
    DateLessThanEquals, Date, false;
    /// A later time.
    DateGreaterThan, Date, false;
    /// A time that is not earlier.
    DateGreaterThanEquals, Date, false;
    /// `true` or `false`.
    Bool, Bool, false;
    /// The same bytes, in base64.
    BinaryEquals, Binary, false;
    /// An address in this range.
    IpAddress, IpAddress, false;
    /// An address outside this range.
    NotIpAddress, IpAddress, true;
    /// An ARN like this, part by part; the same as `ArnLike`.
    ArnEquals, Arn, false;
    /// An ARN unlike this; the same as `ArnNotLike`.
    ArnNotEquals, Arn, true;
    /// An ARN like this, part by part.
    ArnLike, Arn, false;
    /// An ARN unlike this.
    ArnNotLike, Arn, true;
    /// Whether the key is missing.
    Null, Null, false;
}

/// What a [`Test`] compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TestKind {
    /// Texts.
    String,
    /// Numbers.
    Numeric,
    /// Points in time.
    Date,
    /// `true` and `false`.
    Bool,
    /// Bytes.
    Binary,
    /// Addresses and ranges.
    IpAddress,
    /// ARNs.
    Arn,
    /// Whether there is a value.
    Null,
}

/// A text is no condition operator of IAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("IAM has no such condition operator")]
pub struct NoOperator;

impl Operator {
    /// The operator of one test, alone.
    pub const fn of(test: Test) -> Self {
        Self {
            quantifier: None,
            test,
            if_exists: false,
        }
    }

    /// The operator that a text may be meant for that is none.
    pub fn meant_by(text: &str) -> Option<String> {
        let (set, rest) = match text.split_once(':') {
            None => (None, text),
            Some((set, rest)) => (Some(closest(set, ["ForAllValues", "ForAnyValue"])?), rest),
        };
        let suffix = "IfExists";
        let cut = rest.len().saturating_sub(suffix.len());
        let (name, suffix) = match rest.split_at_checked(cut) {
            Some((name, end)) if !name.is_empty() && closest(end, [suffix]).is_some() => (name, suffix),
            _ => (rest, ""),
        };
        let test = closest(name, Test::ALL.iter().map(|test| test.as_str()))?;
        let set = set.map(|set| format!("{set}:")).unwrap_or_default();
        let meant = format!("{set}{test}{suffix}");
        meant.parse::<Self>().is_ok().then_some(meant)
    }

    /// Whether it passes where none of its values match.
    pub const fn is_negated(self) -> bool {
        self.test.is_negated()
    }

    /// Whether a key that the request does not carry passes: the way in which a condition that was meant to guard guards nothing.
    pub const fn passes_without_key(self) -> bool {
        match (self.test, self.quantifier) {
            (Test::Null, _) => false,
            (_, Some(Quantifier::Any)) => self.if_exists,
            (_, Some(Quantifier::All)) => true,
            (test, None) => self.if_exists || test.is_negated(),
        }
    }
}

/// Operators are read whatever their case, as IAM does.
impl FromStr for Operator {
    type Err = NoOperator;

    fn from_str(text: &str) -> Result<Self, NoOperator> {
        let (quantifier, rest) = match text.split_once(':') {
            None => (None, text),
            Some((set, rest)) if set.eq_ignore_ascii_case("ForAllValues") => (Some(Quantifier::All), rest),
            Some((set, rest)) if set.eq_ignore_ascii_case("ForAnyValue") => (Some(Quantifier::Any), rest),
            Some(_) => return Err(NoOperator),
        };
        let suffix = "IfExists";
        let (name, if_exists) = match rest
            .len()
            .checked_sub(suffix.len())
            .and_then(|at| rest.split_at_checked(at))
        {
            Some((name, end)) if end.eq_ignore_ascii_case(suffix) => (name, true),
            _ => (rest, false),
        };
        let test = Test::ALL
            .iter()
            .copied()
            .find(|test| test.as_str().eq_ignore_ascii_case(name))
            .ok_or(NoOperator)?;
        // `Null` asks whether the key exists.
        if if_exists && test == Test::Null {
            return Err(NoOperator);
        }
        Ok(Self {
            quantifier,
            test,
            if_exists,
        })
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quantifier {
            Some(Quantifier::All) => f.write_str("ForAllValues:")?,
            Some(Quantifier::Any) => f.write_str("ForAnyValue:")?,
            None => {}
        }
        f.write_str(self.test.as_str())?;
        if self.if_exists {
            f.write_str("IfExists")
        } else {
            Ok(())
        }
    }
}
