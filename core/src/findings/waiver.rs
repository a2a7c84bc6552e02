use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::finding::Finding;

/// Somebody says that a finding is known and meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiver {
    /// The rule, by its code or slug.
    pub code: String,
    /// Why.
    pub reason: String,
    /// The last day on which it counts; `None` for ever.
    pub expires: Option<Date>,
    /// Only this one finding of the rule.
    pub fingerprint: Option<String>,
}

/// All waivers, and the day on which they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waivers {
    /// What was waived.
    pub all: Vec<Waiver>,
    /// Today; without it, expiry cannot be told and every waiver counts.
    pub today: Option<Date>,
}

/// Findings, with waivers taken into account.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Judged {
    /// What nobody waived.
    pub open: Vec<Finding>,
    /// What was waived, and by which waiver.
    pub waived: Vec<(Finding, Waiver)>,
    /// Waivers whose last day is over.
    pub expired: Vec<Waiver>,
    /// Waivers of which nothing is left to waive.
    pub unused: Vec<Waiver>,
}

/// A day: `2026-11-21`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text is no day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day looks like `2026-11-21`")]
pub struct NoDate;

impl Waivers {
    /// The waiver that counts for a finding.
    pub fn of(&self, finding: &Finding) -> Option<&Waiver> {
        self.all
            .iter()
            .find(|waiver| waiver.means(finding) && !self.is_expired(waiver))
    }

    /// Whether one was waived, and the last day of that is over.
    pub fn has_expired(&self, finding: &Finding) -> bool {
        self.all
            .iter()
            .any(|waiver| waiver.means(finding) && self.is_expired(waiver))
    }

    /// Tells what is open from what is waived, and waivers that count from those that do not.
    pub fn judge(&self, findings: Vec<Finding>) -> Judged {
        let (expired, current): (Vec<&Waiver>, Vec<&Waiver>) =
            self.all.iter().partition(|waiver| self.is_expired(waiver));
        let unused = current
            .iter()
            .filter(|waiver| !findings.iter().any(|finding| waiver.means(finding)));
        let mut judged = Judged {
            expired: expired.into_iter().cloned().collect(),
            unused: unused.copied().cloned().collect(),
            ..Judged::default()
        };
        for finding in findings {
            match self.of(&finding) {
                Some(waiver) => judged.waived.push((finding, waiver.clone())),
                None => judged.open.push(finding),
            }
        }
        judged
    }

    /// Whether the last day of a waiver is over.
    pub fn is_expired(&self, waiver: &Waiver) -> bool {
        matches!((waiver.expires, self.today), (Some(last), Some(today)) if today > last)
    }
}

impl Waiver {
    /// Whether it is about this finding, expired or not.
    fn means(&self, finding: &Finding) -> bool {
        (self.code == finding.rule.code || self.code == finding.rule.slug)
            && self.fingerprint.as_ref().is_none_or(|one| *one == finding.fingerprint)
    }
}

impl FromStr for Date {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        let digits = |part: &str, length: usize| {
            (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
        };
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else {
            return Err(NoDate);
        };
        let (year, month, day) = (
            digits(year, 4).ok_or(NoDate)?,
            digits(month, 2).ok_or(NoDate)?,
            digits(day, 2).ok_or(NoDate)?,
        );
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return Err(NoDate),
        };
        if day == 0 || day > last {
            return Err(NoDate);
        }
        let small = |number: u16| u8::try_from(number).map_err(|_| NoDate);
        Ok(Self {
            year,
            month: small(month)?,
            day: small(day)?,
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
