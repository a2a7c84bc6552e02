use crate::ty::Type;

/// What is read as a type is written as the same type.
pub(super) fn type_json(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(ty) = Type::from_json(text) else { return };
    let written = ty.to_json();
    assert_eq!(Type::from_json(&written).as_ref(), Ok(&ty));
    assert!(!ty.to_string().is_empty());
}

/// Deeper types come from the values themselves, where they are dynamic.
const MAX_DEPTH: usize = 4;

/// A type, and the bytes behind it. Every sequence of bytes starts with one: a letter for each kind, then what it holds; tuples and objects
/// say in a digit how much. What is no letter stands for one all the same, so that few changes of a byte lead nowhere.
pub(super) fn leading(bytes: &[u8]) -> (Type, &[u8]) {
    let mut rest = bytes;
    let ty = take(&mut rest, 0);
    (ty, rest)
}

fn take(rest: &mut &[u8], depth: usize) -> Type {
    let kind = byte(rest);
    if depth == MAX_DEPTH {
        return leaf(kind);
    }
    match kind {
        b'l' => Type::list(take(rest, depth + 1)),
        b'e' => Type::set(take(rest, depth + 1)),
        b'm' => Type::map(take(rest, depth + 1)),
        b't' => Type::Tuple((0..count(rest)).map(|_| take(rest, depth + 1)).collect()),
        b'o' => {
            let names = ["a", "b", "c", "d"].into_iter().take(count(rest));
            Type::object(names.map(|name| (name, take(rest, depth + 1))).collect::<Vec<_>>())
        }
        other => leaf(other),
    }
}

fn leaf(kind: u8) -> Type {
    match kind {
        b'b' => Type::Bool,
        b'n' => Type::Number,
        b's' => Type::String,
        b'd' => Type::Dynamic,
        other if other % 2 == 0 => Type::String,
        _ => Type::Dynamic,
    }
}

fn count(rest: &mut &[u8]) -> usize {
    usize::from(byte(rest) % 5)
}

fn byte(rest: &mut &[u8]) -> u8 {
    match rest.split_first() {
        Some((first, others)) => {
            *rest = others;
            *first
        }
        None => 0,
    }
}
