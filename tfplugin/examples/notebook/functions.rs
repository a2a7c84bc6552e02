//! Functions: with any number of arguments, with an error of one of them, and of any type.

use tfplugin::model::Value;
use tfplugin::model::value::Dynamic;
use tfplugin::{Function, FunctionError, Signature, Variadic};

/// `provider::notebook::title("to", "do")` is `To Do`.
pub(crate) struct Title;

impl Function for Title {
    const NAME: &'static str = "title";
    type Arguments = (Variadic<String>,);
    type Output = String;

    fn signature(&self) -> Signature {
        Signature::new("Words as a title").parameter("words", "The words, at least one.")
    }

    fn call(&self, (words,): Self::Arguments) -> Result<String, FunctionError> {
        if words.is_empty() {
            return Err(FunctionError::new("A title has at least one word."));
        }
        let mut titled = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let mut letters = word.chars();
            let first = letters
                .next()
                .ok_or_else(|| FunctionError::argument(index, "The word is empty."))?;
            titled.push(first.to_uppercase().chain(letters).collect::<String>());
        }
        Ok(titled.join(" "))
    }
}

/// `provider::notebook::excerpt("one two three", 2)` is `one two …`.
pub(crate) struct Excerpt;

impl Function for Excerpt {
    const NAME: &'static str = "excerpt";
    type Arguments = (Option<String>, i64);
    type Output = Option<String>;

    fn signature(&self) -> Signature {
        Signature::new("The first words of a text")
            .parameter("text", "The text; null has no excerpt.")
            .parameter("words", "How many words, at least one.")
    }

    fn call(&self, (text, words): Self::Arguments) -> Result<Option<String>, FunctionError> {
        let count = usize::try_from(words).ok().filter(|count| *count > 0);
        let count = count.ok_or_else(|| FunctionError::argument(1, "An excerpt has at least one word."))?;
        Ok(text.map(|text| {
            let mut words = text.split_whitespace();
            let first: Vec<&str> = words.by_ref().take(count).collect();
            let more = if words.next().is_some() { " …" } else { "" };
            format!("{}{more}", first.join(" "))
        }))
    }
}

/// `provider::notebook::kind([1])` is `tuple([number])`.
pub(crate) struct Kind;

impl Function for Kind {
    const NAME: &'static str = "kind";
    type Arguments = (Value<Dynamic>,);
    type Output = Value<String>;

    fn signature(&self) -> Signature {
        Signature::new("What kind of value it is").parameter("value", "Anything; also null, and what is not known yet.")
    }

    fn call(&self, (value,): Self::Arguments) -> Result<Value<String>, FunctionError> {
        Ok(match value {
            Value::Null => "null".into(),
            Value::Unknown(_) => Value::unknown(),
            Value::Known(any) => any.ty.to_string().into(),
        })
    }
}
