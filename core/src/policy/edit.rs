use super::document::{Document, Statement};

impl Document {
    /// This document with exactly `wanted` among the statements that `ours` recognises by their Sid.
    ///
    /// Every other statement stays as it is and where it is. Of ours, one that is still wanted keeps its place, new ones go to the end, and
    /// the rest is dropped; one that already means what is wanted keeps its spelling.
    #[must_use]
    pub fn with_ours(&self, wanted: &[Statement], ours: impl Fn(&str) -> bool) -> Self {
        let mut missing: Vec<&Statement> = wanted.iter().collect();
        let mut statements: Vec<Statement> = Vec::with_capacity(self.statements.len() + wanted.len());
        for present in &self.statements {
            let Some(sid) = present.sid.as_deref().filter(|sid| ours(sid)) else {
                statements.push(present.clone());
                continue;
            };
            if let Some(position) = missing.iter().position(|one| one.sid.as_deref() == Some(sid)) {
                let one = missing.remove(position);
                statements.push(if present.same_meaning(one) { present } else { one }.clone());
            }
        }
        statements.extend(missing.into_iter().cloned());
        Self {
            // Ours are written in the current language, and a document without a statement needs no old one.
            version: self
                .version
                .clone()
                .or_else(|| self.statements.is_empty().then(|| Self::CURRENT_VERSION.to_owned())),
            id: self.id.clone(),
            statements,
        }
    }

    /// Only the statements that `ours` recognises by their Sid.
    #[must_use]
    pub fn only_ours(&self, ours: impl Fn(&str) -> bool) -> Self {
        Self {
            statements: self
                .statements
                .iter()
                .filter(|statement| statement.sid.as_deref().is_some_and(&ours))
                .cloned()
                .collect(),
            ..self.clone()
        }
    }
}
