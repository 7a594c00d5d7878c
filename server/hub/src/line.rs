//! How a room's line is, in one word and in figures, for the technician's wall and the room's own badge (PRODUCT 3.11).
//!
//! Pure: from what the media unit has measured and what the room reports of its devices to what is shown. It does not know
//! whose session the figures are of.

use ::media::SessionStats;
use protocol::message::{DeviceReport, Link, LinkState};
use std::time::Duration;

/// A microphone or camera from which nothing came for this long is dead.
const DEAD: Duration = Duration::from_secs(3);
/// Loss from which people notice.
const LOSSY: f32 = 0.05;
/// Round trip from which people notice, milliseconds.
const SLOW_MS: u32 = 400;
/// What is told of a level that nobody measures, dBov.
const SILENCE: i8 = -127;

/// A room's line. `device` is what its page reports of the camera that is seen; `has_socket` says whether its screen is there.
#[must_use]
pub fn link(stats: &SessionStats, device: Option<&DeviceReport>, has_socket: bool) -> Link {
    let percent = |share: f32| (share * 1000.0).round() / 10.0;
    Link {
        state: state(stats, device, has_socket),
        level: i32::from(if stats.connected {
            stats.microphone_level
        } else {
            SILENCE
        }),
        loss_up: percent(stats.loss_up),
        loss_down: percent(stats.loss_down),
        rtt_ms: stats.rtt_ms,
        up_kbps: stats.bitrate_up / 1000,
        down_kbps: stats.bitrate_down / 1000,
        estimate_kbps: stats.estimate_down.map(|bits| bits / 1000),
        layer: stats.layer,
        still: u32::try_from(stats.paused.len()).unwrap_or(u32::MAX),
        device: device.cloned(),
    }
}

/// Whether a room is heard and cannot be seen: its camera is gone or dead, or it has chosen sound alone. Before the first
/// picture has come it is not said.
#[must_use]
pub fn is_heard_only(stats: &SessionStats, device: Option<&DeviceReport>) -> bool {
    let is_blind = device.is_some_and(|device| device.sound_only || device.camera.is_empty());
    let is_seen = match stats.video_age {
        Some(age) => age < DEAD,
        None => !is_blind,
    };
    is_there(stats) && flows(stats.audio_age) && !is_seen
}

fn is_there(stats: &SessionStats) -> bool {
    stats.connected && !stats.silent
}

fn flows(age: Option<Duration>) -> bool {
    age.is_some_and(|age| age < DEAD)
}

fn state(stats: &SessionStats, device: Option<&DeviceReport>, has_socket: bool) -> LinkState {
    if !is_there(stats) {
        return if has_socket {
            LinkState::Connecting
        } else {
            LinkState::Offline
        };
    }
    match (flows(stats.video_age), flows(stats.audio_age)) {
        (false, false) => LinkState::Connecting,
        (false, true) if device.is_some_and(|device| device.sound_only) => LinkState::SoundOnly,
        (false, true) => LinkState::NoPicture,
        (true, false) => LinkState::NoSound,
        (true, true) => {
            let slow = stats.rtt_ms.is_some_and(|rtt| rtt > SLOW_MS);
            if stats.loss_up > LOSSY || stats.loss_down > LOSSY || slow || !stats.paused.is_empty() {
                LinkState::Degraded
            } else {
                LinkState::Good
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Option<Duration> = Some(Duration::from_millis(20));

    fn flowing() -> SessionStats {
        SessionStats {
            connected: true,
            microphone_level: -30,
            audio_age: NOW,
            video_age: NOW,
            estimate_down: Some(2_345_678),
            layer: Some(360),
            ..SessionStats::default()
        }
    }

    fn device(camera: &str, sound_only: bool) -> DeviceReport {
        DeviceReport {
            camera: camera.to_owned(),
            microphone: "table".to_owned(),
            level: -30,
            consent: true,
            frames: 25,
            concealed_ms: 0,
            sound_only,
            transport: None,
        }
    }

    #[test]
    fn a_good_line_says_what_it_carries() {
        let link = link(&flowing(), None, true);
        assert_eq!(link.state, LinkState::Good);
        assert_eq!((link.estimate_kbps, link.layer, link.still), (Some(2345), Some(360), 0));
    }

    #[test]
    fn pictures_that_stand_still_are_a_line_that_is_not_good() {
        let narrow = SessionStats {
            paused: vec![1, 2],
            ..flowing()
        };
        let link = link(&narrow, None, true);
        assert_eq!((link.state, link.still), (LinkState::Degraded, 2));
    }

    #[test]
    fn sound_alone_by_choice_is_no_broken_camera() {
        let blind = SessionStats {
            video_age: Some(Duration::from_secs(10)),
            ..flowing()
        };
        let chosen = device("", true);
        assert_eq!(link(&blind, Some(&chosen), true).state, LinkState::SoundOnly);
        assert!(is_heard_only(&blind, Some(&chosen)));
        assert_eq!(
            link(&blind, Some(&device("C920", false)), true).state,
            LinkState::NoPicture
        );
        assert!(is_heard_only(&blind, None), "its last picture stands still");
    }

    #[test]
    fn a_room_that_has_just_come_is_waited_for() {
        let fresh = SessionStats {
            video_age: None,
            ..flowing()
        };
        assert!(!is_heard_only(&fresh, Some(&device("C920", false))));
        assert!(is_heard_only(&fresh, Some(&device("", false))), "it has no camera");
        let lost = SessionStats {
            silent: true,
            ..flowing()
        };
        assert!(!is_heard_only(&lost, None), "nor is it heard");
    }
}
