//! The order of functions that compresses best: compression finds what a function has in common with those before it only as far back as
//! its window reaches, and compilers put functions of a kind far apart.

use std::collections::{HashMap, HashSet, VecDeque};

use anyhow::{Context, Result};
use wasm_encoder::{NameMap, NameSection, Section};
use wasmparser::{Parser, Payload, TypeRef};

/// Bytes that have to be the same in two functions to count.
const PIECE: usize = 6;
/// Pieces that occur in more functions say nothing about which of them are alike.
const COMMON: usize = 300;
/// How far back likeness is looked for, in bytes. The window of gzip is larger, and what is near is cheaper to refer to.
const WINDOW: usize = 12_000;
/// What a function has besides its bytes: keeps small ones, which are like everything, from all coming first.
const OVERHEAD: usize = 60;

/// The module, with the place that each function should have for its name.
pub(super) fn named_by_likeness(module: &[u8]) -> Result<Vec<u8>> {
    let mut imported: u32 = 0;
    let mut functions: Vec<&[u8]> = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => functions.push(body.as_bytes()),
            _ => {}
        }
    }
    let mut places: Vec<(usize, usize)> = by_likeness(&functions).into_iter().zip(0..).collect();
    places.sort_unstable();
    let mut names = NameMap::new();
    for (function, place) in places {
        let index = u32::try_from(function).context("too many functions")? + imported;
        names.append(index, &format!("{place:08}"));
    }
    let mut section = NameSection::new();
    section.functions(&names);
    let mut named = module.to_vec();
    section.append_to(&mut named);
    Ok(named)
}

/// Positions of the functions, each behind those that it has most in common with.
fn by_likeness(functions: &[&[u8]]) -> Vec<usize> {
    let shared = Shared::of(functions);
    let mut near = Near::new(&shared, functions.len());
    let mut left: Vec<usize> = (0..functions.len()).collect();
    let mut window = VecDeque::new();
    let mut length = 0;
    let mut order = Vec::with_capacity(functions.len());
    let size = |function: usize| functions.get(function).map_or(0, |body| body.len());
    // Where nothing is alike, the longest: most of the others are like a part of it.
    let likeness = |near: &Near<'_>, function: usize| {
        let share = near.pieces(function) * 1_000_000 / (size(function) + OVERHEAD);
        (share, size(function), function)
    };
    while let Some(position) = (0..left.len()).max_by_key(|&at| left.get(at).map(|&one| likeness(&near, one))) {
        let next = left.swap_remove(position);
        order.push(next);
        near.enter(next);
        window.push_back(next);
        length += size(next);
        while length > WINDOW && window.len() > 1 {
            if let Some(gone) = window.pop_front() {
                near.leave(gone);
                length -= size(gone);
            }
        }
    }
    order
}

/// Pieces that several functions have.
struct Shared {
    /// The functions that have each piece.
    functions: Vec<Vec<usize>>,
    /// The pieces that each function has.
    pieces: Vec<Vec<usize>>,
}

impl Shared {
    fn of(functions: &[&[u8]]) -> Self {
        let mut with: HashMap<&[u8], Vec<usize>> = HashMap::new();
        for (position, body) in functions.iter().enumerate() {
            for piece in body.windows(PIECE).collect::<HashSet<_>>() {
                with.entry(piece).or_default().push(position);
            }
        }
        let shared = with.into_values().filter(|with| (2..=COMMON).contains(&with.len()));
        let mut all = Self {
            functions: shared.collect(),
            pieces: vec![Vec::new(); functions.len()],
        };
        for (piece, with) in all.functions.iter().enumerate() {
            for &function in with {
                if let Some(pieces) = all.pieces.get_mut(function) {
                    pieces.push(piece);
                }
            }
        }
        all
    }
}

/// How much each function has in common with those in the window.
struct Near<'s> {
    shared: &'s Shared,
    /// How many functions of the window have each piece.
    occurrences: Vec<usize>,
    /// How many of its pieces are in the window, for each function.
    pieces: Vec<usize>,
}

impl<'s> Near<'s> {
    fn new(shared: &'s Shared, functions: usize) -> Self {
        Self {
            shared,
            occurrences: vec![0; shared.functions.len()],
            pieces: vec![0; functions],
        }
    }

    fn pieces(&self, function: usize) -> usize {
        self.pieces.get(function).copied().unwrap_or_default()
    }

    fn enter(&mut self, function: usize) {
        for &piece in self.shared.pieces.get(function).into_iter().flatten() {
            let Some(occurrences) = self.occurrences.get_mut(piece) else {
                continue;
            };
            *occurrences += 1;
            if *occurrences == 1 {
                self.count(piece, |count| count + 1);
            }
        }
    }

    fn leave(&mut self, function: usize) {
        for &piece in self.shared.pieces.get(function).into_iter().flatten() {
            let Some(occurrences) = self.occurrences.get_mut(piece) else {
                continue;
            };
            *occurrences -= 1;
            if *occurrences == 0 {
                self.count(piece, |count| count - 1);
            }
        }
    }

    fn count(&mut self, piece: usize, change: impl Fn(usize) -> usize) {
        for &function in self.shared.functions.get(piece).into_iter().flatten() {
            if let Some(count) = self.pieces.get_mut(function) {
                *count = change(*count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_are_alike_stand_together() {
        let (letters, digits) = (b"abcdefghijklmnopqrstuvwxyz", b"01234567890123456789012345");
        let mut functions: Vec<&[u8]> = Vec::new();
        for cut in 0..5 {
            functions.push(&letters[cut..]);
            functions.push(&digits[cut..]);
        }
        let order = by_likeness(&functions);
        let changes = order.windows(2).filter(|pair| pair[0] % 2 != pair[1] % 2).count();
        assert_eq!(changes, 1, "{order:?}");
        let mut all = order;
        all.sort_unstable();
        assert_eq!(all, (0..10).collect::<Vec<_>>());
    }

    #[test]
    fn functions_get_names_and_what_is_imported_counts() {
        let module = wasm_with_one_import_and_two_functions();
        let named = named_by_likeness(&module).unwrap();
        assert!(named.starts_with(&module));
        let names = named[module.len()..].to_vec();
        let at = |name: &[u8]| names.windows(name.len()).position(|part| part == name).unwrap();
        // Each name stands behind the function's number and its own length.
        assert_eq!(names[at(b"00000000") - 2], 2, "the longer function comes first");
        assert_eq!(names[at(b"00000001") - 2], 1);
    }

    fn wasm_with_one_import_and_two_functions() -> Vec<u8> {
        use wasm_encoder::{CodeSection, EntityType, Function, FunctionSection, ImportSection, Module, TypeSection};
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("a", "b", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0);
        let mut code = CodeSection::new();
        for length in [1, 5] {
            let mut body = Function::new([]);
            for _ in 0..length {
                body.instructions().nop();
            }
            body.instructions().end();
            code.function(&body);
        }
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&code);
        module.finish()
    }
}
