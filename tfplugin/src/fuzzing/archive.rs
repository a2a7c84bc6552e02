//! A provider whose states had two older forms. Each step of an upgrade does what steps in the wild do: it renames, splits, parses, counts
//! and converts.

use std::collections::BTreeMap;

use tfmodel::model::Set;
use tfmodel::timeouts::Timeouts;
use tfmodel::value::Dynamic;
use tfmodel::{Diagnostic, Diagnostics, Model, Number, Schema, Value};

use crate::call::Cx;
use crate::provider::{Configure, Provider, Registry};
use crate::resource::{Create, Delete, Read, Resource};
use crate::upgrade::Upgrades;

pub(super) const TYPE: &str = "archive_document";

pub(super) fn schema() -> Schema {
    Document::schema()
}

pub(super) fn identity_schema() -> Schema {
    Mark::schema()
}

#[derive(Clone, Debug, PartialEq, Model)]
enum Access {
    Everybody,
    #[tf(other)]
    Group(String),
}

#[derive(Clone, Debug, Model)]
struct Page {
    #[tf(required)]
    text: Value<String>,
    #[tf(optional)]
    number: Value<i64>,
}

#[derive(Clone, Debug, Model)]
struct Shelf {
    #[tf(optional)]
    row: Value<i64>,
}

#[derive(Clone, Debug, Model)]
#[tf(version = 2)]
struct Document {
    #[tf(required)]
    title: Value<String>,
    #[tf(optional)]
    access: Value<Access>,
    #[tf(optional)]
    price: Value<Number>,
    #[tf(optional)]
    weight: Option<f64>,
    #[tf(optional)]
    labels: Value<BTreeMap<String, Value<String>>>,
    #[tf(optional)]
    years: Value<Set<Value<i64>>>,
    #[tf(optional)]
    extra: Value<Dynamic>,
    #[tf(optional)]
    pages: Value<Vec<Page>>,
    #[tf(optional, write_only)]
    password: Value<String>,
    #[tf(block)]
    shelf: Shelf,
    #[tf(block)]
    copies: Vec<Page>,
    #[tf(block)]
    timeouts: Timeouts,
}

/// The price was text, labels were a list of `key=value`, and pages were a number.
#[derive(Clone, Debug, Model)]
#[tf(version = 1)]
struct DocumentV1 {
    #[tf(required)]
    title: String,
    #[tf(optional)]
    price: Option<String>,
    #[tf(optional)]
    labels: Option<Vec<Value<String>>>,
    #[tf(optional)]
    pages: Option<u32>,
    #[tf(optional)]
    extra: Value<Dynamic>,
    #[tf(block)]
    timeouts: Timeouts,
}

/// Title and price were one text.
#[derive(Clone, Debug, Model)]
#[tf(version = 0)]
struct DocumentV0 {
    #[tf(required)]
    name: String,
    #[tf(optional)]
    years: Value<Set<i32>>,
}

#[derive(Clone, Debug, Model)]
#[tf(version = 1)]
struct Mark {
    #[tf(required)]
    title: Value<String>,
    #[tf(optional)]
    years: Value<Vec<i64>>,
}

#[derive(Clone, Debug, Model)]
#[tf(version = 0)]
struct MarkV0 {
    #[tf(required)]
    title: String,
    #[tf(optional)]
    year: Option<i32>,
}

fn split(old: DocumentV0) -> DocumentV1 {
    let (title, price) = old.name.split_once(':').unwrap_or((&old.name, ""));
    DocumentV1 {
        title: title.to_owned(),
        price: Some(price.to_owned()).filter(|price| !price.is_empty()),
        labels: None,
        pages: u32::try_from(old.years.known().map_or(0, Set::len)).ok(),
        extra: Value::Null,
        timeouts: Timeouts::default(),
    }
}

fn parse(old: DocumentV1) -> Result<Document, Diagnostics> {
    let price: Option<Number> = match &old.price {
        Some(price) => Some(
            price
                .parse()
                .map_err(|_| Diagnostic::error("The price is no number", "It was a text in older states."))?,
        ),
        None => None,
    };
    let labels = old.labels.map(|labels| {
        let pairs = labels.iter().filter_map(Value::known).map(|label| {
            let (key, value) = label.split_once('=').unwrap_or((label, ""));
            (key.to_owned(), Value::from(value))
        });
        pairs.collect()
    });
    // A state may claim any number of pages.
    let pages = (0..old.pages.unwrap_or_default().min(8)).map(|number| Page {
        text: Value::Null,
        number: Value::Known(i64::from(number)),
    });
    Ok(Document {
        title: Value::Known(old.title),
        access: Value::Known(Access::Everybody),
        weight: price.as_ref().map(Number::to_f64).filter(|weight| weight.is_finite()),
        price: price.into(),
        labels: labels.into(),
        years: Value::Null,
        extra: old.extra,
        pages: Value::Known(pages.collect()),
        password: Value::from("written, though it must not be"),
        shelf: Shelf { row: Value::Null },
        copies: Vec::new(),
        timeouts: old.timeouts,
    })
}

pub(super) struct Archive;

impl Provider for Archive {
    const ADDRESS: &'static str = "registry.terraform.io/example/archive";
    const VERSION: &'static str = "1.0.0";
    type Config = ();
    type Data = ();

    fn registry(&self) -> Registry<()> {
        Registry::new().resource(Documents)
    }

    async fn configure(&self, _: &Cx<()>, _: Configure<()>) -> Result<(), Diagnostics> {
        Ok(())
    }
}

struct Documents;

impl Resource for Documents {
    const TYPE: &'static str = TYPE;
    type Data = ();
    type Model = Document;
    type Identity = Mark;

    async fn create(&self, _: &Cx<(), Document>, request: Create<Document>) -> Result<Document, Diagnostics> {
        Ok(request.planned)
    }

    async fn read(&self, _: &Cx<(), Document>, request: Read<Document>) -> Result<Option<Document>, Diagnostics> {
        Ok(Some(request.state))
    }

    async fn delete(&self, _: &Cx<(), Document>, _: Delete<Document>) -> Result<(), Diagnostics> {
        Ok(())
    }

    fn upgrades(&self) -> Upgrades {
        Upgrades::new().step(|old| Ok(split(old))).step(parse)
    }

    fn identity_upgrades(&self) -> Upgrades {
        Upgrades::new().step(|old: MarkV0| {
            Ok(Mark {
                title: Value::Known(old.title),
                years: Value::Known(old.year.into_iter().map(i64::from).collect()),
            })
        })
    }
}
