//! TLS on loopback: an authority made for the tests, and the certificate that it issues.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// An authority that functions trust through `AWS_CA_BUNDLE`. Its keys are new each time and are kept in memory only.
///
/// The keys are ECDSA P-256. AWS's own certificates are RSA 2048; checking one costs a client about as much.
pub struct Authority {
    bundle: String,
    config: Arc<ServerConfig>,
}

impl Authority {
    /// Makes an authority and writes its certificate to the file `bundle` as PEM.
    pub fn new(bundle: &Path) -> Self {
        let key = KeyPair::generate().expect("the system has randomness");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // Without a name of its own, OpenSSL takes the certificates that it signs for self-signed ones.
        params.distinguished_name.push(DnType::CommonName, "the fakes' authority");
        let root = params.self_signed(&key).expect("it is a key of ours");
        std::fs::write(bundle, root.pem()).expect("the bundle can be written");

        let issuer = Issuer::new(params, key);
        let key = KeyPair::generate().expect("the system has randomness");
        let names = ["localhost", "127.0.0.1"].map(str::to_owned);
        let leaf = CertificateParams::new(names).expect("they are names");
        let leaf = leaf.signed_by(&key, &issuer).expect("the issuer may sign");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring speaks them")
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], key)
            .expect("the key is the certificate's");
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let bundle = bundle.to_str().expect("the path is text").to_owned();
        Self { bundle, config: Arc::new(config) }
    }

    /// Returns the path of the PEM file, for `AWS_CA_BUNDLE`.
    pub fn bundle(&self) -> &str {
        &self.bundle
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}
