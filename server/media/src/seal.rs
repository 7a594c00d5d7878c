//! SRTP and SRTCP, both ways, in the buffer where the packet already lies.
//!
//! AES-GCM (RFC 7714) runs on `ring` without a copy; AES-CM with HMAC-SHA1, for old peers, goes through `rtc-srtp`.
//! Indices and replay windows belong to the caller, who looks them up only for streams it knows: nothing here grows
//! because of a packet that does not authenticate.

use std::sync::Arc;

use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use rtc_crypto::RTCCryptoProvider;
use rtc_srtp::context::Context;
use rtc_srtp::protection_profile::ProtectionProfile;

use crate::keys::{self, Label, Master};

/// Bytes that sealing may add to an RTP packet or, with the index word, to an RTCP packet.
pub(crate) const OVERHEAD: usize = 20;
const TAG: usize = 16;
const ENCRYPTED: u32 = 1 << 31;

struct Gcm {
    rtp: LessSafeKey,
    rtp_salt: [u8; 12],
    rtcp: LessSafeKey,
    rtcp_salt: [u8; 12],
}

impl Gcm {
    fn new(master: &Master, provider: &dyn RTCCryptoProvider) -> Option<Gcm> {
        let algorithm = match master.profile {
            ProtectionProfile::AeadAes128Gcm => &AES_128_GCM,
            ProtectionProfile::AeadAes256Gcm => &AES_256_GCM,
            _ => return None,
        };
        let key = |label| {
            let bytes = keys::derive(master, label, algorithm.key_len(), provider.crypto())?;
            Some(LessSafeKey::new(UnboundKey::new(algorithm, &bytes).ok()?))
        };
        let salt = |label| -> Option<[u8; 12]> { keys::derive(master, label, 12, provider.crypto())?.try_into().ok() };
        Some(Gcm {
            rtp: key(Label::RtpKey)?,
            rtp_salt: salt(Label::RtpSalt)?,
            rtcp: key(Label::RtcpKey)?,
            rtcp_salt: salt(Label::RtcpSalt)?,
        })
    }

    /// RFC 7714 §8.1: zeros, SSRC, rollover counter and sequence number, mixed with the salt.
    fn rtp_nonce(&self, ssrc: u32, index: u64) -> Nonce {
        let mut nonce = [0u8; 12];
        nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
        nonce[6..].copy_from_slice(&index.to_be_bytes()[2..]);
        nonce
            .iter_mut()
            .zip(self.rtp_salt)
            .for_each(|(byte, salt)| *byte ^= salt);
        Nonce::assume_unique_for_key(nonce)
    }

    /// RFC 7714 §9.1.
    fn rtcp_nonce(&self, ssrc: u32, index: u32) -> Nonce {
        let mut nonce = [0u8; 12];
        nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
        nonce[8..].copy_from_slice(&(index & !ENCRYPTED).to_be_bytes());
        nonce
            .iter_mut()
            .zip(self.rtcp_salt)
            .for_each(|(byte, salt)| *byte ^= salt);
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Protects what we send to one session.
pub(crate) struct Sealer {
    cipher: SealCipher,
    rtcp_index: u32,
}

enum SealCipher {
    Gcm(Box<Gcm>),
    Cm(Box<Context>),
}

impl Sealer {
    pub(crate) fn new(master: &Master, provider: &dyn RTCCryptoProvider) -> Option<Sealer> {
        let cipher = match Gcm::new(master, provider) {
            Some(gcm) => SealCipher::Gcm(Box::new(gcm)),
            None => SealCipher::Cm(Box::new(context(master, provider)?)),
        };
        Some(Sealer { cipher, rtcp_index: 0 })
    }

    /// Seals the packet of `length` bytes at the start of `buffer`, whose header takes `header` bytes, and says how
    /// long it became. The caller never passes an (SSRC, index) twice with different bytes.
    pub(crate) fn seal_rtp(
        &mut self,
        ssrc: u32,
        index: u64,
        header: usize,
        length: usize,
        buffer: &mut [u8],
    ) -> Option<usize> {
        match &mut self.cipher {
            SealCipher::Gcm(gcm) => {
                let nonce = gcm.rtp_nonce(ssrc, index);
                let (packet, rest) = buffer.split_at_mut_checked(length)?;
                let (head, payload) = packet.split_at_mut_checked(header)?;
                let tag = gcm
                    .rtp
                    .seal_in_place_separate_tag(nonce, Aad::from(&*head), payload)
                    .ok()?;
                rest.get_mut(..TAG)?.copy_from_slice(tag.as_ref());
                Some(length + TAG)
            }
            SealCipher::Cm(context) => {
                let sealed = context.encrypt_rtp(buffer.get(..length)?).ok()?;
                buffer.get_mut(..sealed.len())?.copy_from_slice(&sealed);
                Some(sealed.len())
            }
        }
    }

    /// Seals the RTCP packet of `length` bytes at the start of `buffer` and says how long it became.
    pub(crate) fn seal_rtcp(&mut self, length: usize, buffer: &mut [u8]) -> Option<usize> {
        if length < 8 {
            return None;
        }
        match &mut self.cipher {
            SealCipher::Gcm(gcm) => {
                // RFC 3711 §9.2: a session that outlives 2^31 packets must not reuse an index.
                self.rtcp_index = self.rtcp_index.checked_add(1).filter(|index| *index < ENCRYPTED)?;
                let word = (self.rtcp_index | ENCRYPTED).to_be_bytes();
                let ssrc = u32::from_be_bytes(buffer.get(4..8)?.try_into().ok()?);
                let mut aad = [0u8; 12];
                aad[..8].copy_from_slice(buffer.get(..8)?);
                aad[8..].copy_from_slice(&word);
                let nonce = gcm.rtcp_nonce(ssrc, self.rtcp_index);
                let payload = buffer.get_mut(8..length)?;
                let tag = gcm
                    .rtcp
                    .seal_in_place_separate_tag(nonce, Aad::from(aad), payload)
                    .ok()?;
                buffer.get_mut(length..length + TAG)?.copy_from_slice(tag.as_ref());
                buffer.get_mut(length + TAG..length + TAG + 4)?.copy_from_slice(&word);
                Some(length + TAG + 4)
            }
            SealCipher::Cm(context) => {
                let sealed = context.encrypt_rtcp(buffer.get(..length)?).ok()?;
                buffer.get_mut(..sealed.len())?.copy_from_slice(&sealed);
                Some(sealed.len())
            }
        }
    }
}

/// Opens what one session sends.
pub(crate) struct Opener {
    cipher: OpenCipher,
}

enum OpenCipher {
    Gcm(Box<Gcm>),
    Cm(Box<CmOpener>),
}

/// `rtc-srtp` makes state for every SSRC it is shown, before it authenticates. So strangers are tried on a context of
/// their own, which is thrown away before it can grow.
struct CmOpener {
    master: Master,
    provider: Arc<dyn RTCCryptoProvider>,
    known: Context,
    strangers: Context,
    tried: u32,
}

const STRANGERS: u32 = 64;

impl CmOpener {
    fn context_for(&mut self, is_known: bool) -> Option<&mut Context> {
        if is_known {
            return Some(&mut self.known);
        }
        self.tried += 1;
        if self.tried > STRANGERS {
            self.strangers = context(&self.master, self.provider.as_ref())?;
            self.tried = 1;
        }
        Some(&mut self.strangers)
    }
}

impl Opener {
    pub(crate) fn new(master: &Master, provider: &Arc<dyn RTCCryptoProvider>) -> Option<Opener> {
        let cipher = match Gcm::new(master, provider.as_ref()) {
            Some(gcm) => OpenCipher::Gcm(Box::new(gcm)),
            None => OpenCipher::Cm(Box::new(CmOpener {
                known: context(master, provider.as_ref())?,
                strangers: context(master, provider.as_ref())?,
                master: master.clone(),
                provider: provider.clone(),
                tried: 0,
            })),
        };
        Some(Opener { cipher })
    }

    /// Authenticates and decrypts in place; the answer is the length of header and payload. `None` = forged.
    pub(crate) fn open_rtp(
        &mut self,
        ssrc: u32,
        index: u64,
        header: usize,
        is_known: bool,
        data: &mut [u8],
    ) -> Option<usize> {
        match &mut self.cipher {
            OpenCipher::Gcm(gcm) => {
                let (head, body) = data.split_at_mut_checked(header)?;
                let plain = gcm
                    .rtp
                    .open_in_place(gcm.rtp_nonce(ssrc, index), Aad::from(&*head), body)
                    .ok()?;
                Some(header + plain.len())
            }
            OpenCipher::Cm(opener) => {
                let plain = opener.context_for(is_known)?.decrypt_rtp(data).ok()?;
                data.get_mut(..plain.len())?.copy_from_slice(&plain);
                Some(plain.len())
            }
        }
    }

    /// The index that an SRTCP packet claims, before it is authenticated. `None` when too short or not encrypted.
    pub(crate) fn rtcp_index(&self, data: &[u8]) -> Option<u32> {
        let end = match &self.cipher {
            OpenCipher::Gcm(_) => data.len(),
            OpenCipher::Cm(_) => data.len().checked_sub(10)?,
        };
        let word = u32::from_be_bytes(data.get(end.checked_sub(4)?..end)?.try_into().ok()?);
        (word & ENCRYPTED != 0).then_some(word & !ENCRYPTED)
    }

    /// Authenticates and decrypts in place; the answer is the length of the plain RTCP.
    pub(crate) fn open_rtcp(&mut self, is_known: bool, data: &mut [u8]) -> Option<usize> {
        match &mut self.cipher {
            OpenCipher::Gcm(gcm) => {
                if data.len() < 8 + TAG + 4 {
                    return None;
                }
                let (packet, word) = data.split_at_mut(data.len() - 4);
                let word: [u8; 4] = (&*word).try_into().ok()?;
                let (head, body) = packet.split_at_mut(8);
                let ssrc = u32::from_be_bytes((&head[4..]).try_into().ok()?);
                let mut aad = [0u8; 12];
                aad[..8].copy_from_slice(head);
                aad[8..].copy_from_slice(&word);
                let nonce = gcm.rtcp_nonce(ssrc, u32::from_be_bytes(word));
                let plain = gcm.rtcp.open_in_place(nonce, Aad::from(aad), body).ok()?;
                Some(8 + plain.len())
            }
            OpenCipher::Cm(opener) => {
                let plain = opener.context_for(is_known)?.decrypt_rtcp(data).ok()?;
                data.get_mut(..plain.len())?.copy_from_slice(&plain);
                Some(plain.len())
            }
        }
    }
}

fn context(master: &Master, provider: &dyn RTCCryptoProvider) -> Option<Context> {
    Context::new(&master.key, &master.salt, master.profile, None, None, provider.crypto()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILES: [ProtectionProfile; 3] = [
        ProtectionProfile::AeadAes256Gcm,
        ProtectionProfile::AeadAes128Gcm,
        ProtectionProfile::Aes128CmHmacSha1_80,
    ];

    fn master(profile: ProtectionProfile) -> Master {
        Master {
            profile,
            key: (0..profile.key_len() as u8).collect(),
            salt: (100..100 + profile.salt_len() as u8).collect(),
        }
    }

    fn packet(sequence: u16) -> Vec<u8> {
        let mut packet = vec![0x80, 96];
        packet.extend_from_slice(&sequence.to_be_bytes());
        packet.extend_from_slice(&[0, 0, 0, 1, 0, 0, 0, 7]);
        packet.extend_from_slice(b"Kinh thua chu toa");
        packet
    }

    /// The independent oracle is `rtc-srtp`: it opens what we seal and seals what we open.
    #[test]
    fn every_profile_agrees_with_an_independent_implementation() {
        let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
        for profile in PROFILES {
            let master = master(profile);
            let mut sealer = Sealer::new(&master, provider.as_ref()).expect("keys");
            let mut opener = Opener::new(&master, &provider).expect("keys");
            let mut oracle = context(&master, provider.as_ref()).expect("keys");
            for sequence in [65_534u16, 65_535, 0, 1] {
                let index = if sequence < 10 {
                    65_536 + u64::from(sequence)
                } else {
                    u64::from(sequence)
                };
                let plain = packet(sequence);
                let mut buffer = plain.clone();
                buffer.resize(plain.len() + OVERHEAD, 0);
                let length = sealer.seal_rtp(7, index, 12, plain.len(), &mut buffer).expect("sealed");
                assert_eq!(
                    oracle.decrypt_rtp(&buffer[..length]).expect("the oracle opens it")[..],
                    plain[..]
                );
                let opened = opener
                    .open_rtp(7, index, 12, true, &mut buffer[..length])
                    .expect("opened");
                assert_eq!(buffer[..opened], plain[..]);
            }
            let report = [0x80, 201, 0, 1, 0, 0, 0, 7];
            let mut buffer = report.to_vec();
            buffer.resize(64, 0);
            let length = sealer.seal_rtcp(8, &mut buffer).expect("sealed");
            assert_eq!(
                oracle.decrypt_rtcp(&buffer[..length]).expect("the oracle opens it")[..],
                report[..]
            );
            assert_eq!(opener.rtcp_index(&buffer[..length]), Some(1));
            let opened = opener.open_rtcp(true, &mut buffer[..length]).expect("opened");
            assert_eq!(buffer[..opened], report[..]);
        }
    }

    #[test]
    fn a_changed_bit_anywhere_is_refused() {
        let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
        for profile in PROFILES {
            let master = master(profile);
            let mut sealer = Sealer::new(&master, provider.as_ref()).expect("keys");
            let mut opener = Opener::new(&master, &provider).expect("keys");
            let plain = packet(9);
            let mut sealed = plain.clone();
            sealed.resize(plain.len() + OVERHEAD, 0);
            let length = sealer.seal_rtp(7, 9, 12, plain.len(), &mut sealed).expect("sealed");
            for byte in 12..length {
                let mut forged = sealed[..length].to_vec();
                forged[byte] ^= 1;
                assert_eq!(
                    opener.open_rtp(7, 9, 12, true, &mut forged),
                    None,
                    "{profile:?} byte {byte}"
                );
            }
        }
    }

    #[test]
    fn strangers_leave_nothing_behind() {
        let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
        let master = master(ProtectionProfile::Aes128CmHmacSha1_80);
        let mut opener = Opener::new(&master, &provider).expect("keys");
        for ssrc in 0..1000u32 {
            let mut forged = packet(1);
            forged[8..12].copy_from_slice(&ssrc.to_be_bytes());
            assert_eq!(opener.open_rtp(ssrc, 1, 12, false, &mut forged), None);
        }
        match opener.cipher {
            OpenCipher::Cm(cm) => assert!(cm.tried <= STRANGERS),
            OpenCipher::Gcm(_) => panic!("the profile is AES-CM"),
        }
    }
}
