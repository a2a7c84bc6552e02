//! Which lines are wanted.

use tracing::level_filters::LevelFilter;

/// What is logged of libraries. They are handed credentials, requests and answers, and their more detailed lines tell them.
const LIBRARIES: LevelFilter = LevelFilter::ERROR;

/// The most detailed level that is logged, by origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Levels<'a> {
    /// The crate of the provider.
    own: &'a str,
    provider: LevelFilter,
    framework: LevelFilter,
    /// Of the framework, what answers calls.
    protocol: LevelFilter,
}

impl<'a> Levels<'a> {
    /// As hosts set them: the narrower variable wins.
    pub(super) fn read(type_name: &str, own: &'a str, get: impl Fn(&str) -> Option<String>) -> Self {
        let of_type = format!("TF_LOG_PROVIDER_{}", type_name.to_uppercase().replace('-', "_"));
        let first = |names: &[&str]| {
            let value = names
                .iter()
                .find_map(|name| get(name).filter(|value| !value.is_empty()));
            value.map_or(LevelFilter::OFF, |value| parse(&value))
        };
        let of_type = of_type.as_str();
        Self {
            own,
            provider: first(&[of_type, "TF_LOG_PROVIDER", "TF_LOG"]),
            framework: first(&["TF_LOG_SDK", of_type, "TF_LOG_PROVIDER", "TF_LOG"]),
            protocol: first(&["TF_LOG_SDK_PROTO", "TF_LOG_SDK", of_type, "TF_LOG_PROVIDER", "TF_LOG"]),
        }
    }

    pub(super) fn any(self) -> bool {
        self.max() != LevelFilter::OFF
    }

    pub(super) fn max(self) -> LevelFilter {
        self.provider.max(self.framework).max(self.protocol)
    }

    /// `target` is a module path.
    pub(super) fn of(self, target: &str) -> LevelFilter {
        let origin = target.split("::").next().unwrap_or(target);
        if target.starts_with("tfplugin::wire::") {
            self.protocol
        } else if origin == "tfplugin" {
            self.framework
        } else if origin == self.own {
            self.provider
        } else {
            self.provider.min(LIBRARIES)
        }
    }
}

fn parse(value: &str) -> LevelFilter {
    match value.trim().to_ascii_uppercase().as_str() {
        "OFF" | "NONE" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        // `JSON` is a form of `TRACE`, and hosts take what they do not know for `TRACE`.
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(variables: &[(&str, &str)]) -> (LevelFilter, LevelFilter) {
        let levels = Levels::read("my-pod", "my_provider", |name| {
            let found = variables.iter().find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        });
        (levels.of("my_provider::api"), levels.of("tfplugin::transport"))
    }

    #[test]
    fn nothing_is_logged_unless_asked_for() {
        assert_eq!(levels(&[]), (LevelFilter::OFF, LevelFilter::OFF));
        assert_eq!(levels(&[("TF_LOG", "")]), (LevelFilter::OFF, LevelFilter::OFF));
    }

    #[test]
    fn the_narrower_variable_wins() {
        let all = [
            ("TF_LOG", "error"),
            ("TF_LOG_PROVIDER", "WARN"),
            ("TF_LOG_PROVIDER_MY_POD", "INFO"),
            ("TF_LOG_SDK", "DEBUG"),
        ];
        assert_eq!(levels(&all), (LevelFilter::INFO, LevelFilter::DEBUG));
        assert_eq!(levels(&all[..3]), (LevelFilter::INFO, LevelFilter::INFO));
        assert_eq!(levels(&all[..2]), (LevelFilter::WARN, LevelFilter::WARN));
        assert_eq!(levels(&all[..1]), (LevelFilter::ERROR, LevelFilter::ERROR));
        assert_eq!(
            levels(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "off")]),
            (LevelFilter::OFF, LevelFilter::OFF)
        );
    }

    #[test]
    fn what_answers_calls_has_a_variable_of_its_own() {
        let levels = |proto: &str| {
            Levels::read("pod", "my_provider", |name| match name {
                "TF_LOG_SDK" => Some("INFO".to_owned()),
                "TF_LOG_SDK_PROTO" => Some(proto.to_owned()),
                _ => None,
            })
        };
        assert_eq!(levels("TRACE").of("tfplugin::wire::service"), LevelFilter::TRACE);
        assert_eq!(levels("TRACE").of("tfplugin::transport"), LevelFilter::INFO);
        assert_eq!(levels("").of("tfplugin::wire::service"), LevelFilter::INFO);
        assert!(levels("TRACE").any() && levels("TRACE").max() == LevelFilter::TRACE);
    }

    #[test]
    fn an_unknown_level_is_the_most_detailed_one() {
        for value in ["JSON", "1", "verbose"] {
            assert_eq!(levels(&[("TF_LOG", value)]).0, LevelFilter::TRACE, "{value}");
        }
    }

    #[test]
    fn of_libraries_only_errors_are_logged() {
        let levels = |value: &str, target: &str| {
            let levels = Levels::read("pod", "my_provider", |_| Some(value.to_owned()));
            levels.of(target)
        };
        for target in ["h2::codec", "some_sdk", "my_provider_sdk::client", ""] {
            assert_eq!(levels("TRACE", target), LevelFilter::ERROR, "{target}");
            assert_eq!(levels("OFF", target), LevelFilter::OFF, "{target}");
        }
        assert_eq!(levels("TRACE", "my_provider"), LevelFilter::TRACE);
    }
}
