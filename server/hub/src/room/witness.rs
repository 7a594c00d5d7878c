//! The room's part in the evidence: what is signed is shown to every screen, and who keeps it is noted.

use super::Room;
use crate::screens::{Screen, SocketId};
use journal::Checkpoint;
use meeting::command::Actor;
use meeting::id::{SittingId, Time};
use protocol::message::ServerMessage;
use protocol::view::AudienceKind;

impl Room {
    /// Signs what is due, before anybody is shown it.
    pub(super) async fn seal(&mut self) {
        let (head, legal) = (self.ledger.head(), self.ledger.last_legal_act());
        if self.notary.seal(head, legal, self.clock.now()).await
            && let Some(last) = self.notary.last()
        {
            self.screens.send(&told(last), |_| true);
        }
    }

    /// Shows a screen that comes in what was signed last.
    pub(super) fn show_checkpoint(&self, socket: SocketId) {
        if let (Some(last), Some(screen)) = (self.notary.last(), self.screens.get(socket)) {
            screen.outbox.send(&told(last));
        }
    }

    /// A screen keeps a checkpoint. Tablets of delegates are not asked to: rooms and consoles are many enough.
    pub(super) fn witnessed(&mut self, socket: SocketId, sitting: &SittingId, number: u64) {
        if let Some(name) = self.screens.get(socket).and_then(name) {
            self.notary.witnessed(name, &sitting.0, number, self.clock.now());
        }
    }
}

/// As whom a screen is noted. Devices are named by the clients themselves, so they are left out: whoever likes to change
/// the name would fill the database.
fn name(screen: &Screen) -> Option<String> {
    let desk = match screen.audience {
        AudienceKind::Chair => "chair's",
        AudienceKind::Secretary => "secretary's",
        AudienceKind::Technician => "technician's",
        AudienceKind::Room => "room's",
        AudienceKind::Delegate | AudienceKind::Kiosk => return None,
    };
    match &screen.actor {
        Actor::Kiosk { .. } | Actor::System => None,
        Actor::Room { id } => Some(format!("room {id}")),
        Actor::Person { id, .. } => Some(format!("person {id} at the {desk} desk")),
    }
}

fn told(checkpoint: &Checkpoint) -> ServerMessage {
    let says = &checkpoint.says;
    ServerMessage::Checkpoint {
        sitting: SittingId(says.sitting.clone()),
        number: says.number,
        seq: says.head.seq,
        at: Time(says.at),
        code: says.head.short(),
        text: checkpoint.text(),
    }
}
