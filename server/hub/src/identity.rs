//! Who the hub is to a browser: certificate files of the operator's, or an authority of its own.
//!
//! The own authority is made once and kept; a room that has trusted it trusts every later server certificate. The server's
//! certificate is made anew when it does not name all hosts any more, or runs out.

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What the hub shows of itself.
#[derive(Debug, Clone)]
pub struct Identity {
    /// For the HTTPS listener.
    pub tls: Arc<rustls::ServerConfig>,
    /// The own authority; absent with certificate files.
    pub authority: Option<Authority>,
}

/// The own authority, as a room needs it to trust the hub.
#[derive(Debug, Clone)]
pub struct Authority {
    /// The certificate, DER.
    pub der: Vec<u8>,
    /// Its SHA-256 fingerprint, `AB:CD:…`.
    pub fingerprint: String,
}

/// What the kept server certificate is good for.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Issued {
    hosts: Vec<String>,
    day: u64,
}

/// Browsers refuse longer ones (CA/B Forum; Apple for own authorities: 825 days).
const LIFETIME_DAYS: u64 = 398;
/// A certificate with less than this left is made anew at the next start.
const RENEW_DAYS: u64 = 60;
const DAY: u64 = 24 * 3600;

impl Identity {
    /// From the operator's files.
    ///
    /// # Errors
    /// A file cannot be read, or the two do not belong together.
    pub fn from_files(certificate: &Path, private_key: &Path) -> Result<Self> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect)
            .with_context(|| format!("cannot read the certificate {}", certificate.display()))?;
        let key = PrivateKeyDer::from_pem_file(private_key)
            .with_context(|| format!("cannot read the private key {}", private_key.display()))?;
        Ok(Self {
            tls: tls(chain, key)?,
            authority: None,
        })
    }

    /// From the authority in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be written, or what is in it cannot be read.
    pub fn own(folder: &Path, hosts: &[String]) -> Result<Self> {
        let (ca_key, ca_pem) = authority(folder).context("the hub's own certificate authority")?;
        let der = CertificateDer::from_pem_slice(ca_pem.as_bytes()).context("authority.crt")?;
        let fingerprint = Sha256::digest(&der)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<Vec<_>>()
            .join(":");
        let (chain, key) = server_certificate(folder, hosts, &ca_pem, ca_key).context("the hub's certificate")?;
        let mut chain = vec![chain];
        chain.push(der.clone());
        Ok(Self {
            tls: tls(chain, key)?,
            authority: Some(Authority {
                der: der.to_vec(),
                fingerprint,
            }),
        })
    }
}

fn authority(folder: &Path) -> Result<(KeyPair, String)> {
    let (key_file, certificate_file) = (folder.join("authority.key"), folder.join("authority.crt"));
    if certificate_file.exists() {
        let key = KeyPair::from_pem(&std::fs::read_to_string(&key_file)?).context("authority.key")?;
        return Ok((key, std::fs::read_to_string(&certificate_file)?));
    }
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = name(&format!("Điểm Cầu {}", hex::encode(rand::random::<[u8; 3]>())));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2045, 1, 1);
    let pem = params.self_signed(&key)?.pem();
    write_secret(&key_file, key.serialize_pem().as_bytes())?;
    std::fs::write(&certificate_file, &pem)?;
    tracing::info!("made a certificate authority of this hub's own");
    Ok((key, pem))
}

fn server_certificate(
    folder: &Path,
    hosts: &[String],
    ca_pem: &str,
    ca_key: KeyPair,
) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>)> {
    let (key_file, certificate_file, about) = (
        folder.join("server.key"),
        folder.join("server.crt"),
        folder.join("server.json"),
    );
    let mut names: Vec<String> = hosts.to_vec();
    for local in ["localhost", "127.0.0.1", "::1"] {
        if !names.iter().any(|name| name == local) {
            names.push(local.to_owned());
        }
    }
    let today = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
        / DAY;
    let kept = std::fs::read(&about)
        .ok()
        .and_then(|text| serde_json::from_slice::<Issued>(&text).ok());
    let good = kept.is_some_and(|issued| {
        issued.hosts == names && issued.day <= today && today < issued.day + LIFETIME_DAYS - RENEW_DAYS
    });
    if !(good && key_file.exists() && certificate_file.exists()) {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(names.clone())?;
        params.distinguished_name = name(hosts.first().map_or("localhost", String::as_str));
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        // A day earlier, for rooms whose clocks are behind.
        params.not_before = (UNIX_EPOCH + Duration::from_secs((today - 1) * DAY)).into();
        params.not_after = (UNIX_EPOCH + Duration::from_secs((today - 1 + LIFETIME_DAYS) * DAY)).into();
        let issuer = Issuer::from_ca_cert_pem(ca_pem, ca_key)?;
        let certificate = params.signed_by(&key, &issuer)?;
        write_secret(&key_file, key.serialize_pem().as_bytes())?;
        std::fs::write(&certificate_file, certificate.pem())?;
        std::fs::write(
            &about,
            serde_json::to_vec(&Issued {
                hosts: names,
                day: today,
            })?,
        )?;
        tracing::info!(?hosts, "made a certificate for these hosts");
    }
    let certificate = CertificateDer::from_pem_file(&certificate_file)?;
    let key = PrivateKeyDer::from_pem_file(&key_file)?;
    Ok((certificate, key))
}

fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

fn tls(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<Arc<rustls::ServerConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("certificate and private key do not belong together")?;
    // The second is the relay's (RFC 7443); most of its clients name none.
    config.alpn_protocols = vec![b"http/1.1".to_vec(), b"stun.turn".to_vec()];
    Ok(Arc::new(config))
}

/// Writes a file that only its owner can read.
///
/// # Errors
/// It cannot be written.
pub fn write_secret(path: &Path, content: &[u8]) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_stays_and_the_certificate_follows_the_addresses() {
        let folder = tempfile::tempdir().unwrap();
        let read = || std::fs::read_to_string(folder.path().join("server.crt")).unwrap();
        let hosts = vec!["192.0.2.7".to_owned()];
        let first = Identity::own(folder.path(), &hosts).unwrap().authority.unwrap();
        let certificate = read();
        let again = Identity::own(folder.path(), &hosts).unwrap().authority.unwrap();
        assert_eq!(
            (first.fingerprint.clone(), certificate.clone()),
            (again.fingerprint, read())
        );
        let moved = vec!["192.0.2.8".to_owned(), "hop.example".to_owned()];
        let moved = Identity::own(folder.path(), &moved).unwrap().authority.unwrap();
        assert_eq!(first.fingerprint, moved.fingerprint);
        assert_ne!(certificate, read());
        assert_eq!(first.fingerprint.len(), 32 * 3 - 1);
    }

    #[test]
    fn keys_can_be_read_by_their_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Identity::own(folder.path(), &["localhost".to_owned()]).unwrap();
        for file in ["authority.key", "server.key"] {
            let mode = std::fs::metadata(folder.path().join(file))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
}
