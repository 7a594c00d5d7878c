//! Mở thêm: one more room may be heard, by an explicit act (PRODUCT 3.2); and the voice that starts a clock.

use crate::event::{ClockStart, Event};
use crate::id::{EndpointId, Time};
use crate::meeting::Meeting;
use crate::refusal::Refusal;
use crate::rights::Capacity;
use crate::sitting::Phase;
use crate::turn::Clock;

impl Meeting {
    /// The chair opens any room while the sitting lasts; the technician only while it is being prepared.
    pub(crate) fn open_microphone(
        &self,
        capacity: Capacity,
        endpoint: &EndpointId,
        open: bool,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.setup.endpoints.contains_key(endpoint) {
            return Err(Refusal::Unknown);
        }
        // PRODUCT 3.11: the technician may mute; unmuting during a sitting is the floor's.
        let preparing = matches!(self.phase, Phase::TechnicalCheck | Phase::Lobby);
        if capacity == Capacity::Technician && open && !preparing {
            return Err(Refusal::NotAllowed);
        }
        if open && !self.admits_room(endpoint) {
            return Err(Refusal::Outside);
        }
        if open && self.is_solemn() {
            return Err(Refusal::Ceremony);
        }
        if self.open_microphones.contains(endpoint) == open {
            return Err(Refusal::NoChange);
        }
        let endpoint = endpoint.clone();
        Ok(vec![if open {
            Event::MicrophoneOpened { endpoint }
        } else {
            Event::MicrophoneClosed { endpoint }
        }])
    }

    /// The speaker's voice was heard: the clock starts (PRODUCT 3.2 no. 5).
    pub(crate) fn report_voice(&self, endpoint: &EndpointId, now: Time) -> Result<Vec<Event>, Refusal> {
        let invited = self
            .turn
            .as_ref()
            .filter(|turn| turn.endpoint == *endpoint && matches!(turn.clock, Clock::Invited { .. }))
            .ok_or(Refusal::NoChange)?;
        Ok(vec![Event::ClockStarted {
            turn: invited.id.clone(),
            at: now,
            how: ClockStart::Voice,
        }])
    }
}
