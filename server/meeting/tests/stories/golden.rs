//! Journals recorded once and replayed for ever: whatever the rules become, what happened stays what happened.
//!
//! A recording is the `journal` of a `Sitting`, line by line; beside it stands what the meeting was at the end, as people
//! would tell it. When an event gets a new field, old recordings must still be read: give the field a default. A recording
//! is never made anew to please a test; a new one is added.

use crate::sitting::replay;
use meeting::Meeting;
use meeting::privacy::Privacy;
use std::fmt::Write;

#[test]
fn a_morning_with_roll_call_debate_and_questions() {
    told(
        include_str!("../golden/morning.jsonl"),
        include_str!("../golden/morning.txt"),
    );
}

#[test]
fn a_sitting_with_lost_lines_a_restart_and_a_new_chair() {
    told(
        include_str!("../golden/storm.jsonl"),
        include_str!("../golden/storm.txt"),
    );
}

#[test]
fn a_sitting_of_odds_and_ends() {
    told(include_str!("../golden/odds.jsonl"), include_str!("../golden/odds.txt"));
}

#[test]
fn a_sitting_nobody_would_hold() {
    told(
        include_str!("../golden/chance.jsonl"),
        include_str!("../golden/chance.txt"),
    );
}

#[test]
fn a_sitting_of_checks_cuts_and_silence() {
    told(include_str!("../golden/desk.jsonl"), include_str!("../golden/desk.txt"));
}

#[test]
fn a_sitting_of_votes() {
    told(
        include_str!("../golden/ballot.jsonl"),
        include_str!("../golden/ballot.txt"),
    );
}

#[test]
fn a_sitting_of_questions_and_honours() {
    told(
        include_str!("../golden/asked.jsonl"),
        include_str!("../golden/asked.txt"),
    );
}

#[test]
fn a_sitting_behind_closed_doors() {
    told(
        include_str!("../golden/doors.jsonl"),
        include_str!("../golden/doors.txt"),
    );
}

#[test]
fn a_sitting_with_a_confidence_vote_on_paper() {
    told(
        include_str!("../golden/confidence.jsonl"),
        include_str!("../golden/confidence.txt"),
    );
}

#[test]
fn a_journal_in_any_order_is_applied_without_a_stumble() {
    let journals = [
        include_str!("../golden/morning.jsonl"),
        include_str!("../golden/storm.jsonl"),
        include_str!("../golden/odds.jsonl"),
        include_str!("../golden/chance.jsonl"),
        include_str!("../golden/desk.jsonl"),
        include_str!("../golden/ballot.jsonl"),
        include_str!("../golden/asked.jsonl"),
        include_str!("../golden/doors.jsonl"),
        include_str!("../golden/confidence.jsonl"),
    ];
    let lines: Vec<&str> = journals.iter().flat_map(|journal| journal.lines()).collect();
    // Steps that share no factor with the number of lines visit each line once.
    for step in [1, 13, 31, 101, 211] {
        let mixed: Vec<&str> = (0..lines.len()).map(|n| lines[n * step % lines.len()]).collect();
        let meeting = replay(&mixed);
        assert_eq!(meeting.seq(), lines.len() as u64);
        let _ = (tell(&meeting), meeting.due(meeting.phase_since()));
    }
}

#[track_caller]
fn told(journal: &str, expected: &str) {
    let lines: Vec<&str> = journal.lines().collect();
    let meeting = replay(&lines);
    assert_eq!(meeting.seq(), lines.len() as u64);
    assert_eq!(tell(&meeting), expected);
}

/// What a meeting is, as people would tell it.
pub(crate) fn tell(m: &Meeting) -> String {
    let mut text = String::new();
    let mut line = |what: std::fmt::Arguments<'_>| {
        text.write_fmt(what).expect("a string takes what is written");
        text.push('\n');
    };
    line(format_args!(
        "{:?} since {} after {} entries",
        m.phase(),
        m.phase_since().0,
        m.seq()
    ));
    line(format_args!(
        "{} presides at {:?}; away since {:?}",
        m.presiding(),
        m.console(),
        m.chair_away_since()
    ));
    line(format_args!("offered to {:?}, claimed {:?}", m.offered_to(), m.claim()));
    line(format_args!(
        "secretary coordinates: {}; unrecorded: {}",
        m.secretary_coordinates(),
        m.unrecorded()
    ));
    line(format_args!("item {:?}; list {:?}", m.item(), m.list()));
    for (id, times) in m.items() {
        line(format_args!("item {id}: {times:?}"));
    }
    line(format_args!(
        "queue {:?}",
        m.queue().iter().map(|id| id.0.as_str()).collect::<Vec<_>>()
    ));
    for (id, request) in m.requests() {
        line(format_args!(
            "request {id}: {} {:?} {:?} key ({}, {}, {}) moved {} late {} left {:?} reason {:?}",
            request.person,
            request.kind,
            request.state,
            request.class,
            request.rank,
            request.sequence,
            request.moved,
            request.late,
            request.left_ms,
            request.reason,
        ));
    }
    line(format_args!("turn {:?}", m.turn()));
    line(format_args!("interrupted {:?}", m.interrupted()));
    for past in m.past() {
        let turn = &past.turn;
        line(format_args!(
            "spoke {}: {} from {} {:?} on {} started {:?} ended {} {:?} spent {} of {:?} skipped {}",
            turn.id,
            turn.person,
            turn.endpoint,
            turn.kind,
            turn.item,
            turn.started_at.map(|at| at.0),
            past.ended_at.0,
            past.how,
            turn.spent_ms,
            turn.limit_ms,
            turn.skipped.len(),
        ));
    }
    line(format_args!("quorum {:?}", m.quorum()));
    for snapshot in m.snapshots() {
        line(format_args!(
            "roll call {}: {} of {}",
            snapshot.number, snapshot.present, snapshot.total
        ));
    }
    line(format_args!("roll call under way {:?}", m.roll()));
    for id in m.setup().people.keys() {
        let history = m.record(id).map_or(&[][..], |record| &record.history);
        let history: Vec<String> = history
            .iter()
            .map(|change| format!("{:?}/{:?}@{}", change.to, change.method, change.site))
            .collect();
        line(format_args!(
            "{id} at {:?} online {}: {}",
            m.seat(id),
            m.person_online(id),
            history.join(" ")
        ));
    }
    line(format_args!(
        "heard {:?}; stage {:?}; next due {:?}",
        m.heard(),
        m.stage(),
        m.next_due()
    ));
    for (room, checked) in m.checks() {
        line(format_args!(
            "{room} checked {} times: {:?} on {}, void {}: {:?} {:?}",
            checked.number, checked.class, checked.device, checked.void, checked.grades, checked.figures
        ));
    }
    if let Some(arranged) = m.arranged() {
        line(format_args!("by hand {arranged:?}"));
    }
    if let Some(silence) = m.silence() {
        line(format_args!("silenced {silence:?}"));
    }
    for (person, since) in m.watching() {
        line(format_args!("{person} watches since {}", since.0));
    }
    if *m.privacy() != Privacy::Public || !m.closed_parts().is_empty() {
        line(format_args!(
            "doors {:?}; closed parts {:?}",
            m.privacy(),
            m.closed_parts()
        ));
    }
    if let Some((ceremony, caption)) = m.caption() {
        line(format_args!("under the picture {caption:?} of {:?}", ceremony.document));
    }
    for question in m.questions().values() {
        line(format_args!("question {question:?}"));
    }
    for note in m.undertakings().values() {
        line(format_args!("note {note:?}"));
    }
    if let Some(answerer) = m.answerer() {
        line(format_args!("{answerer} answers"));
    }
    if let Some(board) = m.board() {
        line(format_args!("counting board {board:?}"));
    }
    if let Some(one) = m.confidence() {
        line(format_args!("confidence {one:?}"));
    }
    for vote in m.votes_in_order() {
        line(format_args!(
            "vote {}: {:?} {:?} hash {} until {:?} repeats {:?} repeated by {:?} reason {:?}",
            vote.id, vote.content.title, vote.phase, vote.hash, vote.until, vote.repeats, vote.repeated_by, vote.reason
        ));
        line(format_args!("  opened {:?}, closed {:?}", vote.opening, vote.closed_at));
        for (person, elector) in &vote.electors {
            line(format_args!("  {person} {elector:?}: {:?}", vote.ballots.get(person)));
        }
        for (site, hands) in &vote.hands {
            line(format_args!("  hands at {site}: {hands:?}"));
        }
        line(format_args!("  waiting {:?} {:?}", vote.spoken, vote.objections));
        line(format_args!("  corrected {:?}", vote.corrections));
        line(format_args!("  result {:?}, now {:?}", vote.result, vote.tally()));
    }
    text
}
