//! Laws that hold for every sitting, tried with sittings nobody would hold: anybody asks for anything at any time, lines come
//! and go, the hub is restarted. Proptest prints the seed of what fails and keeps it beside this file.

use crate::sitting::{MORNING, Sitting, council, person_at};
use meeting::command::{Actor, Asked, Attendance, CallAnswer, CallOrder, Command, Leftover, OutOfOrder};
use meeting::cut::Preset;
use meeting::id::{CommandId, EndpointId, ItemId, PersonId, QuestionId, RequestId, SiteId, Time, TurnId};
use meeting::question::command::QuestionCommand as Q;
use meeting::request::RequestState;
use meeting::setup::{RequestKind, Rules, Setup, TieBreak};
use meeting::turn::Clock;
use meeting::{Decision, Meeting, Phase};
use proptest::prelude::*;
use std::collections::BTreeSet;

const PEOPLE: [&str; 15] = [
    "an", "an", "an", "binh", "thu", "hanh", "ky", "lan", "minh", "cuong", "dung", "giang", "khoa", "phuc", "ai-do",
];
const ROOMS: [&str; 5] = ["hall-1", "hoa-binh-1", "tan-lap-1", "tan-lap-2", "home-1"];
const SITES: [&str; 4] = ["hall", "hoa-binh", "tan-lap", "home"];
const ITEMS: [&str; 3] = ["thao-luan", "chat-van", "chao-co"];
const KINDS: [RequestKind; 10] = [
    RequestKind::PointOfOrder,
    RequestKind::Answer,
    RequestKind::Rebuttal,
    RequestKind::Question,
    RequestKind::Speech,
    RequestKind::Continuation,
    RequestKind::Paper,
    RequestKind::Report,
    RequestKind::Directive,
    RequestKind::Conclusion,
];
const STATES: [Attendance; 10] = [
    Attendance::Unknown,
    Attendance::PresentHall,
    Attendance::PresentSite,
    Attendance::PresentOnline,
    Attendance::Late,
    Attendance::SteppedOut,
    Attendance::Disconnected,
    Attendance::LeftEarly,
    Attendance::Excused,
    Attendance::Absent,
];

/// What happens next in a tried sitting.
#[derive(Debug, Clone)]
enum Step {
    /// Milliseconds pass.
    Wait(u64),
    /// Somebody asks, from the first or second device.
    Ask(&'static str, bool, Command),
    /// Who would usually ask does.
    AskWell(&'static str, Command),
    /// Who would be called next says so.
    AnswerWhoIsCalled(CallAnswer),
    /// The hub reports.
    Hub(Command),
    /// Every line is up again.
    AllReturn,
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(of: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(of)
}

fn who() -> impl Strategy<Value = PersonId> {
    one_of(&PEOPLE).prop_map(PersonId::from)
}

/// Requests are drawn as numbers and found when the step is taken: in the queue, or among all there ever were.
fn request() -> impl Strategy<Value = RequestId> {
    (0..60_usize).prop_map(|n| RequestId(n.to_string()))
}

/// Nearly always the last one.
fn turn() -> impl Strategy<Value = TurnId> {
    (0..6_u32).prop_map(|n| TurnId(if n == 0 { "t1".to_owned() } else { String::new() }))
}

fn room() -> impl Strategy<Value = EndpointId> {
    one_of(&ROOMS).prop_map(EndpointId::from)
}

fn site() -> impl Strategy<Value = SiteId> {
    one_of(&SITES).prop_map(SiteId::from)
}

fn kind() -> impl Strategy<Value = RequestKind> {
    one_of(&KINDS)
}

fn reason() -> impl Strategy<Value = String> {
    one_of(&["", "Có lý do"]).prop_map(str::to_owned)
}

/// Moments in commands are written as seconds ago and made real when the step is taken.
fn ago() -> impl Strategy<Value = Time> {
    (0..40_u64).prop_map(Time)
}

fn sitting_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        1 => Just(Command::StartTechnicalCheck),
        1 => Just(Command::OpenLobby),
        1 => (any::<bool>(), reason())
            .prop_map(|(unrecorded, override_quorum)| Command::OpenSitting { unrecorded, override_quorum }),
        1 => Just(Command::Suspend { resume_at: None }),
        3 => Just(Command::Resume),
        1 => Just(Command::CloseSitting),
        1 => who().prop_map(|to| Command::OfferChair { to }),
        1 => Just(Command::WithdrawChairOffer),
        1 => Just(Command::AcceptChair),
        1 => Just(Command::ClaimChair),
        1 => any::<bool>().prop_map(|confirm| Command::AnswerClaim { confirm }),
        1 => Just(Command::TakeConsole),
        1 => (0..12_u32, reason()).prop_map(|(total, reason)| Command::SetTotal { total, reason }),
        1 => any::<bool>().prop_map(|secretary| Command::SetCoordination { secretary }),
        2 => one_of(&ITEMS).prop_map(|item| Command::OpenItem { item: ItemId::from(item) }),
        1 => prop_oneof![
            Just(None),
            Just(Some(Leftover::CarryOver)),
            Just(Some(Leftover::InWriting)),
            reason().prop_map(|reason| Some(Leftover::Discard { reason })),
        ]
        .prop_map(|leftover| Command::CloseItem { leftover }),
    ]
}

fn question_command() -> impl Strategy<Value = Command> {
    let question = || (1..8_u32).prop_map(|n| QuestionId(format!("q{n}")));
    prop_oneof![
        4 => (who(), any::<bool>()).prop_map(|(person, secret)| Q::Send {
            to: "quang".into(),
            title: "Ngập úng".to_owned(),
            text: String::new(),
            secret,
            person: Some(person),
        }),
        1 => question().prop_map(|question| Q::Withdraw { question }),
        2 => question().prop_map(|question| Q::Receive { question }),
        1 => (question(), reason()).prop_map(|(question, reason)| Q::Return { question, reason }),
        2 => question().prop_map(|question| Q::Forward { question }),
        1 => question().prop_map(|question| Q::Choose { question, item: "chat-van".into() }),
        1 => question().prop_map(|question| Q::PutInWriting { question, complex: false }),
        1 => who().prop_map(|person| Q::Call { person }),
        3 => question().prop_map(|question| Q::Ask { question }),
        1 => question().prop_map(|question| Q::ReadOut { question }),
        3 => (who(), reason()).prop_map(|(person, reason)| Q::Answer { person, reason }),
        1 => (question(), any::<bool>())
            .prop_map(|(question, satisfied)| Q::Judge { question, satisfied, note: String::new() }),
    ]
    .prop_map(Command::Question)
}

fn list_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => Just(Command::OpenList),
        1 => Just(Command::CloseList),
        1 => Just(Command::KeepListOpen),
        8 => kind().prop_map(|kind| Command::Register { kind, subject: String::new(), person: None }),
        4 => (kind(), who())
            .prop_map(|(kind, person)| Command::Register { kind, subject: String::new(), person: Some(person) }),
        1 => (request(), any::<bool>()).prop_map(|(request, accept)| Command::AnswerLate { request, accept }),
        1 => request().prop_map(|request| Command::Withdraw { request }),
        1 => (request(), kind()).prop_map(|(request, kind)| Command::ChangeKind { request, kind }),
        2 => request().prop_map(|request| Command::CallOnDeck { request }),
        1 => request().prop_map(|request| Command::CancelOnDeck { request }),
        6 => request().prop_map(|request| Command::Invite {
            request,
            out_of_order: Some(OutOfOrder::SameSubject),
        }),
        2 => (who(), kind()).prop_map(|(person, kind)| Command::InviteDirect { person, kind }),
        2 => request().prop_map(|request| Command::Defer { request }),
        2 => request().prop_map(|request| Command::Restore { request }),
        1 => (request(), reason()).prop_map(|(request, reason)| Command::RefuseRequest { request, reason }),
        3 => (request(), proptest::option::of(request()))
            .prop_map(|(request, before)| Command::Move { request, before }),
        1 => Just(Command::SendAllInWriting),
    ]
}

fn turn_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        2 => Just(Command::StartClock),
        2 => Just(Command::PauseTurn),
        4 => Just(Command::ContinueTurn),
        2 => Just(Command::ContinueByPhone),
        2 => request().prop_map(|request| Command::InviteByPhone { request }),
        1 => (0..12_u32).prop_map(|minutes| Command::Extend { minutes }),
        1 => Just(Command::AskExtension),
        3 => Just(Command::EndTurn),
        2 => turn().prop_map(|turn| Command::UndoEnd { turn }),
        1 => Just(Command::Remind),
        1 => (room(), any::<bool>()).prop_map(|(endpoint, open)| Command::OpenMicrophone { endpoint, open }),
        1 => preset().prop_map(|preset| Command::ArrangeStage { preset }),
        1 => Just(Command::ReleaseStage),
        1 => Just(Command::SilenceAll),
        1 => Just(Command::LiftSilence),
        1 => proptest::option::of(room()).prop_map(|endpoint| Command::AskCheck { endpoint }),
    ]
}

fn preset() -> impl Strategy<Value = Preset> {
    prop_oneof![
        Just(Preset::Hall),
        Just(Preset::Overview),
        Just(Preset::TwoUp),
        room().prop_map(|endpoint| Preset::Room { endpoint }),
    ]
}

fn roll_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        1 => Just(Command::StartRoll),
        1 => (one_of(&[CallOrder::Roster, CallOrder::Group, CallOrder::Site]), any::<bool>())
            .prop_map(|(order, everybody)| Command::StartCalling { order, everybody }),
        1 => Just(Command::StartSecondRound),
        1 => Just(Command::FreezeRoll),
        1 => Just(Command::CancelRoll),
        3 => Just(Command::CheckIn),
        1 => reason().prop_map(|reason| Command::AskLeave { reason }),
        1 => (who(), any::<bool>()).prop_map(|(person, approve)| Command::AnswerLeave { person, approve }),
        1 => (who(), any::<bool>()).prop_map(|(person, approve)| Command::AnswerCorrection { person, approve }),
        1 => (site(), proptest::collection::vec(who(), 0..3))
            .prop_map(|(site, present)| Command::ProposeSite { site, present }),
        1 => (site(), any::<bool>()).prop_map(|(site, accept)| Command::AnswerProposal { site, accept }),
        3 => (who(), one_of(&STATES), reason())
            .prop_map(|(person, attendance, reason)| Command::Mark { person, attendance, reason }),
        1 => (who(), site()).prop_map(|(person, site)| Command::Seat { person, site }),
    ]
}

fn report() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => (who(), proptest::bool::weighted(0.7), ago())
            .prop_map(|(person, online, since)| Command::ReportPerson { person, online, since }),
        6 => (room(), proptest::bool::weighted(0.6), ago())
            .prop_map(|(endpoint, online, since)| Command::ReportEndpoint { endpoint, online, since }),
        1 => (who(), any::<bool>(), proptest::option::of(site())).prop_map(|(person, second, site)| {
            let device = device(&person.0, second);
            Command::BindDevice { person, device: device.as_str().into(), site }
        }),
        1 => ago().prop_map(|last_alive| Command::ReportRestart { last_alive }),
        1 => room().prop_map(|endpoint| Command::ReportVoice { endpoint }),
        1 => any::<bool>().prop_map(|running| Command::ReportRecording { running }),
        1 => (who(), any::<bool>()).prop_map(|(person, watching)| Command::ReportWatching { person, watching }),
    ]
}

fn device(who: &str, second: bool) -> String {
    format!("{who}-{}", if second { 2 } else { 1 })
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => sitting_command(),
        12 => list_command(),
        5 => question_command(),
        7 => turn_command(),
        5 => roll_command(),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let answers = &[CallAnswer::Present, CallAnswer::NoAnswer, CallAnswer::Later];
    prop_oneof![
        4 => prop_oneof![0..3_000_u64, 0..40_000_u64, 0..400_000_u64].prop_map(Step::Wait),
        24 => (one_of(&PEOPLE), command()).prop_map(|(who, command)| Step::AskWell(who, command)),
        4 => (one_of(&PEOPLE), any::<bool>(), prop_oneof![9 => command().boxed(), 1 => report().boxed()])
            .prop_map(|(who, second, command)| Step::Ask(who, second, command)),
        1 => one_of(answers).prop_map(Step::AnswerWhoIsCalled),
        4 => report().prop_map(Step::Hub),
        1 => Just(Step::AllReturn),
    ]
}

fn rules() -> impl Strategy<Value = Setup> {
    (
        one_of(&[TieBreak::RoundRobin, TieBreak::Random, TieBreak::LeastTime]),
        one_of(&[0, 10]),
        one_of(&[0, 30]),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(tie_break, window_s, cut_after_s, second_after_first, personal_online)| {
                let setup = council();
                let rules = Rules {
                    tie_break,
                    window_s,
                    cut_after_s,
                    second_after_first,
                    personal_online,
                    ..setup.rules.clone()
                };
                // Khoa checks in before the opening, so home has to be allowed or he has to sit elsewhere.
                let mut setup = Setup { rules, ..setup };
                if !personal_online && let Some(khoa) = setup.people.get_mut(&"khoa".into()) {
                    khoa.site = "tan-lap".into();
                }
                setup
            },
        )
}

/// Makes real what was drawn as a number: moments as seconds ago, requests and turns by their place.
fn real(m: &Meeting, command: Command, now: Time) -> Command {
    let ago = |time: Time| Time(now.0.saturating_sub(time.0 * 1000));
    let found = |id: RequestId| {
        let n: usize = id.0.parse().unwrap_or(0);
        match m.queue().len() {
            queue if queue > 0 && !n.is_multiple_of(4) => m.queue()[n / 4 % queue].clone(),
            _ => RequestId(format!("r{}", 1 + n / 4 % m.requests().len().max(1))),
        }
    };
    let ended = |id: TurnId| match m.past().last() {
        Some(past) if id.0.is_empty() => past.turn.id.clone(),
        Some(_) | None => id,
    };
    match command {
        Command::ReportPerson { person, online, since } => Command::ReportPerson {
            person,
            online,
            since: ago(since),
        },
        Command::ReportEndpoint {
            endpoint,
            online,
            since,
        } => Command::ReportEndpoint {
            endpoint,
            online,
            since: ago(since),
        },
        Command::ReportRestart { last_alive } => Command::ReportRestart {
            last_alive: ago(last_alive),
        },
        Command::AnswerLate { request, accept } => Command::AnswerLate {
            request: found(request),
            accept,
        },
        Command::Withdraw { request } => Command::Withdraw {
            request: found(request),
        },
        Command::ChangeKind { request, kind } => Command::ChangeKind {
            request: found(request),
            kind,
        },
        Command::CallOnDeck { request } => Command::CallOnDeck {
            request: found(request),
        },
        Command::CancelOnDeck { request } => Command::CancelOnDeck {
            request: found(request),
        },
        Command::Invite { request, out_of_order } => Command::Invite {
            request: found(request),
            out_of_order,
        },
        Command::Defer { request } => Command::Defer {
            request: found(request),
        },
        Command::Restore { request } => Command::Restore {
            request: found(request),
        },
        Command::RefuseRequest { request, reason } => Command::RefuseRequest {
            request: found(request),
            reason,
        },
        Command::Move { request, before } => Command::Move {
            request: found(request),
            before: before.map(found),
        },
        Command::UndoEnd { turn } => Command::UndoEnd { turn: ended(turn) },
        other => other,
    }
}

/// Who would usually ask for this, and with which device.
fn usual(m: &Meeting, somebody: &str, command: &Command) -> Actor {
    let chair = m.presiding().0.as_str();
    let owner = |id: &RequestId| m.request(id).map_or(somebody, |request| request.person.0.as_str());
    let own = matches!(
        command,
        Command::Register { person: None, .. } | Command::CheckIn | Command::AskLeave { .. }
    );
    let co_chairs = matches!(command, Command::AcceptChair | Command::ClaimChair);
    let secretarys = matches!(
        command,
        Command::AnswerClaim { .. }
            | Command::StartCalling { .. }
            | Command::StartSecondRound
            | Command::FreezeRoll
            | Command::CancelRoll
            | Command::AnswerProposal { .. }
            | Command::Mark { .. }
            | Command::Seat { .. }
    );
    let who = if own {
        somebody
    } else if let Command::Withdraw { request } | Command::ChangeKind { request, .. } = command {
        owner(request)
    } else if *command == Command::AskExtension {
        m.turn().map_or(somebody, |turn| turn.person.0.as_str())
    } else if co_chairs {
        if chair == "an" { "binh" } else { "an" }
    } else if matches!(command, Command::ProposeSite { .. }) {
        "minh"
    } else if secretarys {
        "thu"
    } else {
        chair
    };
    let settled = if who == chair {
        m.console()
    } else {
        m.device(&who.into())
    };
    let device = settled.map_or_else(|| device(who, false), |device| device.0.clone());
    person_at(who, &device)
}

/// Takes a step and holds it against the laws of change.
fn take(s: &mut Sitting, step: Step, n: usize) {
    let before = s.meeting.clone();
    let (by, command) = match step {
        Step::Wait(ms) => {
            s.after_ms(ms);
            only_time_passed(&before, &s.meeting);
            return;
        }
        Step::Ask(who, second, command) => (person_at(who, &device(who, second)), real(&before, command, s.now)),
        Step::AllReturn => {
            let since = s.now;
            for room in ROOMS {
                let _ = s.hub(Command::ReportEndpoint {
                    endpoint: room.into(),
                    online: true,
                    since,
                });
            }
            for who in before.setup().people.keys().cloned() {
                let _ = s.hub(Command::ReportPerson {
                    person: who,
                    online: true,
                    since,
                });
            }
            return;
        }
        Step::AskWell(somebody, command) => {
            let command = real(&before, command, s.now);
            (usual(&before, somebody, &command), command)
        }
        Step::AnswerWhoIsCalled(answer) => {
            let Some(person) = s.meeting.called().cloned() else {
                return;
            };
            (person_at("thu", "thu-1"), Command::AnswerCall { person, answer })
        }
        Step::Hub(command) => (Actor::System, real(&before, command, s.now)),
    };
    let asked = Asked {
        id: CommandId(format!("law-{n}")),
        by,
        given_at: Some(s.ago(3)),
        command,
    };
    match s.send(&asked) {
        Err(_) => assert_eq!(before, s.meeting, "a refusal changes nothing: {asked:?}"),
        Ok(Decision::Repeated(_)) => panic!("the id is new: {asked:?}"),
        Ok(Decision::Events(_)) => {
            let after = s.meeting.clone();
            assert_eq!(after.seq(), before.seq() + 1);
            if asked.by == Actor::System {
                only_reported(&before, &after, &asked.command);
            } else {
                assert_eq!(
                    s.send(&asked),
                    Ok(Decision::Repeated(after.seq())),
                    "a retry doubles nothing"
                );
                assert_eq!(after, s.meeting);
            }
        }
    }
}

/// No line, no device and no restart moves a request, ends or gives a turn, or makes anybody absent.
fn only_reported(before: &Meeting, after: &Meeting, command: &Command) {
    assert_eq!(before.queue(), after.queue(), "{command:?}");
    assert_eq!(before.requests(), after.requests(), "{command:?}");
    assert_eq!(before.past(), after.past());
    assert_eq!(before.turn().map(|turn| &turn.id), after.turn().map(|turn| &turn.id));
    assert_eq!(before.presiding(), after.presiding());
    assert_eq!(before.phase(), after.phase());
    for person in before.setup().people.keys() {
        let (from, to) = (before.attendance(person), after.attendance(person));
        let amber =
            from == Attendance::Disconnected && to.is_present() || from.is_present() && to == Attendance::Disconnected;
        let reseated = matches!(command, Command::BindDevice { .. }) && from.is_present() && to.is_present();
        assert!(
            from == to || amber || reseated,
            "{person}: {from:?} to {to:?} by {command:?}"
        );
    }
}

/// The clock starts, warns and closes lists; it gives no floor, takes none, and makes nobody absent (P4).
fn only_time_passed(before: &Meeting, after: &Meeting) {
    let members = |m: &Meeting| m.queue().iter().cloned().collect::<BTreeSet<_>>();
    assert_eq!(members(before), members(after));
    if before.list().window_until.is_none() {
        assert_eq!(
            before.queue(),
            after.queue(),
            "only the window puts its requests in order"
        );
    }
    assert_eq!(before.past(), after.past());
    assert_eq!(before.turn().map(|turn| &turn.id), after.turn().map(|turn| &turn.id));
    assert_eq!(
        (before.presiding(), before.phase(), before.item()),
        (after.presiding(), after.phase(), after.item())
    );
    assert_eq!(before.snapshots(), after.snapshots());
    for person in before.setup().people.keys() {
        let (from, to) = (before.attendance(person), after.attendance(person));
        assert!(
            from == to || from.is_present() && to == Attendance::Disconnected,
            "{person}: {from:?} to {to:?}"
        );
    }
}

/// What is true of every meeting.
fn sound(s: &Sitting) {
    let m = &s.meeting;

    // One turn, or a point of order over a paused one.
    if let Some(beneath) = m.interrupted() {
        assert!(matches!(beneath.clock, Clock::Paused { .. }), "{beneath:?}");
        assert_eq!(m.turn().map(|turn| turn.kind), Some(RequestKind::PointOfOrder));
    }
    let holders = m.turn().into_iter().chain(m.interrupted());
    for turn in holders.clone() {
        let spoken = u64::from(turn.spoken_ms(s.now));
        let granted = turn.granted_at.0;
        assert!(
            granted + spoken <= s.now.0,
            "nobody speaks longer than since they were invited: {turn:?}"
        );
        if matches!(turn.clock, Clock::Running { .. }) {
            assert_eq!(m.phase(), Phase::Open, "no clock runs in a break");
        }
    }

    // The queue is exactly those who wait, each once, and in order where no hand has moved them.
    let waiting: BTreeSet<&RequestId> = m.queue().iter().collect();
    assert_eq!(waiting.len(), m.queue().len());
    for request in m.requests().values() {
        let waits = matches!(request.state, RequestState::Waiting | RequestState::OnDeck);
        assert_eq!(waits, waiting.contains(&request.id), "{request:?}");
        let speaks = holders.clone().any(|turn| turn.request == request.id);
        assert_eq!(request.state == RequestState::Speaking, speaks, "{request:?}");
    }
    let keys: Vec<_> = m
        .waiting()
        .filter(|request| !request.moved)
        .map(|request| (request.class, request.rank, request.sequence))
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");

    // Only rooms that have a reason to be heard are.
    let mut may: BTreeSet<EndpointId> = m.open_microphones().clone();
    may.extend(m.chair_room());
    may.extend(m.turn().map(|turn| turn.endpoint.clone()));
    may.extend(m.called().and_then(|who| m.room_of(who)));
    if matches!(m.phase(), Phase::TechnicalCheck | Phase::Lobby) {
        may.extend(m.hall());
    }
    let solemn = m.phase() == Phase::Open && m.item() == Some(&"chao-co".into());
    if solemn {
        may = m.hall().into_iter().collect();
        assert!(m.turn().is_none(), "nobody speaks while the flag is saluted");
    }
    assert!(m.heard().is_subset(&may), "{:?} of {may:?}", m.heard());
    for question in m.block() {
        assert!(
            question.item.is_some() && question.item.as_ref() == m.item(),
            "{question:?}"
        );
    }
    if m.silence().is_some() && !solemn {
        let mut chair: BTreeSet<EndpointId> = m.chair_room().into_iter().collect();
        chair.extend(m.open_microphones().iter().cloned());
        assert!(m.heard().is_subset(&chair), "silenced: {:?}", m.heard());
    }
    if m.phase() == Phase::Suspended {
        assert_eq!(&m.heard(), m.open_microphones());
    }

    // Numbers add up, and guests never count.
    let q = m.quorum();
    assert_eq!(q.hall + q.sites + q.online, q.present);
    assert_eq!(
        q.present + q.disconnected + q.away + q.excused + q.absent + q.unknown,
        9
    );

    // Nothing is left undone.
    assert!(m.next_due().is_none_or(|due| due > s.now) || !m.due(s.now).is_empty());
    let _ = m.stage();
    assert!(m.item().is_some() || m.turn().is_none(), "who speaks speaks to an item");
}

proptest! {
    #[test]
    fn hold_in_every_open_sitting(setup in rules(), steps in proptest::collection::vec(step(), 1..120)) {
        let mut s = Sitting::debate_with(setup);
        sound(&s);
        for (n, step) in steps.into_iter().enumerate() {
            take(&mut s, step, n);
            sound(&s);
        }
        prop_assert_eq!(s.replayed(), s.meeting);
    }

    #[test]
    fn hold_from_the_first_moment(steps in proptest::collection::vec(step(), 1..60)) {
        let mut s = Sitting::created(council());
        for (n, step) in steps.into_iter().enumerate() {
            take(&mut s, step, n);
            sound(&s);
        }
        prop_assert_eq!(s.replayed(), s.meeting);
    }

    #[test]
    fn the_same_window_gives_the_same_order(seed in any::<u64>(), who in proptest::sample::subsequence(
        vec!["an", "binh", "giang", "ha", "lan", "minh", "cuong", "dung", "khoa"], 2..9)) {
        let mut setup = council();
        setup.rules.window_s = 10;
        setup.rules.tie_break = TieBreak::Random;
        let order = || {
            let mut s = Sitting::on_item(setup.clone(), "thao-luan");
            s.seed = seed;
            s.may("an", Command::OpenList);
            for who in &who {
                s.register(who, RequestKind::Speech);
            }
            s.after(10);
            s.queue().join(" ")
        };
        prop_assert_eq!(order(), order());
    }
}

#[test]
fn the_first_moment_is_a_morning() {
    let s = Sitting::created(council());
    assert_eq!(s.meeting.created_at(), MORNING);
    assert_eq!(s.meeting.seq(), 1);
}
