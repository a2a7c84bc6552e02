/// A letter of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    /// Itself.
    Letter(char),
    /// `?`: any one letter.
    One,
    /// `*`: any letters, or none.
    Many,
}

impl Glyph {
    /// What a letter means where wildcards work.
    pub(super) const fn of(letter: char) -> Self {
        match letter {
            '*' => Self::Many,
            '?' => Self::One,
            letter => Self::Letter(letter),
        }
    }
}

/// A text with `*` and `?`, read once.
///
/// Matching goes through the text once and never back, but that a part with `?` may be tried at each letter: no pattern takes exponential
/// time.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// What stands before the first `*`.
    first: Part,
    /// What stands between one `*` and the next, and after the last; nothing if there is no `*`.
    rest: Vec<Part>,
}

/// Whether a text is like another one with `*` and `?`.
pub(crate) fn is_like(text: &str, pattern: &str) -> bool {
    Pattern::new(pattern).matches(text)
}

#[derive(Clone, Debug)]
enum Part {
    Plain(String),
    /// With `?`, which are `None`.
    Holes(Vec<Option<char>>),
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self::of(&text.chars().map(Glyph::of).collect::<Vec<_>>())
    }

    pub(super) fn of(glyphs: &[Glyph]) -> Self {
        let mut parts = glyphs.split(|glyph| *glyph == Glyph::Many).map(Part::of);
        Self {
            first: parts.next().unwrap_or_else(|| Part::Plain(String::new())),
            rest: parts.collect(),
        }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let Some(mut text) = self.first.after(text) else {
            return false;
        };
        let Some((last, middle)) = self.rest.split_last() else {
            return text.is_empty();
        };
        let Some(end) = last.before(text) else {
            return false;
        };
        text = end;
        // The earliest place is the best one: it leaves the most.
        for part in middle {
            match part.after_first(text) {
                Some(after) => text = after,
                None => return false,
            }
        }
        true
    }
}

impl Part {
    fn of(glyphs: &[Glyph]) -> Self {
        let letters = || {
            glyphs.iter().map(|glyph| match glyph {
                Glyph::Letter(letter) => Some(*letter),
                Glyph::One | Glyph::Many => None,
            })
        };
        letters()
            .collect::<Option<String>>()
            .map_or_else(|| Self::Holes(letters().collect()), Self::Plain)
    }

    /// What follows the part at the start of the text.
    fn after<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain) => text.strip_prefix(plain.as_str()),
            Self::Holes(letters) => {
                let mut found = text.chars();
                letters
                    .iter()
                    .all(|letter| {
                        found
                            .next()
                            .is_some_and(|next| letter.is_none_or(|letter| letter == next))
                    })
                    .then_some(found.as_str())
            }
        }
    }

    /// What precedes the part at the end of the text.
    fn before<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain) => text.strip_suffix(plain.as_str()),
            Self::Holes(letters) => {
                let mut found = text.chars();
                letters
                    .iter()
                    .rev()
                    .all(|letter| {
                        found
                            .next_back()
                            .is_some_and(|next| letter.is_none_or(|letter| letter == next))
                    })
                    .then_some(found.as_str())
            }
        }
    }

    /// What follows the part where it first occurs.
    fn after_first<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain) => text.split_once(plain.as_str()).map(|(_, after)| after),
            Self::Holes(_) => {
                let mut from = text.chars();
                loop {
                    if let Some(after) = self.after(from.as_str()) {
                        return Some(after);
                    }
                    from.next()?;
                }
            }
        }
    }
}
