//! The world's clock: who looks, what arrives, which line is cut and when the hub dies, one happening after the other.

use crate::chance::Chance;
use crate::council::{self, HOSTILE, STRANGER};
use crate::device::{Device, Part};
use crate::hub::{Answer, Died, Fate, Hub, fold};
use crate::script;
use crate::weather::{Figures, Weather};
use meeting::Phase;
use meeting::command::{Actor, Asked, Command};
use meeting::id::{CommandId, Time};
use meeting::setup::Role;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// When a sitting begins: 2 March 2026, 08:00 in Hà Nội.
const MORNING: Time = Time(1_772_413_200_000);
/// After so long nobody gives new commands any more; minutes.
const LONGEST: u64 = 50;
/// The hub calls somebody away who was silent for so long, milliseconds.
const SILENCE: u64 = 15_000;
/// How often the hub looks at its lines, milliseconds.
const LOOK: u64 = 2_000;
/// The newest lines of the story that are kept.
const STORY: usize = 60;

enum Happening {
    /// Somebody looks at the screen.
    Looks(usize),
    /// A command comes in at the hub.
    Arrives(usize, Asked),
    /// An answer comes in at a screen.
    Answers(usize, CommandId, Answer),
    /// A command that was not answered is sent again.
    SendsAgain(usize, CommandId),
    /// A line is there again.
    LineBack(usize),
    /// The hub looks at its lines.
    HubLooks,
    /// The hub starts again.
    HubStarts,
}

/// A whole world.
pub(crate) struct World {
    now: Time,
    chance: Chance,
    weather: Weather,
    hub: Hub,
    hub_up: bool,
    devices: Vec<Device>,
    /// What will happen, by time and then in the order in which it was brought about.
    coming: BTreeMap<(Time, u64), Happening>,
    brought: u64,
    /// What has arrived at the hub at least once.
    arrived: BTreeSet<(usize, CommandId)>,
    /// What a hostile client has heard others say.
    heard: VecDeque<Asked>,
    figures: Figures,
    story: VecDeque<String>,
    quiet: bool,
}

impl World {
    pub(crate) fn new(seed: u64, weather: Weather) -> Self {
        let mut chance = Chance::new(seed);
        let setup = council::setup(&mut chance);
        let mut devices: Vec<Device> = Vec::new();
        for (id, person) in &setup.people {
            let part = match () {
                () if id.0 == HOSTILE => Part::Hostile,
                () if person.roles.contains(&Role::Chair) => Part::Chair,
                () if person.roles.contains(&Role::Secretary) => Part::Secretary,
                () if person.roles.contains(&Role::CentralTechnician) => Part::Technician,
                () => Part::Delegate,
            };
            devices.push(Device::new(person_at(&id.0), part, MORNING));
        }
        devices.push(Device::new(person_at(STRANGER), Part::Hostile, MORNING));
        for id in setup.endpoints.keys() {
            devices.push(Device::new(Actor::Room { id: id.clone() }, Part::Room, MORNING));
        }
        for site in ["w1", "w5"] {
            let kiosk = Actor::Kiosk {
                id: format!("kiosk-{site}").as_str().into(),
                site: site.into(),
                voter: None,
            };
            devices.push(Device::new(kiosk, Part::Kiosk, MORNING));
        }
        let mut world = Self {
            now: MORNING,
            chance,
            weather,
            hub: Hub::create(setup, MORNING),
            hub_up: true,
            devices,
            coming: BTreeMap::new(),
            brought: 0,
            arrived: BTreeSet::new(),
            heard: VecDeque::new(),
            figures: Figures::default(),
            story: VecDeque::new(),
            quiet: false,
        };
        for device in 0..world.devices.len() {
            let first = world.chance.between(100, 20_000);
            world.bring(first, Happening::Looks(device));
        }
        world.bring(100, Happening::HubLooks);
        world
    }

    /// The last things that happened.
    pub(crate) fn story(&self) -> impl Iterator<Item = &String> {
        self.story.iter()
    }

    pub(crate) fn journal(&self) -> &[String] {
        self.hub.disk()
    }

    /// From the creation to the close, and on until every command is answered.
    pub(crate) fn live(&mut self) -> Figures {
        let end = Time(MORNING.0 + LONGEST * 60_000);
        let mut closed_at: Option<Time> = None;
        while let Some((&(at, _), _)) = self.coming.first_key_value() {
            self.clock_until(at);
            let (_, happening) = self.coming.pop_first().unwrap();
            self.now = self.now.max(at);
            self.take(happening);
            if self.hub.meeting().phase() == Phase::Closed {
                closed_at.get_or_insert(self.now);
            }
            let over = self.now >= end || closed_at.is_some_and(|at| self.now.since(at) > 60_000);
            if over && !self.quiet {
                self.calm();
            }
            if self.quiet && self.hub_up && self.devices.iter().all(|device| device.waiting.is_empty()) {
                break;
            }
        }
        self.nothing_is_lost();
        self.figures.entries = self.hub.disk().len() as u64;
        self.figures.closed = self.hub.laws.closed;
        self.figures.announced = self.hub.laws.announced;
        self.figures.clone()
    }

    /// The weather clears, and nobody gives new commands: what was given is answered now.
    fn calm(&mut self) {
        self.quiet = true;
        self.weather = Weather {
            lost: 0,
            copies: 0,
            breaks: 0,
            cuts: 0,
            ..self.weather
        };
        for device in 0..self.devices.len() {
            self.bring(0, Happening::LineBack(device));
        }
    }

    fn bring(&mut self, after_ms: u64, happening: Happening) {
        self.brought += 1;
        self.coming
            .insert((Time(self.now.0 + after_ms), self.brought), happening);
    }

    /// What falls due before the next happening.
    fn clock_until(&mut self, until: Time) {
        for _ in 0..1_000 {
            if !self.hub_up {
                return;
            }
            let Some(due) = self.hub.meeting().next_due().filter(|due| *due <= until) else {
                return;
            };
            self.now = self.now.max(due);
            let fate = self.fate();
            if fate == Fate::Fails {
                // Tried again at the next look.
                return;
            }
            let died = self.hub.tick(self.now, fate);
            self.follow(died, fate);
        }
        panic!("the clock brings about the same thing for ever");
    }

    fn take(&mut self, happening: Happening) {
        match happening {
            Happening::Looks(device) => self.looks(device),
            Happening::SendsAgain(device, id) => self.send(device, &id),
            Happening::LineBack(device) => self.devices[device].line_up = true,
            Happening::Arrives(device, asked) => self.arrives(device, &asked),
            Happening::Answers(device, id, answer) => {
                if self.devices[device].line_up {
                    self.figures.answered += 1;
                    self.devices[device].hears(&id, &answer);
                }
            }
            Happening::HubLooks => {
                self.hub_looks();
                self.bring(LOOK, Happening::HubLooks);
            }
            Happening::HubStarts => self.hub_starts(),
        }
    }

    fn looks(&mut self, device: usize) {
        if self.quiet {
            return;
        }
        let meeting = self.hub.meeting();
        let one = &self.devices[device];
        let patience = script::patience(one.part, meeting, &mut self.chance);
        let idle = one.waiting.len() < if one.part == Part::Hostile { 12 } else { 2 };
        let wish = script::wish(meeting, one, self.now, &mut self.chance).filter(|_| idle);
        let comes = script::comes(meeting, one, &mut self.chance).filter(|_| idle);
        let is_bad = matches!(one.part, Part::Hostile | Part::Room | Part::Kiosk);
        let said = self.chance.below(self.heard.len().max(1) as u64) as usize;
        if let Some(heard) = self.heard.get(said).filter(|_| is_bad && idle).cloned()
            && self.chance.one_in(3)
        {
            let asked = script::replay(&heard, &self.devices[device].by, &mut self.chance);
            let id = asked.id.clone();
            self.devices[device].keep(asked);
            self.send(device, &id);
        } else if let Some(command) = wish {
            let id = self.devices[device].give(command, self.now);
            self.send(device, &id);
        } else if let Some((by, command)) = comes {
            let id = self.devices[device].give_as(by, command, self.now);
            self.send(device, &id);
        }
        if self.chance.permille(self.weather.cuts) {
            // Mostly a blink, sometimes an evening.
            let longest = *self.chance.pick(&[2_000, 10_000, 40_000, 300_000]).unwrap();
            let away = self.chance.between(500, longest);
            self.devices[device].line_up = false;
            self.bring(away, Happening::LineBack(device));
        }
        self.bring(patience, Happening::Looks(device));
    }

    /// One command on its way, in as many copies as the weather makes, each with its own delay; again until it is answered.
    fn send(&mut self, device: usize, id: &CommandId) {
        let Some(asked) = self.devices[device].waiting.get(id).cloned() else {
            return;
        };
        let copies = 1 + self.chance.below(self.weather.copies + 1);
        for _ in 0..copies {
            if self.devices[device].line_up && !self.chance.permille(self.weather.lost) {
                let delay = self.delay();
                self.bring(delay, Happening::Arrives(device, asked.clone()));
            }
        }
        self.heard.push_back(asked);
        if self.heard.len() > 40 {
            self.heard.pop_front();
        }
        let patience = self.chance.between(1_000, 5_000);
        self.bring(patience, Happening::SendsAgain(device, id.clone()));
    }

    /// Mostly short.
    fn delay(&mut self) -> u64 {
        let longest = if self.chance.one_in(10) {
            self.weather.delay
        } else {
            300
        };
        self.chance.between(5, longest.max(6))
    }

    fn arrives(&mut self, device: usize, asked: &Asked) {
        if !self.hub_up {
            return;
        }
        self.devices[device].heard_at = self.now;
        let fate = self.fate();
        let answer = match self.hub.ask(asked, self.now, fate) {
            Err(died) => return self.follow(Err(died), fate),
            Ok(answer) => answer,
        };
        match &answer {
            Answer::Accepted { repeated: true, .. } => self.figures.repeated += 1,
            Answer::Accepted { repeated: false, .. } | Answer::Unavailable => {}
            Answer::Refused(_) => self.figures.refused += 1,
        }
        self.figures.copies += u64::from(!self.arrived.insert((device, asked.id.clone())));
        self.tell(&format!("{:?} {:?} -> {answer:?}", asked.by, asked.command));
        let copies = 1 + self.chance.below(self.weather.copies + 1).min(3);
        for _ in 0..copies {
            if !self.chance.permille(self.weather.lost) {
                let delay = self.delay();
                self.bring(delay, Happening::Answers(device, asked.id.clone(), answer.clone()));
            }
        }
    }

    fn fate(&mut self) -> Fate {
        if !self.chance.permille(self.weather.breaks) {
            return Fate::Well;
        }
        *self
            .chance
            .pick(&[Fate::Fails, Fate::FailsWritten, Fate::DiesLosing, Fate::DiesWritten])
            .unwrap()
    }

    /// The hub lives on, or is started again after a while.
    fn follow(&mut self, died: Result<(), Died>, fate: Fate) {
        if died == Err(Died) {
            self.tell(&format!("the hub dies, {fate:?}"));
            self.figures.crashes += 1;
            self.figures.lost_on_disk += u64::from(fate == Fate::DiesLosing);
            self.hub_up = false;
            let away = *self.chance.pick(&[400, 3_000, 60_000]).unwrap();
            let away = self.chance.between(200, away);
            self.bring(away, Happening::HubStarts);
        }
    }

    fn hub_starts(&mut self) {
        self.hub_up = true;
        self.hub.restart(self.now);
        for device in &mut self.devices {
            device.heard_at = self.now;
        }
        self.tell("the hub starts");
    }

    /// What the hub sees of its lines, it reports; the meeting decides what that means.
    fn hub_looks(&mut self) {
        if !self.hub_up {
            return;
        }
        if self.hub.meeting().turn().is_some() {
            self.hub.note_alive(self.now);
        }
        for device in 0..self.devices.len() {
            let one = &mut self.devices[device];
            if one.line_up {
                one.heard_at = self.now;
            }
            let online = u64::from(self.now.since(one.heard_at)) < SILENCE;
            let since = if online { self.now } else { one.heard_at };
            let meeting = self.hub.meeting();
            let (line, reports) = match &one.by {
                Actor::Person { id, .. } if id.0 == STRANGER => continue,
                Actor::Person { id, device } => {
                    let mut reports = vec![Command::ReportPerson {
                        person: id.clone(),
                        online,
                        since,
                    }];
                    if meeting.device(id).is_none() {
                        reports.insert(
                            0,
                            Command::BindDevice {
                                person: id.clone(),
                                device: device.clone(),
                                site: None,
                            },
                        );
                    }
                    (meeting.person_line(id), reports)
                }
                Actor::Room { id } => (
                    meeting.room_line(id),
                    vec![Command::ReportEndpoint {
                        endpoint: id.clone(),
                        online,
                        since,
                    }],
                ),
                Actor::Kiosk { .. } | Actor::System => continue,
            };
            let (known, awaited) = line.map_or((false, false), |line| (line.online, line.awaited));
            // After a restart the meeting itself waits for those who were there; being there confirms it.
            let is_news = if awaited { online } else { known != online };
            if !is_news {
                continue;
            }
            for report in reports {
                let fate = self.fate();
                let died = self.hub.report(report, self.now, fate);
                self.follow(died, fate);
                if !self.hub_up {
                    return;
                }
            }
        }
    }

    fn tell(&mut self, what: &str) {
        if self.story.len() == STORY {
            self.story.pop_front();
        }
        let seconds = (self.now.0 - MORNING.0) as f64 / 1000.0;
        self.story.push_back(format!("{seconds:9.3} {what}"));
    }

    /// The end: every command was answered, whatever was acknowledged stands in the journal where it was said to stand, and
    /// the journal tells the whole story.
    fn nothing_is_lost(&self) {
        assert_eq!(fold(self.hub.disk()), *self.hub.meeting(), "the journal is the meeting");
        for device in &self.devices {
            assert!(device.waiting.is_empty(), "{:?} waits for ever", device.by);
            let Actor::Person { id, .. } = &device.by else {
                continue;
            };
            for (command, seq) in &device.acknowledged {
                assert_eq!(
                    self.hub.laws.place(id, command),
                    Some(*seq),
                    "{id} was told that {command} is on the disk"
                );
            }
        }
    }
}

fn person_at(id: &str) -> Actor {
    Actor::Person {
        id: id.into(),
        device: format!("{id}-1").as_str().into(),
    }
}
