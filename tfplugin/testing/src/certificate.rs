//! The certificate with which a host shows who it is.

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::failure::{During, Failure};

/// A certificate of the kind that Terraform and OpenTofu make, and its key.
#[derive(Debug)]
pub struct HostIdentity {
    pub(crate) pem: String,
    pub(crate) der: CertificateDer<'static>,
    pub(crate) key: PrivateKeyDer<'static>,
}

impl HostIdentity {
    /// As go-plugin makes it: P-521, self-signed, and a CA that is used as an end entity.
    ///
    /// # Errors
    ///
    /// When no key can be made.
    pub fn like_go() -> Result<Self, Failure> {
        Self::with_organization("HashiCorp")
    }

    /// The same with another subject, which makes for another length.
    ///
    /// # Errors
    ///
    /// When no key can be made.
    pub fn with_organization(organization: &str) -> Result<Self, Failure> {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).during("host key")?;
        let mut params = CertificateParams::new(["localhost".to_owned()]).during("host certificate")?;
        params.distinguished_name.push(DnType::OrganizationName, organization);
        params.distinguished_name.push(DnType::CommonName, "localhost");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = params.self_signed(&key).during("host certificate")?;
        Ok(Self {
            pem: certificate.pem(),
            der: certificate.into(),
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        })
    }

    /// Shows the certificate of another, whose key it does not have.
    #[must_use]
    pub fn showing(self, other: &Self) -> Self {
        Self {
            pem: other.pem.clone(),
            der: other.der.clone(),
            key: self.key,
        }
    }

    /// The certificate as `PLUGIN_CLIENT_CERT` holds it.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// The certificate's bytes.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}
