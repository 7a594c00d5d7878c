//! T-45 at the doors: every endpoint × everybody who might knock. The paths come from the router itself; one without a row fails.

use crate::bench::{Door, Hub};
use hub::http::{Door as Listener, routes};
use hub::keys::{self, Secret};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::{Access, AccessKey, AccessKind, Options, Scope, Store, Token};
use tempfile::TempDir;

/// What each is answered. `nobody` shows nothing; `other` is the secretary of another hub's meeting; `revoked` was let in once;
/// `publish` and `view` show a token for the hall, all others their personal key.
///
/// Behind `/ws` the ticket counts, which the next test looks at; without an upgrade nobody gets there. Whoever may not so much as
/// ask has 401; 415 and 404 stand behind the door: the offer is none, the session is not there.
const TABLE: &str = "
method path                              nobody other revoked delegate lead room kiosk tech chair secretary publish view
POST   /api/ticket                          401   401     401      200  200  200   200  200   200       200     401  401
POST   /api/pin                             401   401     401      403  403  403   403  403   403       200     401  401
GET    /api/probe                           401   401     401      200  200  200   200  200   200       200     401  401
POST   /api/probe                           401   401     401      200  200  200   200  200   200       200     401  401
POST   /api/pairing                         404   404     404      404  404  404   404  404   404       404     404  404
POST   /api/pairing/confirm                 404   404     404      404  404  404   404  404   404       404     404  404
POST   /api/enrol                           404   404     404      404  404  404   404  404   404       404     404  404
POST   /api/enrol/code                      401   401     401      403  200  403   403  200   403       200     401  401
POST   /api/enrol/list                      401   401     401      403  200  403   403  200   403       200     401  401
POST   /api/enrol/revoke                    401   401     401      403  404  403   403  404   403       404     401  401
POST   /api/kiosk/unlock                    401   401     401      403  403  403   404  403   403       403     401  401
POST   /api/kiosk/ballot                    401   401     401      403  403  403   404  403   403       403     401  401
GET    /api/trust                           200   200     200      200  200  200   200  200   200       200     200  200
GET    /ca.crt                              200   200     200      200  200  200   200  200   200       200     200  200
GET    /healthz                             200   200     200      200  200  200   200  200   200       200     200  200
GET    /ws                                  400   400     400      400  400  400   400  400   400       400     400  400
GET    /api/links                           200   200     200      200  200  200   200  200   200       200     200  200
GET    /metrics                             200   200     200      200  200  200   200  200   200       200     200  200
POST   /whip/{meeting}/{source}             401   401     401      401  401  401   401  401   401       401     415  403
POST   /whep/{meeting}/{source}             401   401     401      401  401  401   401  401   401       401     403  415
PATCH  /whip/{meeting}/{source}/{session}   401   401     401      401  401  401   401  401   401       401     428  428
PATCH  /whep/{meeting}/{source}/{session}   401   401     401      401  401  401   401  401   401       401     428  428
DELETE /whip/{meeting}/{source}/{session}   401   401     401      401  401  401   401  401   401       401     404  404
DELETE /whep/{meeting}/{source}/{session}   401   401     401      401  401  401   401  401   401       401     404  404
";

/// Who leads the bridge point of Hòa Bình, and looks after its machines.
const LEAD: &str = "dai-bieu-20";

/// What only this machine itself is shown: the links of all, and the figures.
const LOCAL: [&str; 2] = ["/api/links", "/metrics"];

struct House {
    hub: Hub,
    other: TempDir,
    tokens: [String; 2],
    kiosk: String,
}

impl House {
    async fn open() -> Self {
        let hub = Hub::start().await;
        let store = Store::open(&hub.folder.path().join("hub.sqlite"), &Options::default())
            .await
            .unwrap()
            .0;
        store.revoke_keys_of(AccessKind::Person, "thu-ky-02").await.unwrap();
        let tokens = [keys::random(), keys::random()];
        for (token, scope) in tokens.iter().zip([Scope::Publish, Scope::View]) {
            let kept = Token {
                hash: keys::hash(token),
                scope,
                source: "hoi-truong".to_owned(),
                label: String::new(),
                made_at: 0,
                until: u64::MAX >> 1,
                revoked: false,
            };
            store.put_token(kept).await.unwrap();
        }
        let kiosk = keys::random();
        let kept = AccessKey {
            hash: keys::hash(&kiosk),
            access: Access {
                kind: AccessKind::Kiosk,
                subject: "ban-phieu-1".to_owned(),
                site: Some("hoa-binh".to_owned()),
            },
            made_at: 0,
        };
        store.put_key(kept).await.unwrap();
        Self {
            hub,
            other: TempDir::new().unwrap(),
            tokens,
            kiosk,
        }
    }

    fn shows(&self, who: &str) -> String {
        let key = |who| self.hub.door.key(AccessKind::Person, who);
        match who {
            "nobody" => String::new(),
            "other" => Secret::open(self.other.path())
                .unwrap()
                .key(AccessKind::Person, "thu-ky-01"),
            "revoked" => key("thu-ky-02"),
            "delegate" => key("dai-bieu-07"),
            "lead" => key(LEAD),
            "kiosk" => self.kiosk.clone(),
            "room" => self.hub.door.key(AccessKind::Room, "hoi-truong"),
            "tech" => key("ky-thuat-01"),
            "chair" => key("dai-bieu-01"),
            "secretary" => key("thu-ky-01"),
            "publish" => self.tokens[0].clone(),
            "view" => self.tokens[1].clone(),
            _other => panic!("who is {who}?"),
        }
    }

    /// The status of one request, with the key where this endpoint looks for it.
    async fn knock(&self, method: &str, pattern: &str, key: &str) -> u16 {
        let path = pattern
            .replace("{meeting}", "current")
            .replace("{source}", "hoi-truong")
            .replace("{session}", "khong-co")
            .replace("/api/probe", "/api/probe?bytes=1");
        let body = match pattern {
            "/api/enrol" => json!({ "code": key }),
            "/api/enrol/code" => json!({ "key": key, "machine": { "kiosk": "hoa-binh" } }),
            "/api/enrol/list" => json!({ "key": key }),
            "/api/enrol/revoke" => json!({ "key": key, "id": "khong-co" }),
            "/api/kiosk/unlock" => json!({ "key": key, "person": "nguoi-la", "pin": "000000" }),
            "/api/kiosk/ballot" => {
                json!({ "key": key, "token": "", "id": "phieu", "vote": "v1", "marks": { "1": "for" } })
            }
            "/api/ticket" => json!({ "key": key }),
            "/api/pin" => json!({ "key": key, "person": "dai-bieu-20" }),
            "/api/pairing" => json!({ "code": key }),
            "/api/pairing/confirm" => json!({ "pairing": key, "person": "dai-bieu-20", "pin": "000000" }),
            _others => Value::Null,
        };
        let bearer = if key.is_empty() {
            String::new()
        } else {
            format!("authorization: Bearer {key}\r\n")
        };
        let (kind, body) = match body {
            // A speed is measured by what is sent.
            Value::Null if method == "POST" => ("", "x".to_owned()),
            Value::Null => ("", String::new()),
            body => ("content-type: application/json\r\n", body.to_string()),
        };
        let head = format!("{bearer}{kind}content-length: {}\r\n", body.len());
        self.hub.door.request(method, &path, &head, &body).await.unwrap().0
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_answers_everybody_as_it_is_written() {
    let mut lines = TABLE.trim().lines();
    let askers: Vec<_> = lines.next().unwrap().split_whitespace().skip(2).collect();
    let rows: Vec<Vec<_>> = lines.map(|line| line.split_whitespace().collect()).collect();
    let written: BTreeSet<_> = rows.iter().map(|row| row[1].to_owned()).collect();
    let there: BTreeSet<_> = routes(Listener::Local).into_iter().map(|(path, _)| path).collect();
    assert_eq!(written, there, "left: the table, right: the router");
    let network: BTreeSet<_> = routes(Listener::Network).into_iter().map(|(path, _)| path).collect();
    assert!(
        there.difference(&network).eq(LOCAL.iter().map(|path| path.to_owned())),
        "{network:?}"
    );

    let house = House::open().await;
    // PINs are made after the doors have opened.
    while house.knock("POST", "/api/pin", &house.shows("secretary")).await == 503 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let mut wrong = Vec::new();
    for row in &rows {
        assert_eq!(row.len(), askers.len() + 2, "{row:?}");
        for (who, expected) in askers.iter().zip(&row[2..]) {
            let expected: u16 = expected.parse().unwrap();
            let status = house.knock(row[0], row[1], &house.shows(who)).await;
            // Who shows too many wrong keys is told to wait before they are looked at; who has a right one comes in all the same.
            if status != expected && !(expected == 401 && status == 429) {
                wrong.push(format!("{} {} {who}: {status}, not {expected}", row[0], row[1]));
            }
        }
    }
    for path in &there {
        let status = house.knock("TRACE", path, &house.shows("secretary")).await;
        if status != 405 {
            wrong.push(format!("TRACE {path}: {status}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let cells = rows.len() * askers.len() + there.len();
    println!("{cells} cells");
}

/// What a socket with this ticket is told when it says that it is such a screen.
async fn hello(door: &Door, ticket: &str, audience: &str) -> String {
    let mut screen = door
        .connect(ticket)
        .await
        .expect("a socket opens, and is closed with a reason");
    let _closed = screen
        .try_send(&json!({ "type": "hello", "audience": audience, "device": "thiet-bi" }))
        .await;
    while let Some(message) = screen.try_next().await {
        if message["type"] == "welcome" {
            return "welcome".to_owned();
        }
    }
    screen.bye.unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_opens_the_screens_of_its_owner_and_no_others() {
    let hub = Hub::start().await;
    let other = Hub::start().await;
    for (who, own) in [
        ("dai-bieu-01", &["chair", "delegate"][..]),
        ("thu-ky-01", &["secretary"]),
        ("ky-thuat-01", &["technician"]),
        ("dai-bieu-07", &["delegate"]),
        ("hoi-truong", &["room"]),
    ] {
        for audience in ["chair", "secretary", "technician", "delegate", "room", "kiosk"] {
            let ticket = hub.door.ticket(who).await.unwrap();
            let expected = if own.contains(&audience) {
                "welcome"
            } else {
                "not_your_screen"
            };
            assert_eq!(
                hello(&hub.door, &ticket, audience).await,
                expected,
                "{who} as {audience}"
            );
            assert_eq!(
                hello(&hub.door, &ticket, audience).await,
                "bad_ticket",
                "a ticket serves once"
            );
        }
        let ticket = other.door.ticket(who).await.unwrap();
        assert_eq!(
            hello(&hub.door, &ticket, own[0]).await,
            "bad_ticket",
            "of another meeting"
        );
    }
    assert_eq!(hello(&hub.door, "", "delegate").await, "bad_ticket");
}
