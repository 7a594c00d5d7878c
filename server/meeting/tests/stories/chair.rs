//! Who presides: one console, hand-over, and the claim of a chair who is gone.

use crate::sitting::{Sitting, defer, invite, on_deck, person_at};
use meeting::command::Command;
use meeting::refusal::Refusal;
use meeting::setup::RequestKind;

fn offer(to: &str) -> Command {
    Command::OfferChair { to: to.into() }
}

#[test]
fn the_first_act_settles_the_console_and_another_device_takes_it_over() {
    let mut s = Sitting::debate();
    let laptop = person_at("an", "an-2");
    assert_eq!(s.meeting.console().map(|device| device.0.as_str()), Some("an-1"));
    assert_eq!(s.ask_as(laptop.clone(), Command::CloseList), Err(Refusal::OtherConsole));
    s.ask_as(laptop.clone(), Command::TakeConsole).expect("nhận điều hành");
    s.ask_as(laptop, Command::CloseList).expect("this is the console now");
    assert_eq!(s.refused("an", Command::KeepListOpen), Refusal::OtherConsole);
    s.may("an", Command::TakeConsole);
    assert_eq!(s.refused("an", Command::TakeConsole), Refusal::NoChange);
}

#[test]
fn the_chair_is_a_delegate_too_on_the_tablet() {
    let mut s = Sitting::debate();
    s.ask_as(person_at("an", "an-2"), Command::TakeConsole)
        .expect("nhận điều hành");
    // The old device is still the companion: it registers, but does not preside.
    s.register("an", RequestKind::Speech);
    assert_eq!(s.refused("an", Command::CloseList), Refusal::OtherConsole);
}

#[test]
fn a_hand_over_needs_both() {
    let mut s = Sitting::debate();
    assert_eq!(
        s.refused("an", offer("lan")),
        Refusal::NotAllowed,
        "lan may not preside"
    );
    assert_eq!(s.refused("an", offer("an")), Refusal::NoChange);
    assert_eq!(s.refused("binh", Command::AcceptChair), Refusal::NoHandOver);
    s.may("an", offer("binh"));
    s.may("an", Command::WithdrawChairOffer);
    assert_eq!(s.refused("binh", Command::AcceptChair), Refusal::NoHandOver);
    s.may("an", offer("binh"));
    s.may("binh", Command::AcceptChair);
    assert_eq!(s.meeting.presiding().0, "binh");
    assert_eq!(s.refused("an", Command::CloseList), Refusal::NotPresiding);
    s.may("binh", Command::CloseList);
}

#[test]
fn while_the_chair_is_away_who_speaks_may_finish_and_nobody_is_invited() {
    let mut s = Sitting::debate();
    s.may("an", Command::SetCoordination { secretary: true });
    let [lan, cuong] = s.speeches(["lan", "cuong"]);
    s.invite(&lan);
    s.go("an", 15);
    assert_eq!(s.speaker(), Some("lan"));
    assert_eq!(s.refused("thu", invite(&cuong)), Refusal::ChairOffline);
    assert_eq!(s.refused("thu", on_deck(&cuong)), Refusal::ChairOffline);
    assert_eq!(s.refused("thu", defer(&cuong)), Refusal::ChairOffline);
    s.may("thu", Command::Extend { minutes: 2 });
    s.after(60);
    s.may("lan", Command::EndTurn);
    assert_eq!(s.speaker(), None);
    assert_eq!(s.queue(), ["cuong"]);
}

#[test]
fn a_chair_who_is_gone_is_replaced_by_claim_and_confirmation() {
    let mut s = Sitting::debate();
    assert_eq!(
        s.refused("binh", Command::ClaimChair),
        Refusal::ChairNotAway { seconds: 120 }
    );
    s.go("an", 15);
    assert_eq!(
        s.refused("binh", Command::ClaimChair),
        Refusal::ChairNotAway { seconds: 105 }
    );
    s.after(104);
    assert_eq!(
        s.refused("binh", Command::ClaimChair),
        Refusal::ChairNotAway { seconds: 1 }
    );
    assert_eq!(
        s.refused("thu", Command::AnswerClaim { confirm: true }),
        Refusal::NoHandOver
    );
    s.after(1);
    s.may("binh", Command::ClaimChair);
    assert_eq!(s.meeting.presiding().0, "an", "not without a secretary");
    s.may("thu", Command::AnswerClaim { confirm: true });
    assert_eq!(s.meeting.presiding().0, "binh");
    s.may("binh", Command::CloseList);

    s.come("an");
    assert_eq!(s.meeting.presiding().0, "binh", "presiding is not taken back by itself");
    assert_eq!(s.refused("an", Command::KeepListOpen), Refusal::NotPresiding);
}

#[test]
fn a_claim_lapses_when_the_chair_is_back_and_can_be_refused() {
    let mut s = Sitting::debate();
    s.go("an", 0);
    s.after(120);
    s.may("binh", Command::ClaimChair);
    s.come("an");
    assert_eq!(
        s.refused("thu", Command::AnswerClaim { confirm: true }),
        Refusal::NoHandOver
    );
    s.go("an", 0);
    s.after(120);
    s.may("binh", Command::ClaimChair);
    s.may("thu", Command::AnswerClaim { confirm: false });
    assert_eq!(s.meeting.presiding().0, "an");
}
