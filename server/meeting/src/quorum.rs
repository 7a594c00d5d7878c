//! The quorum, live: present delegates against a share of the legal total (PRODUCT 3.4.3). Guests never count.

use crate::command::Attendance;
use crate::meeting::Meeting;

/// Attendance as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quorum {
    /// Legal total of delegates in office.
    pub total: u32,
    /// Needed.
    pub needed: u32,
    /// Present, in whichever way.
    pub present: u32,
    /// … in the hall.
    pub hall: u32,
    /// … at bridge points.
    pub sites: u32,
    /// … online by themselves.
    pub online: u32,
    /// Connection lost.
    pub disconnected: u32,
    /// Stepped out, or left early.
    pub away: u32,
    /// Excused.
    pub excused: u32,
    /// Absent without reason.
    pub absent: u32,
    /// Not yet taken.
    pub unknown: u32,
}

impl Quorum {
    /// Enough to proceed.
    #[must_use]
    pub fn met(&self) -> bool {
        self.present >= self.needed
    }
}

impl Meeting {
    /// The quorum at this moment.
    #[must_use]
    pub fn quorum(&self) -> Quorum {
        let rules = &self.setup.rules;
        let mut quorum = Quorum {
            total: rules.total,
            needed: rules.quorum.at_least(rules.total),
            ..Quorum::default()
        };
        for id in self.delegates() {
            let state = self.attendance(id);
            quorum.present += u32::from(state.is_present());
            let place = match state {
                // Who came late is counted where they sit.
                Attendance::Late => self
                    .seat(id)
                    .map_or(Attendance::PresentSite, |site| self.presence_at(site)),
                state => state,
            };
            let count = match place {
                Attendance::PresentHall => &mut quorum.hall,
                Attendance::PresentSite | Attendance::Late => &mut quorum.sites,
                Attendance::PresentOnline => &mut quorum.online,
                Attendance::Disconnected => &mut quorum.disconnected,
                Attendance::SteppedOut | Attendance::LeftEarly => &mut quorum.away,
                Attendance::Excused => &mut quorum.excused,
                Attendance::Absent => &mut quorum.absent,
                Attendance::Unknown => &mut quorum.unknown,
            };
            *count += 1;
        }
        quorum
    }
}
