//! The room's part in the kiosk: a ballot of somebody who has given the PIN there. Who that is was proved at the door
//! ([`crate::kiosk`]); whether the ballot counts is the meeting's to say.

use super::Room;
use super::message::AtKiosk;
use meeting::command::{Actor, Asked, Command};
use meeting::vote::command::VoteCommand;

impl Room {
    /// Decided like any other ballot. The answer goes out when it is durable.
    pub(super) async fn ballot(&mut self, ballot: AtKiosk) {
        let AtKiosk {
            kiosk,
            site,
            voter,
            id,
            vote,
            marks,
            answer,
        } = ballot;
        let asked = Asked {
            id,
            by: Actor::Kiosk {
                id: kiosk,
                site,
                voter: Some(voter),
            },
            given_at: None,
            command: Command::Vote(VoteCommand::Cast { vote, marks }),
        };
        let done = self.ledger.ask(&asked, self.clock.now()).await;
        self.changed = true;
        // Whoever stood there may have gone; what is recorded stays recorded.
        let _gone = answer.send(done);
    }
}
