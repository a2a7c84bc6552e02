use super::input::{self, Encoding, Kind};
use super::plan::Plan;
use super::read;
use super::refusal::Refusal;
use crate::json::{self, Limits, Parser};

/// Reads a plan in slices, so that whoever reads can do something else in between.
#[derive(Debug)]
pub struct Reading {
    parser: Parser<'static>,
    encoding: Encoding,
}

/// How far a [`Reading`] is.
#[derive(Debug)]
pub enum Progress {
    /// Call [`Reading::step`] again.
    Working {
        /// Bytes read.
        done: usize,
        /// Bytes in all.
        total: usize,
    },
    /// The whole plan was read.
    Done(Box<Plan>),
}

impl Reading {
    /// Decodes the characters of a file and recognises what is no JSON.
    ///
    /// # Errors
    /// A [`Refusal`] that says what the file is and how to make the right one.
    pub fn start(bytes: &[u8]) -> Result<Self, Refusal> {
        let (text, encoding) = input::decode(bytes)?;
        let parser =
            Parser::new(text, Limits::default()).map_err(|error| Refusal::of_error(Kind::OtherJson, &error))?;
        Ok(Self { parser, encoding })
    }

    /// Reads about `budget` bytes more.
    ///
    /// # Errors
    /// A [`Refusal`] that says what the file is and how to make the right one.
    pub fn step(&mut self, budget: usize) -> Result<Progress, Refusal> {
        match self.parser.step(budget) {
            Ok(json::Progress::Working) => Ok(Progress::Working {
                done: self.parser.position(),
                total: self.parser.text().len(),
            }),
            Ok(json::Progress::Done(document)) => {
                let kind = input::kind_of_json(&document);
                if kind != Kind::Plan {
                    return Err(Refusal::of_kind(kind));
                }
                let mut plan = read::plan(document)?;
                plan.notes.extend(self.encoding.note().map(str::to_owned));
                Ok(Progress::Done(Box::new(plan)))
            }
            Err(error) => Err(Refusal::of_error(self.likely_kind(), &error)),
        }
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn finish(mut self) -> Result<Box<Plan>, Refusal> {
        loop {
            if let Progress::Done(plan) = self.step(usize::MAX)? {
                return Ok(plan);
            }
        }
    }

    /// Of a document that cannot be read to its end.
    fn likely_kind(&self) -> Kind {
        let head = self.parser.text().get(..256).unwrap_or(self.parser.text());
        if head.contains("\"format_version\"") {
            Kind::Plan
        } else {
            Kind::OtherJson
        }
    }
}

impl Encoding {
    fn note(self) -> Option<&'static str> {
        match self {
            Self::Utf8 => None,
            Self::Utf8WithMark => Some("The file starts with a byte order mark, which was skipped."),
            Self::Utf16LittleEndian | Self::Utf16BigEndian => Some(
                "The file is UTF-16, as `>` writes it in Windows PowerShell. It was read as such; other tools want UTF-8: \
                 `terraform show -json plan.tfplan | Out-File -Encoding utf8 plan.json`.",
            ),
        }
    }
}
