//! WHIP and WHEP as a client meets them: what opens, what is refused and how, who takes whose place, and what ends when a token
//! or a link is taken back. The descriptions are written by hand here; `aiortc.rs` brings a client that really carries media.

use crate::bench::{Hub, PATIENCE};
use hub::keys;
use std::time::Duration;
use store::{AccessKind, Options, Scope, Store, Token};
use tokio::time::{sleep, timeout};

const SDP: &str = "application/sdp";
const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

/// What an encoder offers: one bundle, one direction.
const OFFER: &str = "v=0\r\no=- 5228595038118931041 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:zjkk\r\na=ice-pwd:bPXJMM09aR8AiX1jdukzR6Yu\r\n\
    a=fingerprint:sha-256 DA:7B:57:DC:28:CE:04:4F:31:79:85:C4:31:67:EB:27:58:29:ED:77:2A:0D:24:AE:ED:AD:30:BC:BD:F1:9C:02\r\n\
    a=setup:actpass\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:zjkk\r\na=ice-pwd:bPXJMM09aR8AiX1jdukzR6Yu\r\n\
    a=setup:actpass\r\na=mid:1\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n";

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The code of a refusal, which is a problem document.
    fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{}",
            self.head
        );
        let problem: serde_json::Value = serde_json::from_str(&self.body).expect("JSON");
        assert_eq!(problem["status"], self.status);
        problem["code"].as_str().expect("a code").to_owned()
    }
}

/// A hub, and tokens as `hub token new` keeps them.
struct House {
    hub: Hub,
    store: Store,
}

impl House {
    async fn new(viewers: usize) -> House {
        let hub = Hub::start_with(&Options::default(), |config| config.limits.viewers = viewers).await;
        let store = Store::open(&hub.folder.path().join("hub.sqlite"), &Options::default())
            .await
            .unwrap()
            .0;
        House { hub, store }
    }

    async fn token(&self, scope: Scope, source: &str) -> String {
        self.token_until(scope, source, u64::MAX >> 1).await
    }

    async fn token_until(&self, scope: Scope, source: &str, until: u64) -> String {
        let token = keys::random();
        let kept = Token {
            hash: keys::hash(&token),
            scope,
            source: source.to_owned(),
            label: "thử".to_owned(),
            made_at: 0,
            until,
            revoked: false,
        };
        self.store.put_token(kept).await.unwrap();
        token
    }

    async fn ask(&self, method: &str, path: &str, token: &str, more: &str, body: &str) -> Answer {
        let token = if token.is_empty() {
            String::new()
        } else {
            format!("authorization: Bearer {token}\r\n")
        };
        let head = format!("{token}{more}content-length: {}\r\n", body.len());
        let (status, head, body) = self.hub.door.request(method, path, &head, body).await.unwrap();
        assert!(
            head.contains("access-control-allow-origin: *"),
            "{method} {path}: {head}"
        );
        Answer { status, head, body }
    }

    async fn offer(&self, path: &str, token: &str, offer: &str) -> Answer {
        self.ask("POST", path, token, &format!("content-type: {SDP}\r\n"), offer)
            .await
    }

    async fn patch(&self, place: &str, token: &str, matches: &str, fragment: &str) -> Answer {
        let more = format!("content-type: {FRAGMENT}\r\n{matches}");
        self.ask("PATCH", place, token, &more, fragment).await
    }

    /// Opens a session; its place and its entity tag. Header values come in lower case here, which these are not.
    async fn open(&self, path: &str, token: &str, offer: &str) -> (String, Answer) {
        let answer = self.offer(path, token, offer).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        (answer.header("location").expect("a place").to_owned(), answer)
    }
}

fn view(offer: &str) -> String {
    offer.replace("sendonly", "recvonly")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_answered_whole_and_at_once() {
    let house = House::new(10).await;
    let publish = house.token(Scope::Publish, "hoi-truong").await;
    let (place, opened) = house.open("/whip/current/hoi-truong", &publish, OFFER).await;
    assert_eq!(opened.header("content-type"), Some(SDP));
    assert_eq!(opened.header("accept-patch"), Some(FRAGMENT));
    assert!(
        opened
            .header("access-control-expose-headers")
            .unwrap()
            .contains("location, etag, link")
    );
    assert!(opened.header("etag").unwrap().starts_with('"'));
    let name = place
        .strip_prefix("/whip/current/hoi-truong/")
        .expect("below the endpoint");
    assert_eq!(name.len(), 32, "128 bits");
    for line in ["a=ice-lite", "a=candidate:", "a=end-of-candidates", "a=setup:active"] {
        assert!(opened.body.contains(line), "{line} in {}", opened.body);
    }
    assert_eq!(opened.body.matches("a=recvonly").count(), 2);

    // A viewer's offer, with the directions that many clients leave as they are, and with sound alone.
    let programme = house.token(Scope::View, "programme").await;
    let (_, viewed) = house
        .open(
            "/whep/current/programme",
            &programme,
            &OFFER.replace("sendonly", "sendrecv"),
        )
        .await;
    assert_eq!(viewed.body.matches("a=sendonly").count(), 2);
    let alone = OFFER.split("m=video").next().unwrap().replace("BUNDLE 0 1", "BUNDLE 0");
    house.open("/whep/current/programme", &programme, &view(&alone)).await;
    let sitting = house.hub.running.as_ref().unwrap().app.setup.sitting.to_string();
    house
        .open(&format!("/whep/{sitting}/programme"), &programme, &view(OFFER))
        .await;
    house.hub.stop().await;
}

/// The pass for the relay that stands in an answer's `Link`.
fn pass(answer: &Answer) -> serde_json::Value {
    let link = answer.header("link").expect("a way through closed networks");
    let value = |key: &str| {
        let (_, rest) = link.split_once(key).unwrap_or_else(|| panic!("{key} in {link}"));
        rest.split(['"', '?']).next().unwrap_or_default().to_owned()
    };
    assert!(
        link.contains(">; rel=\"ice-server\"; ") && link.ends_with("credential-type=\"password\""),
        "{link}"
    );
    let port: u16 = value("<turns:localhost:").parse().unwrap();
    serde_json::json!({ "port": port, "username": value("username=\""), "password": value("credential=\"") })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_behind_a_closed_network_gets_a_way_that_ends_with_its_token() {
    let house = House::new(10).await;
    let token = house.token(Scope::View, "programme").await;
    let head = format!("content-type: {SDP}\r\nhost: localhost:1\r\n");
    let answer = house
        .ask("POST", "/whep/current/programme", &token, &head, &view(OFFER))
        .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let pass = pass(&answer);
    assert!(crate::reach::opens(&house.hub, &pass).await);
    house.store.revoke_token(keys::hash(&token)).await.unwrap();
    let void = async {
        while crate::reach::opens(&house.hub, &pass).await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, void).await.expect("the pass is void with the token");
    house.hub.stop().await;
}

/// The offer with its picture so many times over.
fn with_cameras(count: usize) -> String {
    let (audio, video) = OFFER.split_at(OFFER.find("m=video").unwrap());
    let mids: String = (1..=count).map(|mid| format!(" {mid}")).collect();
    let sections: String = (1..=count)
        .map(|mid| video.replace("mid:1", &format!("mid:{mid}")))
        .collect();
    format!("{}{sections}", audio.replace("BUNDLE 0 1", &format!("BUNDLE 0{mids}")))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_may_have_several_cameras_and_none_is_left_out() {
    let house = House::new(10).await;
    let path = "/whip/current/hoi-truong";
    let token = house.token(Scope::Publish, "hoi-truong").await;
    let (_, opened) = house.open(path, &token, &with_cameras(4)).await;
    assert_eq!(opened.body.matches("a=recvonly").count(), 5);
    let viewer = house.token(Scope::View, "hoi-truong").await;
    let (_, viewed) = house
        .open("/whep/current/hoi-truong", &viewer, &view(&with_cameras(6)))
        .await;
    assert_eq!(
        viewed.body.matches("a=sendonly").count(),
        7,
        "as many as it has room for"
    );
    let answer = house.offer(path, &token, &with_cameras(5)).await;
    assert_eq!((answer.status, answer.code().as_str()), (406, "too_many_sections"));
    // Picture or sound alone is a source too.
    let video = OFFER.find("m=video").unwrap();
    let head = &OFFER[..OFFER.find("m=audio").unwrap()];
    let picture = format!("{head}{}", &OFFER[video..]).replace("BUNDLE 0 1", "BUNDLE 1").replace(
        "a=mid:1\r\n",
        "a=mid:1\r\na=fingerprint:sha-256 DA:7B:57:DC:28:CE:04:4F:31:79:85:C4:31:67:EB:27:58:29:ED:77:2A:0D:24:AE:ED:AD:30:BC:BD:F1:9C:02\r\n",
    );
    house.open(path, &token, &picture).await;
    let sound = OFFER[..video].replace("BUNDLE 0 1", "BUNDLE 0");
    house.open(path, &token, &sound).await;
    house.open("/whep/current/hoi-truong", &viewer, &view(&picture)).await;
    house.hub.stop().await;
}

/// Many viewers come at once: none waits for the others, whatever flows to them.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_of_viewers_is_let_in_together() {
    let house = House::new(200).await;
    let token = house.token(Scope::View, "programme").await;
    let offer = view(OFFER);
    let offers = (0..150).map(|_| house.open("/whep/current/programme", &token, &offer));
    let crowd = timeout(PATIENCE, futures_util::future::join_all(offers)).await;
    let places: std::collections::BTreeSet<String> =
        crowd.expect("all are in").into_iter().map(|(place, _)| place).collect();
    assert_eq!(places.len(), 150);
    house.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_one_source_one_way_and_nothing_else() {
    let house = House::new(10).await;
    let publish = house.token(Scope::Publish, "hoi-truong").await;
    let programme = house.token(Scope::View, "programme").await;
    let room = house.token(Scope::View, "hoa-binh").await;
    let expired = house.token_until(Scope::Publish, "hoi-truong", 1).await;
    let cases = [
        ("/whip/current/hoi-truong", "", 401, "no_token"),
        ("/whip/current/hoi-truong", "guess", 401, "bad_token"),
        ("/whip/current/hoi-truong", &expired, 401, "bad_token"),
        ("/whip/current/hoi-truong", &programme, 403, "not_for_this"),
        ("/whip/current/hoa-binh", &publish, 403, "not_for_this"),
        ("/whip/current/programme", &publish, 403, "not_for_this"),
        ("/whip/current/programme", &programme, 403, "not_for_this"),
        ("/whep/current/hoi-truong", &publish, 403, "not_for_this"),
        ("/whep/current/hoi-truong", &room, 403, "not_for_this"),
        ("/whip/yesterday/hoi-truong", &publish, 404, "no_source"),
        ("/whip/current/nowhere", &publish, 404, "no_source"),
    ];
    for (path, token, status, code) in cases {
        let answer = house.offer(path, token, OFFER).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{path}");
        let challenge = answer
            .header("www-authenticate")
            .map(|challenge| challenge.contains("invalid_token"));
        assert_eq!(challenge, (status == 401).then_some(code == "bad_token"), "RFC 6750");
    }
    let mut last = 401;
    for guess in 0..12 {
        last = house
            .offer("/whip/current/hoi-truong", &format!("guess-{guess}"), OFFER)
            .await
            .status;
    }
    assert_eq!(last, 429, "guessing is slowed down");
    house.open("/whip/current/hoi-truong", &publish, OFFER).await;
    house.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_is_refused_with_its_reason() {
    let house = House::new(1).await;
    let token = house.token(Scope::Publish, "hoi-truong").await;
    let path = "/whip/current/hoi-truong";
    let cases = [
        ("xin chào".to_owned(), 400, "bad_sdp"),
        (OFFER.replace("m=audio 9", "m=audio chín"), 400, "OfferMalformed"),
        (OFFER.replace("actpass", "active"), 422, "OfferSetupActive"),
        (OFFER.replace("sha-256", "sha-1"), 422, "OfferWeakFingerprint"),
        (OFFER.replace("a=rtcp-mux\r\n", ""), 422, "OfferNotBundled"),
        (OFFER.replace("UDP/TLS/RTP/SAVPF", "RTP/AVP"), 422, "OfferPlainMedia"),
        (OFFER.replace("a=ice-ufrag:zjkk\r\n", ""), 422, "OfferNoIce"),
        (view(OFFER), 406, "wrong_direction"),
        (OFFER.replace("VP8/90000", "H265/90000"), 406, "only_in_part"),
        (
            OFFER.replace("VP8", "H265").replace("opus", "PCMX"),
            406,
            "OfferNoMedia",
        ),
    ];
    for (offer, status, code) in cases {
        let answer = house.offer(path, &token, &offer).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{offer}");
    }
    let typed = |kind: &str| format!("content-type: {kind}\r\n");
    let answer = house.ask("POST", path, &token, &typed("application/json"), "{}").await;
    assert_eq!((answer.status, answer.code().as_str()), (415, "bad_type"));
    let answer = house
        .ask(
            "POST",
            path,
            &token,
            &format!("{}accept: text/html\r\n", typed(SDP)),
            OFFER,
        )
        .await;
    assert_eq!((answer.status, answer.code().as_str()), (406, "answer_is_sdp"));
    let long = format!("{OFFER}a=x:{}\r\n", "x".repeat(64 * 1024));
    let answer = house.offer(path, &token, &long).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "too_large"));

    let viewer = house.token(Scope::View, "programme").await;
    house.open("/whep/current/programme", &viewer, &view(OFFER)).await;
    let answer = house.offer("/whep/current/programme", &viewer, &view(OFFER)).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "full"));
    assert!(answer.header("retry-after").is_some());
    house.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_that_are_not_ours_are_named_as_such() {
    let house = House::new(1).await;
    for (path, allowed) in [
        ("/whip/current/hoi-truong", "post, options"),
        ("/whep/current/programme/some-session", "patch, delete, options"),
    ] {
        assert_eq!(
            house.ask("GET", path, "", "", "").await.status,
            204,
            "it has no representation"
        );
        let answer = house.ask("PUT", path, "", "", "").await;
        assert_eq!((answer.status, answer.code().as_str()), (405, "no_such_method"));
        assert_eq!(answer.header("allow"), Some(allowed));
        let preflight = "origin: https://studio.example\r\naccess-control-request-method: POST\r\n";
        let answer = house.ask("OPTIONS", path, "", preflight, "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("accept-post"), Some(SDP));
        assert_eq!(answer.header("access-control-allow-methods"), Some(allowed));
        assert!(
            answer
                .header("access-control-allow-headers")
                .unwrap()
                .contains("authorization")
        );
    }
    house.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ice_goes_on_and_begins_anew_under_its_entity_tag() {
    let house = House::new(10).await;
    let token = house.token(Scope::Publish, "hoi-truong").await;
    let other = house.token(Scope::View, "programme").await;
    let (place, _) = house.open("/whip/current/hoi-truong", &token, OFFER).await;
    let trickle = "a=ice-ufrag:zjkk\r\na=ice-pwd:bPXJMM09aR8AiX1jdukzR6Yu\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n\
        a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\na=end-of-candidates\r\n";
    let anew = "a=ice-ufrag:ysXw\r\na=ice-pwd:vw5LmwG4yAe6dPPAzAP9Gp5k\r\n";
    let refused = [
        ("", trickle, 428, "which_ice_session"),
        ("if-match: \"other\"\r\n", trickle, 412, "other_ice_session"),
        ("if-match: \"other\"\r\n", anew, 412, "other_ice_session"),
        ("if-match: *\r\n", "a=mid:0\r\n", 400, "bad_fragment"),
        ("if-match: *\r\n", "{}", 400, "bad_fragment"),
        ("if-match: *\r\n", "a=ice-ufrag:ysXw\r\n", 400, "bad_fragment"),
    ];
    for (matches, fragment, status, code) in refused {
        let answer = house.patch(&place, &token, matches, fragment).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{matches}{fragment}"
        );
    }
    let answer = house
        .ask(
            "PATCH",
            &place,
            &token,
            "if-match: *\r\ncontent-type: application/sdp\r\n",
            anew,
        )
        .await;
    assert_eq!((answer.status, answer.code().as_str()), (415, "bad_type"));
    assert_eq!(
        house.patch(&place, &other, "if-match: *\r\n", anew).await.code(),
        "not_your_session"
    );
    assert_eq!(house.patch(&place, "", "if-match: *\r\n", anew).await.status, 401);
    let nowhere = format!("{}{}", &place[..place.len() - 32], "0".repeat(32));
    assert_eq!(
        house.patch(&nowhere, &token, "if-match: *\r\n", anew).await.code(),
        "no_session"
    );

    // The star with known credentials is about candidates; with others it is a restart.
    let answer = house.patch(&place, &token, "if-match: *\r\n", trickle).await;
    assert_eq!(
        (answer.status, answer.body.as_str(), answer.header("etag")),
        (204, "", None)
    );
    let before = house.patch(&place, &token, "if-match: *\r\n", anew).await;
    assert_eq!((before.status, before.header("content-type")), (200, Some(FRAGMENT)));
    for line in ["a=ice-lite", "a=ice-ufrag:", "a=ice-pwd:", "a=candidate:"] {
        assert!(before.body.contains(line), "{line} in {}", before.body);
    }
    let tag = |answer: &Answer| format!("if-match: \"{}\"\r\n", hub::whip_sdp::ice(&answer.body).unwrap().ufrag);
    let again = anew.replace("ysXw", "again");
    let weak = tag(&before).replacen('"', "W/\"", 1);
    assert_eq!(house.patch(&place, &token, &weak, trickle).await.status, 412, "{weak}");
    assert_eq!(house.patch(&place, &token, &tag(&before), &again).await.status, 200);
    assert_eq!(
        house.patch(&place, &token, &tag(&before), trickle).await.status,
        412,
        "the old ICE session is past"
    );

    assert_eq!(
        house.ask("DELETE", &place, &other, "", "").await.code(),
        "not_your_session"
    );
    assert_eq!(
        house
            .ask("DELETE", &place, &token, "if-match: \"other\"\r\n", "")
            .await
            .status,
        200
    );
    assert_eq!(house.ask("DELETE", &place, &token, "", "").await.code(), "no_session");
    house.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_publisher_per_source_and_the_same_token_takes_over() {
    let house = House::new(10).await;
    let mixer = house.token(Scope::Publish, "hoi-truong").await;
    let other = house.token(Scope::Publish, "hoi-truong").await;
    let path = "/whip/current/hoi-truong";
    let (first, _) = house.open(path, &mixer, OFFER).await;
    let answer = house.offer(path, &other, OFFER).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "source_taken"));
    let (second, _) = house
        .open(path, &mixer, &OFFER.replace("5228595038118931041", "7"))
        .await;
    assert_ne!(first, second);
    assert_eq!(
        house.ask("DELETE", &first, &mixer, "", "").await.code(),
        "no_session",
        "its place was taken"
    );
    assert_eq!(house.ask("DELETE", &second, &mixer, "", "").await.status, 200);
    house.open(path, &other, OFFER).await;
    house.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_token_opened_ends_when_it_is_taken_back_or_expires() {
    let house = House::new(10).await;
    let path = "/whip/current/hoi-truong";
    let revoked = house.token(Scope::Publish, "hoi-truong").await;
    let next = house.token(Scope::Publish, "hoi-truong").await;
    let (place, _) = house.open(path, &revoked, OFFER).await;
    assert_eq!(house.offer(path, &next, OFFER).await.status, 409);
    house.store.revoke_token(keys::hash(&revoked)).await.unwrap();
    assert_eq!(
        house.ask("DELETE", &place, &revoked, "", "").await.code(),
        "bad_token",
        "at once"
    );
    let free = async {
        while house.offer(path, &next, OFFER).await.status != 201 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, free).await.expect("the source is free again");
    house.store.revoke_token(keys::hash(&next)).await.unwrap();

    let heir = house.token(Scope::Publish, "hoa-binh").await;
    let now = house.hub.running.as_ref().unwrap().app.clock.now().0;
    let short = house.token_until(Scope::Publish, "hoa-binh", now + 3000).await;
    house.open("/whip/current/hoa-binh", &short, OFFER).await;
    let free = async {
        while house.offer("/whip/current/hoa-binh", &heir, OFFER).await.status != 201 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, free).await.expect("it was good for three seconds");
    house.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_taken_back_closes_its_screens() {
    let house = House::new(1).await;
    let mut delegate = house.hub.open("dai-bieu-20", "delegate").await;
    let mut neighbour = house.hub.open("dai-bieu-21", "delegate").await;
    let ticket = house.hub.door.ticket("dai-bieu-20").await.expect("still good");
    house
        .store
        .revoke_keys_of(AccessKind::Person, "dai-bieu-20")
        .await
        .unwrap();
    assert_eq!(delegate.farewell().await, "revoked");
    let mut late = house.hub.door.connect(&ticket).await.unwrap();
    assert_eq!(
        late.farewell().await,
        "bad_ticket",
        "a ticket from before is worth nothing either"
    );
    assert_eq!(house.hub.door.ticket("dai-bieu-20").await, None);
    neighbour.send(&serde_json::json!({ "type": "ping", "n": 1 })).await;
    while neighbour.next().await["type"] != "pong" {}
    house.hub.stop().await;
}

#[test]
fn tokens_are_made_listed_and_taken_back_at_the_terminal() {
    let folder = tempfile::TempDir::new().unwrap();
    let council = crate::bench::config(folder.path()).council;
    let hub = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hub"));
        let command = command
            .args(words)
            .env("HUB_DATA", folder.path())
            .env("HUB_COUNCIL", &council);
        let output = command.output().expect("the hub's binary");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout), text(&output.stderr))
    };
    // A sitting has to be there.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let hub = hub::start::start(crate::bench::config(folder.path()), &Options::default())
            .await
            .unwrap();
        hub.stop().await;
    });
    let (good, made, error) = hub(&[
        "token",
        "new",
        "--publish",
        "hoi-truong",
        "--label",
        "Bàn trộn",
        "--hours",
        "48",
    ]);
    assert!(good, "{error}");
    let (token, address) = made.trim().split_once('\n').expect("the token, then the address");
    assert_eq!(token.len(), 32);
    assert!(address.starts_with("https://") && address.contains("/whip/") && address.ends_with("/hoi-truong"));
    assert!(
        hub(&["token", "new", "--view", "programme", "--label", "Sảnh"])
            .1
            .contains("/whep/")
    );
    let (_, list, _) = hub(&["token", "list"]);
    assert!(
        list.contains("good for 48 h") && list.contains("Bàn trộn") && list.contains("good for 24 h"),
        "{list}"
    );
    assert!(!list.contains(token), "only the hash is known");
    let digits = &hex::encode(keys::hash(token))[..8];
    assert!(hub(&["token", "revoke", digits]).1.contains("revoked"));
    for wrong in [
        &["token", "new", "--publish", "programme", "--label", "x"][..],
        &["token", "new", "--publish", "nowhere", "--label", "x"],
        &["token", "new", "--label", "x"],
        &["token", "revoke", "abc"],
        &["links", "revoke", "nobody"],
    ] {
        assert!(!hub(wrong).0, "{wrong:?}");
    }
    assert_eq!(hub(&["links", "revoke", "hoa-binh"]).1.trim(), "hoa-binh");
}

/// The requests and answers of WHIP.md, held as a conversation.
#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_what_a_hub_says() {
    let house = House::new(1).await;
    let tokens = [
        house.token(Scope::Publish, "hoi-truong").await,
        house.token(Scope::Publish, "hoi-truong").await,
    ];
    let (mut session, mut tag) = (String::new(), String::new());
    let document = include_str!("../../WHIP.md");
    let blocks: Vec<&str> = document
        .split("```http\n")
        .skip(1)
        .filter_map(|block| block.split("```").next())
        .collect();
    assert!(blocks.len() >= 12);
    for pair in blocks.chunks(2) {
        let filled = pair[0].replace("OTHER", &tokens[1]).replace("TOKEN", &tokens[0]);
        let filled = filled.replace("SESSION", &session).replace("TAG", &tag);
        let (head, body) = filled.split_once("\n\n").unwrap_or((filled.trim_end(), ""));
        let (line, headers) = head.split_once('\n').expect("a request has headers");
        let mut words = line.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let body = if body.starts_with("v=0 …") {
            OFFER.to_owned()
        } else {
            body.replace('\n', "\r\n")
        };
        let headers: String = headers.lines().map(|header| format!("{header}\r\n")).collect();
        let answer = house.ask(method, path, "", &headers, &body).await;

        let (head, shown) = pair[1].split_once("\n\n").unwrap_or((pair[1].trim_end(), ""));
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        assert_eq!(answer.status.to_string(), status, "{line}: {}", answer.body);
        for (name, value) in lines.map(|header| header.split_once(": ").unwrap()) {
            let said = answer
                .header(&name.to_lowercase())
                .unwrap_or_else(|| panic!("{line}: no {name}"));
            let (before, after) = value
                .split_once("SESSION")
                .or(value.split_once("TAG"))
                .or(value.split_once('…'))
                .unwrap_or((value, ""));
            let fits = said.starts_with(&before.to_lowercase()) && said.ends_with(&after.to_lowercase());
            assert!(fits, "{line}: {name}: {said}");
        }
        if shown.starts_with('{') {
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
            assert_eq!(value(&answer.body), value(shown));
        }
        if let Some(place) = answer.header("location") {
            session = place.rsplit('/').next().unwrap().to_owned();
        }
        if answer.status == 200 || answer.status == 201 {
            // The head is in lower case here; the tag is our user fragment.
            tag = hub::whip_sdp::ice(&answer.body).map_or(tag, |ice| ice.ufrag);
        }
    }
    house.hub.stop().await;
}
