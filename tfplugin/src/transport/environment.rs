//! What a host tells a plugin through its environment.

use std::ffi::OsString;
use std::ops::RangeInclusive;
#[cfg(unix)]
use std::path::PathBuf;

/// Tells a start by a host from a start by hand. No secret: it is the same for all providers.
const COOKIE: (&str, &str) = (
    "TF_PLUGIN_MAGIC_COOKIE",
    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
);

/// The variables that matter here, read once.
#[derive(Debug, Default)]
pub(super) struct Environment {
    pub(super) cookie: Option<String>,
    /// Comma-separated, in no order.
    pub(super) protocol_versions: Option<String>,
    /// PEM; absent when the host wants no TLS.
    pub(super) client_certificate: Option<String>,
    /// Ports for a TCP listener.
    pub(super) ports: Option<RangeInclusive<u16>>,
    /// Where the host wants the socket.
    #[cfg(unix)]
    pub(super) socket_dir: Option<PathBuf>,
    /// The group, by name or number, that may use the socket.
    #[cfg(unix)]
    pub(super) socket_group: Option<String>,
    /// TCP although there are unix sockets.
    pub(super) tcp: bool,
}

impl Environment {
    pub(super) fn of_process() -> Self {
        Self::read(|name| std::env::var_os(name))
    }

    pub(super) fn read(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name: &str| get(name).filter(|value| !value.is_empty());
        let text = |name: &str| set(name).and_then(|value| value.into_string().ok());
        let port = |name: &str| text(name).and_then(|value| value.parse::<u16>().ok());
        Self {
            cookie: text(COOKIE.0),
            protocol_versions: text("PLUGIN_PROTOCOL_VERSIONS"),
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            ports: port("PLUGIN_MIN_PORT")
                .zip(port("PLUGIN_MAX_PORT"))
                .map(|(min, max)| min..=max)
                .filter(|ports| !ports.is_empty()),
            #[cfg(unix)]
            socket_dir: set("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            #[cfg(unix)]
            socket_group: text("PLUGIN_UNIX_SOCKET_GROUP"),
            tcp: text("TFPLUGIN_NETWORK").is_some_and(|network| network == "tcp"),
        }
    }

    pub(super) fn has_cookie(&self) -> bool {
        self.cookie.as_deref() == Some(COOKIE.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Environment {
        Environment::read(|name| {
            let found = variables.iter().find(|(key, _)| *key == name)?;
            Some(found.1.into())
        })
    }

    #[test]
    fn only_the_right_cookie_counts() {
        assert!(read(&[COOKIE]).has_cookie());
        assert!(!read(&[(COOKIE.0, "d602")]).has_cookie());
        assert!(!read(&[]).has_cookie());
    }

    #[test]
    fn ports_need_both_ends_in_order() {
        let ports = |min, max| read(&[("PLUGIN_MIN_PORT", min), ("PLUGIN_MAX_PORT", max)]).ports;
        assert_eq!(ports("10000", "25000"), Some(10000..=25000));
        assert_eq!(ports("10000", "10000"), Some(10000..=10000));
        assert_eq!(ports("2", "1"), None);
        assert_eq!(ports("x", "1"), None);
        assert_eq!(ports("", "1"), None);
    }

    #[test]
    fn an_empty_variable_is_an_absent_one() {
        let environment = read(&[("PLUGIN_CLIENT_CERT", ""), ("PLUGIN_PROTOCOL_VERSIONS", "")]);
        assert_eq!(environment.client_certificate, None);
        assert_eq!(environment.protocol_versions, None);
    }
}
