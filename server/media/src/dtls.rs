//! The DTLS side of one session: we are the client, and the peer's certificate must be the one its offer named.
//!
//! The association is kept under a fixed name instead of an address, so that a change of network does not touch it;
//! only datagrams from 5-tuples that authenticated ever reach it. Once it has given its keys, nothing but a goodbye is expected of
//! it: it is folded up, and unfolded for what may be one.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use ring::digest;
use rtc_crypto::RTCCryptoProvider;
use rtc_dtls::config::{ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig};
use rtc_dtls::crypto::Certificate;
use rtc_dtls::endpoint::{Endpoint, EndpointEvent};
use rtc_dtls::state::State;
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
/// Alerts that may be a goodbye are read this often: unfolding costs more than the datagram did its sender.
const GOODBYES: Duration = Duration::from_millis(200);

/// Our certificate, shared by all sessions.
pub(crate) struct Identity {
    certificate: Certificate,
    settled: Arc<Settled>,
    pub(crate) provider: Arc<dyn RTCCryptoProvider>,
    /// As `a=fingerprint` wants it.
    pub(crate) fingerprint: String,
}

/// What associations that are done have in common.
struct Settled {
    config: Arc<HandshakeConfig>,
    provider: Arc<dyn RTCCryptoProvider>,
}

impl Identity {
    pub(crate) fn generate() -> Result<Identity, Error> {
        let provider = rtc_crypto::default_provider().map_err(|error| Error::Crypto(error.to_string()))?;
        let certificate = Certificate::generate_self_signed(vec!["media".to_owned()], provider.crypto())?;
        let der = certificate.certificate.first().ok_or(Error::ErrNoCertificates)?;
        let digest = digest::digest(&digest::SHA256, der);
        let hex: Vec<String> = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
        let settled = ConfigBuilder::default()
            .with_crypto_provider(provider.clone())
            .with_insecure_skip_verify(true)
            .build(true, None)?;
        Ok(Identity {
            certificate,
            settled: Arc::new(Settled {
                config: Arc::new(settled),
                provider: provider.clone(),
            }),
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

/// How far an association has come.
enum Stage {
    /// Not begun, or under way.
    Handshake(Box<Handshake>),
    /// Folded up: what it takes to read a goodbye.
    Done { state: Box<[u8]>, settled: Arc<Settled> },
}

struct Handshake {
    endpoint: Endpoint,
    config: Arc<HandshakeConfig>,
    settled: Arc<Settled>,
    begun: Option<Instant>,
    retries: u32,
}

/// One association.
pub(crate) struct Dtls {
    stage: Stage,
    fingerprint: Fingerprint,
    /// The answer to a goodbye.
    farewell: Option<BytesMut>,
    unfolded: Option<Instant>,
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
        let handshake = Handshake {
            endpoint: endpoint(),
            config: Arc::new(config),
            settled: identity.settled.clone(),
            begun: None,
            retries: 0,
        };
        Ok(Dtls {
            stage: Stage::Handshake(Box::new(handshake)),
            fingerprint,
            farewell: None,
            unfolded: None,
        })
    }

    pub(crate) fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Says hello, once; called when the first 5-tuple has authenticated.
    pub(crate) fn begin(&mut self, now: Instant) -> Progress {
        match &mut self.stage {
            Stage::Handshake(handshake) if handshake.begun.is_none() => {
                handshake.begun = Some(now);
                handshake.connect(now)
            }
            Stage::Handshake(_) | Stage::Done { .. } => Progress::Quiet,
        }
    }

    pub(crate) fn read(&mut self, data: &[u8], now: Instant) -> Progress {
        let handshake = match &mut self.stage {
            Stage::Handshake(handshake) => handshake,
            Stage::Done { .. } => return self.read_goodbye(data, now),
        };
        if handshake.begun.is_none() {
            return Progress::Quiet;
        }
        match handshake.endpoint.read(now, PEER, None, BytesMut::from(data)) {
            Ok(events) => {
                for event in events {
                    match event {
                        EndpointEvent::HandshakeComplete => return self.complete(),
                        EndpointEvent::PeerClosed => return handshake.again(now),
                        _ => {}
                    }
                }
                Progress::Quiet
            }
            Err(_) if handshake.is_impostor(&self.fingerprint) => Progress::Impostor,
            // It may have broken the association for good, so a new one is begun.
            Err(_) => handshake.again(now),
        }
    }

    /// After the handshake whatever makes no sense is only that.
    fn read_goodbye(&mut self, data: &[u8], now: Instant) -> Progress {
        let Stage::Done { state, settled } = &self.stage else {
            return Progress::Quiet;
        };
        // RFC 6347 §4.1: an alert (21) of the first epoch that is encrypted.
        let is_alert = matches!(data, [21, _, _, 0, 1, ..]);
        let is_soon = |at: Instant| now.saturating_duration_since(at) < GOODBYES;
        if !is_alert || self.unfolded.is_some_and(is_soon) {
            return Progress::Quiet;
        }
        self.unfolded = Some(now);
        let Some(mut endpoint) = unfold(state, settled, now) else {
            return Progress::Quiet;
        };
        let events = endpoint.read(now, PEER, None, BytesMut::from(data)).unwrap_or_default();
        if !events.iter().any(|event| matches!(event, EndpointEvent::PeerClosed)) {
            return Progress::Quiet;
        }
        self.farewell = endpoint.poll_transmit().map(|transmit| transmit.message);
        Progress::Closed
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Progress {
        let Stage::Handshake(handshake) = &mut self.stage else {
            return Progress::Quiet;
        };
        let Some(begun) = handshake.begun else {
            return Progress::Quiet;
        };
        if now.saturating_duration_since(begun) > PATIENCE {
            return Progress::Failed;
        }
        match handshake.endpoint.handle_timeout(PEER, now) {
            Ok(()) => Progress::Quiet,
            Err(_) => handshake.again(now),
        }
    }

    pub(crate) fn poll_transmit(&mut self) -> Option<BytesMut> {
        match &mut self.stage {
            Stage::Handshake(handshake) => handshake.endpoint.poll_transmit().map(|transmit| transmit.message),
            Stage::Done { .. } => self.farewell.take(),
        }
    }

    fn complete(&mut self) -> Progress {
        let Stage::Handshake(handshake) = &mut self.stage else {
            return Progress::Quiet;
        };
        let Some(state) = handshake.endpoint.get_connection_state(PEER) else {
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
        let (Some(masters), Ok(folded)) = (keys::split(profile, material.as_ref()), state.marshal_binary()) else {
            return Progress::Failed;
        };
        self.stage = Stage::Done {
            state: folded.into_boxed_slice(),
            settled: handshake.settled.clone(),
        };
        Progress::Keys(Box::new(masters))
    }
}

fn endpoint() -> Endpoint {
    Endpoint::new(PEER, TransportProtocol::UDP, None)
}

/// An association as it was when it was done.
fn unfold(folded: &[u8], settled: &Settled, now: Instant) -> Option<Endpoint> {
    let mut state = State::new(settled.provider.clone(), true);
    state.unmarshal_binary(folded).ok()?;
    let mut endpoint = endpoint();
    endpoint.connect(now, PEER, settled.config.clone(), Some(state)).ok()?;
    Some(endpoint)
}

impl Handshake {
    fn connect(&mut self, now: Instant) -> Progress {
        match self.endpoint.connect(now, PEER, self.config.clone(), None) {
            Ok(()) => Progress::Quiet,
            Err(_) => Progress::Failed,
        }
    }

    fn again(&mut self, now: Instant) -> Progress {
        self.retries += 1;
        if self.retries > RETRIES {
            return Progress::Failed;
        }
        self.endpoint = endpoint();
        self.connect(now)
    }

    fn is_impostor(&self, expected: &Fingerprint) -> bool {
        self.endpoint
            .get_connection_state(PEER)
            .is_some_and(|state| !state.peer_certificates.is_empty() && !matches(expected, &state.peer_certificates))
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

    fn handshake(browser: &mut Browser, expected: Fingerprint, protection: Protection) -> Progress {
        let identity = Identity::generate().expect("a certificate");
        let mut ours = Dtls::new(&identity, expected, protection).expect("a configuration");
        carry(browser, &mut ours, Instant::now())
    }

    /// Carries flights to and fro until something is decided.
    fn carry(browser: &mut Browser, ours: &mut Dtls, mut now: Instant) -> Progress {
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
    fn a_goodbye_is_understood_long_after_the_handshake_and_nothing_else_is_taken_for_one() {
        let mut browser = browser(&[Profile::Srtp_Aead_Aes_256_Gcm]);
        let identity = Identity::generate().expect("a certificate");
        let mut ours = Dtls::new(&identity, browser.fingerprint.clone(), Protection::Modern).expect("a configuration");
        let now = Instant::now();
        profile_of(carry(&mut browser, &mut ours, now));
        assert!(matches!(ours.stage, Stage::Done { ref state, .. } if state.len() < 1500));
        let later = now + Duration::from_secs(3600);
        browser.endpoint.close(later).expect("it lives");
        let goodbye = browser.endpoint.poll_transmit().expect("a goodbye").message;
        let mut forged = goodbye.to_vec();
        *forged.last_mut().expect("bytes") ^= 1;
        assert!(matches!(ours.read(&forged, later), Progress::Quiet));
        assert!(
            matches!(ours.read(&goodbye, later), Progress::Quiet),
            "so soon behind another"
        );
        assert!(matches!(ours.read(&goodbye, later + GOODBYES), Progress::Closed));
        assert!(ours.poll_transmit().is_some(), "it is answered");
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
