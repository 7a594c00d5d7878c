//! A camera that sends one stream in layers (VP9 SVC): every receiver gets the pictures and sizes that its line carries, whole,
//! and under numbers without a gap.

mod hall;

use std::collections::BTreeSet;
use std::time::Duration;

use hall::{Equipment, Hall, Layered, Layering, Narrow, ROOM};

const SECOND: Duration = Duration::from_secs(1);
const VIEWER: Equipment = Equipment {
    microphone: false,
    camera: false,
    video_slots: 1,
    audio_slots: 1,
    layers: 0,
};

/// A hall that films in layers, one viewer with room for all of it and one behind a line of this capacity, bit/s.
fn call(layering: Layering, capacity: u64) -> (Hall, usize, usize) {
    let mut call = Hall::new();
    call.grain = Duration::from_millis(2);
    let hall = call.enter_with_vp9("Hội trường", ROOM, Some(layering));
    let wide = call.enter_with_vp9("Sảnh", VIEWER, None);
    let narrow = call.enter_with_vp9("Xã xa", VIEWER, None);
    call.settle();
    call.narrow = Some(Narrow::new(call.rooms[narrow].address, capacity));
    call.plan(&[(wide, &[Some(hall)], &[]), (narrow, &[Some(hall)], &[])]);
    (call, wide, narrow)
}

/// What one decoder was given: in order of arrival, which is that of sending here.
fn check(seen: &[Layered], layering: Layering) {
    assert!(
        !seen.is_empty() && seen[0].key && seen[0].spatial == 0,
        "{:?}",
        seen.first()
    );
    for pair in seen.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        assert_eq!(after.sequence, before.sequence + 1, "{before:?} {after:?}");
        let is_same = after.timestamp == before.timestamp;
        assert_eq!(
            before.marker, !is_same,
            "a picture ends with its marker: {before:?} {after:?}"
        );
        assert_eq!(is_same, after.picture == before.picture, "{before:?} {after:?}");
        let step = after.picture.wrapping_sub(before.picture) & 0x7fff;
        assert!(step < 64, "{before:?} {after:?}");
    }
    let mut held: BTreeSet<(u8, u8)> = BTreeSet::new();
    let mut base: Option<u16> = None;
    let mut pictures: Vec<&[Layered]> = seen
        .chunk_by(|before, after| before.timestamp == after.timestamp)
        .collect();
    // The last one may be on its way.
    pictures.pop();
    for picture in pictures {
        let layers: BTreeSet<u8> = picture.iter().map(|packet| packet.spatial).collect();
        let (first, last) = (picture[0], picture[picture.len() - 1]);
        for layer in &layers {
            let of_layer = |packet: &&Layered| packet.spatial == *layer;
            assert!(
                picture.iter().find(of_layer).is_some_and(|packet| packet.begins),
                "{picture:#?}"
            );
            assert!(
                picture.iter().rfind(of_layer).is_some_and(|packet| packet.ends),
                "{picture:#?}"
            );
        }
        let temporal = first.temporal;
        if first.key {
            held.clear();
        } else {
            // The picture before on the same temporal layer's way down is there.
            let needs_all = layering == Layering::Full;
            let expected: Vec<u8> = if needs_all {
                (0..=last.spatial).collect()
            } else {
                vec![last.spatial]
            };
            assert_eq!(layers.iter().copied().collect::<Vec<_>>(), expected, "{picture:#?}");
            assert!(held.contains(&(last.spatial, 0)), "nothing to predict from: {last:?}");
            let is_next = base.is_some_and(|base| first.picture.wrapping_sub(base) & 0x7fff <= 4);
            assert!(
                temporal == 0 || is_next,
                "the lowest layer is never left out: {first:?}"
            );
        }
        if temporal == 0 {
            base = Some(first.picture);
        }
        held.extend(layers.into_iter().map(|layer| (layer, temporal)));
    }
}

fn largest(seen: &[Layered]) -> Option<(u8, u8)> {
    let spatial = seen.iter().map(|packet| packet.spatial).max()?;
    let temporal = seen
        .iter()
        .filter(|packet| packet.spatial == spatial)
        .map(|packet| packet.temporal)
        .max()?;
    Some((spatial, temporal))
}

fn last_seconds(call: &mut Hall, room: usize, seconds: u32) -> Vec<Layered> {
    let before = call.rooms[room].layered.len();
    call.run(SECOND * seconds);
    call.rooms[room].layered[before..].to_vec()
}

#[test]
fn each_receiver_gets_what_its_line_carries() {
    for layering in [Layering::Full, Layering::AtKeyFrames] {
        let (mut call, wide, narrow) = call(layering, 900_000);
        call.run(20 * SECOND);
        let seen = last_seconds(&mut call, narrow, 2);
        let (spatial, _) = largest(&seen).expect("pictures");
        assert!(
            (1..2).contains(&spatial) || largest(&seen) < Some((2, 2)),
            "{:?}",
            largest(&seen)
        );
        assert_eq!(largest(&call.rooms[wide].layered), Some((2, 2)));
        for room in [wide, narrow] {
            check(&call.rooms[room].layered, layering);
        }
        // The line is mended: the whole comes, from a key frame on.
        call.narrow.as_mut().expect("a line").capacity = 20_000_000;
        call.run(40 * SECOND);
        let seen = last_seconds(&mut call, narrow, 1);
        assert_eq!(largest(&seen), Some((2, 2)));
        check(&call.rooms[narrow].layered, layering);
    }
}

#[test]
fn a_line_that_narrows_costs_pictures_before_it_costs_the_picture() {
    let (mut call, _, narrow) = call(Layering::Full, 20_000_000);
    call.run(8 * SECOND);
    assert_eq!(largest(&last_seconds(&mut call, narrow, 1)), Some((2, 2)));
    call.narrow.as_mut().expect("a line").capacity = 1_300_000;
    call.run(10 * SECOND);
    let seen = last_seconds(&mut call, narrow, 5);
    let pictures = seen
        .chunk_by(|before, after| before.timestamp == after.timestamp)
        .count();
    assert!(pictures >= 5 * 5, "{pictures} pictures in five seconds");
    assert!(largest(&seen) < Some((2, 2)));
    check(&call.rooms[narrow].layered, Layering::Full);
    call.narrow.as_mut().expect("a line").waits.clear();
    call.run(5 * SECOND);
    let usual = call.narrow.as_mut().expect("a line").usual_wait();
    assert!(usual <= Duration::from_millis(300), "{usual:?}");
}

#[test]
fn what_a_receiver_misses_of_its_layers_is_repaired() {
    let (mut call, _, narrow) = call(Layering::Full, 20_000_000);
    call.run(3 * SECOND);
    call.narrow.as_mut().expect("a line").capacity = 1_200_000;
    call.run(10 * SECOND);
    let (address, mut count) = (call.rooms[narrow].address, 0);
    call.link = hall::line(move |datagram| {
        count += usize::from(datagram.to == address && datagram.bytes.len() > 500);
        datagram.to != address || datagram.bytes.len() <= 500 || count % 20 != 0
    });
    let before = call.rooms[narrow].layered.len();
    call.run(5 * SECOND);
    call.link = hall::line(|_| true);
    call.run(SECOND);
    let seen = &call.rooms[narrow].layered[before..];
    let mut numbers: Vec<u64> = seen.iter().map(|packet| packet.sequence).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let span = numbers[numbers.len() - 1] - numbers[0] + 1;
    assert!(numbers.len() as u64 + span / 50 >= span, "{} of {span}", numbers.len());
}
