//! Twelve delegates in a real meeting, on a clock that the story moves: they answer the roll, register without crowding the
//! list, speak when called and come to an end, never ask for what they may not, and wait as long as a slow chair takes.

use crowd::delegate::{Mind, Temper, lively};
use meeting::command::{Actor, Asked, Command};
use meeting::event::Entry;
use meeting::id::{CommandId, DeviceId, PersonId, SiteId, Time};
use meeting::refusal::Refusal;
use meeting::setup::{AgendaItem, Endpoint, Group, Person, Role, Rules, Setup, Site, SiteKind};
use meeting::{Decision, Meeting};
use protocol::project::{mine, shared};
use protocol::view::AudienceKind;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

const SITES: [&str; 4] = ["hoi-truong", "hoa-binh", "tan-lap", "an-phu"];

fn council() -> Setup {
    let site = |(order, id): (usize, &&str)| {
        let kind = if order == 0 { SiteKind::Hall } else { SiteKind::Remote };
        let name = id.to_string();
        (
            SiteId::from(*id),
            Site {
                name: name.clone(),
                short: name,
                kind,
                phone: String::new(),
                order: order as u32,
            },
        )
    };
    let person = |order: u32, roles: Vec<Role>, site: &str| Person {
        name: format!("Đại biểu {order}"),
        title: String::new(),
        roles,
        group: Some("to-1".into()),
        site: site.into(),
        order,
    };
    let mut people: BTreeMap<PersonId, Person> = (1..=12)
        .map(|n| {
            (
                PersonId(format!("d{n:02}")),
                person(n, vec![Role::Delegate], SITES[n as usize % 4]),
            )
        })
        .collect();
    people.insert("chu-toa".into(), person(0, vec![Role::Chair, Role::Delegate], SITES[0]));
    people.insert("thu-ky".into(), person(99, vec![Role::Secretary], SITES[0]));
    Setup {
        sitting: "s1".into(),
        title: "Kỳ họp thử".to_owned(),
        bodies: vec!["Hội đồng nhân dân".to_owned()],
        people,
        groups: BTreeMap::from([(
            "to-1".into(),
            Group {
                name: "Tổ 1".to_owned(),
                order: 1,
            },
        )]),
        sites: SITES.iter().enumerate().map(site).collect(),
        endpoints: SITES
            .iter()
            .map(|id| {
                (
                    (*id).into(),
                    Endpoint {
                        site: (*id).into(),
                        name: String::new(),
                    },
                )
            })
            .collect(),
        agenda: BTreeMap::from([(
            "thao-luan".into(),
            AgendaItem {
                title: "Thảo luận".to_owned(),
                kind: "debate".into(),
                minutes: 60,
                order: 1,
                ceremony: None,
            },
        )]),
        presiding: "chu-toa".into(),
        starts_at: None,
        rules: Rules {
            total: 13,
            total_reference: "Thử".to_owned(),
            ..Rules::default()
        },
    }
}

struct Story {
    meeting: Meeting,
    now: Time,
    asked: u32,
}

impl Story {
    fn apply(&mut self, by: Actor, command: Option<CommandId>, events: Vec<meeting::Event>) {
        self.meeting.apply(&Entry {
            at: self.now,
            by,
            command,
            events,
        });
    }

    fn ask(&mut self, by: Actor, command: Command) -> Result<(), Refusal> {
        self.asked += 1;
        let id = CommandId(format!("c{}", self.asked));
        let asked = Asked {
            id: id.clone(),
            by: by.clone(),
            given_at: None,
            command,
        };
        if let Decision::Events(events) = self.meeting.decide(&asked, self.now, 7)? {
            self.apply(by, Some(id), events);
        }
        Ok(())
    }

    fn person(id: &str) -> Actor {
        Actor::Person {
            id: id.into(),
            device: DeviceId(format!("tablet-{id}")),
        }
    }

    fn must(&mut self, who: &str, command: Command) {
        let said = format!("{who}: {command:?}");
        self.ask(Self::person(who), command)
            .unwrap_or_else(|refusal| panic!("{said}: {refusal:?}"));
    }

    fn pass(&mut self, time: Duration) {
        self.now = Time(self.now.0 + time.as_millis() as u64);
        while self.meeting.next_due().is_some_and(|due| due <= self.now) {
            let events = self.meeting.due(self.now);
            if events.is_empty() {
                break;
            }
            self.apply(Actor::System, None, events);
        }
    }
}

#[test]
fn a_sitting_lives_by_itself_and_waits_for_a_slow_chair() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut story = Story {
        meeting: Meeting::new(),
        now: Time(1_795_341_600_000),
        asked: 0,
    };
    let created = Meeting::create(council()).unwrap();
    story.apply(Actor::System, None, created);
    let since = story.now;
    for site in SITES {
        let online = Command::ReportEndpoint {
            endpoint: site.into(),
            online: true,
            since,
        };
        story.ask(Actor::System, online).unwrap();
    }
    let delegates: Vec<PersonId> = (1..=12).map(|n| PersonId(format!("d{n:02}"))).collect();
    for id in delegates.iter().map(|id| id.0.as_str()).chain(["chu-toa", "thu-ky"]) {
        story
            .ask(
                Actor::System,
                Command::ReportPerson {
                    person: id.into(),
                    online: true,
                    since,
                },
            )
            .unwrap();
    }

    let sites: BTreeSet<SiteId> = SITES.iter().map(|id| SiteId::from(*id)).collect();
    let view = shared(&story.meeting, AudienceKind::Delegate, story.now);
    assert_eq!(lively(&view, &sites, 12).len(), 12);
    assert_eq!(lively(&view, &sites, 5).len(), 5);
    let spread: BTreeSet<_> = lively(&view, &sites, 4)
        .iter()
        .map(|id| view.people[id].site.clone())
        .collect();
    assert_eq!(spread, sites, "every room has somebody who speaks");

    let began = Instant::now();
    let mut passed = Duration::ZERO;
    let mut minds: BTreeMap<PersonId, Mind> = delegates
        .iter()
        .zip(seed..)
        .map(|(id, seed)| (id.clone(), Mind::new(Temper::lively(), seed)))
        .collect();
    story.must("chu-toa", Command::StartTechnicalCheck);
    story.must("chu-toa", Command::OpenLobby);
    story.must("thu-ky", Command::StartRoll);
    let (mut most_waiting, mut invited_at) = (0, Duration::ZERO);
    let mut opened = false;
    while passed < Duration::from_secs(40 * 60) {
        let glance = Duration::from_millis(700);
        passed += glance;
        story.pass(glance);
        let view = shared(&story.meeting, AudienceKind::Delegate, story.now);
        most_waiting = most_waiting.max(view.list.waiting);
        for id in &delegates {
            let actor = Story::person(&id.0);
            let own = mine(&story.meeting, &actor, AudienceKind::Delegate, story.now);
            let view = shared(&story.meeting, AudienceKind::Delegate, story.now);
            let mind = minds.get_mut(id).unwrap();
            if let Some(command) = mind.step(began + passed, &view, &own) {
                let said = format!("{id}: {command:?}");
                story
                    .ask(actor, command)
                    .unwrap_or_else(|refusal| panic!("{said}: {refusal:?} (seed {seed})"));
            }
        }
        if !opened && passed > Duration::from_secs(20) {
            let here = view
                .people
                .values()
                .filter(|person| person.attendance.is_present())
                .count();
            assert_eq!(here, 12, "everybody has answered the roll (seed {seed})");
            story.must("thu-ky", Command::FreezeRoll);
            story.must(
                "chu-toa",
                Command::OpenSitting {
                    unrecorded: true,
                    override_quorum: String::new(),
                },
            );
            story.must(
                "chu-toa",
                Command::OpenItem {
                    item: "thao-luan".into(),
                },
            );
            let _open_with_the_item = story.ask(Story::person("chu-toa"), Command::OpenList);
            opened = true;
        }
        // The chair takes half a minute to look up, and then invites whom the rules suggest.
        if view.turn.is_some() {
            invited_at = passed;
        } else if let Some(request) = view.list.suggested.clone()
            && passed > invited_at + Duration::from_secs(30)
        {
            let _gone_meanwhile = story.ask(
                Story::person("chu-toa"),
                Command::Invite {
                    request,
                    out_of_order: None,
                },
            );
        }
    }
    let view = shared(&story.meeting, AudienceKind::Delegate, story.now);
    let spoke: BTreeSet<_> = view.turns.values().map(|turn| turn.person.clone()).collect();
    let places: BTreeSet<_> = view.turns.values().map(|turn| turn.site.clone()).collect();
    assert!(
        view.turns.len() >= 20,
        "only {} turns in forty minutes (seed {seed})",
        view.turns.len()
    );
    assert!(spoke.len() >= 8, "only {} of 12 have spoken (seed {seed})", spoke.len());
    assert_eq!(places, sites, "seed {seed}");
    assert!(
        most_waiting <= Temper::lively().patience,
        "{most_waiting} waited at once (seed {seed})"
    );
    for turn in view.turns.values() {
        assert!(
            turn.spoken_ms <= 60_000,
            "a delegate who does not come to an end (seed {seed})"
        );
    }
}

#[test]
fn a_quiet_delegate_only_answers_the_roll() {
    let mut mind = Mind::new(Temper::quiet(), 1);
    let mut story = Story {
        meeting: Meeting::new(),
        now: Time(1_795_341_600_000),
        asked: 0,
    };
    let created = Meeting::create(council()).unwrap();
    story.apply(Actor::System, None, created);
    let view = shared(&story.meeting, AudienceKind::Delegate, story.now);
    let own = mine(&story.meeting, &Story::person("d01"), AudienceKind::Delegate, story.now);
    assert_eq!(mind.step(Instant::now(), &view, &own), None);
}
