//! What is written beside a sitting is for those who write it and for the chair.

#[allow(dead_code, reason = "the stories of the rules need more of it")]
#[path = "../../meeting/tests/stories/sitting.rs"]
mod sitting;

use meeting::command::Command;
use meeting::note::Mark;
use protocol::project::shared;
use protocol::view::AudienceKind;
use sitting::Sitting;

#[test]
fn notes_and_scripts_are_for_the_chair_and_secretaries_and_secretaries_see_turns_of_closed_items() {
    let mut s = Sitting::debate();
    s.gives_the_floor_to("lan");
    s.may(
        "thu",
        Command::NoteTurn {
            turn: "t1".into(),
            summary: "Cam kết xong trước tháng 9".to_owned(),
            marks: [Mark::Commitment].into(),
        },
    );
    s.may(
        "thu",
        Command::WriteScript {
            item: "thao-luan".into(),
            text: "Kính thưa các vị đại biểu.".to_owned(),
        },
    );
    s.may("an", Command::EndTurn);
    s.may("an", Command::CloseItem { leftover: None });
    for (audience, notes, scripts, turns) in [
        (AudienceKind::Chair, 1, 1, 0),
        (AudienceKind::Secretary, 1, 1, 1),
        (AudienceKind::Technician, 0, 0, 0),
        (AudienceKind::Room, 0, 0, 0),
        (AudienceKind::Delegate, 0, 0, 0),
    ] {
        let view = shared(&s.meeting, audience, s.now);
        let seen = (view.notes.len(), view.scripts.len(), view.turns.len());
        assert_eq!(seen, (notes, scripts, turns), "{audience:?}");
    }
    let view = shared(&s.meeting, AudienceKind::Secretary, s.now);
    let note = &view.notes[&"t1".into()];
    assert_eq!(
        (note.by.0.as_str(), note.summary.as_str()),
        ("thu", "Cam kết xong trước tháng 9")
    );
    assert_eq!(view.turns[&"t1".into()].item.0, "thao-luan");
}
