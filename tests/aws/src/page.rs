use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A part of a sorted list, and where the next begins.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

/// The part of a list that comes after a marker, as its key in opaque clothes; `None` if the marker is none.
pub(crate) fn page<T>(
    items: impl IntoIterator<Item = (String, T)>,
    size: usize,
    marker: Option<&str>,
) -> Option<Page<T>> {
    let after = match marker {
        None => None,
        Some(marker) => {
            let key = URL_SAFE_NO_PAD.decode(marker).ok()?;
            let key = String::from_utf8(key).ok()?;
            Some(key.strip_prefix("after ")?.to_owned())
        }
    };
    let mut items: Vec<(String, T)> = items
        .into_iter()
        .filter(|(key, _)| after.as_ref().is_none_or(|after| key > after))
        .collect();
    items.sort_by(|(a, _), (b, _)| a.cmp(b));
    let is_cut = items.len() > size;
    items.truncate(size);
    let next = items
        .last()
        .filter(|_| is_cut)
        .map(|(key, _)| URL_SAFE_NO_PAD.encode(format!("after {key}")));
    let items = items.into_iter().map(|(_, item)| item).collect();
    Some(Page { items, next })
}
