//! The one line that a plugin prints, and what it says instead when there is nobody to print it to.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::pki_types::CertificateDer;

use super::About;
use super::error::StartError;
use super::listen::Address;

/// The version of go-plugin's own protocol.
const CORE_VERSION: u8 = 1;
/// The version of Terraform's plugin protocol; its minor version is not negotiated.
pub(super) const PROTOCOL_VERSION: u8 = 6;

/// Checks that the host speaks our protocol. An absent list is an old way to say "any".
pub(super) fn negotiate(offered: Option<&str>) -> Result<(), StartError> {
    let Some(offered) = offered else { return Ok(()) };
    let speaks = |version: &str| version.trim().parse() == Ok(PROTOCOL_VERSION);
    if offered.split(',').any(speaks) {
        Ok(())
    } else {
        Err(StartError::Protocol {
            offered: offered.to_owned(),
        })
    }
}

/// Where we are and, under TLS, who: hosts read the certificate as base64 **without** padding.
pub(super) fn line(address: &Address, certificate: Option<&CertificateDer<'_>>) -> String {
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
    let Address { network, address } = address;
    format!("{CORE_VERSION}|{PROTOCOL_VERSION}|{network}|{address}|grpc|{certificate}\n")
}

/// For somebody who ran the file to see what it does.
pub fn usage(about: &About<'_>) -> String {
    let About {
        type_name,
        address,
        version,
        crate_name: _,
    } = about;
    let source = address.strip_prefix("registry.terraform.io/").unwrap_or(address);
    format!(
        "terraform-provider-{type_name} {version} is a Terraform and OpenTofu provider. \
         It is started by terraform or tofu, not by hand.

To use it, name it in a configuration and run `terraform init` there:

  terraform {{
    required_providers {{
      {type_name} = {{
        source  = \"{source}\"
        version = \"{version}\"
      }}
    }}
  }}

To run it under a debugger, start it with `-debug` and set the variable that it prints.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unix() -> Address {
        Address {
            network: "unix",
            address: "/tmp/plugin1/socket".into(),
        }
    }

    #[test]
    fn six_is_found_in_any_order() {
        for offered in ["6", "5,6", "6,5", " 6 "] {
            assert!(negotiate(Some(offered)).is_ok(), "{offered}");
        }
        assert!(negotiate(None).is_ok());
        for offered in ["5", "", "16", "7,5", "6.0"] {
            assert!(negotiate(Some(offered)).is_err(), "{offered}");
        }
    }

    #[test]
    fn a_refused_host_is_told_what_to_do() {
        let error = negotiate(Some("4,5")).map_err(|error| error.to_string());
        assert_eq!(
            error,
            Err(
                "the host offers plugin protocol 4,5, and this provider speaks 6: use a newer \
                 terraform or tofu"
                    .to_owned()
            )
        );
    }

    #[test]
    fn the_certificate_is_never_padded() {
        let field = |der: &[u8]| line(&unix(), Some(&CertificateDer::from(der.to_vec())));
        assert_eq!(field(b"a"), "1|6|unix|/tmp/plugin1/socket|grpc|YQ\n");
        assert_eq!(field(b"ab"), "1|6|unix|/tmp/plugin1/socket|grpc|YWI\n");
        assert_eq!(field(b"abc"), "1|6|unix|/tmp/plugin1/socket|grpc|YWJj\n");
        // The alphabet is the standard one, not the one for URLs.
        assert_eq!(field(&[0xfb, 0xff]), "1|6|unix|/tmp/plugin1/socket|grpc|+/8\n");
    }

    #[test]
    fn without_tls_the_last_field_is_empty() {
        assert_eq!(line(&unix(), None), "1|6|unix|/tmp/plugin1/socket|grpc|\n");
    }
}
