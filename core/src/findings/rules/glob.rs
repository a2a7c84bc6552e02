//! Patterns with `*` and `?`.

/// Whether a text is like a pattern. Takes time by the product of both lengths at most.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern: Vec<char> = pattern.chars().collect();
    let (mut at, mut next) = (0, 0);
    // The last star, and how far the text was when it was met.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(at) {
        match pattern.get(next) {
            Some('*') => {
                star = Some((next, at));
                next += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((place, met)) = star else { return false };
                star = Some((place, met + 1));
                at = met + 1;
                next = place + 1;
            }
        }
    }
    pattern.iter().skip(next).all(|letter| *letter == '*')
}

/// Whether a text has a wildcard.
pub(super) fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}
