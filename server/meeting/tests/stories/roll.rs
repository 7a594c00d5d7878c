//! Attendance and the roll call.

use crate::sitting::{Sitting, answer, call, council, mark, seat};
use meeting::command::{Attendance, CallAnswer, CallOrder, Command, Method};
use meeting::refusal::Refusal;
use meeting::roll::RollPhase;
use meeting::setup::Setup;

/// The lobby, with everybody connected and nobody checked in.
fn lobby() -> Sitting {
    lobby_of(council())
}

fn lobby_of(setup: Setup) -> Sitting {
    let mut s = Sitting::created(setup);
    for room in ["hall-1", "hoa-binh-1", "tan-lap-1", "tan-lap-2", "home-1"] {
        s.back(room);
    }
    for who in ["an", "thu", "lan", "minh", "cuong", "khoa", "phuc"] {
        s.come(who);
    }
    s.may("an", Command::StartTechnicalCheck);
    s.may("an", Command::OpenLobby);
    s
}

fn calling(s: &Sitting) -> Option<&str> {
    s.meeting.called().map(|who| who.0.as_str())
}

#[test]
fn where_one_sits_says_how_one_is_present() {
    let mut s = lobby();
    for who in ["an", "lan", "khoa", "phuc"] {
        s.may(who, Command::CheckIn);
    }
    assert_eq!(s.attendance("an"), Attendance::PresentHall);
    assert_eq!(s.attendance("lan"), Attendance::PresentSite);
    assert_eq!(s.attendance("khoa"), Attendance::PresentOnline);
    assert_eq!(s.attendance("phuc"), Attendance::PresentSite);
    let quorum = s.meeting.quorum();
    assert_eq!(
        (quorum.present, quorum.hall, quorum.sites, quorum.online),
        (3, 1, 1, 1),
        "a guest never counts"
    );
    assert_eq!(s.refused("an", Command::CheckIn), Refusal::NoChange);
    let record = s.meeting.record(&"lan".into()).expect("recorded");
    assert_eq!((record.method, record.since), (Some(Method::Own), Some(s.now)));
}

#[test]
fn online_by_oneself_only_where_the_rules_allow_it() {
    let mut setup = council();
    setup.rules.personal_online = false;
    let mut s = lobby_of(setup);
    assert_eq!(s.refused("khoa", Command::CheckIn), Refusal::PersonalNotAllowed);
    assert_eq!(s.refused("thu", seat("lan", "home")), Refusal::PersonalNotAllowed);
    let bind = Command::BindDevice {
        person: "lan".into(),
        device: "lan-9".into(),
        site: Some("home".into()),
    };
    assert_eq!(s.hub(bind), Err(Refusal::PersonalNotAllowed));
    s.may("thu", seat("khoa", "hall"));
    s.may("khoa", Command::CheckIn);
}

#[test]
fn from_electronic_over_two_rounds_to_a_snapshot() {
    let mut s = lobby();
    s.may("lan", Command::CheckIn);
    s.may("thu", Command::StartRoll);
    assert_eq!(s.refused("thu", Command::StartRoll), Refusal::RollOpen);
    s.may("an", Command::CheckIn);
    s.may("cuong", Command::CheckIn);
    s.after(60);
    assert_eq!(s.meeting.roll().map(|roll| roll.phase), Some(RollPhase::Collected));

    s.may("thu", call(CallOrder::Roster, false));
    assert_eq!(s.refused("thu", call(CallOrder::Roster, false)), Refusal::NoChange);
    assert_eq!(calling(&s), Some("binh"));
    assert_eq!(
        s.refused("thu", answer("dung", CallAnswer::Present)),
        Refusal::NotCalled
    );
    s.may("thu", answer("binh", CallAnswer::Present));
    s.may("thu", answer("giang", CallAnswer::NoAnswer));
    s.may("thu", answer("ha", CallAnswer::Later));
    assert_eq!(calling(&s), Some("minh"), "lan checked in before the roll call");
    s.may("minh", Command::CheckIn);
    assert_eq!(calling(&s), Some("dung"), "who checks in needs no call");
    s.may("thu", answer("dung", CallAnswer::NoAnswer));
    s.may("thu", answer("khoa", CallAnswer::Present));
    assert_eq!(calling(&s), Some("ha"));
    assert_eq!(
        s.refused("thu", answer("ha", CallAnswer::Later)),
        Refusal::NoChange,
        "she is the last"
    );
    s.may("thu", answer("ha", CallAnswer::Present));
    assert_eq!(calling(&s), None);
    assert_eq!(s.meeting.roll().map(|roll| roll.unanswered()), Some(2));

    s.may("thu", Command::StartSecondRound);
    assert_eq!(calling(&s), Some("giang"));
    s.may("thu", answer("giang", CallAnswer::Present));
    s.may("thu", answer("dung", CallAnswer::NoAnswer));
    assert_eq!(s.refused("thu", Command::StartSecondRound), Refusal::WrongOrder);
    s.may("thu", Command::FreezeRoll);

    let snapshot = s.meeting.snapshots()[0].clone();
    assert_eq!(
        (snapshot.number, snapshot.present, snapshot.total, snapshot.needed),
        (1, 8, 9, 6)
    );
    assert_eq!(
        snapshot.states[&"dung".into()].attendance,
        Attendance::Unknown,
        "nobody is absent by silence"
    );
    assert_eq!(snapshot.states.len(), 9, "guests are not on it");
    let giang = s.meeting.record(&"giang".into()).expect("recorded");
    assert_eq!(giang.method, Some(Method::Called));

    s.after(600);
    s.come("dung");
    s.may("dung", Command::CheckIn);
    assert_eq!(s.attendance("dung"), Attendance::Late);
    assert_eq!(s.present(), 9);
    assert_eq!(
        s.meeting.snapshots()[0],
        snapshot,
        "what is frozen stays; she is a delta"
    );
}

#[test]
fn names_are_called_by_group_or_by_site() {
    let order = |order: CallOrder| {
        let mut s = lobby();
        s.may("thu", Command::StartRoll);
        s.may("thu", call(order, true));
        let mut names = Vec::new();
        while let Some(who) = calling(&s).map(str::to_owned) {
            s.may("thu", answer(&who, CallAnswer::NoAnswer));
            names.push(who);
        }
        names.join(" ")
    };
    assert_eq!(order(CallOrder::Roster), "an binh giang ha lan minh cuong dung khoa");
    assert_eq!(order(CallOrder::Group), "an binh ha cuong khoa giang lan minh dung");
    assert_eq!(order(CallOrder::Site), "an binh giang ha lan minh cuong dung khoa");
}

#[test]
fn the_called_room_is_heard_and_seen() {
    let mut s = lobby();
    s.may("thu", Command::StartRoll);
    s.may("thu", call(CallOrder::Roster, true));
    for who in ["an", "binh", "giang", "ha"] {
        s.may("thu", answer(who, CallAnswer::Present));
    }
    assert_eq!(s.heard(), ["hall-1", "hoa-binh-1"], "the hall, and lan's \"Có mặt!\"");
    assert_eq!(s.meeting.stage().primary, Some("hoa-binh-1".into()));
    s.may("thu", Command::CancelRoll);
    assert_eq!(s.heard(), ["hall-1"]);
    assert!(s.meeting.snapshots().is_empty());
    assert_eq!(s.refused("thu", Command::FreezeRoll), Refusal::NoRollOpen);
}

#[test]
fn a_later_roll_call_starts_afresh() {
    let mut s = Sitting::debate();
    s.may("thu", Command::StartRoll);
    s.may("lan", Command::CheckIn);
    assert_eq!(s.refused("lan", Command::CheckIn), Refusal::NoChange);
    s.may("thu", mark("ha", Attendance::PresentHall, ""));
    s.may("thu", call(CallOrder::Roster, false));
    let left: Vec<&str> = s
        .meeting
        .roll()
        .expect("open")
        .to_call()
        .map(|who| who.0.as_str())
        .collect();
    assert_eq!(left, ["an", "binh", "giang", "minh", "cuong", "dung", "khoa"]);
    assert_eq!(s.present(), 9, "not answering takes nothing away");
}

#[test]
fn the_site_lead_proposes_and_the_secretary_taps_once() {
    let mut s = lobby();
    let propose = |site: &str, who: &[&str]| Command::ProposeSite {
        site: site.into(),
        present: who.iter().map(|who| (*who).into()).collect(),
    };
    assert_eq!(s.refused("minh", propose("tan-lap", &["cuong"])), Refusal::NotAllowed);
    assert_eq!(s.refused("lan", propose("hoa-binh", &["lan"])), Refusal::NotAllowed);
    assert_eq!(s.refused("minh", propose("hoa-binh", &["cuong"])), Refusal::Unknown);
    s.may("minh", propose("hoa-binh", &["lan", "minh"]));
    assert_eq!(s.present(), 0, "a proposal");
    assert_eq!(
        s.refused(
            "minh",
            Command::AnswerProposal {
                site: "hoa-binh".into(),
                accept: true
            }
        ),
        Refusal::NotAllowed
    );
    s.may(
        "thu",
        Command::AnswerProposal {
            site: "hoa-binh".into(),
            accept: true,
        },
    );
    assert_eq!(s.present(), 2);
    assert_eq!(
        s.meeting.record(&"lan".into()).and_then(|record| record.method),
        Some(Method::SiteLead)
    );
    s.may("minh", propose("hoa-binh", &["lan"]));
    s.may(
        "thu",
        Command::AnswerProposal {
            site: "hoa-binh".into(),
            accept: false,
        },
    );
    assert_eq!(
        s.refused(
            "thu",
            Command::AnswerProposal {
                site: "hoa-binh".into(),
                accept: true
            }
        ),
        Refusal::NoChange
    );
}

#[test]
fn leave_is_asked_for_approved_and_entered() {
    let mut s = Sitting::debate();
    let ask = |reason: &str| Command::AskLeave {
        reason: reason.to_owned(),
    };
    let approve = |approve| Command::AnswerLeave {
        person: "lan".into(),
        approve,
    };
    assert_eq!(s.refused("lan", ask(" ")), Refusal::ReasonMissing);
    assert_eq!(s.refused("an", approve(true)), Refusal::NoChange);
    s.may("lan", ask("Đi khám bệnh lúc 10 giờ"));
    assert_eq!(s.meeting.leaves().count(), 1);
    assert_eq!(s.refused("thu", approve(true)), Refusal::NotAllowed, "the chair's word");
    s.may("an", approve(true));
    assert_eq!(s.attendance("lan"), Attendance::PresentSite, "she is still there");
    s.may("thu", mark("lan", Attendance::Excused, "Đi khám bệnh"));
    assert_eq!(s.attendance("lan"), Attendance::Excused);
}

#[test]
fn an_excused_absence_entered_by_the_secretary_waits_for_the_chair() {
    let mut s = Sitting::debate();
    s.speeches(["ha"]);
    assert_eq!(
        s.refused("thu", mark("ha", Attendance::Excused, "")),
        Refusal::ReasonMissing
    );
    s.may("thu", mark("ha", Attendance::Excused, "Họp ở thành phố, CV 12/UBND"));
    assert_eq!(s.attendance("ha"), Attendance::PresentHall);
    assert_eq!(
        s.refused("thu", mark("ha", Attendance::Excused, "…")),
        Refusal::NoChange
    );
    s.may(
        "an",
        Command::AnswerLeave {
            person: "ha".into(),
            approve: true,
        },
    );
    assert_eq!(s.attendance("ha"), Attendance::Excused);
    assert!(s.queue().is_empty());
    let record = s.meeting.record(&"ha".into()).expect("recorded");
    assert_eq!(
        (record.method, record.reason.as_str()),
        (Some(Method::Secretary), "Họp ở thành phố, CV 12/UBND")
    );
}

#[test]
fn the_secretary_marks_with_reasons() {
    let mut s = Sitting::debate();
    assert_eq!(
        s.refused("thu", mark("ha", Attendance::Absent, "")),
        Refusal::ReasonMissing
    );
    assert_eq!(
        s.refused("thu", mark("ha", Attendance::Disconnected, "x")),
        Refusal::OutOfRange
    );
    assert_eq!(
        s.refused("thu", mark("ai-do", Attendance::Absent, "x")),
        Refusal::Unknown
    );
    s.may("thu", mark("ha", Attendance::Absent, "Không báo"));
    s.may("thu", mark("lan", Attendance::SteppedOut, ""));
    assert_eq!(s.present(), 7);
    s.may("lan", Command::CheckIn);
    assert_eq!(
        s.attendance("lan"),
        Attendance::PresentSite,
        "coming back is not coming late"
    );
    s.may("thu", mark("ha", Attendance::PresentSite, ""));
    assert_eq!(s.attendance("ha"), Attendance::PresentHall, "present where she sits");
}

#[test]
fn a_correction_after_the_close_keeps_what_was_there() {
    let mut s = Sitting::debate();
    s.may("an", Command::CloseItem { leftover: None });
    s.may("an", Command::CloseSitting);
    assert_eq!(s.refused("lan", Command::CheckIn), Refusal::WrongPhase);
    assert_eq!(
        s.refused("thu", mark("lan", Attendance::LeftEarly, "")),
        Refusal::ReasonMissing
    );
    let correction = mark("lan", Attendance::LeftEarly, "Về lúc 10 giờ, ghi sót");
    s.may("thu", correction.clone());
    assert_eq!(s.refused("thu", correction.clone()), Refusal::NoChange);
    assert_eq!(
        s.attendance("lan"),
        Attendance::PresentSite,
        "the chair has the last word"
    );
    let answer = |approve| Command::AnswerCorrection {
        person: "lan".into(),
        approve,
    };
    assert_eq!(s.refused("thu", answer(true)), Refusal::NotAllowed);
    s.may("an", answer(false));
    assert_eq!(s.refused("an", answer(true)), Refusal::NoChange);
    s.may("thu", correction);
    s.may("an", answer(true));
    let history = &s.meeting.record(&"lan".into()).expect("recorded").history;
    assert_eq!(history.len(), 2);
    assert!(!history[0].correction && history[1].correction);
    assert_eq!(history[1].from, Attendance::PresentSite);
}

#[test]
fn from_the_ward_to_the_hall_at_lunch() {
    let mut s = Sitting::debate();
    assert_eq!(s.refused("thu", seat("lan", "hoa-binh")), Refusal::NoChange);
    assert_eq!(s.refused("thu", seat("lan", "mars")), Refusal::Unknown);
    let bind = Command::BindDevice {
        person: "lan".into(),
        device: "lan-1".into(),
        site: Some("hall".into()),
    };
    s.hub(bind.clone()).expect("paired at the hall");
    assert_eq!(s.hub(bind), Err(Refusal::NoChange));
    assert_eq!(s.attendance("lan"), Attendance::PresentHall);
    assert_eq!(s.present(), 9, "the quorum is the same");
    let sites: Vec<String> = s
        .meeting
        .record(&"lan".into())
        .expect("recorded")
        .history
        .iter()
        .map(|change| change.site.0.clone())
        .collect();
    assert_eq!(sites, ["hoa-binh", "hall"], "the minutes show both");
    s.gives_the_floor_to("lan");
    assert_eq!(s.heard(), ["hall-1"]);
}

#[test]
fn lost_at_the_ward_and_found_in_the_hall() {
    let mut s = Sitting::debate();
    s.go("lan", 0);
    s.lose("hoa-binh-1", 0);
    assert_eq!(s.attendance("lan"), Attendance::Disconnected);
    s.after(120);
    let bind = Command::BindDevice {
        person: "lan".into(),
        device: "lan-1".into(),
        site: Some("hall".into()),
    };
    s.hub(bind).expect("paired at the hall");
    s.come("lan");
    assert_eq!(s.attendance("lan"), Attendance::PresentHall);
}

#[test]
fn online_by_oneself_means_with_the_camera_on() {
    let mut s = lobby();
    s.lose("home-1", 0);
    assert_eq!(s.refused("khoa", Command::CheckIn), Refusal::RoomOffline);
    s.back("home-1");
    s.may("khoa", Command::CheckIn);
}

#[test]
fn an_absence_known_days_before_is_entered_days_before() {
    let mut s = Sitting::created(council());
    s.may(
        "ha",
        Command::AskLeave {
            reason: "Đi học tập trung".to_owned(),
        },
    );
    s.may(
        "an",
        Command::AnswerLeave {
            person: "ha".into(),
            approve: true,
        },
    );
    s.may("thu", mark("ha", Attendance::Excused, "Đi học tập trung"));
    assert_eq!(s.meeting.quorum().excused, 1);
}

#[test]
fn after_the_close_lines_may_go() {
    let mut s = Sitting::debate();
    s.may("an", Command::CloseItem { leftover: None });
    s.may("an", Command::CloseSitting);
    s.go("khoa", 0);
    s.lose("home-1", 0);
    assert_eq!(
        s.attendance("khoa"),
        Attendance::PresentOnline,
        "the minutes say who was there"
    );
}

#[test]
fn an_approval_serves_one_absence() {
    let mut s = Sitting::debate();
    s.may("thu", mark("ha", Attendance::Excused, "Họp ở thành phố"));
    s.may(
        "an",
        Command::AnswerLeave {
            person: "ha".into(),
            approve: true,
        },
    );
    s.may("ha", Command::CheckIn);
    s.may("thu", mark("ha", Attendance::Excused, "Lại phải đi"));
    assert_eq!(s.attendance("ha"), Attendance::Late, "the chair is asked again");
}
