//! What somebody meant who wrote something that is not there.

/// The name that a user who wrote `text` most likely meant, if one is near enough.
pub fn closest<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let letters = folded(text);
    // One slip in four letters.
    let far = letters.len() / 4 + 1;
    names
        .into_iter()
        .map(|name| (distance(&letters, &folded(name)), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance < far)
        .map(|(_, name)| name)
}

/// Spellings of one word: case and the kind of dash do not matter. Longer texts are nobody's slip.
fn folded(text: &str) -> Vec<char> {
    text.chars()
        .take(64)
        .map(|letter| {
            if letter == '-' {
                '_'
            } else {
                letter.to_ascii_lowercase()
            }
        })
        .collect()
}

/// How many letters have to be added, removed or changed.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (1..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        // The first column counts the letters of `a` so far.
        let mut diagonal = i;
        let mut last = i + 1;
        for (cell, right) in row.iter_mut().zip(b) {
            last = (diagonal + usize::from(left != right)).min(last + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, last);
        }
    }
    row.last().copied().unwrap_or(a.len())
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn one_slip_in_four_letters_is_forgiven() {
        let names = ["StringEquals", "StringLike"];
        assert_eq!(closest("stringEqual", names), Some("StringEquals"));
        assert_eq!(closest("String-Like", names), Some("StringLike"));
        assert_eq!(closest("ArnLike", names), None);
        assert_eq!(closest("", names), None);
    }
}
