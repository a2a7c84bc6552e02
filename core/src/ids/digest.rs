use sha2::{Digest, Sha256};

/// A short name for the parts: so many lower-case letters and digits, five bits of SHA-256 each, at most 32.
pub(crate) fn digest(parts: &[&str], length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps `["ab", "c"]` apart from `["a", "bc"]`.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize()
        .iter()
        .take(length)
        .map(|byte| {
            ALPHABET
                .get(usize::from(byte % 32))
                .map_or('a', |letter| char::from(*letter))
        })
        .collect()
}
