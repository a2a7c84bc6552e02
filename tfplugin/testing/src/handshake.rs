//! The line that a provider prints, read the way a host reads it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::pki_types::CertificateDer;

use crate::failure::{During, Failure};

/// Where a provider listens, and its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// `unix` or `tcp`.
    pub network: String,
    /// A path, or an address and a port.
    pub address: String,
    /// Absent without TLS.
    pub certificate: Option<CertificateDer<'static>>,
}

impl Handshake {
    /// Reads a line without its end.
    ///
    /// # Errors
    ///
    /// When a host would not accept it.
    pub fn parse(line: &str) -> Result<Self, Failure> {
        let fields: Vec<&str> = line.split('|').collect();
        let ["1", "6", network @ ("unix" | "tcp"), address, "grpc", certificate] = fields[..] else {
            return Err(Failure::new(format!("no handshake: `{line}`")));
        };
        let certificate = if certificate.is_empty() {
            None
        } else {
            // Like Go's RawStdEncoding, this refuses padding.
            Some(STANDARD_NO_PAD.decode(certificate).during("server certificate")?.into())
        };
        Ok(Self {
            network: network.to_owned(),
            address: address.to_owned(),
            certificate,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_refused() {
        assert!(Handshake::parse("1|6|unix|/s|grpc|YQ").is_ok());
        assert!(Handshake::parse("1|6|unix|/s|grpc|YQ==").is_err());
    }

    #[test]
    fn another_protocol_is_refused() {
        for line in [
            "",
            "1|5|unix|/s|grpc|",
            "1|6|unix|/s|netrpc|",
            "1|6|udp|/s|grpc|",
            "1|6|unix|/s",
        ] {
            assert!(Handshake::parse(line).is_err(), "{line}");
        }
    }
}
