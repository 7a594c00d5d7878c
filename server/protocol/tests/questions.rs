//! What each screen is shown of the agenda and of questions: late or early, whose names, whose words, and which buttons work.

#[allow(dead_code, reason = "the stories of the rules need more of it")]
#[path = "../../meeting/tests/stories/sitting.rs"]
mod sitting;

use meeting::command::Command;
use meeting::id::QuestionId;
use meeting::question::command::QuestionCommand as Q;
use meeting::question::{NoteKind, NoteText, QuestionState};
use meeting::refusal::Refusal;
use protocol::project::{mine, shared};
use protocol::view::question::{MyQuestions, QuestionAct};
use protocol::view::{Act, AudienceKind, QuestionView};
use sitting::{Sitting, council, person};

fn ask(command: Q) -> Command {
    Command::Question(command)
}

fn send(title: &str, secret: bool) -> Command {
    ask(Q::Send {
        to: "quang".into(),
        title: title.to_owned(),
        text: "Bao giờ xong?".to_owned(),
        secret,
        person: None,
    })
}

fn seen(s: &Sitting, audience: AudienceKind, id: &str) -> Option<QuestionView> {
    shared(&s.meeting, audience, s.now).questions.get(&id.into()).cloned()
}

fn own(s: &Sitting, who: &str, audience: AudienceKind) -> MyQuestions {
    mine(&s.meeting, &person(who), audience, s.now).questions
}

/// Two papers of Lan, the second one secret, both passed on; and one of Minh that was only sent.
fn papers() -> Sitting {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("lan", send("Ngập úng", false));
    s.may("lan", send("Quy hoạch quốc phòng", true));
    s.may("minh", send("Cây xanh", false));
    for id in ["q1", "q2"] {
        s.may("thu", ask(Q::Forward { question: id.into() }));
    }
    s
}

#[test]
fn the_words_of_a_secret_question_are_for_few() {
    let s = papers();
    for audience in [AudienceKind::Chair, AudienceKind::Secretary] {
        let view = seen(&s, audience, "q2").expect("theirs to sort");
        assert_eq!(
            (view.title.as_str(), view.text.as_str()),
            ("Quy hoạch quốc phòng", "Bao giờ xong?")
        );
    }
    let view = seen(&s, AudienceKind::Delegate, "q2").expect("that there is one");
    assert_eq!((view.title.as_str(), view.text.as_str(), view.secret), ("", "", true));
    let open = seen(&s, AudienceKind::Delegate, "q1").expect("everybody's");
    assert_eq!((open.title.as_str(), open.text.as_str()), ("Ngập úng", ""));
    assert_eq!(seen(&s, AudienceKind::Delegate, "q3"), None, "not passed on yet");
    for audience in [AudienceKind::Room, AudienceKind::Technician] {
        assert_eq!(seen(&s, audience, "q1"), None, "not asked yet");
    }
    let (lan, quang, minh) = (
        own(&s, "lan", AudienceKind::Delegate),
        own(&s, "quang", AudienceKind::Delegate),
        own(&s, "minh", AudienceKind::Delegate),
    );
    assert_eq!(lan.own[&"q2".into()].text, "Bao giờ xong?");
    assert_eq!(
        quang.own[&"q2".into()].title,
        "Quy hoạch quốc phòng",
        "who is asked must know"
    );
    assert!(
        !quang.own.contains_key(&"q3".into()),
        "what was not passed on is not his yet"
    );
    let ids: Vec<_> = minh.own.keys().map(|id| id.0.as_str()).collect();
    assert_eq!(ids, ["q3"]);
}

#[test]
fn a_council_that_shows_no_questions_shows_those_being_asked() {
    let mut setup = council();
    setup.rules.question.visible = false;
    let mut s = Sitting::on_item(setup, "chat-van");
    s.may("lan", send("Ngập úng", false));
    s.may("thu", ask(Q::Forward { question: "q1".into() }));
    assert_eq!(seen(&s, AudienceKind::Delegate, "q1"), None);
    s.may("an", ask(Q::Ask { question: "q1".into() }));
    for audience in [AudienceKind::Delegate, AudienceKind::Room, AudienceKind::Technician] {
        let view = seen(&s, audience, "q1").expect("it is being asked aloud");
        assert_eq!((view.title.as_str(), view.state), ("Ngập úng", QuestionState::Asked));
    }
}

#[test]
fn every_desk_has_the_buttons_that_work() {
    let mut s = papers();
    let chair = own(&s, "an", AudienceKind::Chair);
    let q = |id: &str| QuestionId::from(id);
    assert!(chair.can[&q("q1")].contains(&QuestionAct::Ask));
    assert_eq!(chair.cannot_ask[&q("q2")], Refusal::ClosedOnly);
    assert_eq!(chair.cannot_ask[&q("q3")], Refusal::QuestionState);
    let secretary = own(&s, "thu", AudienceKind::Secretary);
    for act in [
        QuestionAct::Receive,
        QuestionAct::Return,
        QuestionAct::Forward,
        QuestionAct::File,
    ] {
        assert!(secretary.can[&q("q3")].contains(&act), "{act:?}");
    }
    assert!(!secretary.can[&q("q1")].contains(&QuestionAct::Receive));
    let minh = own(&s, "minh", AudienceKind::Delegate);
    assert_eq!(minh.can[&q("q3")], [QuestionAct::Revise, QuestionAct::Withdraw]);
    assert!(!minh.can.contains_key(&q("q1")), "not his");

    let acts = |who: &str, audience| mine(&s.meeting, &person(who), audience, s.now).can;
    assert!(acts("lan", AudienceKind::Delegate).contains(&Act::SendQuestion));
    assert!(!acts("phuc", AudienceKind::Delegate).contains(&Act::SendQuestion));
    let desk = acts("thu", AudienceKind::Secretary);
    assert!(desk.contains(&Act::SendQuestion) && desk.contains(&Act::TakeNote));
    let chairs = acts("an", AudienceKind::Chair);
    assert!(chairs.contains(&Act::CallAnswerer) && chairs.contains(&Act::GiveAnswer));

    s.may("an", ask(Q::Ask { question: q("q1") }));
    let block = shared(&s.meeting, AudienceKind::Room, s.now)
        .block
        .expect("a questioning");
    assert_eq!(
        (block.answerer, block.questions, block.size),
        (Some("quang".into()), vec![q("q1")], 3)
    );
    s.may(
        "an",
        ask(Q::Answer {
            person: "quang".into(),
            reason: String::new(),
        }),
    );
    s.may("quang", Command::EndTurn);
    assert!(own(&s, "an", AudienceKind::Chair).can[&q("q1")].contains(&QuestionAct::Judge));
}

#[test]
fn notes_are_for_those_who_run_the_sitting() {
    let mut s = papers();
    let text = NoteText {
        what: "Nạo vét".to_owned(),
        who: "Sở Xây dựng".to_owned(),
        due: None,
        measure: String::new(),
    };
    s.may(
        "thu",
        ask(Q::Note {
            kind: NoteKind::Commitment,
            text: text.clone(),
            turn: None,
            question: Some("q1".into()),
        }),
    );
    for (audience, count) in [
        (AudienceKind::Chair, 1),
        (AudienceKind::Secretary, 1),
        (AudienceKind::Technician, 0),
        (AudienceKind::Room, 0),
        (AudienceKind::Delegate, 0),
    ] {
        let notes = shared(&s.meeting, audience, s.now).undertakings;
        assert_eq!(notes.len(), count, "{audience:?}");
        assert!(notes.values().all(|note| note.text == text));
    }
}

#[test]
fn the_agenda_says_when_and_how_late() {
    let mut s = Sitting::on_item(council(), "thao-luan");
    s.after(40 * 60);
    let view = shared(&s.meeting, AudienceKind::Delegate, s.now);
    let pace = view.sitting.pace.expect("under way");
    assert_eq!(
        (pace.late_ms, s.now.since(pace.grows_from)),
        (0, 600_000),
        "ten minutes too long"
    );
    let next = &view.agenda[&"chat-van".into()];
    assert_eq!(
        next.planned_at,
        Some(view.sitting.opened_at.expect("open").plus_seconds(1800))
    );
    assert_eq!((next.kind_name.as_str(), next.asks), ("Chất vấn", true));
    assert!(!view.agenda[&"thao-luan".into()].asks);
}
