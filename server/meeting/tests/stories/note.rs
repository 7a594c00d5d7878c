//! Secretaries write while people speak; the chair's words for an item are prepared before it.

use crate::sitting::Sitting;
use meeting::command::Command;
use meeting::note::Mark;
use meeting::refusal::Refusal;

fn note(turn: &str, summary: &str, marks: &[Mark]) -> Command {
    Command::NoteTurn {
        turn: turn.into(),
        summary: summary.to_owned(),
        marks: marks.iter().copied().collect(),
    }
}

fn script(item: &str, text: &str) -> Command {
    Command::WriteScript {
        item: item.into(),
        text: text.to_owned(),
    }
}

#[test]
fn a_turn_is_summed_up_while_it_runs_and_long_after_it() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may("thu", note("t1", "Đề nghị sửa đường liên xã", &[]));
    s.may("an", Command::EndTurn);
    s.may("an", Command::CloseList);
    s.after(60);
    s.may("an", Command::CloseItem { leftover: None });
    s.may(
        "hanh",
        note("t1", "Đề nghị sửa đường liên xã trước mùa mưa", &[Mark::Petition]),
    );
    let written = &s.meeting.turn_notes()[&"t1".into()];
    assert_eq!(written.summary, "Đề nghị sửa đường liên xã trước mùa mưa");
    assert!(written.marks.contains(&Mark::Petition));
    assert_eq!(
        (written.by.0.as_str(), written.at),
        ("hanh", s.now),
        "the last writer is known"
    );

    s.may("an", Command::CloseSitting);
    s.may("thu", note("t1", "", &[]));
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn what_is_typed_again_and_what_nobody_said_is_not_written() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    assert_eq!(s.refused("thu", note("t9", "Không có lượt này", &[])), Refusal::Unknown);
    assert_eq!(s.refused("thu", note("t1", "", &[])), Refusal::NoChange);
    s.may("thu", note("t1", "Ý kiến", &[Mark::Commitment]));
    assert_eq!(
        s.refused("hanh", note("t1", "Ý kiến", &[Mark::Commitment])),
        Refusal::NoChange
    );
    let long = "ế".repeat(4_001);
    assert_eq!(s.refused("thu", note("t1", &long, &[])), Refusal::OutOfRange);
    s.may("thu", note("t1", &long[..long.len() - "ế".len()], &[]));
    for other in ["an", "binh", "lan", "minh", "ky", "phuc"] {
        assert_eq!(
            s.refused(other, note("t1", "Khác", &[])),
            Refusal::NotAllowed,
            "{other}"
        );
    }
}

#[test]
fn the_chairs_words_are_prepared_beforehand_and_given_back_to_the_template() {
    let mut s = Sitting::debate();
    s.may("thu", script("thao-luan", "Kính thưa {có mặt} đại biểu."));
    s.may("an", script("thao-luan", "Kính thưa các vị đại biểu."));
    let written = &s.meeting.scripts()[&"thao-luan".into()];
    assert_eq!(
        (written.text.as_str(), written.by.0.as_str()),
        ("Kính thưa các vị đại biểu.", "an")
    );
    assert_eq!(
        s.refused("thu", script("thao-luan", "Kính thưa các vị đại biểu.")),
        Refusal::NoChange
    );
    assert_eq!(s.refused("thu", script("khong-co", "Lời")), Refusal::Unknown);
    assert_eq!(s.refused("binh", script("thao-luan", "Lời")), Refusal::NotPresiding);
    assert_eq!(s.refused("lan", script("thao-luan", "Lời")), Refusal::NotAllowed);
    s.may("thu", script("thao-luan", ""));
    assert!(s.meeting.scripts().is_empty());
    assert_eq!(s.replayed(), s.meeting);
}
