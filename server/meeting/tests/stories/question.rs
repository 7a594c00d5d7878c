//! Chất vấn: papers that are sorted, a loop that is lived, answers that are one's own, and what was promised.

use crate::sitting::{Sitting, council, direct, invite, mark, register};
use meeting::command::{Attendance, Command, Leftover};
use meeting::id::{NoteId, QuestionId, Time};
use meeting::question::command::QuestionCommand as Q;
use meeting::question::{NoteKind, NoteText, Question, QuestionState};
use meeting::refusal::Refusal;
use meeting::setup::{Person, RequestKind, Role, Setup};
use meeting::{Phase, StageMode};

pub(crate) fn ask(command: Q) -> Command {
    Command::Question(command)
}

pub(crate) fn send(to: &str, title: &str, secret: bool) -> Command {
    ask(Q::Send {
        to: to.into(),
        title: title.to_owned(),
        text: format!("{title}: bao giờ xong?"),
        secret,
        person: None,
    })
}

fn answer(who: &str, reason: &str) -> Command {
    ask(Q::Answer {
        person: who.into(),
        reason: reason.to_owned(),
    })
}

fn judge(id: &QuestionId, satisfied: bool, note: &str) -> Command {
    ask(Q::Judge {
        question: id.clone(),
        satisfied,
        note: note.to_owned(),
    })
}

fn note(kind: NoteKind, what: &str, question: Option<&QuestionId>) -> Command {
    ask(Q::Note {
        kind,
        text: text(what),
        turn: None,
        question: question.cloned(),
    })
}

pub(crate) fn promise(what: &str) -> Command {
    note(NoteKind::Commitment, what, None)
}

fn text(what: &str) -> NoteText {
    NoteText {
        what: what.to_owned(),
        who: "Sở Xây dựng".to_owned(),
        due: Some(Time(1_790_000_000_000)),
        measure: "Không còn điểm ngập".to_owned(),
    }
}

/// The council of the stories, with a second person who may be asked.
fn with_two_asked() -> Setup {
    let mut setup = council();
    let son = Person {
        name: "Lý Hồng Sơn".to_owned(),
        title: "Giám đốc Sở Tài chính".to_owned(),
        roles: vec![Role::Questioned, Role::Guest],
        group: None,
        site: "tan-lap".into(),
        order: 15,
    };
    setup.people.insert("son".into(), son);
    setup
}

impl Sitting {
    /// Sends a question, and a secretary passes it on.
    #[track_caller]
    pub(crate) fn question(&mut self, who: &str, to: &str, title: &str) -> QuestionId {
        self.may(who, send(to, title, false));
        let id = QuestionId(format!("q{}", self.meeting.questions().len()));
        self.may("thu", ask(Q::Receive { question: id.clone() }));
        self.may("thu", ask(Q::Forward { question: id.clone() }));
        id
    }

    fn asked(&self, id: &QuestionId) -> &Question {
        &self.meeting.questions()[id]
    }

    fn state(&self, id: &QuestionId) -> QuestionState {
        self.asked(id).state
    }

    fn block(&self) -> Vec<&str> {
        self.meeting.block().map(|question| question.asker.0.as_str()).collect()
    }
}

#[test]
fn a_paper_is_taken_in_returned_and_passed_on() {
    let mut s = Sitting::created(council());
    for who in s.persons() {
        s.come(&who);
    }
    assert_eq!(s.refused("lan", send("quang", " ", false)), Refusal::TextMissing);
    assert_eq!(s.refused("lan", send("giang", "Ngập", false)), Refusal::NotQuestioned);
    assert_eq!(s.refused("phuc", send("quang", "Ngập", false)), Refusal::NotAllowed);
    s.may("lan", send("quang", "Ngập úng", false));
    let q = QuestionId::from("q1");
    assert_eq!(
        (s.meeting.phase(), s.state(&q)),
        (Phase::Preparing, QuestionState::Sent)
    );
    let back = |reason: &str| {
        ask(Q::Return {
            question: q.clone(),
            reason: reason.to_owned(),
        })
    };
    assert_eq!(s.refused("thu", back("")), Refusal::ReasonMissing);
    assert_eq!(s.refused("an", back("thiếu")), Refusal::NotAllowed);
    s.may("thu", back("Ghi rõ tuyến đường"));
    assert_eq!(s.asked(&q).reason, "Ghi rõ tuyến đường");
    let more = |title: &str| {
        ask(Q::Revise {
            question: q.clone(),
            title: title.to_owned(),
            text: "Đường Ven Sông".to_owned(),
        })
    };
    assert_eq!(s.refused("minh", more("Ngập")), Refusal::NotAllowed, "not his question");
    s.may("lan", more("Ngập úng đường Ven Sông"));
    s.may("thu", ask(Q::Receive { question: q.clone() }));
    let file = |to: Option<&str>, secret| {
        ask(Q::File {
            question: q.clone(),
            title: "Ngập úng đường Ven Sông".to_owned(),
            group: "Hạ tầng đô thị".to_owned(),
            to: to.map(Into::into),
            secret,
        })
    };
    s.may("thu", file(None, false));
    assert_eq!(s.refused("thu", file(Some("quang"), false)), Refusal::NoChange);
    assert_eq!(s.refused("thu", file(Some("lan"), false)), Refusal::NotQuestioned);
    s.may("thu", ask(Q::Forward { question: q.clone() }));
    let choose = |item: &str| {
        ask(Q::Choose {
            question: q.clone(),
            item: item.into(),
        })
    };
    assert_eq!(s.refused("an", choose("thao-luan")), Refusal::KindNotOpen);
    s.may("an", choose("chat-van"));
    assert_eq!(s.state(&q), QuestionState::Chosen);
    s.may("lan", ask(Q::Withdraw { question: q.clone() }));
    assert_eq!(s.refused("an", choose("chat-van")), Refusal::QuestionState);
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_block_is_asked_answered_and_judged() {
    let mut s = Sitting::on_item(council(), "chat-van");
    let (first, second) = (
        s.question("lan", "quang", "Ngập úng"),
        s.question("cuong", "quang", "Cây xanh"),
    );
    s.may(
        "an",
        ask(Q::Ask {
            question: first.clone(),
        }),
    );
    assert_eq!((s.speaker(), s.block()), (Some("lan"), vec!["lan"]));
    let stage = s.meeting.stage();
    assert_eq!(
        (stage.mode, stage.primary, stage.secondary),
        (StageMode::TwoUp, Some("hoa-binh-1".into()), Some("hall-1".into())),
        "the asker beside the one who will answer"
    );
    assert_eq!(s.meeting.answerer(), Some(&"quang".into()));
    s.may(
        "an",
        ask(Q::Ask {
            question: second.clone(),
        }),
    );
    assert_eq!(s.block(), ["lan", "cuong"], "one answer for both");
    assert_eq!(s.refused("an", judge(&first, true, "")), Refusal::QuestionState);
    s.may("an", answer("quang", ""));
    assert_eq!((s.speaker(), s.state(&first)), (Some("quang"), QuestionState::Asked));
    s.may("thu", note(NoteKind::Commitment, "Nạo vét tuyến cống", Some(&first)));
    s.may("quang", Command::EndTurn);
    assert_eq!(s.block(), [""; 0]);
    assert_eq!(s.asked(&second).answered_by, Some("quang".into()));

    s.may("cuong", register(RequestKind::Rebuttal));
    s.may("lan", register(RequestKind::Rebuttal));
    s.may("giang", register(RequestKind::Rebuttal));
    assert_eq!(s.queue(), ["cuong", "lan", "giang"], "who asked goes first");

    s.may("an", judge(&first, true, ""));
    s.may("an", judge(&second, false, "Chưa rõ thời hạn"));
    assert_eq!(
        (s.state(&first), s.state(&second)),
        (QuestionState::Closed, QuestionState::Unsatisfied)
    );
    assert_eq!(s.asked(&second).reason, "Chưa rõ thời hạn");
    assert_eq!(s.refused("thu", judge(&second, true, "")), Refusal::NotAllowed);
    s.may("an", judge(&second, true, ""));
    let noted = &s.meeting.undertakings()[&NoteId::from("n1")];
    assert_eq!(
        (noted.kind, noted.question.as_ref()),
        (NoteKind::Commitment, Some(&first))
    );
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn who_is_asked_answers_personally() {
    let mut s = Sitting::on_item(with_two_asked(), "chat-van");
    let q = s.question("lan", "quang", "Ngập úng");
    s.may("an", answer("son", ""));
    assert_eq!(s.speaker(), Some("son"), "nobody has asked yet: a report");
    s.may("an", ask(Q::Ask { question: q.clone() }));
    let personally = Refusal::AnswersPersonally { person: "quang".into() };
    assert_eq!(s.refused("an", answer("son", " ")), personally);
    assert_eq!(
        s.refused("an", direct("son", RequestKind::Answer)),
        personally,
        "nor by another door"
    );
    s.may("an", Command::OpenList);
    s.may(
        "thu",
        Command::Register {
            kind: RequestKind::Answer,
            subject: String::new(),
            person: Some("son".into()),
        },
    );
    let request = s.meeting.waiting().next().expect("it waits").id.clone();
    assert_eq!(s.refused("an", invite(&request)), personally, "nor from the list");
    s.may("an", answer("son", "Ông Quang đi công tác"));
    assert_eq!(s.speaker(), Some("son"));
    assert!(
        s.journal
            .last()
            .is_some_and(|line| line.contains("answerer_replaced") && line.contains("công tác"))
    );
    s.may("son", Command::EndTurn);
    assert_eq!(s.asked(&q).answered_by, Some("son".into()), "the record says who");
}

#[test]
fn others_add_to_an_answer_while_the_one_asked_speaks() {
    let mut s = Sitting::on_item(with_two_asked(), "chat-van");
    let q = s.question("lan", "quang", "Ngập úng");
    s.may("an", ask(Q::Ask { question: q }));
    s.may("an", answer("quang", ""));
    s.may("an", answer("son", ""));
    assert_eq!(s.speaker(), Some("son"));
}

#[test]
fn a_block_is_for_one_person() {
    let mut s = Sitting::on_item(with_two_asked(), "chat-van");
    let (to_quang, to_son) = (
        s.question("lan", "quang", "Ngập"),
        s.question("minh", "son", "Ngân sách"),
    );
    s.may(
        "an",
        ask(Q::Ask {
            question: to_quang.clone(),
        }),
    );
    let first = Refusal::AnswerFirst {
        question: to_quang.clone(),
    };
    assert_eq!(
        s.refused(
            "an",
            ask(Q::Ask {
                question: to_son.clone()
            })
        ),
        first
    );
    assert_eq!(s.refused("an", ask(Q::Call { person: "son".into() })), first);
    s.may("an", answer("quang", ""));
    s.may("quang", Command::EndTurn);
    s.may("an", ask(Q::Ask { question: to_son }));
    assert_eq!(s.meeting.answerer(), Some(&"son".into()));
}

#[test]
fn what_is_asked_without_paper_becomes_a_question() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("an", ask(Q::Call { person: "quang".into() }));
    s.may("an", Command::OpenList);
    s.may(
        "lan",
        Command::Register {
            kind: RequestKind::Question,
            subject: "Rác thải".to_owned(),
            person: None,
        },
    );
    s.may("an", invite(&"r1".into()));
    let q = QuestionId::from("q1");
    let put = s.asked(&q);
    assert_eq!(
        (put.title.as_str(), put.direct, put.to.clone()),
        ("Rác thải", true, Some("quang".into()))
    );
    // A line that is lost and comes back is the same question.
    s.lose("hoa-binh-1", 0);
    s.may("an", direct("giang", RequestKind::Question));
    assert_eq!(s.block(), ["lan", "giang"]);
    s.back("hoa-binh-1");
    s.may("an", invite(&"r1".into()));
    assert_eq!(s.meeting.questions().len(), 2);
    s.may(
        "thu",
        ask(Q::File {
            question: "q2".into(),
            title: "Bãi rác cũ".to_owned(),
            group: "Môi trường".to_owned(),
            to: None,
            secret: false,
        }),
    );
    assert_eq!(s.asked(&"q2".into()).title, "Bãi rác cũ");
    let secret = ask(Q::File {
        question: "q2".into(),
        title: "Bãi rác cũ".to_owned(),
        group: "Môi trường".to_owned(),
        to: None,
        secret: true,
    });
    assert_eq!(
        s.refused("thu", secret),
        Refusal::QuestionState,
        "everybody has heard it"
    );
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn an_asker_who_is_away_is_read_out_or_answered_in_writing() {
    let mut s = Sitting::on_item(council(), "chat-van");
    let (khoas, dungs) = (s.question("khoa", "quang", "Điện"), s.question("dung", "quang", "Nước"));
    s.may("thu", mark("dung", Attendance::SteppedOut, ""));
    s.lose("home-1", 0);
    assert_eq!(
        s.refused(
            "an",
            ask(Q::Ask {
                question: khoas.clone()
            })
        ),
        Refusal::RoomOffline
    );
    assert_eq!(
        s.refused(
            "an",
            ask(Q::Ask {
                question: dungs.clone()
            })
        ),
        Refusal::NotPresent
    );
    s.may(
        "an",
        ask(Q::ReadOut {
            question: khoas.clone(),
        }),
    );
    assert_eq!((s.speaker(), s.block()), (None, vec!["khoa"]), "the chair reads it");
    s.may(
        "thu",
        ask(Q::PutInWriting {
            question: dungs.clone(),
            complex: true,
        }),
    );
    assert_eq!(s.asked(&dungs).due, Some(s.now.plus_seconds(30 * 86_400)));
    s.may("an", answer("quang", ""));
    s.may("quang", Command::EndTurn);
    assert_eq!(s.state(&khoas), QuestionState::Answered);
}

#[test]
fn an_answerer_whose_line_is_lost_is_held_and_the_question_waits() {
    let mut setup = council();
    setup.people.get_mut(&"quang".into()).expect("he").site = "tan-lap".into();
    let mut s = Sitting::on_item(setup, "chat-van");
    let q = s.question("lan", "quang", "Ngập");
    s.may("an", ask(Q::Ask { question: q.clone() }));
    s.may("an", answer("quang", ""));
    s.may("an", Command::StartClock);
    s.lose("tan-lap-1", 0);
    s.lose("tan-lap-2", 0);
    s.after(120);
    let held = s
        .meeting
        .turn()
        .and_then(|turn| turn.hold().cloned())
        .expect("the floor is held");
    assert!(held.over, "after two minutes the chair chooses");
    s.may("an", direct("giang", RequestKind::Speech));
    assert_eq!(s.state(&q), QuestionState::Asked, "half an answer is none");
    s.may(
        "an",
        ask(Q::PutInWriting {
            question: q.clone(),
            complex: false,
        }),
    );
    assert_eq!(
        (s.state(&q), s.asked(&q).due),
        (QuestionState::InWriting, Some(s.now.plus_seconds(15 * 86_400)))
    );
}

#[test]
fn what_was_not_reached_is_answered_in_writing() {
    let mut s = Sitting::on_item(council(), "chat-van");
    let (chosen, other) = (s.question("lan", "quang", "Ngập"), s.question("minh", "quang", "Cây"));
    for question in [&chosen, &other] {
        s.may(
            "an",
            ask(Q::Choose {
                question: question.clone(),
                item: "chat-van".into(),
            }),
        );
    }
    s.may(
        "an",
        ask(Q::Ask {
            question: other.clone(),
        }),
    );
    s.may("an", answer("quang", ""));
    s.may("quang", Command::EndTurn);
    s.may("an", Command::OpenList);
    s.register("giang", RequestKind::Question);
    let close = |leftover| Command::CloseItem { leftover };
    assert_eq!(s.refused("an", close(None)), Refusal::QueueNotEmpty { left: 2 });
    let mut carried = s.clone();
    carried.may("an", close(Some(Leftover::CarryOver)));
    assert_eq!(
        carried.state(&chosen),
        QuestionState::Forwarded,
        "it waits for another item"
    );
    s.may("an", close(Some(Leftover::InWriting)));
    assert_eq!(
        (s.state(&chosen), s.state(&other)),
        (QuestionState::InWriting, QuestionState::Answered)
    );
    let unspoken = s.asked(&"q3".into());
    assert_eq!(
        (unspoken.asker.0.as_str(), unspoken.state),
        ("giang", QuestionState::InWriting),
        "who only raised a hand is answered, too"
    );
    assert_eq!(unspoken.due, Some(s.now.plus_seconds(15 * 86_400)));
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_secret_question_is_not_asked_in_public() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("lan", send("quang", "Quy hoạch quốc phòng", true));
    let q = QuestionId::from("q1");
    s.may("thu", ask(Q::Receive { question: q.clone() }));
    for command in [Q::Ask { question: q.clone() }, Q::ReadOut { question: q.clone() }] {
        assert_eq!(s.refused("an", ask(command)), Refusal::ClosedOnly);
    }
}

#[test]
fn an_explanation_ends_with_a_conclusion() {
    let mut setup = council();
    setup.agenda.get_mut(&"chat-van".into()).expect("an item").kind = "explanation".into();
    let mut s = Sitting::on_item(setup, "chat-van");
    s.may("an", answer("quang", ""));
    s.may("quang", Command::EndTurn);
    let close = || Command::CloseItem { leftover: None };
    assert_eq!(s.refused("an", close()), Refusal::ConclusionMissing);
    s.may("thu", note(NoteKind::Commitment, "Báo cáo lại", None));
    assert_eq!(
        s.refused("an", close()),
        Refusal::ConclusionMissing,
        "a promise is no conclusion"
    );
    let mut spoken = s.clone();
    spoken.may("an", direct("an", RequestKind::Conclusion));
    spoken.may("an", Command::EndTurn);
    spoken.may("an", close());
    s.may("thu", note(NoteKind::Directive, "Hoàn thành trước mùa mưa", None));
    let drop = |reason: &str| {
        ask(Q::DropNote {
            note: "n2".into(),
            reason: reason.to_owned(),
        })
    };
    s.may("hanh", drop("Ghi nhầm"));
    assert_eq!(s.refused("hanh", drop("Ghi nhầm")), Refusal::NoChange);
    assert_eq!(s.refused("an", close()), Refusal::ConclusionMissing);
    s.may("thu", note(NoteKind::Recommendation, "Bổ sung vốn", None));
    s.may("an", close());
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn notes_are_sound_and_keep_what_was_struck_out() {
    let mut s = Sitting::on_item(council(), "chat-van");
    let empty = ask(Q::Note {
        kind: NoteKind::Commitment,
        text: NoteText {
            who: " ".to_owned(),
            ..text("Nạo vét")
        },
        turn: None,
        question: None,
    });
    assert_eq!(s.refused("thu", empty), Refusal::TextMissing);
    assert_eq!(
        s.refused("an", note(NoteKind::Commitment, "Nạo vét", None)),
        Refusal::NotAllowed
    );
    let stranger = note(NoteKind::Commitment, "Nạo vét", Some(&"q9".into()));
    assert_eq!(s.refused("thu", stranger), Refusal::Unknown);
    s.may("thu", note(NoteKind::Commitment, "Nạo vét", None));
    s.may(
        "hanh",
        ask(Q::ChangeNote {
            note: "n1".into(),
            text: text("Nạo vét toàn tuyến"),
        }),
    );
    assert_eq!(
        s.meeting.undertakings()[&NoteId::from("n1")].text.what,
        "Nạo vét toàn tuyến"
    );
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn a_delegate_who_is_asked_is_two_persons_in_one() {
    let mut setup = council();
    let giang = setup.people.get_mut(&"giang".into()).expect("she");
    giang.roles.push(Role::Questioned);
    let mut s = Sitting::on_item(setup, "chat-van");
    assert_eq!(s.refused("giang", send("giang", "Tự hỏi", false)), Refusal::SamePerson);
    let (of, to) = (
        s.question("giang", "quang", "Cây"),
        s.question("lan", "giang", "Trường học"),
    );
    s.may("an", ask(Q::Ask { question: of }));
    assert_eq!(s.meeting.turn().map(|turn| turn.kind), Some(RequestKind::Question));
    s.may("an", answer("quang", ""));
    s.may("quang", Command::EndTurn);
    s.may("an", ask(Q::Ask { question: to }));
    s.may("an", answer("giang", ""));
    assert_eq!(s.meeting.turn().map(|turn| turn.kind), Some(RequestKind::Answer));
}

#[test]
fn a_secretary_enters_for_a_delegate_and_only_for_one() {
    let mut s = Sitting::on_item(council(), "thao-luan");
    let entered = |who: &str| {
        ask(Q::Send {
            to: "quang".into(),
            title: "Ngập úng".to_owned(),
            text: String::new(),
            secret: false,
            person: Some(who.into()),
        })
    };
    s.may("thu", entered("dung"));
    assert_eq!(s.asked(&"q1".into()).asker, "dung".into());
    assert_eq!(s.refused("thu", entered("phuc")), Refusal::NotAllowed);
    assert_eq!(s.refused("lan", entered("dung")), Refusal::NotAllowed);
    let elsewhere = s.refused("an", ask(Q::Ask { question: "q1".into() }));
    assert_eq!(elsewhere, Refusal::KindNotOpen, "a debate is no questioning");
}
