//! The rules of one sitting, as a fold over events.
//!
//! `Meeting::decide` turns a command into events or a refusal and changes nothing; `Meeting::apply` takes events and cannot
//! fail. The crate knows people, bridge points, the floor and the roll. It does **not** know sockets, files, clocks or
//! randomness: the hub gives it the time with every call, and a seed where chance is asked for.
//!
//! ```
//! use meeting::{Entry, Meeting, Phase};
//! use meeting::command::{Actor, Asked, Command};
//! use meeting::id::{CommandId, Time};
//! # use meeting::setup::*;
//! # let person = |name: &str, roles: &[Role]| Person {
//! #     name: name.to_owned(), title: String::new(), roles: roles.to_vec(), group: None, site: "hall".into(), order: 1,
//! # };
//! # let hall = Site {
//! #     name: "Hội trường".to_owned(), short: "Hội trường".to_owned(), kind: SiteKind::Hall, phone: String::new(), order: 0,
//! # };
//! # let setup = Setup {
//! #     sitting: "phien-1".into(), title: String::new(), bodies: vec![],
//! #     people: [
//! #         ("an".into(), person("Nguyễn Văn An", &[Role::Chair, Role::Delegate])),
//! #         ("thu".into(), person("Lê Minh Thu", &[Role::Secretary])),
//! #     ].into(),
//! #     groups: Default::default(), sites: [("hall".into(), hall)].into(), endpoints: Default::default(),
//! #     agenda: Default::default(), presiding: "an".into(), starts_at: None, rules: Rules { total: 1, ..Rules::default() },
//! # };
//! let (mut meeting, now) = (Meeting::new(), Time(1_772_413_200_000));
//! let events = Meeting::create(setup).expect("a sound council");
//! meeting.apply(&Entry { at: now, by: Actor::System, command: None, events });
//!
//! let by = Actor::Person { id: "thu".into(), device: "tablet".into() };
//! let id = CommandId::from("c1");
//! let asked = Asked { id: id.clone(), by: by.clone(), given_at: None, command: Command::StartTechnicalCheck };
//! let Ok(meeting::Decision::Events(events)) = meeting.decide(&asked, now, 0) else { panic!("a secretary may") };
//! // Here the hub makes the entry durable, and only then:
//! meeting.apply(&Entry { at: now, by, command: Some(id), events });
//! assert_eq!(meeting.phase(), Phase::TechnicalCheck);
//! ```
//!
//! # One file, one idea
//!
//! - the contract: [`id`], [`setup`], [`command`], [`event`], [`refusal`];
//! - who may: `rights`, one table of role × command; what is a legal act: `legal`;
//! - the sitting: [`sitting`] (states), [`chair`] (who presides), `create` (the beginning);
//! - the agenda: [`item`] (kinds, as data), [`agenda`] (the open item), [`pace`] (late or early), [`ceremony`] (names to be shown);
//! - the doors: [`privacy`] (public or closed, and who is inside);
//! - the floor: [`list`], [`request`], `order` (window and tie-breaks), `queue`, `floor` (giving it), `speaking` (the turn
//!   that has it), [`turn`] (its clock), `past` (who has spoken), `microphone`;
//! - attendance: [`attendance`], [`roll`], [`quorum`];
//! - questions, their answers and what was promised: [`question`] and the files below it;
//! - votes: [`vote`] and the files below it; ballots on paper: [`paper`]; confidence votes: [`confidence`];
//! - the technician: [`check`] (what a bridge point is worth), [`cut`] (pictures and silence by hand);
//! - lines and time: [`links`], `seat`, `restart`, `due`;
//! - what others see: [`stage`], [`read`];
//! - and [`meeting`], which only routes, by `decide` and `apply`.
//!
//! # What PRODUCT leaves open, and how it is settled here
//!
//! - A point of order and a rebuttal answer to what is happening: they are registered while the list is closed, too.
//! - Every request and every turn belongs to an open item of the agenda.
//! - Rebuttals of those who asked in the block of questions being answered go before those of others.
//! - In a round robin, sites take turns in protocol order; first speeches make their rounds before second ones.
//! - Requests moved by hand stay where the chair put them; who comes later is placed among the others.
//! - The hold of a lost room is counted from when the loss is known, the outage (20 s) from when it began.
//! - A turn paused by a restart or for technical trouble is heard; one paused otherwise waits, muted, for "tiếp tục".
//! - A picture put on every screen by hand gives way when the floor changes hands, not before `cut_hold_s`; a name that is called
//!   goes before it.
//! - "Im lặng tất cả trừ chủ tọa" ends when somebody is given the word; rooms opened by hand before it come back only if it is
//!   taken back at once.
//! - A check is refused while everybody hears that room; a new device of the room makes its check void.
//! - Microphones opened by hand close when the sitting opens, breaks, resumes or closes.
//! - A secretary's entry "vắng có lý do" waits for the chair's approval and takes effect with it.
//! - After a restart, lines have 15 s to return before they count as lost ([`links::Line::awaited`]).
//! - While the flag is saluted nobody is given the word, and the hall alone is heard, for the music; so is nobody opened by hand.
//! - A break that is not on the agenda makes the sitting late.
//! - In the first roll call, who checked in before it counts as having answered; later ones start afresh.

pub mod agenda;
mod apply;
pub mod attendance;
pub mod ceremony;
pub mod chair;
pub mod check;
pub mod command;
pub mod confidence;
mod create;
pub mod cut;
mod decide;
mod due;
pub mod event;
mod floor;
pub mod id;
pub mod item;
mod legal;
pub mod links;
pub mod list;
pub mod meeting;
mod microphone;
pub mod note;
mod order;
pub mod pace;
pub mod paper;
mod past;
pub mod privacy;
pub mod question;
mod queue;
pub mod quorum;
pub mod read;
pub mod refusal;
pub mod request;
mod restart;
mod rights;
pub mod roll;
mod seat;
pub mod setup;
pub mod sitting;
mod speaking;
pub mod stage;
pub mod turn;
pub mod vote;

pub use create::SetupError;
pub use event::{Entry, Event};
pub use meeting::{Decision, Meeting};
pub use sitting::Phase;
pub use stage::{Stage, StageMode};
