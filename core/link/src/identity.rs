//! Who a device is to TLS: a certificate that says nothing but the device's own key.
//!
//! The certificate is a wrapping that TLS asks for. Its names, its times and its own signature are not judged: the
//! handshake's signature proves that the peer holds the key, and the organisation's policy, which travels inside the
//! link, says what the key may do. Times least of all: a phone whose clock fell back to 1970, or one that was away
//! until "expiry", still has sales to hand over.

use barrow_log::key::DeviceSecret;
use barrow_log::stream::DeviceKey;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{NoServerSessionStorage, ParsedCertificate, ServerConfig};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::TLS13;
use rustls::{
    CertificateError, CommonState, DigitallySignedStruct, DistinguishedName, OtherError, PeerIncompatible,
    SignatureAlgorithm, SignatureScheme,
};
use std::sync::Arc;

use crate::error::LinkError;

/// What stands before the 32 bytes of an Ed25519 key in a certificate (RFC 8410).
const KEY_INFO_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

/// A device as TLS sees it.
#[derive(Clone)]
pub struct Identity {
    key: DeviceKey,
    shown: Arc<SingleCertAndKey>,
    provider: Arc<CryptoProvider>,
}

impl Identity {
    /// Makes the identity of a device. The same device always shows the same certificate.
    ///
    /// # Errors
    /// When the certificate can't be written.
    pub fn new(secret: &DeviceSecret) -> Result<Self, LinkError> {
        // RFC 5280: the time that means "without end".
        Self::with_validity(secret, 2000, 9999)
    }

    fn with_validity(secret: &DeviceSecret, from: i32, to: i32) -> Result<Self, LinkError> {
        let certified = certified(secret, from, to)?;
        let key = secret.public();
        Ok(Self {
            key,
            shown: Arc::new(certified.into()),
            provider: Arc::new(ring::default_provider()),
        })
    }

    /// Returns the device's key, which the other side will see.
    pub const fn key(&self) -> DeviceKey {
        self.key
    }

    /// Returns what a dialling side tells TLS. With an expected key no other device is greeted, and it does not
    /// learn who called.
    ///
    /// # Errors
    /// When TLS 1.3 is not to be had.
    pub fn client_config(&self, expected: Option<DeviceKey>) -> Result<Arc<ClientConfig>, LinkError> {
        let mut config = ClientConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(&[&TLS13])?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(self.verifier(expected)))
            .with_client_cert_resolver(self.shown.clone());
        // Every link proves its key anew.
        config.resumption = Resumption::disabled();
        Ok(Arc::new(config))
    }

    /// Returns what a listening side tells TLS: whoever connects must prove a device key, any device key.
    ///
    /// # Errors
    /// When TLS 1.3 is not to be had.
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, LinkError> {
        let mut config = ServerConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(&[&TLS13])?
            .with_client_cert_verifier(Arc::new(self.verifier(None)))
            .with_cert_resolver(self.shown.clone());
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Arc::new(config))
    }

    fn verifier(&self, expected: Option<DeviceKey>) -> Verifier {
        Verifier {
            expected,
            provider: self.provider.clone(),
        }
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity(of {})", self.key)
    }
}

/// Returns the key that the other side of a finished handshake proved.
///
/// # Errors
/// When the handshake is not finished.
pub fn peer(connection: &CommonState) -> Result<DeviceKey, LinkError> {
    let certificates = connection.peer_certificates().unwrap_or_default();
    let certificate = certificates
        .first()
        .ok_or(rustls::Error::NoCertificatesPresented)?;
    Ok(key_of(certificate)?)
}

/// Wraps a device's key in its certificate.
pub(crate) fn certified(secret: &DeviceSecret, from: i32, to: i32) -> Result<CertifiedKey, LinkError> {
    let signer = Signer(Arc::new(SigningKey::from_bytes(&secret.seed())), secret.public());
    let certificate = certificate(&signer, from, to)
        .map_err(|error| LinkError::Tls(rustls::Error::General(error.to_string())))?;
    Ok(CertifiedKey::new(vec![certificate], Arc::new(signer)))
}

fn certificate(signer: &Signer, from: i32, to: i32) -> Result<CertificateDer<'static>, rcgen::Error> {
    let mut name = rcgen::DistinguishedName::new();
    name.push(rcgen::DnType::CommonName, "barrow");
    let mut params = rcgen::CertificateParams::default();
    params.serial_number = Some(1.into());
    params.distinguished_name = name;
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(to, 12, 31);
    Ok(params.self_signed(signer)?.into())
}

/// Reads the device key of a certificate.
pub(crate) fn key_of(certificate: &CertificateDer<'_>) -> Result<DeviceKey, rustls::Error> {
    let info = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
    let bytes: Option<[u8; DeviceKey::LEN]> = info
        .strip_prefix(&KEY_INFO_PREFIX)
        .and_then(|bytes| bytes.try_into().ok());
    let bytes = bytes.ok_or(PeerIncompatible::NoSignatureSchemesInCommon)?;
    // Under a weak key anybody's signature holds.
    match VerifyingKey::from_bytes(&bytes) {
        Ok(key) if !key.is_weak() => Ok(DeviceKey(bytes)),
        _ => Err(CertificateError::BadEncoding.into()),
    }
}

/// Says that another device answered.
#[derive(Debug, thiserror::Error)]
#[error("another device answered: {found} instead of {expected}")]
pub(crate) struct AnotherDevice {
    pub(crate) expected: DeviceKey,
    pub(crate) found: DeviceKey,
}

/// Lets any device in that proves its key, or only the expected one.
#[derive(Debug)]
struct Verifier {
    expected: Option<DeviceKey>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn check(&self, certificate: &CertificateDer<'_>) -> Result<(), rustls::Error> {
        let found = key_of(certificate)?;
        match self.expected {
            Some(expected) if expected != found => {
                let other = Arc::new(AnotherDevice { expected, found });
                Err(CertificateError::Other(OtherError(other)).into())
            }
            _ => Ok(()),
        }
    }

    fn check_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.check(certificate).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.check_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

impl ClientCertVerifier for Verifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        self.check(certificate).map(|()| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.check_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }
}

/// Signs for TLS and for the certificate. What those sign begins with 64 spaces or an ASN.1 tag, what the log signs
/// begins with "barrow", so that no signature of one serves the other. The secret is wiped when dropped.
#[derive(Clone)]
struct Signer(Arc<SigningKey>, DeviceKey);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer(of {})", self.1)
    }
}

impl rustls::sign::SigningKey for Signer {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn rustls::sign::Signer>> {
        let fits = offered.contains(&SignatureScheme::ED25519);
        fits.then(|| Box::new(self.clone()) as Box<dyn rustls::sign::Signer>)
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::ED25519
    }
}

impl rustls::sign::Signer for Signer {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        Ok(self.0.sign(message).to_vec())
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}

impl rcgen::PublicKeyData for Signer {
    fn der_bytes(&self) -> &[u8] {
        self.1.as_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ED25519
    }
}

impl rcgen::SigningKey for Signer {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.0.sign(message).to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dial::dial;
    use crate::limits::Limits;
    use crate::listen::Listener;
    use rustls::Error;

    fn secret(number: u8) -> DeviceSecret {
        DeviceSecret::from_seed([number; 32])
    }

    fn identity(number: u8) -> Identity {
        Identity::new(&secret(number)).unwrap()
    }

    fn signer(number: u8) -> Signer {
        let secret = secret(number);
        Signer(Arc::new(SigningKey::from_bytes(&secret.seed())), secret.public())
    }

    /// Returns an identity that shows a certificate and signs with device 1's key.
    fn shows(certificate: CertificateDer<'static>) -> Identity {
        let certified = CertifiedKey::new(vec![certificate], Arc::new(signer(1)));
        Identity {
            shown: Arc::new(certified.into()),
            ..identity(1)
        }
    }

    /// Lets one device dial another; returns whom each saw, or why not.
    async fn meet(
        caller: &Identity,
        host: &Identity,
    ) -> (Result<DeviceKey, LinkError>, Result<DeviceKey, LinkError>) {
        let limits = Limits::default();
        let mut listener = Listener::bind("127.0.0.1:0".parse().unwrap(), host, limits)
            .await
            .unwrap();
        let address = listener.address().unwrap().to_string();
        let (near, far) = tokio::join!(dial(&address, caller, None, &limits), listener.accept());
        let far = far.map_err(|turned_away| turned_away.why);
        (near.map(|link| link.peer()), far.map(|link| link.peer()))
    }

    #[test]
    fn the_certificate_is_the_key_and_always_the_same() {
        let [one, again] = [0; 2].map(|_| certificate(&signer(1), 2000, 9999).unwrap());
        assert_eq!(one, again);
        assert_eq!(key_of(&one), Ok(secret(1).public()));
        let other = certificate(&signer(2), 2000, 9999).unwrap();
        assert_eq!(key_of(&other), Ok(secret(2).public()));
    }

    #[test]
    fn secrets_are_not_printed() {
        let text = format!("{:?} {:?}", identity(0xab), signer(0xab));
        assert!(!text.contains("abab") && !text.contains("171, 171"), "{text}");
    }

    #[tokio::test]
    async fn cert_expired_everywhere() {
        let expired = Identity::with_validity(&secret(1), 1970, 1999).unwrap();
        let not_yet = Identity::with_validity(&secret(2), 2999, 3999).unwrap();
        assert_eq!(
            meet(&expired, &not_yet).await,
            (Ok(not_yet.key()), Ok(expired.key()))
        );
        assert_eq!(
            meet(&not_yet, &expired).await,
            (Ok(expired.key()), Ok(not_yet.key()))
        );
    }

    #[tokio::test]
    async fn a_certificate_without_its_key_is_worth_nothing() {
        let stolen = shows(certificate(&signer(3), 2000, 9999).unwrap());
        let bad: LinkError = Error::from(CertificateError::BadSignature).into();
        let (near, _) = meet(&identity(2), &stolen).await;
        assert_eq!(near, Err(bad.clone()));
        let (_, far) = meet(&stolen, &identity(2)).await;
        assert_eq!(far, Err(bad));
    }

    /// A key that is its own certificate's, without anybody having the secret.
    struct Weak([u8; 32]);

    impl rcgen::PublicKeyData for Weak {
        fn der_bytes(&self) -> &[u8] {
            &self.0
        }

        fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
            &rcgen::PKCS_ED25519
        }
    }

    impl rcgen::SigningKey for Weak {
        fn sign(&self, _: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
            Ok(vec![0; 64])
        }
    }

    #[tokio::test]
    async fn keys_that_are_none_are_refused() {
        let made = |key| {
            let mut params = rcgen::CertificateParams::default();
            params.serial_number = Some(1.into());
            CertificateDer::from(params.self_signed(&Weak(key)).unwrap())
        };
        let neutral = std::array::from_fn(|at| u8::from(at == 0));
        let ours = certificate(&signer(1), 2000, 9999).unwrap();
        for refused in [
            made(neutral),
            made([2; 32]),
            CertificateDer::from(include_bytes!("../tests/fixtures/p256.der").to_vec()),
            CertificateDer::from(ours[..ours.len() - 1].to_vec()),
            CertificateDer::from(Vec::new()),
        ] {
            assert!(key_of(&refused).is_err());
            let (near, _) = meet(&identity(2), &shows(refused.clone())).await;
            assert!(matches!(near, Err(LinkError::Tls(_))), "{near:?}");
            let (_, far) = meet(&shows(refused), &identity(2)).await;
            assert!(matches!(far, Err(LinkError::Tls(_))), "{far:?}");
        }
    }
}
