//! The options in `#[tf(…)]`: `flag`, `key = expression`, `key(expression, …)`.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Token};

use crate::Problems;

pub(crate) struct Opt {
    pub(crate) key: Ident,
    pub(crate) argument: Argument,
}

pub(crate) enum Argument {
    None,
    Value(Expr),
    List(Vec<Expr>),
}

impl Parse for Opt {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let argument = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Argument::Value(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Argument::List(
                Punctuated::<Expr, Token![,]>::parse_terminated(&list)?
                    .into_iter()
                    .collect(),
            )
        } else {
            Argument::None
        };
        Ok(Self { key, argument })
    }
}

impl Opt {
    /// The options of all `#[tf(…)]` attributes, without those given twice.
    pub(crate) fn read(attributes: &[Attribute], problems: &mut Problems) -> Vec<Self> {
        let mut options: Vec<Self> = Vec::new();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("tf")) {
            match attribute.parse_args_with(Punctuated::<Self, Token![,]>::parse_terminated) {
                Ok(found) => {
                    for option in found {
                        if options.iter().any(|earlier| earlier.key == option.key) {
                            problems.at(&option.key, format!("`{}` is given twice", option.key));
                        } else {
                            options.push(option);
                        }
                    }
                }
                Err(error) => problems.push(error),
            }
        }
        options
    }

    /// The key of an option that takes no argument.
    pub(crate) fn flag(self, problems: &mut Problems) -> Ident {
        match self.argument {
            Argument::None => {}
            Argument::Value(_) | Argument::List(_) => {
                problems.at(&self.key, format!("`{}` takes no argument", self.key));
            }
        }
        self.key
    }

    /// The expression of `key = expression`.
    pub(crate) fn value(self, problems: &mut Problems) -> Option<Expr> {
        match self.argument {
            Argument::Value(value) => Some(value),
            Argument::None | Argument::List(_) => {
                problems.at(&self.key, format!("write `{} = …`", self.key));
                None
            }
        }
    }

    /// The text of `key = "text"`.
    pub(crate) fn text(self, problems: &mut Problems) -> Option<syn::LitStr> {
        let key = self.key.clone();
        match self.value(problems)? {
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text),
            other => {
                problems.at(other, format!("write `{key} = \"…\"`"));
                None
            }
        }
    }

    /// The number of `key = number`.
    pub(crate) fn number(self, problems: &mut Problems) -> Option<u64> {
        let key = self.key.clone();
        let value = self.value(problems)?;
        let number = match &value {
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Int(number),
                ..
            }) => number.base10_parse().ok(),
            _ => None,
        };
        if number.is_none() {
            problems.at(value, format!("write `{key} = ` and a whole number"));
        }
        number
    }

    /// The expressions of `key(expression, …)`; at least one.
    pub(crate) fn list(self, problems: &mut Problems) -> Vec<Expr> {
        match self.argument {
            Argument::List(list) if !list.is_empty() => list,
            Argument::None | Argument::Value(_) | Argument::List(_) => {
                problems.at(&self.key, format!("write `{}(…)`", self.key));
                Vec::new()
            }
        }
    }

    /// Says that there is no such option.
    pub(crate) fn refuse(&self, known: &[&str], problems: &mut Problems) {
        problems.at(
            &self.key,
            format!("there is no option `{}` here; there are {}", self.key, known.join(", ")),
        );
    }
}
