//! Mutual TLS between exactly two parties, each of which knows the other's certificate.
//!
//! The host's certificate is compared byte for byte and not validated as a chain: hosts send a
//! self-signed CA certificate, which path validation refuses as an end entity.

use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::version::TLS13;
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, PeerMisbehaved, ServerConfig, SignatureScheme,
};
use tokio_rustls::TlsAcceptor;

use super::error::StartError;

/// The name that hosts ask for.
const SERVER_NAME: &str = "localhost";

/// Our side of the connection: who we are, and how to accept the one host.
pub(super) struct Identity {
    pub(super) certificate: CertificateDer<'static>,
    pub(super) acceptor: TlsAcceptor,
}

impl Identity {
    /// A fresh identity for the host with this certificate (PEM).
    pub(super) fn for_host(pem: &str) -> Result<Self, StartError> {
        let host = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| StartError::ClientCertificate {
            reason: error.to_string(),
        })?;
        let (certificate, key) = self_signed().map_err(|error| StartError::ServerCertificate(error.to_string()))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = PinnedHost::new(host, &provider);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map(|builder| builder.with_client_cert_verifier(Arc::new(verifier)))
            .and_then(|builder| builder.with_single_cert(vec![certificate.clone()], key.into()))
            .map_err(|error| StartError::ServerCertificate(error.to_string()))?;
        // gRPC clients insist on it.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // A host connects once.
        config.send_tls13_tickets = 0;
        Ok(Self {
            certificate,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        })
    }
}

fn self_signed() -> Result<(CertificateDer<'static>, PrivatePkcs8KeyDer<'static>), rcgen::Error> {
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new([SERVER_NAME.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, SERVER_NAME);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = params.self_signed(&key)?;
    Ok((certificate.into(), PrivatePkcs8KeyDer::from(key.serialize_der())))
}

/// Accepts the holder of one certificate's key and nobody else.
#[derive(Debug)]
struct PinnedHost {
    certificate: CertificateDer<'static>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedHost {
    fn new(certificate: CertificateDer<'static>, provider: &CryptoProvider) -> Self {
        Self {
            certificate,
            algorithms: provider.signature_verification_algorithms,
        }
    }
}

impl ClientCertVerifier for PinnedHost {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // Only TLS 1.3 is offered.
        Err(PeerMisbehaved::SelectedUnofferedCipherSuite.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // Must include P-521: a host that finds no scheme for its key sends no certificate.
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused_with_the_name_of_the_variable() {
        for pem in ["", "x", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
            let error = Identity::for_host(pem).err().map(|error| error.to_string());
            let error = error.expect("no certificate was given");
            assert!(error.contains("`PLUGIN_CLIENT_CERT`"), "{error}");
        }
    }

    #[test]
    fn the_keys_that_hosts_use_are_supported() {
        let provider = aws_lc_rs::default_provider();
        let verifier = PinnedHost::new(CertificateDer::from(vec![]), &provider);
        assert!(verifier.client_auth_mandatory());
        let schemes = verifier.supported_verify_schemes();
        assert!(schemes.contains(&SignatureScheme::ECDSA_NISTP521_SHA512));
        assert!(schemes.contains(&SignatureScheme::ECDSA_NISTP256_SHA256));
    }
}
