//! Votes: what is put to the vote, who may vote, what a close cuts off, and what no lost line can change.

pub(crate) use crate::ballot::{cast, content, marks, vote};
use crate::sitting::{Sitting, council, mark, person_at};
use meeting::command::{Actor, Asked, Attendance, Command};
use meeting::id::{ChoiceId, CommandId, LineId, PersonId, VoteId};
use meeting::refusal::Refusal;
use meeting::vote::command::VoteCommand as V;
use meeting::vote::content::{Choice, Content, Line, Method, PLAIN, Part, Threshold};
use meeting::vote::rules::VoteRules;
use meeting::vote::{Channel, Counts, Vote, VotePhase};
use meeting::{Decision, Phase};

// --- what stories about votes use ---

pub(crate) fn hands(id: &VoteId, site: &str, counts: [u32; 3], explanation: &str) -> Command {
    let choices = ["for", "against", "abstain"].map(ChoiceId::from);
    let counts: Counts = [(LineId::from(PLAIN), choices.into_iter().zip(counts).collect())].into();
    vote(V::EnterHands {
        vote: id.clone(),
        site: site.into(),
        counts,
        explanation: explanation.to_owned(),
    })
}

pub(crate) fn confirm_hands(id: &VoteId, site: &str) -> Command {
    vote(V::ConfirmHands {
        vote: id.clone(),
        site: site.into(),
    })
}

pub(crate) fn spoken(id: &VoteId, who: &str, choice: &str) -> Command {
    vote(V::EnterSpoken {
        vote: id.clone(),
        person: who.into(),
        marks: marks(choice),
    })
}

pub(crate) fn confirm_spoken(id: &VoteId, who: &str, confirm: bool) -> Command {
    vote(V::ConfirmSpoken {
        vote: id.clone(),
        person: who.into(),
        confirm,
    })
}

pub(crate) fn route(id: &VoteId, who: &str, channel: Channel) -> Command {
    vote(V::Route {
        vote: id.clone(),
        person: who.into(),
        channel,
    })
}

pub(crate) fn open(id: &VoteId) -> Command {
    vote(V::Open {
        vote: id.clone(),
        override_quorum: String::new(),
    })
}

pub(crate) fn close(id: &VoteId, early: bool) -> Command {
    vote(V::Close {
        vote: id.clone(),
        early,
    })
}

pub(crate) fn announce(id: &VoteId) -> Command {
    vote(V::Announce { vote: id.clone() })
}

fn object(id: &VoteId, who: Option<&str>, choice: &str) -> Command {
    vote(V::Object {
        vote: id.clone(),
        person: who.map(PersonId::from),
        marks: marks(choice),
    })
}

fn agree(id: &VoteId, who: &str, agree: bool) -> Command {
    vote(V::AnswerObjection {
        vote: id.clone(),
        person: who.into(),
        agree,
    })
}

fn repeat(id: &VoteId, reason: &str) -> Command {
    vote(V::Repeat {
        vote: id.clone(),
        reason: reason.to_owned(),
    })
}

impl Sitting {
    /// A secretary prepares it and calls it ready.
    #[track_caller]
    pub(crate) fn ready(&mut self, content: Content) -> VoteId {
        self.may(
            "thu",
            vote(V::Prepare {
                content: Box::new(content),
            }),
        );
        let id = self.meeting.votes_in_order().last().expect("just prepared").id.clone();
        self.may("thu", vote(V::Ready { vote: id.clone() }));
        id
    }

    /// … and the chair opens it.
    #[track_caller]
    pub(crate) fn opened(&mut self, content: Content) -> VoteId {
        let id = self.ready(content);
        self.may("an", open(&id));
        id
    }

    pub(crate) fn vote(&self, id: &VoteId) -> &Vote {
        &self.meeting.votes()[id]
    }

    /// Votes for, against, abstaining, and electors who did not vote.
    pub(crate) fn counted(&self, id: &VoteId) -> [u32; 4] {
        let line = &self.vote(id).tally()[0];
        let of = |choice: &str| line.votes.get(&choice.into()).copied().unwrap_or(0);
        [of("for"), of("against"), of("abstain"), line.not_voting]
    }
}

const EVERYBODY: [&str; 9] = ["an", "binh", "giang", "ha", "lan", "minh", "cuong", "dung", "khoa"];

// --- thresholds ---

#[test]
fn thresholds_are_shares_of_the_legal_total() {
    let rules = VoteRules::default();
    let [half, two_thirds] = [&rules.thresholds[0], &rules.thresholds[1]];
    for (total, more_than_half, at_least_two_thirds) in [(35, 18, 24), (82, 42, 55), (9, 5, 6), (1, 1, 1), (2, 2, 2)] {
        assert_eq!(half.needed(total), more_than_half, "quá nửa của {total}");
        assert_eq!(two_thirds.needed(total), at_least_two_thirds, "hai phần ba của {total}");
    }
    let all = Threshold {
        name: "Tất cả".to_owned(),
        of: 1,
        out_of: 1,
        above: false,
    };
    assert_eq!(all.needed(35), 35);
    assert_eq!(half.needed(u32::MAX), u32::MAX / 2 + 1, "no number is too large");
}

#[test]
fn absent_delegates_count_against_a_text_that_all_present_want() {
    // Nine in all, five needed: with four present and all in favour it is not carried.
    let mut s = Sitting::debate();
    for who in ["lan", "minh", "cuong", "dung", "khoa"] {
        s.may("thu", mark(who, Attendance::LeftEarly, ""));
    }
    let id = s.ready(content("nghị quyết về nước sạch", Method::Electronic));
    assert_eq!(s.refused("an", open(&id)), Refusal::NoQuorum { present: 4, needed: 6 });
    s.may(
        "an",
        vote(V::Open {
            vote: id.clone(),
            override_quorum: "Thường trực thống nhất".to_owned(),
        }),
    );
    for who in ["an", "binh", "giang", "ha"] {
        s.may(who, cast(&id, "for"));
    }
    s.may("an", close(&id, false));
    s.after(30);
    s.may("an", announce(&id));
    let line = &s.vote(&id).result[0];
    assert_eq!((line.in_favour, line.needed, line.carried), (4, 5, false));
    let opening = s.vote(&id).opening.clone().expect("opened");
    assert_eq!((opening.total, opening.present), (9, 4));
    assert_eq!(opening.override_quorum, "Thường trực thống nhất");
}

// --- an electronic vote from end to end ---

#[test]
fn from_a_draft_to_the_announcement() {
    let mut s = Sitting::debate();
    let draft = content("nghị quyết về đầu tư công", Method::Electronic);
    s.may(
        "thu",
        vote(V::Prepare {
            content: Box::new(draft.clone()),
        }),
    );
    let id = VoteId::from("v1");
    assert_eq!(s.refused("an", open(&id)), Refusal::VoteState, "a draft is not opened");
    s.may("hanh", vote(V::Ready { vote: id.clone() }));
    let hash = s.vote(&id).hash.clone();
    assert_eq!(hash.len(), 64);

    let mut other = draft.clone();
    other.text = "Thông qua một văn bản khác.".to_owned();
    s.may(
        "thu",
        vote(V::Edit {
            vote: id.clone(),
            content: Box::new(other),
        }),
    );
    assert_eq!(
        s.vote(&id).phase,
        VotePhase::Draft,
        "what was changed must be called ready again"
    );
    assert_ne!(s.vote(&id).hash, hash);
    s.may(
        "thu",
        vote(V::Edit {
            vote: id.clone(),
            content: Box::new(draft),
        }),
    );
    assert_eq!(s.vote(&id).hash, hash, "the same text has the same hash");
    s.may("thu", vote(V::Ready { vote: id.clone() }));

    assert_eq!(
        s.refused("thu", open(&id)),
        Refusal::NotAllowed,
        "a secretary alone cannot"
    );
    assert_eq!(s.refused("binh", open(&id)), Refusal::NotPresiding);
    s.may("an", open(&id));
    assert_eq!(
        s.vote(&id).opening.as_ref().map(|o| (o.total, o.present, o.needed)),
        Some((9, 9, 5))
    );

    for who in ["an", "giang", "ha", "lan", "cuong"] {
        s.may(who, cast(&id, "for"));
    }
    s.may("binh", cast(&id, "against"));
    s.may("minh", cast(&id, "abstain"));
    assert_eq!(s.refused("an", close(&id, false)), Refusal::NotAllVoted { missing: 2 });
    s.may("an", close(&id, true));
    assert_eq!(s.refused("an", announce(&id)), Refusal::CheckRunning { seconds: 30 });
    s.after(30);
    s.may("an", announce(&id));
    assert_eq!(s.counted(&id), [5, 1, 1, 2], "not voting is not abstaining");
    assert!(s.vote(&id).result[0].carried);
    assert_eq!(s.vote(&id).result, s.vote(&id).tally());
    s.may("thu", vote(V::Lock { vote: id.clone() }));
    assert_eq!(s.meeting.vote_on_screen(), None);
    assert_eq!(s.replayed(), s.meeting);
}

#[test]
fn who_may_not_vote() {
    let mut s = Sitting::debate();
    s.may("thu", mark("khoa", Attendance::LeftEarly, ""));
    let id = s.opened(content("nghị quyết về trường học", Method::Electronic));
    assert_eq!(
        s.refused("phuc", cast(&id, "for")),
        Refusal::NotAllowed,
        "a guest never votes"
    );
    assert_eq!(s.refused("thu", cast(&id, "for")), Refusal::NotAllowed);
    assert_eq!(s.refused("ky", cast(&id, "for")), Refusal::NotAllowed);
    assert_eq!(
        s.refused("khoa", cast(&id, "for")),
        Refusal::NotEntitled,
        "he left before the opening"
    );
    let other = s.ask_as(person_at("lan", "stolen"), cast(&id, "for"));
    assert_eq!(other, Err(Refusal::OtherDevice));
    assert_eq!(
        s.ask_as(Actor::Room { id: "hall-1".into() }, cast(&id, "for")),
        Err(Refusal::NotAllowed)
    );
    assert_eq!(s.refused("lan", cast(&id, "perhaps")), Refusal::BallotInvalid);
    assert_eq!(s.refused("lan", cast(&VoteId::from("v9"), "for")), Refusal::Unknown);
    assert_eq!(s.counted(&id), [0, 0, 0, 8]);

    s.may("thu", mark("khoa", Attendance::Late, ""));
    assert_eq!(
        s.refused("khoa", cast(&id, "for")),
        Refusal::NotEntitled,
        "the electorate is frozen"
    );
    let admit = vote(V::Admit {
        vote: id.clone(),
        person: "khoa".into(),
    });
    assert_eq!(s.refused("thu", admit.clone()), Refusal::NotAllowed);
    s.may("an", admit);
    s.may("khoa", cast(&id, "for"));
    assert_eq!(s.counted(&id), [1, 0, 0, 8]);
}

#[test]
fn the_last_ballot_before_the_close_counts() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về chợ", Method::Electronic));
    for choice in ["for", "against", "abstain", "against"] {
        s.may("lan", cast(&id, choice));
    }
    assert_eq!(s.counted(&id), [0, 1, 0, 8]);

    let mut setup = council();
    setup.rules.vote.may_change = false;
    let mut s = Sitting::debate_with(setup);
    let id = s.opened(content("nghị quyết về chợ", Method::Electronic));
    s.may("lan", cast(&id, "for"));
    assert_eq!(s.refused("lan", cast(&id, "against")), Refusal::AlreadyVoted);
}

#[test]
fn a_close_is_a_cut() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về cây xanh", Method::Electronic));
    s.may("lan", cast(&id, "for"));
    s.after(60);
    s.may("minh", cast(&id, "for"));
    assert_eq!(s.vote(&id).phase, VotePhase::Open, "no clock closes a vote (P4)");
    s.may("an", close(&id, false));
    assert_eq!(
        s.refused("ha", cast(&id, "for")),
        Refusal::VoteClosed,
        "in the same millisecond, but after it"
    );
    assert_eq!(s.refused("lan", cast(&id, "against")), Refusal::VoteClosed);
    assert_eq!(s.counted(&id), [2, 0, 0, 7]);
}

#[test]
fn a_ballot_that_is_sent_again_and_again_counts_once() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về thủy lợi", Method::Electronic));
    let asked = Asked {
        id: CommandId::from("ballot-of-lan"),
        by: person_at("lan", "lan-1"),
        given_at: None,
        command: cast(&id, "for"),
    };
    let Ok(Decision::Events(_)) = s.send(&asked) else {
        panic!("the first one is taken")
    };
    let at = s.meeting.seq();
    for _ in 0..5 {
        assert_eq!(s.send(&asked), Ok(Decision::Repeated(at)));
    }
    s.may("an", close(&id, true));
    assert_eq!(
        s.send(&asked),
        Ok(Decision::Repeated(at)),
        "the answer of then, also after the close"
    );
    assert_eq!(s.counted(&id), [1, 0, 0, 8]);
}

// --- lines ---

#[test]
fn voted_then_disconnected_counts() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về giao thông", Method::Electronic));
    s.may("khoa", cast(&id, "for"));
    s.go("khoa", 15);
    s.lose("home-1", 15);
    assert_eq!(s.attendance("khoa"), Attendance::Disconnected);
    s.may("an", close(&id, true));
    s.after(30);
    s.may("an", announce(&id));
    assert_eq!(s.counted(&id)[0], 1);
}

#[test]
fn who_was_disconnected_at_the_opening_may_come_back_and_vote() {
    let mut s = Sitting::debate();
    s.go("khoa", 15);
    s.lose("home-1", 15);
    let id = s.opened(content("nghị quyết về giao thông", Method::Electronic));
    assert!(
        s.vote(&id).electors.contains_key(&"khoa".into()),
        "a lost line takes no vote away"
    );
    s.may("an", vote(V::Pause { vote: id.clone() }));
    assert_eq!(s.refused("lan", cast(&id, "for")), Refusal::VotePaused);
    s.after(200);
    s.back("home-1");
    s.come("khoa");
    s.may("an", vote(V::Continue { vote: id.clone() }));
    s.may("khoa", cast(&id, "for"));
    assert_eq!(s.counted(&id), [1, 0, 0, 8]);
    assert_eq!(
        s.vote(&id).until,
        Some(s.now.plus_seconds(60)),
        "a pause takes no time from anybody"
    );
}

#[test]
fn the_vote_belongs_to_the_sitting_and_not_to_who_opened_it() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về y tế", Method::Electronic));
    s.go("an", 15);
    s.go("thu", 15);
    s.may("lan", cast(&id, "for"));
    assert_eq!(
        s.refused("hanh", close(&id, true)),
        Refusal::NotAllVoted { missing: 8 },
        "early is the chair's word"
    );
    s.after(60);
    s.may("hanh", close(&id, false));
    assert_eq!(s.vote(&id).phase, VotePhase::Checking, "another secretary closes it");
    s.after(120);
    s.may("binh", Command::ClaimChair);
    s.may("hanh", Command::AnswerClaim { confirm: true });
    s.may("binh", announce(&id));
}

#[test]
fn a_restart_in_the_middle_loses_nothing() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về môi trường", Method::Electronic));
    s.may("lan", cast(&id, "for"));
    s.after(20);
    let last_alive = s.now;
    s.now = s.now.plus_seconds(90);
    s.hub(Command::ReportRestart { last_alive }).expect("a restart");
    assert_eq!(
        s.vote(&id).until,
        Some(s.now.plus_seconds(40)),
        "the time away is nobody's loss"
    );
    assert_eq!(s.counted(&id), [1, 0, 0, 8]);
    s.may("minh", cast(&id, "against"));
    assert_eq!(s.counted(&id), [1, 1, 0, 7]);
}

#[test]
fn a_restart_takes_nobody_the_time_to_check() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về đất đai", Method::Electronic));
    s.may("lan", cast(&id, "for"));
    s.may("an", close(&id, true));
    s.after(10);
    let last_alive = s.now;
    s.now = s.now.plus_seconds(90);
    s.hub(Command::ReportRestart { last_alive }).expect("a restart");
    assert_eq!(s.refused("an", announce(&id)), Refusal::CheckRunning { seconds: 20 });
    s.may("lan", object(&id, None, "against"));
    assert_eq!(s.replayed(), s.meeting);
}

// --- word of mouth ---

#[test]
fn by_word_of_mouth_two_persons_have_heard_it() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về văn hóa", Method::Electronic));
    assert_eq!(s.refused("thu", spoken(&id, "khoa", "for")), Refusal::NotByVoice);
    s.may("thu", route(&id, "khoa", Channel::Oral));
    assert_eq!(
        s.refused("khoa", cast(&id, "for")),
        Refusal::NotByDevice,
        "one road for each"
    );
    s.may("thu", spoken(&id, "khoa", "for"));
    assert_eq!(s.counted(&id)[0], 0, "not yet");
    assert_eq!(s.refused("thu", confirm_spoken(&id, "khoa", true)), Refusal::SamePerson);
    assert_eq!(s.refused("an", close(&id, true)), Refusal::SpokenWaits { count: 1 });
    s.may("hanh", confirm_spoken(&id, "khoa", true));
    assert_eq!(s.counted(&id)[0], 1);
    assert_eq!(s.vote(&id).ballots[&"khoa".into()].channel, Channel::Oral);

    s.may("thu", route(&id, "lan", Channel::Oral));
    s.may("thu", spoken(&id, "lan", "against"));
    s.may("thu", confirm_spoken(&id, "lan", false));
    s.may("thu", spoken(&id, "lan", "for"));
    s.may("an", confirm_spoken(&id, "lan", true));
    assert_eq!(s.counted(&id), [2, 0, 0, 7]);
    s.may("minh", cast(&id, "for"));
    assert_eq!(
        s.refused("thu", route(&id, "minh", Channel::Oral)),
        Refusal::AlreadyVoted
    );
}

#[test]
fn everybody_is_called_by_name() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về ngân sách", Method::Oral));
    for who in EVERYBODY {
        s.may("thu", spoken(&id, who, "for"));
        s.may("hanh", confirm_spoken(&id, who, true));
    }
    s.may("hanh", close(&id, false));
    assert_eq!(s.counted(&id), [9, 0, 0, 0]);
}

// --- the check ---

#[test]
fn a_ballot_is_corrected_when_a_secretary_and_the_chair_agree() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về nhà ở", Method::Electronic));
    s.may("lan", cast(&id, "for"));
    s.may("minh", cast(&id, "for"));
    s.may("an", close(&id, true));
    s.after(10);
    assert_eq!(s.refused("lan", object(&id, None, "for")), Refusal::NoChange);
    s.may("lan", object(&id, None, "against"));
    assert_eq!(s.refused("phuc", object(&id, None, "against")), Refusal::NotAllowed);
    assert_eq!(s.refused("minh", object(&id, Some("lan"), "for")), Refusal::NotAllowed);
    s.may("thu", agree(&id, "lan", true));
    assert_eq!(s.counted(&id), [2, 0, 0, 7], "one word is not enough");
    s.after(30);
    assert_eq!(s.refused("an", announce(&id)), Refusal::ObjectionOpen { count: 1 });
    s.may("an", agree(&id, "lan", true));
    assert_eq!(s.counted(&id), [1, 1, 0, 7]);
    let correction = &s.vote(&id).corrections[0];
    assert_eq!(
        (correction.from.clone(), correction.to.clone()),
        (Some(marks("for")), marks("against"))
    );

    assert_eq!(
        s.refused("minh", object(&id, None, "against")),
        Refusal::VoteClosed,
        "the time to check is over"
    );
    s.may("an", announce(&id));
    assert_eq!(
        s.refused("thu", object(&id, Some("minh"), "against")),
        Refusal::VoteState
    );
}

#[test]
fn who_came_back_too_late_to_vote_is_entered_before_the_announcement() {
    let mut s = Sitting::debate();
    s.go("khoa", 15);
    let id = s.opened(content("nghị quyết về đất đai", Method::Electronic));
    s.may("an", close(&id, true));
    s.come("khoa");
    assert_eq!(
        s.refused("khoa", cast(&id, "for")),
        Refusal::VoteClosed,
        "never a deferred vote"
    );
    s.may("thu", object(&id, Some("khoa"), "for"));
    assert_eq!(
        s.refused("thu", agree(&id, "khoa", true)),
        Refusal::NoChange,
        "she has said so already"
    );
    s.may("an", agree(&id, "khoa", true));
    assert_eq!(s.counted(&id), [1, 0, 0, 8]);

    s.may("thu", object(&id, Some("lan"), "for"));
    s.may("an", agree(&id, "lan", false));
    assert_eq!(s.counted(&id), [1, 0, 0, 8]);
    assert!(s.vote(&id).objections.is_empty());
}

// --- amendments, lists, repetitions ---

#[test]
fn amendments_come_before_the_whole() {
    let mut s = Sitting::debate();
    let whole = s.ready(content("nghị quyết về du lịch", Method::Electronic));
    let amendment = Content {
        part: Part::Amendment,
        of: Some(whole.clone()),
        ..content("sửa Điều 3", Method::Electronic)
    };
    let first = s.ready(amendment.clone());
    assert_eq!(
        s.refused("an", open(&whole)),
        Refusal::AmendmentFirst { vote: first.clone() }
    );
    s.may("an", open(&first));
    assert_eq!(
        s.refused("an", open(&whole)),
        Refusal::VoteRunning { vote: first.clone() }
    );
    s.may("an", close(&first, true));
    s.after(30);
    s.may("an", announce(&first));
    s.may("an", open(&whole));
    let late = vote(V::Prepare {
        content: Box::new(amendment),
    });
    assert_eq!(
        s.refused("thu", late),
        Refusal::VoteState,
        "the whole is being voted on"
    );
    let nothing = Content {
        part: Part::Point,
        ..content("điểm còn ý kiến khác nhau", Method::Electronic)
    };
    assert_eq!(
        s.refused(
            "thu",
            vote(V::Prepare {
                content: Box::new(nothing)
            })
        ),
        Refusal::OutOfRange,
        "a point of what?"
    );
}

#[test]
fn a_list_of_candidates() {
    let mut s = Sitting::debate();
    let line = |id: &str, label: &str| Line {
        id: id.into(),
        label: label.to_owned(),
    };
    let choice = |id: &str, label: &str, in_favour| Choice {
        id: id.into(),
        label: label.to_owned(),
        in_favour,
    };
    let list = Content {
        lines: vec![
            line("a", "Ông Kiều Văn Mẫu"),
            line("b", "Bà Sầm Thị Thử"),
            line("c", "Ông Ứng Viên Ba"),
        ],
        choices: vec![choice("yes", "Đồng ý", true), choice("no", "Không đồng ý", false)],
        at_most: 2,
        blanks: true,
        ..content("bầu hai ủy viên", Method::Electronic)
    };
    let id = s.opened(list);
    let ballot = |marks: &[(&str, &str)]| {
        vote(V::Cast {
            vote: id.clone(),
            marks: marks
                .iter()
                .map(|(line, choice)| ((*line).into(), (*choice).into()))
                .collect(),
        })
    };
    let three = ballot(&[("a", "yes"), ("b", "yes"), ("c", "yes")]);
    assert_eq!(s.refused("lan", three), Refusal::BallotInvalid, "two seats");
    assert_eq!(s.refused("lan", ballot(&[])), Refusal::BallotInvalid);
    assert_eq!(s.refused("lan", ballot(&[("d", "yes")])), Refusal::BallotInvalid);
    s.may("lan", ballot(&[("a", "yes"), ("b", "no"), ("c", "yes")]));
    s.may("minh", ballot(&[("a", "yes")]));
    s.may("an", close(&id, true));
    let tally = s.vote(&id).tally();
    let told: Vec<_> = tally
        .iter()
        .map(|line| (line.line.0.as_str(), line.in_favour, line.not_voting))
        .collect();
    assert_eq!(told, [("a", 2, 7), ("b", 0, 8), ("c", 1, 8)]);
}

#[test]
fn a_vote_is_repeated_with_a_reason_and_the_old_one_is_kept() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về an ninh", Method::Electronic));
    s.may("lan", cast(&id, "for"));
    s.may("an", close(&id, true));
    assert_eq!(s.refused("an", repeat(&id, " ")), Refusal::ReasonMissing);
    s.may("an", repeat(&id, "Nhầm văn bản"));
    let again = VoteId::from("v2");
    assert_eq!(s.vote(&id).phase, VotePhase::Cancelled);
    assert_eq!(
        (s.vote(&id).repeated_by.clone(), s.vote(&again).repeats.clone()),
        (Some(again.clone()), Some(id.clone()))
    );
    s.may("an", open(&again));
    assert_eq!(s.counted(&again), [0, 0, 0, 9], "old ballots do not follow");
    assert_eq!(s.refused("minh", cast(&id, "for")), Refusal::VoteClosed);
    assert_eq!(s.counted(&id), [1, 0, 0, 8]);
    assert_eq!(s.refused("an", repeat(&id, "Lần nữa")), Refusal::VoteState);
}

#[test]
fn a_vote_is_cancelled_before_its_announcement_only() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về thể thao", Method::Electronic));
    let cancel = |reason: &str| {
        vote(V::Cancel {
            vote: id.clone(),
            reason: reason.to_owned(),
        })
    };
    assert_eq!(s.refused("an", cancel("")), Refusal::ReasonMissing);
    s.may("an", cancel("Sai tờ trình"));
    assert_eq!(s.refused("lan", cast(&id, "for")), Refusal::VoteClosed);

    let id = s.opened(content("nghị quyết về thể thao", Method::Electronic));
    for who in EVERYBODY {
        s.may(who, cast(&id, "for"));
    }
    s.may("thu", close(&id, false));
    s.after(30);
    s.may("an", announce(&id));
    let cancel = vote(V::Cancel {
        vote: id,
        reason: "Muộn".to_owned(),
    });
    assert_eq!(s.refused("an", cancel), Refusal::VoteState);
}

#[test]
fn neither_break_nor_item_nor_sitting_ends_over_an_open_vote() {
    let mut s = Sitting::debate();
    let id = s.opened(content("nghị quyết về điện", Method::Electronic));
    let running = Refusal::VoteRunning { vote: id.clone() };
    assert_eq!(s.refused("an", Command::Suspend { resume_at: None }), running);
    assert_eq!(s.refused("an", Command::CloseItem { leftover: None }), running);
    s.may("an", close(&id, true));
    assert_eq!(s.refused("an", Command::CloseItem { leftover: None }), running);
    s.after(30);
    s.may("an", announce(&id));
    s.may("an", Command::CloseItem { leftover: None });
    s.may("an", Command::CloseSitting);
    assert_eq!(s.meeting.phase(), Phase::Closed);
    assert_eq!(s.vote(&id).phase, VotePhase::Locked);
}

#[test]
fn what_is_no_question_is_not_prepared() {
    let mut s = Sitting::debate();
    let good = content("nghị quyết", Method::Electronic);
    for (bad, why) in [
        (
            Content {
                text: " ".to_owned(),
                ..good.clone()
            },
            Refusal::TextMissing,
        ),
        (
            Content {
                decision: String::new(),
                ..good.clone()
            },
            Refusal::TextMissing,
        ),
        (
            Content {
                choices: good.choices[..1].to_vec(),
                ..good.clone()
            },
            Refusal::OutOfRange,
        ),
        (
            Content {
                choices: vec![good.choices[0].clone(); 2],
                ..good.clone()
            },
            Refusal::OutOfRange,
        ),
        (
            Content {
                duration_s: 5,
                ..good.clone()
            },
            Refusal::OutOfRange,
        ),
        (
            Content {
                at_most: 1,
                ..good.clone()
            },
            Refusal::OutOfRange,
        ),
        (
            Content {
                method: Method::Mixed,
                ..good.clone()
            },
            Refusal::OutOfRange,
        ),
        (
            Content {
                item: Some("khong-co".into()),
                ..good.clone()
            },
            Refusal::Unknown,
        ),
        (
            Content {
                threshold: Threshold {
                    out_of: 0,
                    ..good.threshold.clone()
                },
                ..good.clone()
            },
            Refusal::OutOfRange,
        ),
        (
            Content {
                text: "x".repeat(30_000),
                ..good.clone()
            },
            Refusal::OutOfRange,
        ),
    ] {
        assert_eq!(
            s.refused(
                "thu",
                vote(V::Prepare {
                    content: Box::new(bad.clone())
                })
            ),
            why,
            "{bad:?}"
        );
    }
    assert_eq!(
        s.refused(
            "lan",
            vote(V::Prepare {
                content: Box::new(good.clone())
            })
        ),
        Refusal::NotAllowed
    );
    assert_eq!(
        s.refused(
            "an",
            vote(V::Prepare {
                content: Box::new(good)
            })
        ),
        Refusal::NotAllowed
    );
}

#[test]
fn votes_are_only_opened_in_an_open_sitting_without_a_roll_call() {
    let mut s = Sitting::in_the_lobby(council());
    let id = s.ready(content("chương trình kỳ họp", Method::Electronic));
    assert_eq!(s.refused("an", open(&id)), Refusal::WrongPhase);
    s.may(
        "an",
        Command::OpenSitting {
            unrecorded: true,
            override_quorum: String::new(),
        },
    );
    s.may("thu", Command::StartRoll);
    assert_eq!(s.refused("an", open(&id)), Refusal::RollOpen);
    s.may("thu", Command::CancelRoll);
    s.may("an", open(&id));
    assert_eq!(
        s.vote(&id).opening.as_ref().map(|opening| opening.item.clone()),
        Some(None)
    );
}
