//! Who receives what: the whole picture, given at once.

use std::collections::BTreeMap;

/// Names a session. Chosen by the caller, who may reuse a number after [`Sfu::close`](crate::Sfu::close).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u32);

/// For every session that receives anything, what flows in its slots. A session that is absent receives nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// By receiving session.
    pub receives: BTreeMap<SessionId, Receive>,
}

/// The slots of one receiving session, by slot index as in [`Answer`](crate::Answer). Entries beyond the negotiated
/// slots are ignored, slots beyond the entries carry nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receive {
    /// Whose camera flows in each video slot.
    pub video: Vec<Option<SessionId>>,
    /// Whose microphone flows in each audio slot.
    pub audio: Vec<Option<SessionId>>,
}
