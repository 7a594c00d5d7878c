//! A confidence vote on paper, for stories: the list, the board, the ballots, and what is found in a box.

use crate::sitting::{Sitting, council};
use meeting::command::Command;
use meeting::confidence::command::ConfidenceCommand as C;
use meeting::confidence::{Mode, Subject};
use meeting::id::ChoiceId;
use meeting::paper::Poll;
use meeting::paper::command::PaperCommand as P;
use meeting::paper::count::Count;
use meeting::setup::{Person, Role, Setup};

/// The chair, who is on the roster, and somebody who is not.
pub(crate) const LEADERS: [&str; 2] = ["chu-tich", "pho-chu-tich"];

pub(crate) fn confidence(command: C) -> Command {
    Command::Confidence(command)
}

pub(crate) fn subjects() -> Vec<Subject> {
    let subject = |id: &str, person: Option<&str>| Subject {
        id: id.into(),
        name: format!("Ông {id}"),
        office: "Lãnh đạo".to_owned(),
        person: person.map(Into::into),
    };
    vec![subject(LEADERS[0], Some("an")), subject(LEADERS[1], None)]
}

pub(crate) fn prepare(mode: Mode) -> Command {
    confidence(C::Prepare {
        mode,
        decision: "Nghị quyết về lấy phiếu tín nhiệm".to_owned(),
        subjects: subjects(),
    })
}

pub(crate) fn resign(line: &str) -> Command {
    confidence(C::Resign {
        line: line.into(),
        reason: "Nghỉ hưu".to_owned(),
    })
}

/// The list is made and the reports are sent.
pub(crate) fn listed(setup: Setup, mode: Mode) -> Sitting {
    let mut s = Sitting::on_item(setup, "thao-luan");
    s.may("thu", prepare(mode));
    for line in LEADERS {
        s.may("thu", confidence(C::SendReport { line: line.into() }));
    }
    s
}

pub(crate) const POLL: Poll = Poll::Confidence;

/// The council of the stories, and so many more in the hall that 47 are in office.
pub(crate) fn of_47() -> Setup {
    let mut setup = council();
    for n in 10..48 {
        let person = Person {
            name: format!("Đại biểu {n}"),
            title: String::new(),
            roles: vec![Role::Delegate],
            group: Some("to-1".into()),
            site: "hall".into(),
            order: 100 + n,
        };
        setup.people.insert(format!("db-{n}").as_str().into(), person);
    }
    setup.rules.total = 47;
    setup
}

pub(crate) fn paper(command: P) -> Command {
    Command::Paper(command)
}

/// The first of them leads it.
pub(crate) fn board<const N: usize>(members: [&str; N]) -> P {
    P::ElectBoard {
        head: members[0].into(),
        members: members.into_iter().map(Into::into).collect(),
    }
}

/// Ballots may be given out.
pub(crate) fn casting(setup: Setup, mode: Mode) -> Sitting {
    let mut s = listed(setup, mode);
    s.may("an", paper(board(["ha", "lan", "cuong", "minh", "dung"])));
    s.may("an", confidence(C::StartCasting));
    s
}

pub(crate) fn issued(site: &str, ballots: u32) -> Command {
    paper(P::Issue {
        poll: POLL,
        site: site.into(),
        ballots,
    })
}

pub(crate) fn issue(s: &mut Sitting, site: &str, ballots: u32) {
    s.may("thu", issued(site, ballots));
}

pub(crate) fn close(site: &str) -> Command {
    paper(P::CloseBox {
        poll: POLL,
        site: site.into(),
    })
}

/// Each box is closed by a member of the board, and counting begins.
pub(crate) fn boxes_closed(s: &mut Sitting, boxes: &[(&str, &str)]) {
    for (member, site) in boxes {
        s.may(member, close(site));
    }
    s.may("an", confidence(C::StartCounting));
}

/// High, middle, low, spoilt.
pub(crate) type Row = ([u32; 3], u32);

pub(crate) fn marks(high: u32, middle: u32, low: u32, spoilt: u32) -> Row {
    ([high, middle, low], spoilt)
}

pub(crate) fn counted(returned: u32, missing: u32, invalid: u32, of: [Row; 2]) -> Count {
    let levels = ["high", "middle", "low"].map(ChoiceId::from);
    let lines = || LEADERS.into_iter().map(Into::into);
    Count {
        returned,
        missing,
        valid: returned - invalid,
        invalid,
        marks: lines()
            .zip(of.map(|(marks, _)| levels.iter().cloned().zip(marks).collect()))
            .collect(),
        spoilt: lines().zip(of.map(|(_, spoilt)| spoilt)).collect(),
    }
}

pub(crate) fn enter(site: &str, count: &Count) -> Command {
    paper(P::Enter {
        poll: POLL,
        site: site.into(),
        count: count.clone(),
    })
}

/// Everybody on the board signs.
pub(crate) fn signed(s: &mut Sitting) {
    for member in ["ha", "lan", "cuong", "minh", "dung"] {
        s.may(member, paper(P::Sign { poll: POLL }));
    }
}
