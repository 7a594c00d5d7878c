//! From the DTLS handshake to session keys: RFC 5764 §4.2 layout, RFC 3711 §4.3 derivation.

use rtc_crypto::{BlockCipherAlgorithm, RTCCrypto};
use rtc_dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc_srtp::protection_profile::ProtectionProfile;

/// Which protection a handshake offers. The DTLS server chooses, and browsers choose AES-CM with HMAC-SHA1 whenever it
/// is offered; it costs twice the CPU of AES-GCM on the fan-out. So it is offered only to a peer that failed without, and to
/// equipment that may know nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    /// AES-GCM only.
    Modern,
    /// AES-CM too.
    Legacy,
}

impl Protection {
    pub(crate) fn profiles(self) -> Vec<SrtpProtectionProfile> {
        let mut profiles = vec![
            SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm,
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
        ];
        match self {
            Protection::Modern => {}
            Protection::Legacy => profiles.push(SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80),
        }
        profiles
    }
}

/// The profile under the name that the SRTP crate gives it; `None` for what we never offered.
pub(crate) fn profile(negotiated: SrtpProtectionProfile) -> Option<ProtectionProfile> {
    match negotiated {
        SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm => Some(ProtectionProfile::AeadAes256Gcm),
        SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => Some(ProtectionProfile::AeadAes128Gcm),
        SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80 => Some(ProtectionProfile::Aes128CmHmacSha1_80),
        // Not our enum: it may grow.
        _ => None,
    }
}

/// A master key and salt for one direction.
#[derive(Clone)]
pub(crate) struct Master {
    pub(crate) profile: ProtectionProfile,
    pub(crate) key: Vec<u8>,
    pub(crate) salt: Vec<u8>,
}

/// How many bytes the exporter must give.
pub(crate) fn material_len(profile: ProtectionProfile) -> usize {
    2 * (profile.key_len() + profile.salt_len())
}

/// Splits exported material into (client writes, server writes). We are the client.
pub(crate) fn split(profile: ProtectionProfile, material: &[u8]) -> Option<(Master, Master)> {
    if material.len() != material_len(profile) {
        return None;
    }
    let (keys, salts) = material.split_at(2 * profile.key_len());
    let (client_key, server_key) = keys.split_at(profile.key_len());
    let (client_salt, server_salt) = salts.split_at(profile.salt_len());
    let master = |key: &[u8], salt: &[u8]| Master {
        profile,
        key: key.to_vec(),
        salt: salt.to_vec(),
    };
    Some((master(client_key, client_salt), master(server_key, server_salt)))
}

/// The labels of RFC 3711 §4.3.1.
#[derive(Clone, Copy)]
pub(crate) enum Label {
    RtpKey = 0,
    RtpSalt = 2,
    RtcpKey = 3,
    RtcpSalt = 5,
}

/// AES-CM key derivation for the AEAD profiles (RFC 7714 §11), key derivation rate 0.
pub(crate) fn derive(master: &Master, label: Label, length: usize, crypto: &dyn RTCCrypto) -> Option<Vec<u8>> {
    let cipher = match master.key.len() {
        16 => BlockCipherAlgorithm::Aes128,
        32 => BlockCipherAlgorithm::Aes256,
        _ => return None,
    };
    let mut input = [0u8; 16];
    input
        .get_mut(..master.salt.len().min(14))?
        .copy_from_slice(&master.salt);
    input[7] ^= label as u8;
    let mut output = Vec::with_capacity(length + 16);
    for counter in 0u16.. {
        if output.len() >= length {
            break;
        }
        let mut block = input;
        block[14..].copy_from_slice(&counter.to_be_bytes());
        crypto.block_encrypt(cipher, &master.key, &mut block).ok()?;
        output.extend_from_slice(&block);
    }
    output.truncate(length);
    Some(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3711 Appendix B.3 gives the vectors for AES-128.
    #[test]
    fn derivation_agrees_with_the_rfc() {
        let provider = rtc_crypto::default_provider().expect("a provider is compiled in");
        let master = Master {
            profile: ProtectionProfile::Aes128CmHmacSha1_80,
            key: hex("E1F97A0D3E018BE0D64FA32C06DE4139"),
            salt: hex("0EC675AD498AFEEBB6960B3AABE6"),
        };
        let key = derive(&master, Label::RtpKey, 16, provider.crypto()).expect("AES-128");
        let salt = derive(&master, Label::RtpSalt, 14, provider.crypto()).expect("AES-128");
        assert_eq!(key, hex("C61E7A93744F39EE10734AFE3FF7A087"));
        assert_eq!(salt, hex("30CBBC08863D8C85D49DB34A9AE1"));
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&text[i..i + 2], 16).expect("hex"))
            .collect()
    }
}
