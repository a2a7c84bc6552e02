use tfmodel::json::{Span, line_and_column};

/// The lines of a text: reading it once, places in it are found without reading what stands before them.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

/// Lines and columns, both counted from 1, columns in characters. The end is behind the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: (u32, u32),
    pub(super) end: (u32, u32),
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    pub(super) fn region(&self, span: Span) -> Region {
        Region {
            start: self.place(span.start),
            end: self.place(span.end),
        }
    }

    /// A line, counted from 1, without its end.
    pub(super) fn line(&self, number: u32) -> &'t str {
        let start = number as usize - usize::from(number > 0);
        let from = self.starts.get(start).copied().unwrap_or(self.text.len());
        let rest = self.text.get(from..).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }

    fn place(&self, offset: u32) -> (u32, u32) {
        let at = (offset as usize).min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or(0);
        let rest = self.text.get(start..).unwrap_or_default();
        let (_, column) = line_and_column(rest, u32::try_from(at - start).unwrap_or(u32::MAX));
        (u32::try_from(line).unwrap_or(u32::MAX), column)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, line_and_column};

    #[test]
    fn places_are_those_of_the_whole_text() {
        for text in ["", "one", "\n", "one\ntwö – drei\r\n\nvier", "ends\n"] {
            let lines = Lines::of(text);
            for offset in 0..text.len() + 2 {
                let offset = u32::try_from(offset).unwrap();
                assert_eq!(lines.place(offset), line_and_column(text, offset), "{text:?} {offset}");
            }
            for (number, line) in text.lines().enumerate() {
                assert_eq!(lines.line(u32::try_from(number).unwrap() + 1), line, "{text:?}");
            }
            assert_eq!(lines.line(99), "");
        }
    }
}
