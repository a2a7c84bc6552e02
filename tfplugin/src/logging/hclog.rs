//! Events as the JSON lines of hclog, which hosts parse.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::level::Levels;
use super::writer::Writer;

/// Hosts cut lines at 64 KiB and then no longer see JSON.
const MAX_LINE: usize = 60 * 1024;
/// What is kept of a message when a line is too long.
const MAX_MESSAGE: usize = 8 * 1024;

/// Writes each event with the fields of the spans it is in.
pub(super) struct Hclog {
    levels: Levels<'static>,
    writer: Writer,
}

impl Hclog {
    pub(super) fn new(levels: Levels<'static>, writer: Writer) -> Self {
        Self { levels, writer }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Hclog {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        *metadata.level() <= self.levels.of(metadata.target())
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.levels.max())
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(|scope| scope.from_root())
        {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.values.extend(outer.values.clone());
            }
        }
        event.record(&mut fields);
        self.writer.write(line(event.metadata(), fields, SystemTime::now()));
    }
}

fn line(metadata: &Metadata<'_>, fields: Fields, now: SystemTime) -> String {
    let Fields { mut message, values } = fields;
    let mut line = values;
    let mut text = |key: &str, value: String| line.insert(key.to_owned(), Value::String(value));
    text("@level", level(*metadata.level()).to_owned());
    text("@module", metadata.target().replace("::", "."));
    text("@timestamp", timestamp(now));
    if let (Some(file), Some(number)) = (metadata.file(), metadata.line()) {
        text("@caller", format!("{file}:{number}"));
    }
    text("@message", message.clone());
    let whole = Value::Object(line.clone()).to_string();
    if whole.len() <= MAX_LINE {
        return whole + "\n";
    }
    line.retain(|key, _| key.starts_with('@'));
    message.truncate(message.floor_char_boundary(MAX_MESSAGE));
    line.insert("@message".to_owned(), Value::String(message));
    line.insert("truncated_from_bytes".to_owned(), whole.len().into());
    Value::Object(line).to_string() + "\n"
}

fn level(level: Level) -> &'static str {
    match level {
        Level::TRACE => "trace",
        Level::DEBUG => "debug",
        Level::INFO => "info",
        Level::WARN => "warn",
        Level::ERROR => "error",
    }
}

/// `2006-01-02T15:04:05.000000Z`; hosts take a line with another number of digits for raw text.
fn timestamp(now: SystemTime) -> String {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let micros = since.subsec_micros();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

/// Year, month and day of a number of days since 1970-01-01.
///
/// Years are counted from March, so that a leap day is the last one of its year: then months have
/// a regular pattern, in which five of them take 153 days.
fn civil(days: u64) -> (u64, u64, u64) {
    const FROM_0000_03_01: u64 = 719_468;
    const PER_400_YEARS: u64 = 146_097;
    let days = days + FROM_0000_03_01;
    let (era, day_of_era) = (days / PER_400_YEARS, days % PER_400_YEARS);
    let leap_days = day_of_era / 1460 + day_of_era / (PER_400_YEARS - 1) - day_of_era / 36_524;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, next_year) = if month_from_march < 10 {
        (month_from_march + 3, 0)
    } else {
        (month_from_march - 9, 1)
    };
    (era * 400 + year_of_era + next_year, month, day)
}

/// The fields of an event or a span.
#[derive(Default)]
struct Fields {
    message: String,
    values: Map<String, Value>,
}

impl Fields {
    fn put(&mut self, field: &Field, value: Value) {
        // Keys with `@` are the host's, and it dies of one that is no string.
        self.values
            .insert(field.name().trim_start_matches('@').to_owned(), value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else {
            self.put(field, format!("{value:?}").into());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message = value.to_owned();
        } else {
            self.put(field, value.into());
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::callsite::DefaultCallsite;
    use tracing::callsite::Identifier;
    use tracing::field::FieldSet;
    use tracing::metadata::Kind;

    #[test]
    fn a_timestamp_has_six_digits_after_the_second() {
        let at = |seconds, nanos| timestamp(UNIX_EPOCH + Duration::new(seconds, nanos));
        assert_eq!(at(0, 0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(at(951_782_399, 999_999_999), "2000-02-28T23:59:59.999999Z");
        assert_eq!(at(951_782_400, 1_000), "2000-02-29T00:00:00.000001Z");
        assert_eq!(at(1_709_251_199, 500), "2024-02-29T23:59:59.000000Z");
        assert_eq!(at(1_709_251_200, 0), "2024-03-01T00:00:00.000000Z");
        assert_eq!(at(4_107_542_399, 0), "2100-02-28T23:59:59.000000Z");
        assert_eq!(at(4_107_542_400, 0), "2100-03-01T00:00:00.000000Z");
        assert_eq!(at(1_798_761_599, 120_000_000), "2026-12-31T23:59:59.120000Z");
    }

    static CALLSITE: DefaultCallsite = DefaultCallsite::new(&METADATA);
    static METADATA: Metadata<'static> = Metadata::new(
        "event",
        "my_provider::api",
        Level::WARN,
        Some("src/api.rs"),
        Some(7),
        None,
        FieldSet::new(&["message", "count", "@level"], Identifier(&CALLSITE)),
        Kind::EVENT,
    );

    fn json(message: &str, fields: &[(&str, Value)]) -> (String, Value) {
        let values = fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        let fields = Fields {
            message: message.to_owned(),
            values: values.collect(),
        };
        let line = line(&METADATA, fields, UNIX_EPOCH);
        let value = serde_json::from_str(&line).expect("a line is JSON");
        (line, value)
    }

    #[test]
    fn a_line_has_what_the_host_looks_for() {
        let (line, value) = json("two\nlines", &[("count", 3.into())]);
        assert_eq!(
            value,
            serde_json::json!({
                "@level": "warn",
                "@module": "my_provider.api",
                "@timestamp": "1970-01-01T00:00:00.000000Z",
                "@caller": "src/api.rs:7",
                "@message": "two\nlines",
                "count": 3,
            })
        );
        assert_eq!(line.matches('\n').count(), 1);
        assert!(line.ends_with('\n'));
    }

    #[test]
    fn a_field_cannot_take_the_place_of_a_hosts_key() {
        let mut fields = Fields::default();
        let field = METADATA.fields().field("@level").expect("the field exists");
        fields.record_u64(&field, 1);
        assert_eq!(fields.values.get("level"), Some(&1.into()));
        assert_eq!(fields.values.len(), 1);
    }

    #[test]
    fn a_long_line_is_cut_and_stays_json() {
        let (line, value) = json(&"ü".repeat(70_000), &[("count", 3.into())]);
        assert!(line.len() < 64 * 1024);
        let kept = value["@message"].as_str().expect("the message is text");
        assert_eq!(kept.len(), MAX_MESSAGE);
        assert!(value["truncated_from_bytes"].as_u64() > Some(140_000));
        let (line, value) = json("short", &[("body", "x".repeat(70_000).into())]);
        assert!(line.len() < 64 * 1024);
        assert_eq!(value["@message"], "short");
        assert_eq!(value.get("body"), None);
    }
}
