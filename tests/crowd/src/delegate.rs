//! A delegate with a tablet: what somebody at a bridge point would do next, and the bot that does it.
//!
//! [`Mind::step`] is pure apart from its seeded dice: it looks at the view and at the clock and wishes for at most one thing.
//! A mind never presides and never keeps the secretary's book. It is patient: while the chair is slow it waits, and when
//! enough people wait already it does not register.

use crate::client::{Client, News};
use crate::http::Hub;
use meeting::command::{Attendance, Command};
use meeting::id::{LineId, PersonId, RequestId, TurnId, VoteId};
use meeting::setup::RequestKind;
use meeting::vote::command::VoteCommand;
use meeting::vote::content::PLAIN;
use protocol::view::{Act, AudienceKind, ListState, Mine, Phase, RequestState, RollState, Shared, TurnState};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How a delegate behaves.
#[derive(Debug, Clone)]
pub struct Temper {
    /// Only answers the roll, and speaks when invited all the same.
    pub quiet: bool,
    /// At most so many may wait before this delegate holds back.
    pub patience: u32,
    /// How long to think before registering, at least and at most.
    pub think: (Duration, Duration),
    /// How long to speak, at least and at most.
    pub speak: (Duration, Duration),
}

impl Temper {
    /// Takes part in the debate.
    #[must_use]
    pub fn lively() -> Self {
        Self {
            quiet: false,
            patience: 5,
            think: (Duration::from_secs(3), Duration::from_secs(75)),
            speak: (Duration::from_secs(18), Duration::from_secs(40)),
        }
    }

    /// Sits there and answers the roll.
    #[must_use]
    pub fn quiet() -> Self {
        Self {
            quiet: true,
            ..Self::lively()
        }
    }
}

/// Subjects a delegate may have on the mind.
const SUBJECTS: [&str; 16] = [
    "Ngập nước trên tuyến đường ven sông",
    "Tiến độ cải tạo trường tiểu học",
    "Quy hoạch chợ trung tâm",
    "Xe buýt cho khu tái định cư",
    "Bác sĩ cho trạm y tế phường",
    "Thu gom rác tại nguồn",
    "Giải ngân vốn đầu tư công",
    "Nước sạch cho các hộ ven đê",
    "Chiếu sáng ngõ hẻm",
    "Hỗ trợ tiểu thương di dời",
    "Công viên và sân chơi trẻ em",
    "Trật tự vỉa hè",
    "Cấp giấy chứng nhận quyền sử dụng đất",
    "Phòng cháy khu tập thể cũ",
    "Tiếng ồn ban đêm",
    "Số hóa hồ sơ một cửa",
];

/// What a delegate has in mind.
#[derive(Debug)]
pub struct Mind {
    temper: Temper,
    dice: StdRng,
    /// The moment for the next registration, once the list is open.
    wish_at: Option<Instant>,
    /// The moment to answer the roll of this number.
    answer_at: Option<(u32, Instant)>,
    /// The moment to vote in this vote.
    vote_at: Option<(VoteId, Instant)>,
    /// The own turn and the moment to end it.
    finish_at: Option<(TurnId, Instant)>,
    /// A waiting request and the moment to withdraw it; most are never withdrawn.
    withdraw_at: Option<(RequestId, Option<Instant>)>,
}

impl Mind {
    /// A mind whose dice are thrown from `seed`.
    #[must_use]
    pub fn new(temper: Temper, seed: u64) -> Self {
        Self {
            temper,
            dice: StdRng::seed_from_u64(seed),
            wish_at: None,
            answer_at: None,
            vote_at: None,
            finish_at: None,
            withdraw_at: None,
        }
    }

    /// What this delegate asks for now, if anything.
    pub fn step(&mut self, now: Instant, shared: &Shared, mine: &Mine) -> Option<Command> {
        let me = mine.person.as_ref()?;
        if !mine.active {
            return None;
        }
        self.answer_roll(now, shared, mine, me)
            .or_else(|| self.vote(now, shared, mine))
            .or_else(|| self.end_turn(now, shared, mine, me))
            .or_else(|| self.withdraw(now, shared, me))
            .or_else(|| self.register(now, shared, mine, me))
    }

    /// Votes once, after some thought: mostly in favour.
    fn vote(&mut self, now: Instant, shared: &Shared, mine: &Mine) -> Option<Command> {
        let ballot = mine.ballot.as_ref().filter(|ballot| ballot.marks.is_empty())?;
        let vote = shared.votes.get(&ballot.vote)?;
        if !mine.can.contains(&Act::CastBallot) {
            return None;
        }
        let due = match &self.vote_at {
            Some((id, at)) if *id == ballot.vote => *at,
            _ => {
                let at = now + Duration::from_millis(self.dice.random_range(1500..25_000));
                self.vote_at = Some((ballot.vote.clone(), at));
                at
            }
        };
        if now < due {
            return None;
        }
        // On a list each line is answered alike: in favour only if there is no bound on how many.
        let favour = vote.at_most == 0 && self.dice.random_bool(0.8);
        let choice = vote
            .choices
            .iter()
            .find(|choice| choice.in_favour == favour)?
            .id
            .clone();
        let lines = vote.lines.iter().map(|line| line.id.clone());
        let plain = vote.lines.is_empty().then(|| LineId::from(PLAIN));
        // Asked once; what was not accepted is asked again after another look.
        self.vote_at = Some((ballot.vote.clone(), now + Duration::from_secs(5)));
        Some(Command::Vote(VoteCommand::Cast {
            vote: ballot.vote.clone(),
            marks: lines.chain(plain).map(|line| (line, choice.clone())).collect(),
        }))
    }

    fn answer_roll(&mut self, now: Instant, shared: &Shared, mine: &Mine, me: &PersonId) -> Option<Command> {
        let roll = shared.roll.as_ref()?;
        let person = shared.people.get(me)?;
        let open = matches!(roll.state, RollState::Electronic);
        let answered = person.answer.is_some() || (roll.number == 1 && is_here(person.attendance));
        if !open || answered || !mine.can.contains(&Act::CheckIn) {
            return None;
        }
        let due = match &self.answer_at {
            Some((number, at)) if *number == roll.number => *at,
            _ => {
                let at = now + Duration::from_millis(self.dice.random_range(800..14_000));
                self.answer_at = Some((roll.number, at));
                at
            }
        };
        if now < due {
            return None;
        }
        // Once is enough: whether it counted is the hub's to say, and a second tap would change nothing.
        self.answer_at = Some((roll.number, now + Duration::from_secs(600)));
        Some(Command::CheckIn)
    }

    fn end_turn(&mut self, now: Instant, shared: &Shared, mine: &Mine, me: &PersonId) -> Option<Command> {
        let turn = shared.turn.as_ref().filter(|turn| turn.person == *me)?;
        let due = match &self.finish_at {
            Some((id, at)) if *id == turn.id => *at,
            _ => {
                if turn.state != TurnState::Running {
                    return None;
                }
                let at = now + self.between(self.temper.speak);
                self.finish_at = Some((turn.id.clone(), at));
                at
            }
        };
        let may = mine.can.contains(&Act::EndTurn) && turn.state == TurnState::Running;
        (now >= due && may).then_some(Command::EndTurn)
    }

    fn withdraw(&mut self, now: Instant, shared: &Shared, me: &PersonId) -> Option<Command> {
        let (id, _) = shared
            .requests
            .iter()
            .find(|(_, request)| request.person == *me && request.state == RequestState::Waiting)?;
        if self.withdraw_at.as_ref().is_none_or(|(known, _)| known != id) {
            let leaves = self.dice.random_bool(0.12);
            let at = leaves.then(|| now + Duration::from_secs(self.dice.random_range(20..90)));
            self.withdraw_at = Some((id.clone(), at));
        }
        let due = self.withdraw_at.as_ref().and_then(|(_, at)| *at)?;
        (now >= due).then(|| Command::Withdraw { request: id.clone() })
    }

    fn register(&mut self, now: Instant, shared: &Shared, mine: &Mine, me: &PersonId) -> Option<Command> {
        let open = matches!(shared.list.state, ListState::Open | ListState::Closing);
        let sitting = shared.sitting.phase == Phase::Open;
        if self.temper.quiet || !open || !sitting || mine.kinds.is_empty() {
            self.wish_at = None;
            return None;
        }
        let busy = shared
            .requests
            .values()
            .any(|request| request.person == *me && is_open(request.state))
            || shared.turn.as_ref().is_some_and(|turn| turn.person == *me);
        if busy {
            self.wish_at = None;
            return None;
        }
        let due = match self.wish_at {
            Some(at) => at,
            None => {
                let at = now + self.between(self.temper.think);
                self.wish_at = Some(at);
                at
            }
        };
        if now < due {
            return None;
        }
        self.wish_at = None;
        if shared.list.waiting >= self.temper.patience {
            return None;
        }
        let kind = self.kind(shared, mine)?;
        let subject = SUBJECTS[self.dice.random_range(0..SUBJECTS.len())].to_owned();
        Some(Command::Register {
            kind,
            subject,
            person: None,
        })
    }

    /// Mostly what the item is for; a rebuttal now and then while somebody else speaks; rarely a point of order.
    fn kind(&mut self, shared: &Shared, mine: &Mine) -> Option<RequestKind> {
        let may = |kind: RequestKind| mine.kinds.contains(&kind).then_some(kind);
        let thrown: f64 = self.dice.random();
        let speaking = shared.turn.is_some();
        let unusual = if speaking && thrown < 0.04 {
            may(RequestKind::PointOfOrder)
        } else if speaking && thrown < 0.14 {
            may(RequestKind::Rebuttal)
        } else {
            None
        };
        unusual
            .or_else(|| may(RequestKind::Question))
            .or_else(|| may(RequestKind::Speech))
    }

    fn between(&mut self, (least, most): (Duration, Duration)) -> Duration {
        Duration::from_millis(
            self.dice
                .random_range(least.as_millis()..=most.as_millis())
                .try_into()
                .unwrap_or(0),
        )
    }
}

fn is_here(attendance: Attendance) -> bool {
    attendance.is_present()
}

fn is_open(state: RequestState) -> bool {
    match state {
        RequestState::Waiting
        | RequestState::Late
        | RequestState::OnDeck
        | RequestState::Speaking
        | RequestState::Deferred => true,
        RequestState::Done
        | RequestState::Withdrawn
        | RequestState::Refused
        | RequestState::InWriting
        | RequestState::Void
        | RequestState::Discarded => false,
    }
}

/// Who takes part in the debate: `count` delegates seated in `sites`, one site after the other, so that every room speaks.
#[must_use]
pub fn lively(shared: &Shared, sites: &BTreeSet<meeting::id::SiteId>, count: usize) -> BTreeSet<PersonId> {
    use meeting::setup::Role;
    let mut queues: Vec<Vec<(u32, &PersonId)>> = sites
        .iter()
        .map(|site| {
            let mut seated: Vec<_> = shared
                .people
                .iter()
                .filter(|(_, person)| person.site == *site && person.roles.contains(&Role::Delegate))
                .filter(|(_, person)| !person.roles.contains(&Role::Chair))
                .map(|(id, person)| (person.order, id))
                .collect();
            seated.sort();
            seated.reverse();
            seated
        })
        .collect();
    let mut chosen = BTreeSet::new();
    while chosen.len() < count && queues.iter().any(|queue| !queue.is_empty()) {
        for queue in &mut queues {
            if chosen.len() < count
                && let Some((_, id)) = queue.pop()
            {
                chosen.insert(id.clone());
            }
        }
    }
    chosen
}

/// How often a mind looks up while nothing happens.
const GLANCE: Duration = Duration::from_millis(700);

/// Plays a delegate until the hub does not want this screen any more.
pub async fn play(hub: Hub, key: String, sites: BTreeSet<meeting::id::SiteId>, count: usize, seed: u64) {
    let mut client = Client::open(&hub, &key, AudienceKind::Delegate);
    let mut mind: Option<Mind> = None;
    let mut glance = tokio::time::interval(GLANCE);
    loop {
        tokio::select! {
            news = client.next() => match news {
                News::Ended(reason) => {
                    tracing::info!(?reason, "a delegate's screen was taken over or closed");
                    return;
                }
                News::Answered { refusal: Some(refusal), .. } => tracing::debug!(?refusal, "refused"),
                News::Answered { refusal: None, .. } | News::Changed { .. } | News::Other(_) | News::Lost => {}
            },
            _ = glance.tick() => {
                if !client.is_open() || !client.is_idle() {
                    continue;
                }
                let wish = client.mirror.view().and_then(|(shared, mine)| {
                    let mind = mind.get_or_insert_with(|| {
                        let takes_part = mine.person.as_ref().is_some_and(|me| lively(shared, &sites, count).contains(me));
                        Mind::new(if takes_part { Temper::lively() } else { Temper::quiet() }, seed)
                    });
                    mind.step(Instant::now(), shared, mine)
                });
                if let Some(command) = wish {
                    client.command(command);
                }
            }
        }
    }
}
