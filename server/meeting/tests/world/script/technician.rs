//! The central technician: microphones, pictures and checks, at any time.

use super::Person;
use crate::chance::Chance;
use meeting::Phase;
use meeting::command::Command;
use meeting::cut::Preset;
use meeting::id::EndpointId;

pub(super) fn wants(me: &Person<'_>, chance: &mut Chance) -> Option<Command> {
    let m = me.m;
    let rooms: Vec<&EndpointId> = m.setup().endpoints.keys().collect();
    let endpoint = (*chance.pick(&rooms)?).clone();
    Some(match chance.below(8) {
        0 | 1 => Command::OpenMicrophone {
            open: !m.open_microphones().contains(&endpoint),
            endpoint,
        },
        2 => Command::ArrangeStage {
            preset: Preset::Room { endpoint },
        },
        3 => Command::AskCheck {
            endpoint: Some(endpoint),
        },
        4 => Command::PauseTurn,
        5 => Command::SilenceAll,
        6 => Command::LiftSilence,
        _other if m.phase() == Phase::TechnicalCheck => Command::OpenLobby,
        _other => Command::ReleaseStage,
    })
}
