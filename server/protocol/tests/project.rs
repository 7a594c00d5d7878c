//! What each screen is shown, and above all what it is not.

#[allow(dead_code, reason = "the stories of the rules need more of it")]
#[path = "../../meeting/tests/stories/sitting.rs"]
mod sitting;

use meeting::command::{Actor, Attendance, CallAnswer, CallOrder, Command};
use meeting::id::Time;
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;
use protocol::project::{mine, shared};
use protocol::view::{
    Act, AlertKind, AudienceKind, Badge, ListState, PauseReason, Phase, RequestState, RollState, StageMode, TurnState,
};
use sitting::{Sitting, council, direct, mark, person, person_at, refuse, register, seat};

const AUDIENCES: [AudienceKind; 5] = [
    AudienceKind::Chair,
    AudienceKind::Secretary,
    AudienceKind::Technician,
    AudienceKind::Room,
    AudienceKind::Delegate,
];

fn runs(audience: AudienceKind) -> bool {
    matches!(audience, AudienceKind::Chair | AudienceKind::Secretary)
}

#[test]
fn everybody_sees_who_speaks_and_who_waits() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.speeches(["cuong", "ha"]);
    s.after(60);
    for audience in AUDIENCES {
        let view = shared(&s.meeting, audience, s.now);
        assert_eq!(view.sitting.phase, Phase::Open);
        let turn = view.turn.expect("lan speaks");
        assert_eq!((turn.person.0.as_str(), turn.state), ("lan", TurnState::Running));
        assert_eq!(turn.running_since, Some(Time(s.now.0 - 60_000)));
        assert_eq!((turn.limit_ms, turn.spent_ms), (Some(420_000), 0));
        assert_eq!(
            (view.stage.mode, view.stage.primary),
            (StageMode::Speaker, Some("hoa-binh-1".into()))
        );
        assert_eq!((view.list.state, view.list.waiting), (ListState::Open, 2));
        let ha = &view.requests[&"r3".into()];
        assert_eq!(
            (ha.position, ha.state, ha.seconds),
            (Some(2), RequestState::Waiting, Some(420))
        );
        assert!(view.endpoints[&"hoa-binh-1".into()].live && view.endpoints[&"hall-1".into()].live);
        assert!(!view.endpoints[&"tan-lap-1".into()].live);
        assert_eq!((view.quorum.present, view.quorum.needed, view.quorum.met), (9, 6, true));
        assert_eq!(view.sites[&"hoa-binh".into()].present, 2);
    }
}

#[test]
fn reasons_proposals_and_counts_are_for_those_who_run_the_sitting() {
    let mut s = Sitting::debate();
    let [lan] = s.speeches(["lan"]);
    s.may("an", refuse(&lan, "Không thuộc nội dung"));
    s.may("thu", mark("ha", Attendance::Absent, "Không báo"));
    s.may(
        "cuong",
        Command::AskLeave {
            reason: "Việc gia đình".to_owned(),
        },
    );
    s.may(
        "minh",
        Command::ProposeSite {
            site: "hoa-binh".into(),
            present: vec!["lan".into()],
        },
    );
    s.speeches(["giang"]);
    for audience in AUDIENCES {
        let view = shared(&s.meeting, audience, s.now);
        let inside = runs(audience);
        assert_eq!(view.requests[&lan].reason.is_some(), inside, "{audience:?}");
        assert_eq!(view.people[&"ha".into()].reason.is_some(), inside, "{audience:?}");
        assert_eq!(!view.leaves.is_empty(), inside, "{audience:?}");
        assert_eq!(!view.proposals.is_empty(), inside, "{audience:?}");
        assert_eq!(!view.fairness.is_empty(), inside, "{audience:?}");
        assert_eq!(!view.snapshots["1"].states.is_empty(), inside, "{audience:?}");
        assert_eq!(view.snapshots["1"].present, 9, "the number is everybody's");
        assert_eq!(!view.requests[&"r2".into()].badges.is_empty(), inside, "{audience:?}");
        let phone = &view.sites[&"hoa-binh".into()].phone;
        assert_eq!(phone.is_empty(), audience == AudienceKind::Delegate, "{audience:?}");
    }
    let hers = mine(&s.meeting, &person("lan"), AudienceKind::Delegate, s.now);
    assert_eq!(hers.reasons[&lan], "Không thuộc nội dung", "she is told why");
    let his = mine(&s.meeting, &person("cuong"), AudienceKind::Delegate, s.now);
    assert!(his.reasons.is_empty());
}

#[test]
fn a_reminder_is_between_chair_and_speaker() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("an", Command::Remind);
    for audience in AUDIENCES {
        let turn = shared(&s.meeting, audience, s.now).turn.expect("lan speaks");
        assert_eq!(turn.reminded_at.is_some(), runs(audience), "{audience:?}");
    }
    let of = |who: &str| mine(&s.meeting, &person(who), AudienceKind::Delegate, s.now).reminded_at;
    assert_eq!((of("lan"), of("minh")), (Some(s.now), None));
}

#[test]
fn a_lost_room_is_held_and_the_chair_is_told() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.speeches(["minh"]);
    s.after(30);
    s.lose("hoa-binh-1", 10);
    let chair = |s: &Sitting| shared(&s.meeting, AudienceKind::Chair, s.now);
    let turn = chair(&s).turn.expect("hers still");
    assert_eq!(
        (turn.pause, turn.hold_over, turn.ready),
        (Some(PauseReason::LineLost), false, false)
    );
    assert_eq!(
        (turn.spent_ms, turn.hold_until),
        (20_000, Some(s.now.plus_seconds(120)))
    );
    let lost = &chair(&s).alerts["lost:hoa-binh"];
    assert_eq!((lost.kind, lost.count), (AlertKind::SiteLost, Some(1)));
    s.after(120);
    assert_eq!(chair(&s).alerts["hold"].kind, AlertKind::HoldOver);
    s.back("hoa-binh-1");
    let view = chair(&s);
    assert!(
        view.turn
            .is_some_and(|turn| turn.ready && turn.hold_until.is_none() && !turn.hold_over)
    );
    assert_eq!(view.alerts["back:hoa-binh"].kind, AlertKind::SiteBack);
    assert!(!view.alerts.contains_key("hold"));
    s.after(61);
    assert!(
        !chair(&s).alerts.contains_key("back:hoa-binh"),
        "one notification, not a banner for ever"
    );
    let tablet = shared(&s.meeting, AudienceKind::Delegate, s.now);
    assert!(tablet.alerts.is_empty());
}

#[test]
fn alerts_of_chair_and_quorum() {
    let mut s = Sitting::debate();
    for who in ["lan", "minh"] {
        s.may("thu", mark(who, Attendance::SteppedOut, ""));
    }
    let secretary = |s: &Sitting| shared(&s.meeting, AudienceKind::Secretary, s.now).alerts;
    assert_eq!(secretary(&s)["quorum"].kind, AlertKind::QuorumThin);
    for who in ["cuong", "dung"] {
        s.may("thu", mark(who, Attendance::SteppedOut, ""));
    }
    assert_eq!(secretary(&s)["quorum"].kind, AlertKind::QuorumLost);
    s.go("an", 0);
    s.after(120);
    s.may("binh", Command::ClaimChair);
    assert_eq!(secretary(&s)["chair"].kind, AlertKind::ChairAway);
    assert_eq!(secretary(&s)["claim"].person, Some("binh".into()));
    let technician = shared(&s.meeting, AudienceKind::Technician, s.now).alerts;
    assert!(
        technician.is_empty(),
        "no attendance and no chair for technicians: {technician:?}"
    );
}

#[test]
fn badges_help_the_chair_to_be_fair() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.after(30);
    s.may("lan", Command::EndTurn);
    s.speeches(["minh", "lan", "cuong"]);
    let view = shared(&s.meeting, AudienceKind::Chair, s.now);
    let badges = |id: &str| view.requests[&id.into()].badges.clone();
    assert_eq!(
        badges("r2"),
        [Badge::FirstTime, Badge::LeastTime],
        "minh: his site was heard"
    );
    assert_eq!(badges("r3"), [], "lan has spoken");
    assert_eq!(badges("r4"), [Badge::FirstTime, Badge::SiteUnheard, Badge::LeastTime]);
}

#[test]
fn a_tablet_shows_the_buttons_that_work_and_why_the_others_do_not() {
    let mut s = Sitting::debate();
    let hers = |s: &Sitting| mine(&s.meeting, &person("lan"), AudienceKind::Delegate, s.now);
    let view = hers(&s);
    assert!(view.active);
    assert!(view.kinds.contains(&RequestKind::Speech) && view.kinds.contains(&RequestKind::PointOfOrder));
    assert_eq!(view.closed_kinds[&RequestKind::Question], Refusal::KindNotOpen);
    assert_eq!(view.cannot[&Act::EndTurn], Refusal::NotAllowed);
    assert!(
        !view.cannot.contains_key(&Act::Suspend) && !view.can.contains(&Act::Suspend),
        "not her button at all"
    );
    let [lan] = s.speeches(["lan"]);
    let doubled = Refusal::AlreadyRegistered {
        request: lan.clone(),
        position: 1,
    };
    assert_eq!(hers(&s).closed_kinds[&RequestKind::Speech], doubled);
    s.invite(&lan);
    assert!(hers(&s).can.contains(&Act::EndTurn) && hers(&s).can.contains(&Act::AskExtension));

    s.hub(Command::BindDevice {
        person: "lan".into(),
        device: "lan-2".into(),
        site: None,
    })
    .expect("a new tablet");
    let old = hers(&s);
    assert!(!old.active && old.kinds.is_empty());
    assert_eq!(old.cannot[&Act::EndTurn], Refusal::OtherDevice);
    let new = mine(&s.meeting, &person_at("lan", "lan-2"), AudienceKind::Delegate, s.now);
    assert!(new.active && new.can.contains(&Act::EndTurn));

    let guest = mine(&s.meeting, &person("phuc"), AudienceKind::Delegate, s.now);
    assert_eq!(guest.kinds, [RequestKind::Paper]);
    let lead = mine(&s.meeting, &person("minh"), AudienceKind::Delegate, s.now);
    assert!(lead.can.contains(&Act::ProposeSite));
}

#[test]
fn the_second_console_is_read_only_until_it_takes_over() {
    let mut s = Sitting::debate();
    let at = |s: &Sitting, device: &str| mine(&s.meeting, &person_at("an", device), AudienceKind::Chair, s.now);
    let console = at(&s, "an-1");
    assert!(console.active && console.can.contains(&Act::CloseList) && console.can.contains(&Act::RunQueue));
    assert_eq!(console.cannot[&Act::CloseSitting], Refusal::ItemOpen);
    assert_eq!(console.cannot[&Act::TakeConsole], Refusal::NoChange);
    let second = at(&s, "an-2");
    assert!(!second.active);
    assert_eq!(second.cannot[&Act::CloseList], Refusal::OtherConsole);
    assert!(second.can.contains(&Act::TakeConsole));
    let co_chair = mine(&s.meeting, &person("binh"), AudienceKind::Chair, s.now);
    assert!(co_chair.active);
    assert_eq!(co_chair.cannot[&Act::CloseList], Refusal::NotPresiding);
    s.may("an", Command::OfferChair { to: "binh".into() });
    assert!(
        mine(&s.meeting, &person("binh"), AudienceKind::Chair, s.now)
            .can
            .contains(&Act::AcceptChair)
    );
}

#[test]
fn a_room_has_one_button_its_own_check() {
    let s = Sitting::debate();
    let room = mine(
        &s.meeting,
        &Actor::Room {
            id: "hoa-binh-1".into(),
        },
        AudienceKind::Room,
        s.now,
    );
    assert_eq!(
        (room.endpoint, room.can, room.cannot.len()),
        (Some("hoa-binh-1".into()), vec![Act::AskCheck], 0)
    );
}

#[test]
fn a_roll_call_by_name_as_screens_see_it() {
    let mut s = Sitting::debate();
    s.may("thu", Command::StartRoll);
    let roll = |s: &Sitting| shared(&s.meeting, AudienceKind::Room, s.now).roll.expect("under way");
    assert_eq!(
        (roll(&s).state, roll(&s).until),
        (RollState::Electronic, Some(s.now.plus_seconds(60)))
    );
    s.may("thu", sitting::call(CallOrder::Roster, true));
    s.may("thu", sitting::answer("an", CallAnswer::NoAnswer));
    let view = roll(&s);
    assert_eq!(
        (view.state, view.calling, view.next),
        (RollState::FirstRound, Some("binh".into()), Some("giang".into()))
    );
    assert_eq!((view.left, view.unanswered, view.until), (8, 1, None));
    let people = shared(&s.meeting, AudienceKind::Room, s.now).people;
    assert_eq!(people[&"an".into()].answer, Some(CallAnswer::NoAnswer));
    let thu = mine(&s.meeting, &person("thu"), AudienceKind::Secretary, s.now);
    assert!(thu.can.contains(&Act::AnswerCall) && thu.can.contains(&Act::FreezeRoll) && thu.can.contains(&Act::Mark));
}

#[test]
fn an_interruption_shows_both_turns_and_an_end_can_be_undone() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    let order = s.register("cuong", RequestKind::PointOfOrder);
    s.invite(&order);
    let view = shared(&s.meeting, AudienceKind::Room, s.now);
    assert_eq!(view.turn.map(|turn| turn.person), Some("cuong".into()));
    assert_eq!(
        view.interrupted.map(|turn| turn.pause),
        Some(Some(PauseReason::PointOfOrder))
    );
    s.may("an", Command::EndTurn);
    let view = shared(&s.meeting, AudienceKind::Room, s.now);
    assert_eq!(view.ended.map(|ended| ended.undo_until), Some(s.now.plus_seconds(15)));
    assert_eq!(view.turns.len(), 1);
    s.after(16);
    assert_eq!(shared(&s.meeting, AudienceKind::Room, s.now).ended, None);
}

/// Laws of the views: no field is ever null, so that a merge patch can say every change.
fn no_nulls(value: &serde_json::Value, path: &str) {
    match value {
        serde_json::Value::Null => panic!("{path} is null"),
        serde_json::Value::Array(items) => items.iter().for_each(|item| no_nulls(item, path)),
        serde_json::Value::Object(fields) => {
            fields
                .iter()
                .for_each(|(name, field)| no_nulls(field, &format!("{path}.{name}")));
        }
        serde_json::Value::Bool(_) | serde_json::Value::Number(_) | serde_json::Value::String(_) => {}
    }
}

#[test]
fn no_view_has_a_null_and_every_view_can_be_read_back() {
    let mut s = Sitting::on_item(council(), "chat-van");
    s.may("an", Command::OpenList);
    let question = s.register("lan", RequestKind::Question);
    s.invite(&question);
    s.may("an", direct("quang", RequestKind::Answer));
    s.register("lan", RequestKind::Rebuttal);
    s.may("thu", Command::StartRoll);
    s.may("thu", seat("cuong", "hall"));
    s.lose("hall-1", 3);
    s.after(500);
    for audience in AUDIENCES {
        let view = shared(&s.meeting, audience, s.now);
        let json = serde_json::to_value(&view).expect("a view is JSON");
        no_nulls(&json, "shared");
        assert_eq!(
            serde_json::from_value::<protocol::view::Shared>(json).expect("read back"),
            view
        );
        for who in ["an", "thu", "lan", "phuc"] {
            let view = mine(&s.meeting, &person(who), audience, s.now);
            let json = serde_json::to_value(&view).expect("a view is JSON");
            no_nulls(&json, "mine");
            assert_eq!(
                serde_json::from_value::<protocol::view::Mine>(json).expect("read back"),
                view
            );
        }
    }
}

#[test]
fn what_a_button_promises_the_meeting_keeps() {
    let mut s = Sitting::debate();
    let lan = mine(&s.meeting, &person("lan"), AudienceKind::Delegate, s.now);
    for kind in lan.kinds {
        let mut s = s.clone();
        s.may("lan", register(kind));
    }
    for (kind, refusal) in lan.closed_kinds {
        assert_eq!(s.refused("lan", register(kind)), refusal);
    }
}

#[test]
fn every_moment_of_every_recorded_sitting_can_be_shown() {
    for journal in [
        include_str!("../../meeting/tests/golden/morning.jsonl"),
        include_str!("../../meeting/tests/golden/storm.jsonl"),
        include_str!("../../meeting/tests/golden/odds.jsonl"),
        include_str!("../../meeting/tests/golden/chance.jsonl"),
    ] {
        let mut meeting = meeting::Meeting::new();
        for line in journal.lines() {
            let entry: meeting::Entry = serde_json::from_str(line).expect("a line of the journal");
            meeting.apply(&entry);
            for audience in AUDIENCES {
                let view = shared(&meeting, audience, entry.at);
                let waits = view
                    .requests
                    .values()
                    .filter(|request| request.position.is_some())
                    .count();
                assert_eq!(waits, view.list.waiting as usize);
                let live: Vec<_> = view
                    .endpoints
                    .iter()
                    .filter(|(_, room)| room.live)
                    .map(|(id, _)| id)
                    .collect();
                assert_eq!(live, meeting.heard().iter().collect::<Vec<_>>());
                no_nulls(&serde_json::to_value(&view).expect("JSON"), "shared");
                for id in meeting.setup().people.keys() {
                    let view = mine(&meeting, &person(&id.0), audience, entry.at);
                    assert!(view.can.iter().all(|act| !view.cannot.contains_key(act)));
                    no_nulls(&serde_json::to_value(&view).expect("JSON"), "mine");
                }
            }
        }
    }
}
