//! Who receives what: the whole picture, given at once.

use std::collections::BTreeMap;

use crate::offer::Kind;

/// Names a session, by a number below 2^28. Chosen by the caller, who may reuse a number after
/// [`Sfu::close`](crate::Sfu::close).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u32);

/// Places of the programme: the large picture with whoever has the floor, and what stands beside it.
pub const PLACES: usize = 2;

/// Cameras, and microphones, that one session may send.
pub const DEVICES: usize = 4;

/// Above the number of a session stands which of its devices is meant.
const DEVICE: u32 = 28;

impl SessionId {
    /// The places of the programme, where a session's name could stand in a [`Receive`]. No session has these names.
    pub const PROGRAMME: [SessionId; PLACES] = [SessionId(u32::MAX - 1), SessionId(u32::MAX)];

    /// The name of one camera or microphone of this session, in the order of its offer, where a session's name could stand
    /// in a [`Receive`] or a [`Shown`]. The session's own name is that of its first, number 0. There are [`DEVICES`] at most.
    pub const fn device(self, number: u32) -> SessionId {
        SessionId(self.0 | number << DEVICE)
    }

    /// The session, and which of its devices; `None` when this is no such name.
    pub(crate) fn named(self) -> Option<(SessionId, usize)> {
        let number = (self.0 >> DEVICE) as usize;
        (number < DEVICES).then_some((SessionId(self.0 & ((1 << DEVICE) - 1)), number))
    }
}

/// What one place of the programme shows at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Whose camera.
    pub video: Option<SessionId>,
    /// Whose microphone.
    pub audio: Option<SessionId>,
}

/// For every session that receives anything, what flows in its slots. A session that is absent receives nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// By receiving session.
    pub receives: BTreeMap<SessionId, Receive>,
    /// What the programme shows, by place.
    pub programme: [Shown; PLACES],
}

impl Plan {
    /// Whose camera or microphone a name in a slot stands for at the moment: the programme is whatever it shows.
    pub(crate) fn behind(&self, named: SessionId, kind: Kind) -> Option<SessionId> {
        let Some(place) = SessionId::PROGRAMME.iter().position(|place| *place == named) else {
            return Some(named);
        };
        let shown = self.programme[place];
        match kind {
            Kind::Audio => shown.audio,
            Kind::Video => shown.video,
        }
    }
}

/// The slots of one receiving session, by slot index as in [`Answer`](crate::Answer). Entries beyond the negotiated
/// slots are ignored, slots beyond the entries carry nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receive {
    /// Whose camera flows in each video slot.
    pub video: Vec<Option<SessionId>>,
    /// Whose microphone flows in each audio slot.
    pub audio: Vec<Option<SessionId>>,
    /// How each video slot is shown; a slot beyond the entries is shown as large as there is.
    pub shown: Vec<Wish>,
}

/// What a viewer makes of a video slot: who comes first when the line does not carry everything, and how much of a picture is
/// of any use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Served in this order.
    pub rank: Rank,
    /// More lines than these are not seen.
    pub height: u16,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            rank: Rank::Stage,
            height: u16::MAX,
        }
    }
}

/// Where a slot is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// What everybody looks at.
    Stage,
    /// Beside it.
    Beside,
    /// One of many.
    Tile,
}
