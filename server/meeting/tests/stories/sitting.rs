//! A sitting to tell stories with: a small council, a clock, and a journal through which every change travels as JSON.

use meeting::command::{Actor, Asked, Attendance, CallAnswer, CallOrder, Command};
use meeting::id::{CommandId, DeviceId, EndpointId, ItemId, PersonId, RequestId, SiteId, SittingId, Time, TurnId};
use meeting::refusal::Refusal;
use meeting::setup::{AgendaItem, Endpoint, Group, Person, RequestKind, Role, Rules, Setup, Site, SiteKind};
use meeting::{Decision, Entry, Event, Meeting};

/// 2 March 2026, 08:00 in Hà Nội.
pub(crate) const MORNING: Time = Time(1_772_413_200_000);

/// Nine delegates, so six are a quorum.
///
/// | who | what | where |
/// |---|---|---|
/// | an | presides, delegate | hall |
/// | binh | co-chair, delegate | hall |
/// | giang, ha | delegates | hall |
/// | lan | delegate | Hòa Bình |
/// | minh | delegate, site lead | Hòa Bình |
/// | cuong, dung | delegates | Tân Lập (two cameras) |
/// | khoa | delegate | at home |
/// | thu, hanh | secretaries | hall |
/// | ky | central technician | hall |
/// | phuc | guest | Tân Lập |
/// | quang | questioned | hall |
pub(crate) fn council() -> Setup {
    let person = |name: &str, roles: &[Role], group: Option<&str>, site: &str, order: u32| Person {
        name: name.to_owned(),
        title: String::new(),
        roles: roles.to_vec(),
        group: group.map(Into::into),
        site: site.into(),
        order,
    };
    let site = |name: &str, kind, order| Site {
        name: format!("Điểm cầu {name}"),
        short: name.to_owned(),
        kind,
        phone: "0900 000 000".to_owned(),
        order,
    };
    let room = |site: &str| Endpoint {
        site: site.into(),
        name: String::new(),
    };
    let item = |title: &str, kind: &str, order| AgendaItem {
        title: title.to_owned(),
        kind: kind.into(),
        minutes: 30,
        order,
        ceremony: None,
    };
    let people: [(&str, Person); 14] = [
        (
            "an",
            person("Nguyễn Văn An", &[Role::Chair, Role::Delegate], Some("to-1"), "hall", 1),
        ),
        (
            "binh",
            person("Trần Thị Bình", &[Role::Chair, Role::Delegate], Some("to-1"), "hall", 2),
        ),
        (
            "giang",
            person("Vũ Thị Giang", &[Role::Delegate], Some("to-2"), "hall", 3),
        ),
        ("ha", person("Đỗ Thu Hà", &[Role::Delegate], Some("to-1"), "hall", 4)),
        (
            "lan",
            person("Phạm Thị Lan", &[Role::Delegate], Some("to-2"), "hoa-binh", 5),
        ),
        (
            "minh",
            person(
                "Bùi Quang Minh",
                &[Role::Delegate, Role::SiteLead],
                Some("to-2"),
                "hoa-binh",
                6,
            ),
        ),
        (
            "cuong",
            person("Lê Văn Cường", &[Role::Delegate], Some("to-1"), "tan-lap", 7),
        ),
        (
            "dung",
            person("Hồ Thị Dung", &[Role::Delegate], Some("to-2"), "tan-lap", 8),
        ),
        (
            "khoa",
            person("Ngô Đăng Khoa", &[Role::Delegate], Some("to-1"), "home", 9),
        ),
        ("thu", person("Lê Minh Thu", &[Role::Secretary], None, "hall", 10)),
        ("hanh", person("Mai Thị Hạnh", &[Role::Secretary], None, "hall", 11)),
        (
            "ky",
            person("Đinh Công Kỳ", &[Role::CentralTechnician], None, "hall", 12),
        ),
        ("phuc", person("Tạ Văn Phúc", &[Role::Guest], None, "tan-lap", 13)),
        (
            "quang",
            person("Cao Xuân Quang", &[Role::Questioned, Role::Guest], None, "hall", 14),
        ),
    ];
    Setup {
        sitting: SittingId::from("phien-1"),
        title: "Kỳ họp thứ năm".to_owned(),
        bodies: vec!["Thành phố Ví Dụ".to_owned(), "HĐND phường Ví Dụ".to_owned()],
        people: people.into_iter().map(|(id, person)| (id.into(), person)).collect(),
        groups: [("to-1", "Tổ 1", 1), ("to-2", "Tổ 2", 2)]
            .into_iter()
            .map(|(id, name, order)| {
                (
                    id.into(),
                    Group {
                        name: name.to_owned(),
                        order,
                    },
                )
            })
            .collect(),
        sites: [
            ("hall", site("Hội trường", SiteKind::Hall, 0)),
            ("hoa-binh", site("Hòa Bình", SiteKind::Remote, 1)),
            ("tan-lap", site("Tân Lập", SiteKind::Remote, 2)),
            ("home", site("cá nhân", SiteKind::Personal, 3)),
        ]
        .into_iter()
        .map(|(id, site)| (id.into(), site))
        .collect(),
        endpoints: [
            ("hall-1", room("hall")),
            ("hoa-binh-1", room("hoa-binh")),
            ("tan-lap-1", room("tan-lap")),
            ("tan-lap-2", room("tan-lap")),
            ("home-1", room("home")),
        ]
        .into_iter()
        .map(|(id, room)| (id.into(), room))
        .collect(),
        agenda: [
            ("thao-luan", item("Thảo luận", "debate", 1)),
            ("chat-van", item("Chất vấn", "questioning", 2)),
            ("chao-co", item("Chào cờ", "flag_salute", 3)),
        ]
        .into_iter()
        .map(|(id, item)| (id.into(), item))
        .collect(),
        presiding: "an".into(),
        starts_at: None,
        // Without a window, a request is in its place at once; stories about the window open one.
        rules: Rules {
            total: 9,
            personal_online: true,
            window_s: 0,
            ..Rules::default()
        },
    }
}

/// A sitting under way.
#[derive(Clone)]
pub(crate) struct Sitting {
    pub(crate) meeting: Meeting,
    pub(crate) journal: Vec<String>,
    pub(crate) now: Time,
    asked: u32,
    pub(crate) seed: u64,
}

impl Sitting {
    /// Created, and nothing else.
    pub(crate) fn created(setup: Setup) -> Self {
        let mut sitting = Self {
            meeting: Meeting::new(),
            journal: Vec::new(),
            now: MORNING,
            asked: 0,
            seed: 0x5eed,
        };
        let events = Meeting::create(setup).expect("a sound council");
        sitting.write(Actor::System, None, events);
        sitting
    }

    /// Everybody is connected and checked in, and the roll was frozen; the lobby is open.
    pub(crate) fn in_the_lobby(setup: Setup) -> Self {
        let mut s = Self::created(setup);
        for room in s.rooms() {
            s.back(&room);
        }
        for person in s.persons() {
            s.come(&person);
        }
        s.may("an", Command::StartTechnicalCheck);
        s.may("an", Command::OpenLobby);
        s.may("thu", Command::StartRoll);
        let delegates = s.delegates();
        for delegate in delegates {
            s.may(&delegate, Command::CheckIn);
        }
        s.may("thu", Command::FreezeRoll);
        s
    }

    /// Opened, and an item of the agenda too.
    pub(crate) fn on_item(setup: Setup, item: &str) -> Self {
        let mut s = Self::in_the_lobby(setup);
        s.may(
            "an",
            Command::OpenSitting {
                unrecorded: true,
                override_quorum: String::new(),
            },
        );
        s.may("an", Command::OpenItem { item: item.into() });
        s
    }

    /// The debate, with an open list.
    pub(crate) fn debate() -> Self {
        Self::debate_with(council())
    }

    /// The debate under other rules.
    pub(crate) fn debate_with(setup: Setup) -> Self {
        let mut s = Self::on_item(setup, "thao-luan");
        s.may("an", Command::OpenList);
        s
    }

    pub(crate) fn rooms(&self) -> Vec<String> {
        self.meeting.setup().endpoints.keys().map(|id| id.0.clone()).collect()
    }

    pub(crate) fn persons(&self) -> Vec<String> {
        self.meeting.setup().people.keys().map(|id| id.0.clone()).collect()
    }

    fn delegates(&self) -> Vec<String> {
        let people = &self.meeting.setup().people;
        people
            .iter()
            .filter(|(_, who)| who.roles.contains(&Role::Delegate))
            .map(|(id, _)| id.0.clone())
            .collect()
    }

    /// One record: to JSON and back, as the journal does it, before it is applied.
    fn write(&mut self, by: Actor, command: Option<CommandId>, events: Vec<Event>) {
        let entry = Entry {
            at: self.now,
            by,
            command,
            events,
        };
        let line = serde_json::to_string(&entry).expect("an entry is JSON");
        let read: Entry = serde_json::from_str(&line).expect("what was written can be read");
        assert_eq!(read, entry, "the journal keeps what happened: {line}");
        self.journal.push(line);
        self.meeting.apply(&read);
    }

    /// Gives a command with an envelope of its own.
    pub(crate) fn send(&mut self, asked: &Asked) -> Result<Decision, Refusal> {
        let decision = self.meeting.decide(asked, self.now, self.seed)?;
        if let Decision::Events(events) = &decision {
            assert!(
                !events.is_empty(),
                "{:?} was accepted and nothing happened",
                asked.command
            );
            let id = (asked.by != Actor::System).then(|| asked.id.clone());
            self.write(asked.by.clone(), id, events.clone());
        }
        Ok(decision)
    }

    pub(crate) fn ask_as(&mut self, by: Actor, command: Command) -> Result<Decision, Refusal> {
        self.asked += 1;
        let id = CommandId(format!("c{}", self.asked));
        self.send(&Asked {
            id,
            by,
            given_at: None,
            command,
        })
    }

    /// Somebody asks, from the usual device.
    pub(crate) fn ask(&mut self, who: &str, command: Command) -> Result<Decision, Refusal> {
        self.ask_as(person(who), command)
    }

    /// … and it must be allowed.
    #[track_caller]
    pub(crate) fn may(&mut self, who: &str, command: Command) {
        let shown = format!("{who}: {command:?}");
        if let Err(refusal) = self.ask(who, command) {
            panic!("{shown} was refused: {refusal:?}");
        }
    }

    /// … and it must be refused; nothing changes.
    #[track_caller]
    pub(crate) fn refused(&mut self, who: &str, command: Command) -> Refusal {
        let shown = format!("{who}: {command:?}");
        let before = self.meeting.clone();
        match self.ask(who, command) {
            Ok(_) => panic!("{shown} was allowed"),
            Err(refusal) => {
                assert_eq!(before, self.meeting, "a refusal changed something");
                refusal
            }
        }
    }

    /// The hub reports.
    pub(crate) fn hub(&mut self, command: Command) -> Result<Decision, Refusal> {
        self.ask_as(Actor::System, command)
    }

    /// Lets time pass; what falls due happens on the way.
    pub(crate) fn after(&mut self, seconds: u32) {
        self.after_ms(u64::from(seconds) * 1000);
    }

    pub(crate) fn after_ms(&mut self, ms: u64) {
        let until = Time(self.now.0 + ms);
        for _ in 0..1000 {
            match self.meeting.next_due().filter(|due| *due <= until) {
                None => {
                    self.now = until;
                    return;
                }
                Some(due) => {
                    self.now = self.now.max(due);
                    let events = self.meeting.due(self.now);
                    assert!(!events.is_empty(), "something was due at {due:?}");
                    self.write(Actor::System, None, events);
                }
            }
        }
        panic!(
            "the clock brings about the same thing for ever: {:?}",
            self.meeting.due(until)
        );
    }

    // --- lines ---

    /// A room's line is up.
    pub(crate) fn back(&mut self, room: &str) {
        let since = self.now;
        self.hub(Command::ReportEndpoint {
            endpoint: room.into(),
            online: true,
            since,
        })
        .expect("it was away");
    }

    /// A room was last heard of `silent` seconds ago.
    pub(crate) fn lose(&mut self, room: &str, silent: u32) {
        let since = self.ago(silent);
        self.hub(Command::ReportEndpoint {
            endpoint: room.into(),
            online: false,
            since,
        })
        .expect("it was there");
    }

    /// A person's device connects.
    pub(crate) fn come(&mut self, who: &str) {
        let since = self.now;
        let _ = self.hub(Command::BindDevice {
            person: who.into(),
            device: device(who),
            site: None,
        });
        self.hub(Command::ReportPerson {
            person: who.into(),
            online: true,
            since,
        })
        .expect("was away");
    }

    /// A person's device was last heard of `silent` seconds ago.
    pub(crate) fn go(&mut self, who: &str, silent: u32) {
        let since = self.ago(silent);
        self.hub(Command::ReportPerson {
            person: who.into(),
            online: false,
            since,
        })
        .expect("was there");
    }

    pub(crate) fn ago(&self, seconds: u32) -> Time {
        Time(self.now.0 - u64::from(seconds) * 1000)
    }

    // --- the floor ---

    /// Registers and gives the request's id.
    #[track_caller]
    pub(crate) fn register(&mut self, who: &str, kind: RequestKind) -> RequestId {
        self.may(
            who,
            Command::Register {
                kind,
                subject: String::new(),
                person: None,
            },
        );
        RequestId(format!("r{}", self.meeting.requests().len()))
    }

    /// A speech of each, in this order.
    #[track_caller]
    pub(crate) fn speeches<const N: usize>(&mut self, who: [&str; N]) -> [RequestId; N] {
        who.map(|who| self.register(who, RequestKind::Speech))
    }

    /// The chair invites.
    #[track_caller]
    pub(crate) fn invite(&mut self, request: &RequestId) {
        self.may("an", invite(request));
    }

    /// Somebody registers a speech and is invited at once, and the clock runs.
    #[track_caller]
    pub(crate) fn gives_the_floor_to(&mut self, who: &str) -> RequestId {
        let request = self.register(who, RequestKind::Speech);
        self.invite(&request);
        self.may("an", Command::StartClock);
        request
    }

    /// The people of the queue, in order.
    pub(crate) fn queue(&self) -> Vec<&str> {
        self.meeting
            .waiting()
            .map(|request| request.person.0.as_str())
            .collect()
    }

    /// Who has the floor.
    pub(crate) fn speaker(&self) -> Option<&str> {
        self.meeting.turn().map(|turn| turn.person.0.as_str())
    }

    /// Time on the clock of the turn, in seconds.
    pub(crate) fn spoken(&self) -> u32 {
        self.meeting.turn().expect("somebody has the floor").spoken_ms(self.now) / 1000
    }

    /// The id of the turn.
    pub(crate) fn turn(&self) -> TurnId {
        self.meeting.turn().expect("somebody has the floor").id.clone()
    }

    pub(crate) fn heard(&self) -> Vec<String> {
        self.meeting.heard().into_iter().map(|room| room.0).collect()
    }

    pub(crate) fn attendance(&self, who: &str) -> Attendance {
        self.meeting.attendance(&who.into())
    }

    pub(crate) fn present(&self) -> u32 {
        self.meeting.quorum().present
    }

    /// The same sitting, read again from its journal.
    pub(crate) fn replayed(&self) -> Meeting {
        replay(&self.journal)
    }
}

/// Folds the lines of a journal.
pub(crate) fn replay<S: AsRef<str>>(journal: &[S]) -> Meeting {
    let mut meeting = Meeting::new();
    for line in journal {
        let entry: Entry = serde_json::from_str(line.as_ref()).expect("a line of the journal");
        meeting.apply(&entry);
    }
    meeting
}

/// A person at the usual device.
pub(crate) fn person(who: &str) -> Actor {
    Actor::Person {
        id: who.into(),
        device: device(who),
    }
}

/// A person at another device.
pub(crate) fn person_at(who: &str, device: &str) -> Actor {
    Actor::Person {
        id: who.into(),
        device: device.into(),
    }
}

/// The kiosk of a bridge point, and who stands in front of it.
pub(crate) fn at_kiosk(site: &str, voter: Option<&str>) -> Actor {
    Actor::Kiosk {
        id: format!("kiosk-{site}").as_str().into(),
        site: site.into(),
        voter: voter.map(Into::into),
    }
}

pub(crate) fn device(who: &str) -> DeviceId {
    DeviceId(format!("{who}-1"))
}

// --- commands that stories use often ---

pub(crate) fn register(kind: RequestKind) -> Command {
    Command::Register {
        kind,
        subject: String::new(),
        person: None,
    }
}

pub(crate) fn register_for(who: &str, kind: RequestKind) -> Command {
    Command::Register {
        kind,
        subject: String::new(),
        person: Some(who.into()),
    }
}

pub(crate) fn invite(request: &RequestId) -> Command {
    Command::Invite {
        request: request.clone(),
        out_of_order: None,
    }
}

pub(crate) fn direct(who: &str, kind: RequestKind) -> Command {
    Command::InviteDirect {
        person: who.into(),
        kind,
    }
}

pub(crate) fn defer(request: &RequestId) -> Command {
    Command::Defer {
        request: request.clone(),
    }
}

pub(crate) fn restore(request: &RequestId) -> Command {
    Command::Restore {
        request: request.clone(),
    }
}

pub(crate) fn refuse(request: &RequestId, reason: &str) -> Command {
    Command::RefuseRequest {
        request: request.clone(),
        reason: reason.to_owned(),
    }
}

pub(crate) fn withdraw(request: &RequestId) -> Command {
    Command::Withdraw {
        request: request.clone(),
    }
}

pub(crate) fn on_deck(request: &RequestId) -> Command {
    Command::CallOnDeck {
        request: request.clone(),
    }
}

pub(crate) fn move_before(request: &RequestId, before: Option<&RequestId>) -> Command {
    Command::Move {
        request: request.clone(),
        before: before.cloned(),
    }
}

pub(crate) fn mark(who: &str, attendance: Attendance, reason: &str) -> Command {
    Command::Mark {
        person: who.into(),
        attendance,
        reason: reason.to_owned(),
    }
}

pub(crate) fn answer(who: &str, answer: CallAnswer) -> Command {
    Command::AnswerCall {
        person: who.into(),
        answer,
    }
}

pub(crate) fn call(order: CallOrder, everybody: bool) -> Command {
    Command::StartCalling { order, everybody }
}

pub(crate) fn open_item(item: &str) -> Command {
    Command::OpenItem {
        item: ItemId::from(item),
    }
}

pub(crate) fn seat(who: &str, site: &str) -> Command {
    Command::Seat {
        person: PersonId::from(who),
        site: SiteId::from(site),
    }
}

pub(crate) fn microphone(room: &str, open: bool) -> Command {
    Command::OpenMicrophone {
        endpoint: EndpointId::from(room),
        open,
    }
}
