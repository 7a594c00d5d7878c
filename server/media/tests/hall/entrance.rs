//! How rooms come in: with which browser, over what, and with which offer.

use std::net::SocketAddr;
use std::sync::Arc;

use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind};
use str0m::net::TcpType;
use str0m::{Candidate, Rtc};

use super::{Equipment, Hall, Layering, ROOM, Room};

impl Hall {
    /// A room opens its page: offer, answer, and the network does the rest.
    pub fn enter(&mut self, name: &str, equipment: Equipment) -> usize {
        self.enter_at(0, name, equipment)
    }

    /// The same, at one of several units.
    pub fn enter_at(&mut self, unit: usize, name: &str, equipment: Equipment) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, equipment, self.now);
        room.unit = unit;
        let room = self.admit(room);
        self.rooms.push(room);
        index
    }

    /// A room whose offer is changed on its way.
    pub fn enter_as(&mut self, name: &str, equipment: Equipment, change: impl FnOnce(String) -> String) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, equipment, self.now);
        let (offer, pending) = room.offer();
        let room = self.answer(room, &change(offer), pending);
        self.rooms.push(room);
        index
    }

    /// A room whose browser has VP9 alone.
    pub fn enter_with_vp9(&mut self, name: &str, equipment: Equipment, layering: Option<Layering>) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, equipment, self.now);
        let builder = Rtc::builder()
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp9(true)
            .set_crypto_provider(Arc::new(str0m::crypto::from_feature_flags()))
            .set_rtp_mode(true)
            .set_stats_interval(None);
        room.rtc = builder.build(self.now);
        room.rtc
            .add_local_candidate(Candidate::host(room.address, "udp").expect("an address"))
            .expect("a candidate");
        room.layering = layering;
        let room = self.admit(room);
        self.rooms.push(room);
        index
    }

    /// A room with so many further cameras, each with a microphone.
    pub fn enter_with_further(&mut self, name: &str, further: usize) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, ROOM, self.now);
        let mut api = room.rtc.sdp_api();
        let mut add = |kind| api.add_media(kind, Direction::SendOnly, None, None, None);
        room.microphone = Some(add(MediaKind::Audio));
        room.camera = Some(add(MediaKind::Video));
        room.further = (0..further)
            .map(|_| (add(MediaKind::Video), add(MediaKind::Audio)))
            .collect();
        let (offer, pending) = api.apply().expect("something to offer");
        let room = self.answer(room, &offer.to_sdp_string(), pending);
        self.rooms.push(room);
        index
    }

    /// A room that can also open a connection to the unit's TCP address.
    pub fn enter_with_tcp(&mut self, name: &str, equipment: Equipment) -> usize {
        let index = self.rooms.len();
        let mut room = Room::new(name, index as u32 + 1, equipment, self.now);
        let active = SocketAddr::new(room.address.ip(), 9);
        let candidate = Candidate::builder().tcp().host(active).tcptype(TcpType::Active);
        room.rtc
            .add_local_candidate(candidate.build().expect("an address"))
            .expect("a candidate");
        let room = self.admit(room);
        self.rooms.push(room);
        index
    }

    /// A room reloads its page: another peer connection from another port, under the same session.
    pub fn reenter(&mut self, index: usize) {
        self.reenter_at(self.rooms[index].unit, index);
    }

    /// The same, at another unit.
    pub fn reenter_at(&mut self, unit: usize, index: usize) {
        let old = &self.rooms[index];
        let port = old.address.port() + 1;
        let mut room = Room::at(
            &old.name,
            old.id,
            SocketAddr::new(old.address.ip(), port),
            old.equipment,
            self.now,
        );
        room.unit = unit;
        self.rooms[index] = self.admit(room);
    }

    fn admit(&mut self, mut room: Room) -> Room {
        let (offer, pending) = room.offer();
        self.answer(room, &offer, pending)
    }

    fn answer(&mut self, mut room: Room, offer: &str, pending: SdpPendingOffer) -> Room {
        let now = self.now;
        let accepted = self.unit(room.unit).accept(room.id, offer, now);
        let answer = accepted.expect("the offer is good");
        let parsed = SdpAnswer::from_sdp_string(&answer.sdp).expect("the answer is valid SDP");
        room.rtc
            .sdp_api()
            .accept_answer(pending, parsed)
            .expect("the answer fits the offer");
        room.answer = Some(answer);
        room
    }
}
