//! The web client, from the binary itself, in the smallest form that the browser takes: a ward's line is narrow. A build without
//! it works; the hub then says so plainly.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web-client/dist"]
#[allow_missing = true]
struct Dist;

/// Whether the web client was built.
#[must_use]
pub fn is_built() -> bool {
    Dist::get("index.html").is_some()
}

/// A file of the web client; every other address is a page of it, which the browser finds by itself.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Form::of(path, &headers) {
        return respond(path, file, &headers);
    }
    // A page has no dot in its name; an asset of an older build is gone, and a page in its place would only confuse.
    let page = !path.rsplit('/').next().unwrap_or_default().contains('.') && !path.starts_with("api/");
    match Form::of("index.html", &headers) {
        Some(file) if page => respond("index.html", file, &headers),
        Some(_) => StatusCode::NOT_FOUND.into_response(),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            "This hub was built without its web client. Run `make run`, or `npm run build` in web-client and build the hub again.\n",
        )
            .into_response(),
    }
}

/// A file as it is sent.
struct Form {
    file: rust_embed::EmbeddedFile,
    /// None = as it is.
    encoding: Option<&'static str>,
    /// Other browsers may get it otherwise.
    varies: bool,
}

impl Form {
    /// The smallest form of a file that the browser takes.
    fn of(path: &str, headers: &HeaderMap) -> Option<Self> {
        let smaller = |suffix: &str| Dist::get(&format!("{path}.{suffix}"));
        for (encoding, suffix) in [("br", "br"), ("gzip", "gz")] {
            if takes(headers, encoding)
                && let Some(file) = smaller(suffix)
            {
                return Some(Self {
                    file,
                    encoding: Some(encoding),
                    varies: true,
                });
            }
        }
        Some(Self {
            file: Dist::get(path)?,
            encoding: None,
            varies: smaller("br").is_some(),
        })
    }
}

/// Whether a browser takes an encoding (RFC 9110 §12.5.3); one that it gives no weight it does not.
fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
    let words = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    words.map(|word| word.split(';').map(str::trim)).any(|mut parts| {
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        named && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn respond(path: &str, form: Form, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", &hex::encode(form.file.metadata.sha256_hash())[..32]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    // Vite puts a hash into the names of what it builds.
    let cache = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = if known.is_some_and(|known| known.split(',').any(|one| one.trim() == etag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind = mime_guess::from_path(path).first_or_octet_stream();
        let mut response = Response::new(Body::from(form.file.data.into_owned()));
        let kind = if kind.type_() == "text" {
            format!("{kind}; charset=utf-8")
        } else {
            kind.to_string()
        };
        if let Ok(kind) = HeaderValue::from_str(&kind) {
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
        }
        if let Some(encoding) = form.encoding {
            let encoding = HeaderValue::from_static(encoding);
            response.headers_mut().insert(header::CONTENT_ENCODING, encoding);
        }
        response
    };
    let more = response.headers_mut();
    if form.varies {
        more.insert(header::VARY, HeaderValue::from_name(header::ACCEPT_ENCODING));
    }
    more.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        more.insert(header::ETAG, etag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    #[test]
    fn only_what_a_browser_takes_is_given_to_it() {
        let browser = asking("gzip, deflate, br;q=0.9, zstd");
        assert!(takes(&browser, "br") && takes(&browser, "gzip"));
        assert!(!takes(&asking("gzip, br;q=0"), "br"));
        assert!(!takes(&asking("identity"), "gzip"));
        assert!(!takes(&HeaderMap::new(), "br"));
    }

    #[tokio::test]
    async fn scripts_come_in_the_smallest_form_that_the_browser_takes() {
        let get = async |path: &str, headers: HeaderMap| {
            let response = serve(path.parse().unwrap(), headers).await;
            let encoding = response.headers().get(header::CONTENT_ENCODING).cloned();
            assert!(response.headers().contains_key(header::VARY), "{path}");
            let body = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
            (encoding, body.len())
        };
        // Nothing is here in a build without the client.
        for path in Dist::iter().filter_map(|name| Some(format!("/{}", name.strip_suffix(".br")?))) {
            let (encoding, whole) = get(&path, HeaderMap::new()).await;
            assert_eq!(encoding, None, "{path}");
            for name in ["br", "gzip"] {
                let (encoding, small) = get(&path, asking(name)).await;
                assert!(encoding.is_some_and(|encoding| encoding == name), "{path}");
                assert!(small < whole, "{path}: {small} of {whole}");
            }
        }
    }
}
