//! The ways in, and who is kept out.

use crate::bench::{Hub, PATIENCE, Screen};
use serde_json::{Value, json};
use store::{AccessKind, Options};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_pages_open_a_websocket() {
    let hub = Hub::start_with(&Options::default(), |config| {
        config.server.hosts = vec!["hop.example".to_owned(), "192.0.2.7".to_owned()];
        config.server.origins = vec!["https://proxy.example".to_owned()];
    })
    .await;
    let (port, https) = (hub.door.http.port(), hub.running.as_ref().unwrap().https.port());
    let ours = [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("http://[::1]:{port}"),
        format!("https://hop.example:{https}"),
        format!("https://192.0.2.7:{https}"),
        "https://proxy.example".to_owned(),
    ];
    let foreign = [
        String::new(),
        "null".to_owned(),
        "https://hop.example".to_owned(),
        format!("http://hop.example:{https}"),
        format!("https://hop.example:{port}"),
        format!("https://sub.hop.example:{https}"),
        format!("https://hop.example.evil:{https}"),
        format!("https://hop.example:{https}.evil"),
        format!("https://evil/hop.example:{https}"),
        format!("http://127.0.0.1:{https}"),
        format!("http://127.0.0.2:{port}"),
        "http://127.0.0.1".to_owned(),
        "https://evil.example".to_owned(),
        "file://".to_owned(),
    ];
    for (origins, expected) in [(&ours[..], 101), (&foreign[..], 403)] {
        for origin in origins {
            assert_eq!(
                upgrade(&hub, &format!("origin: {origin}\r\n")).await,
                expected,
                "{origin:?}"
            );
        }
    }
    assert_eq!(upgrade(&hub, "").await, 403, "no origin at all");
    let twice = format!("origin: {}\r\norigin: https://evil.example\r\n", ours[0]);
    assert_eq!(upgrade(&hub, &twice).await, 403, "two origins");
}

/// The status of an upgrade; the connection is dropped at once.
async fn upgrade(hub: &Hub, origin: &str) -> u16 {
    let mut stream = TcpStream::connect(hub.door.http).await.unwrap();
    let request = format!(
        "GET /ws HTTP/1.1\r\nhost: {}\r\n{origin}upgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        hub.door.http
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut status))
        .await
        .expect("answered")
        .unwrap();
    std::str::from_utf8(&status[9..]).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_socket() {
    let hub = Hub::start().await;
    let ticket = hub.door.ticket("dai-bieu-07").await.unwrap();
    let mut first = hub.door.connect(&ticket).await.unwrap();
    first.send(&json!({ "type": "ping", "n": 7 })).await;
    assert_eq!(first.next().await["n"], 7);
    for used in [ticket.as_str(), "guess", ""] {
        let mut second = hub.door.connect(used).await.unwrap();
        assert_eq!(second.farewell().await, "bad_ticket");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_screen_of_somebody_else() {
    let hub = Hub::start().await;
    for (who, audience) in [
        ("dai-bieu-07", "chair"),
        ("dai-bieu-07", "secretary"),
        ("dai-bieu-07", "technician"),
        ("dai-bieu-07", "room"),
        ("khach-01", "chair"),
        ("ky-thuat-01", "secretary"),
        ("hoa-binh", "delegate"),
        ("hoa-binh", "chair"),
    ] {
        let mut screen = hub.door.connect(&hub.door.ticket(who).await.unwrap()).await.unwrap();
        screen
            .send(&json!({ "type": "hello", "audience": audience, "device": "d" }))
            .await;
        assert_eq!(screen.farewell().await, "not_your_screen", "{who} as {audience}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_is_slowed_down_and_locks_out_nobody() {
    let hub = Hub::start().await;
    let mut answers = Vec::new();
    for guess in 0..15 {
        let key = format!("{guess:032}");
        answers.push(hub.door.post("/api/ticket", &json!({ "key": key })).await.unwrap());
    }
    assert_eq!(answers[0], (401, json!({ "code": "bad_key" })));
    let (status, last) = answers.last().unwrap();
    assert_eq!((*status, &last["code"]), (429, &json!("too_fast")));
    assert!(last["retry_after_s"].as_u64().unwrap() >= 1);
    assert!(
        hub.door.ticket("dai-bieu-07").await.is_some(),
        "a right key from the same address"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_is_paired_by_the_code_of_a_room_and_a_pin() {
    let hub = Hub::start().await;
    let mut room = hub.open("hoa-binh", "room").await;
    let shown = pairing(&mut room).await;
    let code = shown["code"].as_str().unwrap();
    assert!(shown["url"].as_str().unwrap().ends_with(&format!("/ghep?ma={code}")));

    let (status, answer) = hub
        .door
        .post("/api/pairing", &json!({ "code": "abcdef" }))
        .await
        .unwrap();
    assert_eq!((status, &answer["code"]), (404, &json!("bad_code")));
    let (status, begun) = hub.door.post("/api/pairing", &json!({ "code": code })).await.unwrap();
    assert_eq!(status, 200, "{begun}");
    assert_eq!(begun["site"]["id"], "hoa-binh");
    let people = begun["people"].as_array().unwrap();
    assert_eq!(people[0]["id"], "dai-bieu-20", "the people of the site come first");
    assert!(
        people.iter().all(|person| person["id"] != "thu-ky-01"),
        "only who has a tablet's page"
    );

    // A delegate of the hall, who may preside too, travels to the ward.
    let person = "dai-bieu-02";
    let pin = pin(&hub, person).await;
    let confirm = |pin: &str| json!({ "pairing": begun["pairing"], "person": person, "pin": pin });
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    let (status, answer) = hub.door.post("/api/pairing/confirm", &confirm(wrong)).await.unwrap();
    assert_eq!((status, &answer), (403, &json!({ "code": "bad_pin", "left": 4 })));
    let (status, paired) = hub.door.post("/api/pairing/confirm", &confirm(&pin)).await.unwrap();
    assert_eq!(status, 200, "{paired}");
    let (status, answer) = hub.door.post("/api/pairing/confirm", &confirm(&pin)).await.unwrap();
    assert_eq!(
        (status, &answer["code"]),
        (404, &json!("bad_pairing")),
        "a pairing is good once"
    );

    let (_, answer) = hub
        .door
        .post("/api/ticket", &json!({ "key": paired["key"] }))
        .await
        .unwrap();
    assert_eq!(answer["who"]["id"], person);
    assert_eq!(
        answer["who"]["audiences"],
        json!(["delegate"]),
        "a console takes the personal link"
    );
    let mut tablet = hub.door.connect(answer["ticket"].as_str().unwrap()).await.unwrap();
    tablet
        .send(&json!({ "type": "hello", "audience": "delegate", "device": "tablet" }))
        .await;
    tablet
        .until("the new seat", |tablet| {
            tablet.view["people"][person]["site"] == "hoa-binh"
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_pins_lock_until_a_secretary_unlocks() {
    let hub = Hub::start().await;
    let mut room = hub.open("hoa-binh", "room").await;
    let shown = pairing(&mut room).await;
    let (_, begun) = hub
        .door
        .post("/api/pairing", &json!({ "code": shown["code"] }))
        .await
        .unwrap();
    let person = "dai-bieu-20";
    let pin = pin(&hub, person).await;
    let wrong = if pin == "000000" { "000001" } else { "000000" };
    let confirm = |pin: &str| json!({ "pairing": begun["pairing"], "person": person, "pin": pin });
    for left in [4, 3, 2, 1, 0] {
        let (_, answer) = hub.door.post("/api/pairing/confirm", &confirm(wrong)).await.unwrap();
        assert_eq!(answer["left"], left);
    }
    for pin in [wrong, pin.as_str()] {
        let (status, answer) = hub.door.post("/api/pairing/confirm", &confirm(pin)).await.unwrap();
        assert_eq!((status, &answer["code"]), (403, &json!("pin_locked")));
    }
    let unlock = |who: &str| {
        let key = hub.door.key(AccessKind::Person, who);
        json!({ "key": key, "person": person })
    };
    let (status, answer) = hub.door.post("/api/pin", &unlock("dai-bieu-20")).await.unwrap();
    assert_eq!((status, &answer["code"]), (403, &json!("not_allowed")));
    let (status, answer) = hub
        .door
        .post("/api/pin", &json!({ "key": "guess", "person": person }))
        .await
        .unwrap();
    assert_eq!((status, &answer["code"]), (401, &json!("bad_key")));
    let (status, answer) = hub.door.post("/api/pin", &unlock("thu-ky-01")).await.unwrap();
    assert_eq!((status, &answer["pin"]), (200, &json!(pin)));
    let (status, _) = hub.door.post("/api/pairing/confirm", &confirm(&pin)).await.unwrap();
    assert_eq!(status, 200);
}

/// What a room's screen shows for the pairing of tablets.
async fn pairing(room: &mut Screen) -> Value {
    loop {
        let message = room.next().await;
        if message["type"] == "pairing" {
            return message;
        }
    }
}

/// The PIN that stands in the table of links, once it is hashed.
async fn pin(hub: &Hub, person: &str) -> String {
    let store = &hub.running.as_ref().unwrap().app.store;
    while store.pin(person).await.unwrap().is_none() {
        tokio::task::yield_now().await;
    }
    hub.running.as_ref().unwrap().app.secret.pin(person)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_links_stays_on_this_machine() {
    let hub = Hub::start().await;
    let (status, _, body) = hub.door.get("/api/links").await;
    let table: Value = serde_json::from_str(&body).unwrap();
    let links = table["links"].as_array().unwrap();
    assert_eq!(status, 200);
    for (group, count) in [
        ("chair", 2),
        ("secretary", 2),
        ("technician", 1),
        ("room", 10),
        ("delegate", 35),
        ("guest", 5),
    ] {
        assert_eq!(
            links.iter().filter(|link| link["group"] == group).count(),
            count,
            "{group}"
        );
    }
    let key = hub.door.key(AccessKind::Person, "dai-bieu-01");
    assert!(links[0]["url"].as_str().unwrap().ends_with(&format!("/chu-toa#{key}")));
    let (status, _, metrics) = hub.door.get("/metrics").await;
    assert_eq!(status, 200);
    assert!(metrics.contains("hub_append_seconds"), "{metrics}");

    // A stranger's name that was made to point here asks for the stranger's name.
    for host in [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil:8080",
    ] {
        let (status, _, body) = hub
            .door
            .request("GET", "/api/links", &format!("host: {host}\r\n"), "")
            .await
            .unwrap();
        assert_eq!(status, 421, "{host}");
        assert!(!body.contains(&key));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_guarded() {
    let hub = Hub::start().await;
    for path in ["/", "/chu-toa", "/healthz", "/api/trust", "/nothing.js", "/api/nothing"] {
        let (_, head, _) = hub.door.get(path).await;
        for guard in [
            "content-security-policy: default-src 'self';",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
            "permissions-policy: camera=(self), microphone=(self)",
        ] {
            assert!(head.contains(guard), "{path}: {guard}\n{head}");
        }
        assert!(!head.contains("unsafe"), "{head}");
    }
    assert_eq!(hub.door.get("/healthz").await.2, r#"{"status":"ok"}"#);
    let trust: Value = serde_json::from_str(&hub.door.get("/api/trust").await.2).unwrap();
    assert_eq!(trust["own_ca"], true);
    assert_eq!(hub.door.get("/ca.crt").await.0, 200);
    assert_eq!(hub.door.get("/api/nothing").await.0, 404);
    assert_eq!(hub.door.get("/assets/of-an-older-build.js").await.0, 404);
}

/// A large council has more links than may wait for the disk at once: it was never let in.
#[tokio::test(flavor = "multi_thread")]
async fn a_council_with_more_screens_than_the_writer_lets_wait_gets_all_its_links() {
    let folder = tempfile::tempdir().unwrap();
    for part in ["council", "rules"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
    }
    let hub = Hub::start_with(&Options::default(), |config| {
        let rules = config.council.parent().unwrap().join("../rules");
        for pack in std::fs::read_dir(rules).unwrap() {
            let pack = pack.unwrap();
            std::fs::copy(pack.path(), folder.path().join("rules").join(pack.file_name())).unwrap();
        }
        let rooms: String = (0..1_200)
            .map(|room| format!("  {{ id = \"phong-{room}\", site = \"hoa-binh\" }},\n"))
            .collect();
        let sample = std::fs::read_to_string(&config.council).unwrap();
        let large = sample.replacen("endpoints = [\n", &format!("endpoints = [\n{rooms}"), 1);
        assert_ne!(sample, large);
        config.council = folder.path().join("council/large.toml");
        std::fs::write(&config.council, large).unwrap();
    })
    .await;
    for room in ["phong-0", "phong-1199"] {
        hub.open(room, "room").await;
    }
}
