//! Ceremonies (PRODUCT 3.16): who signs, who is honoured, by which document; and whose names stand under the picture now.
//!
//! The lists are part of the agenda and are written before the sitting; showing names is an act of those who run it. It gives
//! nobody the floor.

use crate::event::Event;
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::setup::AgendaItem;
use serde::{Deserialize, Serialize};

/// At most so many names stand under the picture at a time.
pub const AT_A_TIME: u32 = 6;

/// Whom a ceremony is about, and by which document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Ceremony {
    /// The document that is signed, or the decision by which honours are given, with number and date; may be empty.
    #[serde(default)]
    pub document: String,
    /// SHA-256 of the document's version, in hexadecimal; may be empty.
    #[serde(default)]
    pub hash: String,
    /// Lists of names, e.g. "Đại diện ký", "Tập thể", "Cá nhân".
    pub lists: Vec<NameList>,
}

/// A list of names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NameList {
    /// As it is read.
    pub title: String,
    /// The names, in order: people, or bodies.
    pub names: Vec<Name>,
}

/// A name on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// Who, or which body.
    pub name: String,
    /// Office, or what for; may be empty.
    #[serde(default)]
    pub detail: String,
}

/// Which names stand under the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Caption {
    /// The list, from 0.
    pub list: u32,
    /// The first name, from 0.
    pub from: u32,
    /// How many names, 1 to [`AT_A_TIME`].
    pub count: u32,
}

impl Ceremony {
    /// The list and the names that a caption means; none if it leads beyond the list.
    #[must_use]
    pub fn names(&self, caption: Caption) -> Option<(&NameList, &[Name])> {
        let list = self.lists.get(usize::try_from(caption.list).ok()?)?;
        let from = usize::try_from(caption.from).ok()?;
        let until = from.checked_add(usize::try_from(caption.count).ok()?)?;
        let names = list.names.get(from..until)?;
        (!names.is_empty() && caption.count <= AT_A_TIME).then_some((list, names))
    }
}

impl Meeting {
    /// Puts names of the open item under the picture, or takes them away.
    pub(crate) fn show_caption(&self, caption: Option<Caption>) -> Result<Vec<Event>, Refusal> {
        let item = self.open_agenda_item().ok_or(Refusal::NoItem)?;
        if self.caption == caption {
            return Err(Refusal::NoChange);
        }
        if let Some(caption) = caption {
            let ceremony = item.ceremony.as_ref().ok_or(Refusal::Unknown)?;
            ceremony.names(caption).ok_or(Refusal::OutOfRange)?;
        }
        Ok(vec![Event::CaptionShown { caption }])
    }

    /// What stands under the picture: the ceremony of the open item and which of its names.
    #[must_use]
    pub fn caption(&self) -> Option<(&Ceremony, Caption)> {
        let ceremony = self.open_agenda_item()?.ceremony.as_ref()?;
        Some((ceremony, self.caption?))
    }

    pub(crate) fn open_agenda_item(&self) -> Option<&AgendaItem> {
        self.setup.agenda.get(self.item.as_ref()?)
    }
}
