//! Họp kín: two persons close the doors, nobody outside sees, hears, is told or votes, and each exception has its reason.

use crate::question::{ask, send};
use crate::sitting::{Sitting, council, direct, microphone, register};
use crate::vote::{announce, cast, close, content};
use meeting::command::Command;
use meeting::cut::Preset;
use meeting::id::QuestionId;
use meeting::privacy::{ClosedPart, Ground, Privacy};
use meeting::question::command::QuestionCommand as Q;
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;
use meeting::vote::content::Method;

pub(crate) fn propose(ground: Ground) -> Command {
    Command::ProposeClosed {
        ground,
        reason: "Bí mật nhà nước".to_owned(),
    }
}

pub(crate) fn close_doors() -> Command {
    Command::CloseDoors {
        decision: "Hội đồng nhân dân quyết định họp kín".to_owned(),
        vote: None,
    }
}

pub(crate) fn admit_room(room: &str, admit: bool) -> Command {
    Command::AdmitRoom {
        endpoint: room.into(),
        admit,
        reason: "Đã kiểm tra phòng".to_owned(),
    }
}

fn admit_person(who: &str, admit: bool) -> Command {
    Command::AdmitPerson {
        person: who.into(),
        admit,
        reason: "Được mời giải trình".to_owned(),
    }
}

impl Sitting {
    /// The doors are closed on this item.
    pub(crate) fn behind_doors(item: &str) -> Self {
        let mut s = Self::on_item(council(), item);
        s.may("thu", propose(Ground::StandingCommittee));
        s.may("an", close_doors());
        s
    }

    fn inside(&self) -> Vec<String> {
        self.persons()
            .into_iter()
            .filter(|who| self.meeting.admits_person(&who.as_str().into()))
            .collect()
    }
}

#[test]
fn it_takes_a_request_a_decision_and_two_persons() {
    let mut s = Sitting::on_item(council(), "thao-luan");
    assert_eq!(s.refused("an", close_doors()), Refusal::NotProposed);
    assert_eq!(
        s.refused("thu", propose(Ground::Delegates { count: 2 })),
        Refusal::TooFew { count: 2, needed: 3 },
        "a third of nine"
    );
    assert_eq!(
        s.refused("thu", propose(Ground::Delegates { count: 10 })),
        Refusal::OutOfRange
    );
    assert_eq!(s.refused("an", propose(Ground::ExecutiveChair)), Refusal::NotAllowed);
    s.may("thu", propose(Ground::Delegates { count: 3 }));
    assert!(matches!(s.meeting.privacy(), Privacy::Proposed(_)));
    assert!(s.meeting.admits_room(&"tan-lap-1".into()), "still public");
    s.may("an", Command::DropClosed);
    s.may("thu", propose(Ground::ExecutiveChair));
    let no_words = Command::CloseDoors {
        decision: " ".to_owned(),
        vote: None,
    };
    assert_eq!(s.refused("an", no_words), Refusal::ReasonMissing);
    assert_eq!(s.refused("thu", close_doors()), Refusal::NotAllowed);
    s.may("an", close_doors());
    assert!(s.meeting.is_behind_doors());
    assert_eq!(s.refused("an", close_doors()), Refusal::NoChange);
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_chair_who_is_secretary_too_does_not_close_alone() {
    let mut setup = council();
    let an = setup.people.get_mut(&"an".into()).expect("the chair");
    an.roles.push(meeting::setup::Role::Secretary);
    let mut s = Sitting::on_item(setup, "thao-luan");
    s.may("an", propose(Ground::StandingCommittee));
    assert_eq!(s.refused("an", close_doors()), Refusal::SamePerson);
}

#[test]
fn a_vote_may_have_decided_it_if_it_was_carried() {
    let mut s = Sitting::debate();
    let id = s.opened(content("họp kín", Method::Electronic));
    for who in ["lan", "minh", "cuong", "dung"] {
        s.may(who, cast(&id, "for"));
    }
    s.may("an", close(&id, true));
    s.after(30);
    s.may("an", announce(&id));
    s.may("thu", propose(Ground::StandingCommittee));
    let by_vote = Command::CloseDoors {
        decision: "Theo kết quả biểu quyết".to_owned(),
        vote: Some(id),
    };
    assert_eq!(s.refused("an", by_vote), Refusal::VoteState, "four of nine");
}

#[test]
fn outside_nobody_is_shown_heard_or_asked() {
    let mut s = Sitting::on_item(council(), "thao-luan");
    s.may("an", microphone("tan-lap-1", true));
    s.may("an", direct("lan", RequestKind::Speech));
    s.may("thu", propose(Ground::StandingCommittee));
    assert_eq!(
        s.refused("an", close_doors()),
        Refusal::Outside,
        "Lan speaks from a ward"
    );
    s.may("an", Command::EndTurn);
    s.may("an", close_doors());
    assert_eq!(s.heard(), ["hall-1"]);
    assert_eq!(s.inside(), ["an", "binh", "giang", "ha", "hanh", "thu"]);
    assert_eq!(s.refused("lan", register(RequestKind::Speech)), Refusal::Outside);
    assert_eq!(
        s.refused("ky", Command::SilenceAll),
        Refusal::Outside,
        "nor the technician"
    );
    assert_eq!(
        s.refused("an", direct("lan", RequestKind::Speech)),
        Refusal::RoomOffline
    );
    assert_eq!(s.refused("an", microphone("tan-lap-1", true)), Refusal::Outside);
    let cut = Command::ArrangeStage {
        preset: Preset::Room {
            endpoint: "tan-lap-1".into(),
        },
    };
    assert_eq!(s.refused("an", cut), Refusal::Outside);

    let id = s.opened(content("nghị quyết kín", Method::Electronic));
    let electors: Vec<_> = s.vote(&id).electors.keys().map(|id| id.0.as_str()).collect();
    assert_eq!(
        electors,
        ["an", "binh", "giang", "ha"],
        "who did not hear does not vote"
    );
    assert_eq!(
        s.refused("an", Command::OpenDoors),
        Refusal::VoteRunning { vote: id.clone() }
    );
}

#[test]
fn rooms_and_people_come_in_one_by_one_with_a_reason() {
    let mut s = Sitting::behind_doors("thao-luan");
    let no_reason = Command::AdmitRoom {
        endpoint: "hoa-binh-1".into(),
        admit: true,
        reason: String::new(),
    };
    assert_eq!(s.refused("an", no_reason), Refusal::ReasonMissing);
    assert_eq!(s.refused("thu", admit_room("hoa-binh-1", true)), Refusal::NotAllowed);
    s.may("an", admit_room("hoa-binh-1", true));
    assert_eq!(s.refused("an", admit_room("hoa-binh-1", true)), Refusal::NoChange);
    assert_eq!(
        s.refused("an", admit_room("hall-1", false)),
        Refusal::NoChange,
        "the hall stays"
    );
    s.may("an", direct("lan", RequestKind::Speech));
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"]);
    assert_eq!(s.refused("an", admit_room("hoa-binh-1", false)), Refusal::FloorTaken);
    assert_eq!(
        s.refused("an", admit_person("lan", true)),
        Refusal::NoChange,
        "by her seat"
    );
    s.may("an", admit_person("quang", true));
    s.may("an", admit_person("ky", true));
    assert_eq!(s.refused("an", admit_person("ai-do", true)), Refusal::Unknown);
    s.may("ky", Command::SilenceAll);
    s.may("an", admit_person("ky", false));
    assert_eq!(s.refused("ky", Command::LiftSilence), Refusal::Outside);
    s.may("an", Command::EndTurn);
    s.may("an", admit_room("hoa-binh-1", false));
    assert_eq!(s.inside(), ["an", "binh", "giang", "ha", "hanh", "quang", "thu"]);
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_secret_question_is_asked_behind_doors_and_the_journal_says_where() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("giang", send("quang", "Quy hoạch quốc phòng", true));
    let q = QuestionId::from("q1");
    s.may("thu", ask(Q::Receive { question: q.clone() }));
    s.may("thu", propose(Ground::StandingCommittee));
    s.may("an", close_doors());
    let from = s.meeting.seq();
    s.may("an", admit_person("quang", true));
    s.may("an", ask(Q::Ask { question: q.clone() }));
    assert_eq!(s.refused("an", Command::OpenDoors), Refusal::FloorTaken);
    s.may(
        "an",
        ask(Q::Answer {
            person: "quang".into(),
            reason: String::new(),
        }),
    );
    s.may("quang", Command::EndTurn);
    s.may("an", Command::OpenDoors);
    assert_eq!(
        s.meeting.closed_parts(),
        [ClosedPart {
            from,
            until: Some(s.meeting.seq())
        }]
    );
    assert_eq!(s.refused("an", Command::OpenDoors), Refusal::NotClosed);
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_chair_outside_is_not_heard_inside() {
    let mut s = Sitting::behind_doors("thao-luan");
    s.may("thu", crate::sitting::seat("an", "hoa-binh"));
    assert_eq!(s.heard(), [""; 0], "not before the room is admitted");
    s.may("an", admit_room("hoa-binh-1", true));
    assert_eq!(s.heard(), ["hoa-binh-1"]);
}
