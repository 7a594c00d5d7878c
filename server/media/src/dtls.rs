//! The DTLS side of one session: we are the client, and the peer's certificate must be the one its offer named.
//!
//! The association is kept under a fixed name instead of an address, so that a change of network does not touch it;
//! only datagrams from 5-tuples that authenticated ever reach it.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use ring::digest;
use rtc_crypto::RTCCryptoProvider;
use rtc_dtls::config::{ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig};
use rtc_dtls::crypto::Certificate;
use rtc_dtls::endpoint::{Endpoint, EndpointEvent};
use rtc_shared::TransportProtocol;
use rtc_shared::error::Error;

use crate::keys::{self, Master, Protection};
use crate::offer::{Fingerprint, Hash};

const PEER: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 1));
const FLIGHT: Duration = Duration::from_millis(300);
/// A broken handshake is begun anew so often.
const RETRIES: u32 = 3;
/// And given up after this long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Our certificate, shared by all sessions.
pub(crate) struct Identity {
    certificate: Certificate,
    pub(crate) provider: Arc<dyn RTCCryptoProvider>,
    /// As `a=fingerprint` wants it.
    pub(crate) fingerprint: String,
}

impl Identity {
    pub(crate) fn generate() -> Result<Identity, Error> {
        let provider = rtc_crypto::default_provider().map_err(|error| Error::Crypto(error.to_string()))?;
        let certificate = Certificate::generate_self_signed(vec!["media".to_owned()], provider.crypto())?;
        let der = certificate.certificate.first().ok_or(Error::ErrNoCertificates)?;
        let digest = digest::digest(&digest::SHA256, der);
        let hex: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        Ok(Identity {
            certificate,
            provider,
            fingerprint: format!("sha-256 {}", hex.join(":")),
        })
    }
}

/// What a datagram or a timer led to.
pub(crate) enum Progress {
    /// Nothing to tell.
    Quiet,
    /// The handshake is done: (we seal with, we open with).
    Keys(Box<(Master, Master)>),
    /// The peer said goodbye.
    Closed,
    /// The peer is not the one its offer named.
    Impostor,
    /// It did not work, and will not.
    Failed,
}

/// One association.
pub(crate) struct Dtls {
    endpoint: Endpoint,
    config: Arc<HandshakeConfig>,
    fingerprint: Fingerprint,
    begun: Option<Instant>,
    retries: u32,
    is_done: bool,
}

impl Dtls {
    pub(crate) fn new(identity: &Identity, fingerprint: Fingerprint, protection: Protection) -> Result<Dtls, Error> {
        let expected = fingerprint.clone();
        let config = ConfigBuilder::default()
            .with_crypto_provider(identity.provider.clone())
            .with_certificates(vec![identity.certificate.clone()])
            .with_srtp_protection_profiles(protection.profiles())
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .with_flight_interval(FLIGHT)
            // A certificate authority says nothing here; the fingerprint of the offer does (RFC 8827 §6.5).
            .with_insecure_skip_verify(true)
            .with_verify_peer_certificate(Some(Arc::new(move |certificates, _| {
                if matches(&expected, certificates) {
                    Ok(())
                } else {
                    Err(Error::ErrInvalidCertificate)
                }
            })))
            .build(true, None)?;
        Ok(Dtls {
            endpoint: Endpoint::new(PEER, TransportProtocol::UDP, None),
            config: Arc::new(config),
            fingerprint,
            begun: None,
            retries: 0,
            is_done: false,
        })
    }

    pub(crate) fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Says hello, once; called when the first 5-tuple has authenticated.
    pub(crate) fn begin(&mut self, now: Instant) -> Progress {
        if self.begun.is_some() {
            return Progress::Quiet;
        }
        self.begun = Some(now);
        match self.endpoint.connect(now, PEER, self.config.clone(), None) {
            Ok(()) => Progress::Quiet,
            Err(_) => Progress::Failed,
        }
    }

    pub(crate) fn read(&mut self, data: &[u8], now: Instant) -> Progress {
        if self.begun.is_none() {
            return Progress::Quiet;
        }
        match self.endpoint.read(now, PEER, None, BytesMut::from(data)) {
            Ok(events) => {
                for event in events {
                    match event {
                        EndpointEvent::HandshakeComplete => return self.complete(),
                        EndpointEvent::PeerClosed if self.is_done => return Progress::Closed,
                        EndpointEvent::PeerClosed => return self.again(now),
                        _ => {}
                    }
                }
                Progress::Quiet
            }
            Err(_) if self.is_impostor() => Progress::Impostor,
            // After the handshake a datagram that makes no sense is only that. Before, it may have broken the
            // association for good, so a new one is begun.
            Err(_) if self.is_done => Progress::Quiet,
            Err(_) => self.again(now),
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Progress {
        let Some(begun) = self.begun else {
            return Progress::Quiet;
        };
        if self.is_done {
            return Progress::Quiet;
        }
        if now.saturating_duration_since(begun) > PATIENCE {
            return Progress::Failed;
        }
        match self.endpoint.handle_timeout(PEER, now) {
            Ok(()) => Progress::Quiet,
            Err(_) => self.again(now),
        }
    }

    pub(crate) fn poll_transmit(&mut self) -> Option<BytesMut> {
        self.endpoint.poll_transmit().map(|transmit| transmit.message)
    }

    fn again(&mut self, now: Instant) -> Progress {
        self.retries += 1;
        if self.retries > RETRIES {
            return Progress::Failed;
        }
        self.endpoint = Endpoint::new(PEER, TransportProtocol::UDP, None);
        match self.endpoint.connect(now, PEER, self.config.clone(), None) {
            Ok(()) => Progress::Quiet,
            Err(_) => Progress::Failed,
        }
    }

    fn is_impostor(&self) -> bool {
        self.endpoint.get_connection_state(PEER).is_some_and(|state| {
            !state.peer_certificates.is_empty() && !matches(&self.fingerprint, &state.peer_certificates)
        })
    }

    fn complete(&mut self) -> Progress {
        let Some(state) = self.endpoint.get_connection_state(PEER) else {
            return Progress::Failed;
        };
        // The callback above has looked already; a call is worth a second look.
        if !matches(&self.fingerprint, &state.peer_certificates) {
            return Progress::Impostor;
        }
        let Some(profile) = keys::profile(state.srtp_protection_profile()) else {
            return Progress::Failed;
        };
        let label = rtc_srtp::config::LABEL_EXTRACTOR_DTLS_SRTP;
        let Ok(material) = state.export_keying_material(label, &[], keys::material_len(profile)) else {
            return Progress::Failed;
        };
        match keys::split(profile, material.as_ref()) {
            Some(masters) => {
                self.is_done = true;
                Progress::Keys(Box::new(masters))
            }
            None => Progress::Failed,
        }
    }
}

fn matches(expected: &Fingerprint, certificates: &[Vec<u8>]) -> bool {
    let algorithm = match expected.hash {
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
    };
    certificates
        .first()
        .is_some_and(|der| digest::digest(algorithm, der).as_ref() == expected.digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc_dtls::config::ClientAuthType;
    use rtc_dtls::extension::extension_use_srtp::SrtpProtectionProfile as Profile;
    use rtc_srtp::protection_profile::ProtectionProfile;

    /// A browser's side: a DTLS server with a certificate of its own.
    struct Browser {
        endpoint: Endpoint,
        fingerprint: Fingerprint,
    }

    fn browser(profiles: &[Profile]) -> Browser {
        let identity = Identity::generate().expect("a certificate");
        let der = identity.certificate.certificate[0].clone();
        let config = ConfigBuilder::default()
            .with_crypto_provider(identity.provider.clone())
            .with_certificates(vec![identity.certificate.clone()])
            .with_srtp_protection_profiles(profiles.to_vec())
            .with_client_auth(ClientAuthType::RequireAnyClientCert)
            .with_insecure_skip_verify(true)
            .build(false, None)
            .expect("a configuration");
        Browser {
            endpoint: Endpoint::new(PEER, TransportProtocol::UDP, Some(Arc::new(config))),
            fingerprint: Fingerprint {
                hash: Hash::Sha256,
                digest: digest::digest(&digest::SHA256, &der).as_ref().to_vec(),
            },
        }
    }

    /// Carries flights to and fro until something is decided.
    fn handshake(browser: &mut Browser, expected: Fingerprint, protection: Protection) -> Progress {
        let identity = Identity::generate().expect("a certificate");
        let mut ours = Dtls::new(&identity, expected, protection).expect("a configuration");
        let mut now = Instant::now();
        assert!(matches!(ours.begin(now), Progress::Quiet));
        for _ in 0..400 {
            while let Some(message) = ours.poll_transmit() {
                // A server that dislikes what it reads has said so in its next flight.
                let _ = browser.endpoint.read(now, PEER, None, message);
            }
            while let Some(transmit) = browser.endpoint.poll_transmit() {
                match ours.read(&transmit.message, now) {
                    Progress::Quiet => {}
                    decided => return decided,
                }
            }
            now += Duration::from_millis(100);
            match ours.handle_timeout(now) {
                Progress::Quiet => {}
                decided => return decided,
            }
        }
        Progress::Quiet
    }

    fn profile_of(progress: Progress) -> ProtectionProfile {
        match progress {
            Progress::Keys(masters) => masters.0.profile,
            Progress::Quiet | Progress::Closed | Progress::Impostor | Progress::Failed => panic!("no keys"),
        }
    }

    #[test]
    fn a_browser_that_prefers_the_old_profile_gets_the_new_one() {
        let mut browser = browser(&[
            Profile::Srtp_Aes128_Cm_Hmac_Sha1_80,
            Profile::Srtp_Aead_Aes_256_Gcm,
            Profile::Srtp_Aead_Aes_128_Gcm,
        ]);
        let expected = browser.fingerprint.clone();
        let profile = profile_of(handshake(&mut browser, expected, Protection::Modern));
        assert!(matches!(profile, ProtectionProfile::AeadAes256Gcm));
    }

    #[test]
    fn an_old_peer_fails_first_and_is_served_at_the_second_attempt() {
        let expected = browser(&[Profile::Srtp_Aes128_Cm_Hmac_Sha1_80]);
        let fingerprint = expected.fingerprint.clone();
        let mut old = expected;
        assert!(matches!(
            handshake(&mut old, fingerprint, Protection::Modern),
            Progress::Failed
        ));
        let mut old = browser(&[Profile::Srtp_Aes128_Cm_Hmac_Sha1_80]);
        let fingerprint = old.fingerprint.clone();
        let profile = profile_of(handshake(&mut old, fingerprint, Protection::Legacy));
        assert!(matches!(profile, ProtectionProfile::Aes128CmHmacSha1_80));
    }

    #[test]
    fn another_certificate_than_the_offered_one_is_an_impostors() {
        let mut browser = browser(&[Profile::Srtp_Aead_Aes_256_Gcm]);
        let other = Fingerprint {
            hash: Hash::Sha256,
            digest: vec![7; 32],
        };
        assert!(matches!(
            handshake(&mut browser, other, Protection::Modern),
            Progress::Impostor
        ));
    }
}
