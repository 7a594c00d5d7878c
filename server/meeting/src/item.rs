//! What an item of the agenda may be, as data (PRODUCT 3.9, 3.16): a council adds kinds of its own, renames them, and says what
//! may be asked for on each and what the screens show while it is open.
//!
//! Input: the council's file, through `Setup`. Output: read by `request` (what may be registered), `stage` (what is seen and heard)
//! and `agenda` (what an item needs before it closes). It does not know which item is open.

use crate::setup::RequestKind;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What an item is for: a key of [`Rules::items`](crate::setup::Rules::items).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct ItemKind(pub String);

impl From<&str> for ItemKind {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the screens show, and who is heard, while an item is open and nobody has the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Scene {
    /// The hall and the bridge points.
    Floor,
    /// The hall alone, its whole picture; who is given the word is heard and seen as ever.
    Ceremony,
    /// The hall alone, and nobody is given the word. Every microphone is off but the hall's, from which the music comes.
    Solemn,
}

/// What holds for all items of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ItemRule {
    /// As it is read, e.g. "Nghi thức ký kết".
    pub name: String,
    /// What delegates may ask the word for, besides a point of order, a rebuttal, a prepared paper and saying a little more.
    #[serde(default)]
    pub requests: BTreeSet<RequestKind>,
    /// What the screens show.
    #[serde(default = "floor")]
    pub scene: Scene,
    /// It does not close before somebody has spoken a conclusion, or a directive or recommendation was noted.
    #[serde(default)]
    pub concludes: bool,
}

fn floor() -> Scene {
    Scene::Floor
}

/// The kinds that every council has unless its file says otherwise.
#[must_use]
pub fn usual_items() -> BTreeMap<ItemKind, ItemRule> {
    use RequestKind::{Question, Speech};
    let kinds: [(&str, &str, &[RequestKind], Scene); 16] = [
        ("opening", "Khai mạc", &[Speech], Scene::Floor),
        ("introduction", "Giới thiệu đại biểu", &[], Scene::Ceremony),
        ("flag_salute", "Chào cờ", &[], Scene::Solemn),
        ("report", "Báo cáo", &[Speech], Scene::Floor),
        ("debate", "Thảo luận", &[Speech], Scene::Floor),
        ("questioning", "Chất vấn", &[Question, Speech], Scene::Floor),
        ("explanation", "Giải trình", &[Question, Speech], Scene::Floor),
        ("vote", "Biểu quyết", &[Speech], Scene::Floor),
        ("confidence", "Lấy phiếu tín nhiệm", &[Speech], Scene::Floor),
        ("directive", "Phát biểu chỉ đạo", &[], Scene::Floor),
        ("ceremony", "Nghi thức", &[], Scene::Ceremony),
        ("signing", "Nghi thức ký kết", &[], Scene::Ceremony),
        ("awards", "Trao thưởng", &[], Scene::Ceremony),
        ("hosting", "Trao cờ đăng cai", &[], Scene::Ceremony),
        ("conclusion", "Kết luận", &[Speech], Scene::Floor),
        ("closing", "Bế mạc", &[Speech], Scene::Floor),
    ];
    kinds
        .into_iter()
        .map(|(kind, name, requests, scene)| {
            let rule = ItemRule {
                name: name.to_owned(),
                requests: requests.iter().copied().collect(),
                scene,
                // PRODUCT 3.7: a sitting of explanation ends with a conclusion.
                concludes: kind == "explanation",
            };
            (kind.into(), rule)
        })
        .collect()
}
