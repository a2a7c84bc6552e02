use serde::Serialize;
use tfmodel::json::Span;
use tfmodel::order;
use tsify::Tsify;

/// A piece of a text. The end is behind its last character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
pub struct Place {
    /// Where it starts.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
}

/// A point of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Tsify)]
pub struct Point {
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// What is before it, as JavaScript counts texts: in UTF-16 units.
    pub offset: u32,
}

/// Points of a text by their byte, all found in one walk: there may be many, and the text may be long.
#[derive(Debug)]
pub(crate) struct Points(Vec<(u32, Point)>);

impl Points {
    pub(crate) fn of(text: &str, spans: impl Iterator<Item = Span>) -> Self {
        let bytes = order::distinct(spans.flat_map(|span| [span.start, span.end]));
        let mut points = Vec::with_capacity(bytes.len());
        let mut wanted = bytes.into_iter().peekable();
        let mut point = Point {
            line: 1,
            column: 1,
            offset: 0,
        };
        for (byte, character) in text.char_indices() {
            while let Some(one) = wanted.next_if(|one| *one as usize <= byte) {
                points.push((one, point));
            }
            if character == '\n' {
                point.line += 1;
                point.column = 1;
            } else {
                point.column += 1;
            }
            point.offset += if character > '\u{ffff}' { 2 } else { 1 };
        }
        points.extend(wanted.map(|one| (one, point)));
        Self(points)
    }

    /// The place of one of the spans.
    pub(crate) fn place(&self, span: Span) -> Place {
        let at = |byte: u32| {
            let found = self.0.binary_search_by_key(&byte, |(one, _)| *one);
            let found = found.ok().and_then(|index| self.0.get(index));
            found.map(|(_, point)| *point).unwrap_or_default()
        };
        Place {
            start: at(span.start),
            end: at(span.end),
        }
    }
}
