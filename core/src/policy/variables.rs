/// A piece of a value in which policy variables work: a `Resource`, or a condition's value under a `String` or an `Arn` operator, in a
/// document of version `2012-10-17`.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as written; where wildcards work, those in it do.
    Text(&'a str),
    /// `${*}`, `${?}` or `${$}`: the character itself.
    Character(char),
    /// What a request fills in.
    Variable(Variable<'a>),
}

/// `${key}` or `${key, 'default'}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable<'a> {
    /// The condition key, as written; its case means nothing.
    pub key: &'a str,
    /// What stands in where the request carries no such key.
    pub default: Option<&'a str>,
}

/// A text that starts like a policy variable is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VariableFault {
    /// `${aws:username`
    #[error("a `}}` is missing after a policy variable")]
    Unclosed,
    /// `${}`
    #[error("a policy variable has no name")]
    Empty,
    /// `${aws: username}`
    #[error("the name of a policy variable holds no spaces, quotes, `$` and `{{`")]
    Name,
    /// `${aws:username, nobody}`
    #[error("the default of a policy variable stands in single quotes, after a comma and a space")]
    Default,
}

/// Takes a value apart.
///
/// # Errors
/// The first thing in it that starts like a variable and is none. IAM does not take such values.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, VariableFault> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${") {
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let (piece, after) = variable(from)?;
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

/// What follows `${`, and what follows that.
fn variable(text: &str) -> Result<(Piece<'_>, &str), VariableFault> {
    let end = text.find([',', '}']).ok_or(VariableFault::Unclosed)?;
    let (key, from) = text.split_at_checked(end).ok_or(VariableFault::Unclosed)?;
    match key {
        "" => return Err(VariableFault::Empty),
        "*" | "?" | "$" => {
            if let (Some(character), Some(after)) = (key.chars().next(), from.strip_prefix('}')) {
                return Ok((Piece::Character(character), after));
            }
        }
        _ => {}
    }
    if key.contains(|letter: char| letter.is_whitespace() || matches!(letter, '\'' | '"' | '$' | '{')) {
        return Err(VariableFault::Name);
    }
    if let Some(after) = from.strip_prefix('}') {
        return Ok((Piece::Variable(Variable { key, default: None }), after));
    }
    let quoted = from.strip_prefix(", '").ok_or(VariableFault::Default)?;
    let (default, after) = quoted.split_once('\'').ok_or(VariableFault::Default)?;
    let after = after.strip_prefix('}').ok_or(VariableFault::Default)?;
    Ok((
        Piece::Variable(Variable {
            key,
            default: Some(default),
        }),
        after,
    ))
}
