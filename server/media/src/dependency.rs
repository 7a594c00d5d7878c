//! The dependency descriptor (AV1 RTP specification, appendix A): a header extension that says to which decode targets a frame
//! belongs, so that a unit may leave frames out without reading the picture.
//!
//! A key frame's first packet carries a *structure*, the templates to which all others refer. It is read once and kept as what
//! each template is to our operating points. Only the first three bytes of a descriptor are ever rewritten: the frame's number
//! goes on when the source changes.

use crate::offer::Codec;
use crate::scale::{self, POINTS, SPATIAL, Scale};

const TEMPLATES: usize = 64;
const TARGETS: usize = 32;
/// What a frame is to a decode target (appendix A.8.3.2).
const NOT_PRESENT: u32 = 0;
const SWITCH: u32 = 2;
/// Shortest descriptor: two flags, the template's number, the frame's number.
pub(crate) const SHORT: usize = 3;

/// What a frame of one template is.
#[derive(Clone, Copy, Debug, Default)]
struct Template {
    spatial: u8,
    temporal: u8,
    needed: u16,
    begins: u16,
}

/// The templates of one coded sequence.
#[derive(Clone, Debug)]
pub(crate) struct Structure {
    offset: u8,
    count: usize,
    templates: [Template; TEMPLATES],
    targets: usize,
    /// Which decode target stands for each of our points.
    target_of: [u8; POINTS],
    /// The highest spatial layer.
    top: u8,
    /// Lines of each spatial layer; 0 = unknown.
    pub(crate) heights: [u16; SPATIAL],
}

/// Reads bits, highest first; `None` behind the end.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.take(1)? == 1)
    }

    /// A number below `range` in as few bits as will do (`ns(n)`).
    fn below(&mut self, range: u32) -> Option<u32> {
        let width = 32 - range.leading_zeros();
        if width == 0 {
            return Some(0);
        }
        let short = (1u32 << width) - range;
        let value = self.take(width as usize - 1)?;
        if value < short {
            return Some(value);
        }
        Some((value << 1) - short + self.take(1)?)
    }
}

/// The frame's number.
pub(crate) fn frame_number(descriptor: &[u8]) -> Option<u16> {
    let [_, high, low, ..] = descriptor else { return None };
    Some(u16::from_be_bytes([*high, *low]))
}

/// Gives the frame another number.
pub(crate) fn renumber(descriptor: &mut [u8], number: u16) {
    if let Some(place) = descriptor.get_mut(1..SHORT) {
        place.copy_from_slice(&number.to_be_bytes());
    }
}

/// Which fields follow the mandatory ones.
#[derive(Clone, Copy, Default)]
struct Extended {
    has_structure: bool,
    has_active: bool,
    has_own_targets: bool,
}

impl Extended {
    fn read(bits: &mut Bits<'_>) -> Option<Extended> {
        let [has_structure, has_active, has_own_targets] = [bits.flag()?, bits.flag()?, bits.flag()?];
        // Own differences and chains come last, and say nothing about targets.
        bits.take(2)?;
        Some(Extended {
            has_structure,
            has_active,
            has_own_targets,
        })
    }
}

/// What a packet is by its descriptor; keeps the structure, if the descriptor brings one. `None` when it cannot be read, or
/// refers to a structure that never came.
pub(crate) fn scale(descriptor: &[u8], known: &mut Option<Box<Structure>>) -> Option<Scale> {
    let mut bits = Bits {
        bytes: descriptor,
        at: 0,
    };
    let (_, is_end) = (bits.flag()?, bits.flag()?);
    let template = bits.take(6)?;
    bits.take(16)?;
    let mut extended = Extended::default();
    if descriptor.len() > SHORT {
        extended = Extended::read(&mut bits)?;
        if extended.has_structure {
            let fresh = Structure::read(&mut bits)?;
            match known {
                Some(known) => **known = fresh,
                None => *known = Some(Box::new(fresh)),
            }
        }
    }
    let structure = known.as_ref()?;
    if extended.has_active {
        bits.take(structure.targets)?;
    }
    let index = (template as usize + TEMPLATES - usize::from(structure.offset)) % TEMPLATES;
    let mut frame = *structure.templates[..structure.count].get(index)?;
    if extended.has_own_targets {
        (frame.needed, frame.begins) = structure.targets_of_frame(&mut bits)?;
    }
    let is_last = |spatial: u8| is_end && spatial.min(structure.top) == frame.spatial;
    Some(Scale {
        needed: frame.needed,
        begins: frame.begins,
        from_any: true,
        ends: scale::points(|spatial, _| is_last(spatial)),
        own: scale::point(frame.spatial, frame.temporal),
    })
}

impl Structure {
    /// The structure that a descriptor brings, if it does.
    pub(crate) fn of(descriptor: &[u8]) -> Option<Structure> {
        let mut bits = Bits {
            bytes: descriptor,
            at: 8 * SHORT,
        };
        Extended::read(&mut bits)?.has_structure.then_some(())?;
        Structure::read(&mut bits)
    }

    fn read(bits: &mut Bits<'_>) -> Option<Structure> {
        let offset = bits.take(6)? as u8;
        let targets = bits.take(5)? as usize + 1;
        let mut found = Structure {
            offset,
            count: 0,
            templates: [Template::default(); TEMPLATES],
            targets,
            target_of: [0; POINTS],
            top: 0,
            heights: [0; SPATIAL],
        };
        found.read_layers(bits)?;
        let mut kinds = [[0u8; TARGETS]; TEMPLATES];
        for template in &mut kinds[..found.count] {
            for kind in &mut template[..targets] {
                *kind = bits.take(2)? as u8;
            }
        }
        found.assign(&kinds);
        for _ in 0..found.count {
            while bits.flag()? {
                bits.take(4)?;
            }
        }
        found.skip_chains(bits)?;
        if bits.flag()? {
            for layer in 0..=found.top {
                let (_, height) = (bits.take(16)?, bits.take(16)? + 1);
                if let Some(place) = found.heights.get_mut(usize::from(layer)) {
                    *place = height.min(u32::from(u16::MAX)) as u16;
                }
            }
        }
        Some(found)
    }

    fn read_layers(&mut self, bits: &mut Bits<'_>) -> Option<()> {
        let (mut spatial, mut temporal) = (0, 0);
        loop {
            let place = self.templates.get_mut(self.count)?;
            (place.spatial, place.temporal) = (spatial, temporal);
            self.count += 1;
            self.top = spatial;
            match bits.take(2)? {
                0 => {}
                1 => temporal += 1,
                2 => (spatial, temporal) = (spatial + 1, 0),
                _ => return Some(()),
            }
        }
    }

    /// A target is of the highest layers of its templates (appendix A.8.3.5); a point that has none takes the next below.
    fn assign(&mut self, kinds: &[[u8; TARGETS]; TEMPLATES]) {
        let mut layers = [(0, 0); TARGETS];
        for (template, kinds) in self.templates[..self.count].iter().zip(kinds) {
            for (layers, kind) in layers.iter_mut().zip(kinds) {
                if u32::from(*kind) != NOT_PRESENT {
                    *layers = (layers.0.max(template.spatial), layers.1.max(template.temporal));
                }
            }
        }
        let targets = self.targets;
        for (at, target_of) in self.target_of.iter_mut().enumerate() {
            let (spatial, temporal) = (at / scale::TEMPORAL, at % scale::TEMPORAL);
            let fits = |layers: &(u8, u8)| usize::from(layers.0) <= spatial && usize::from(layers.1) <= temporal;
            let best = (0..targets)
                .filter(|target| fits(&layers[*target]))
                .max_by_key(|target| layers[*target]);
            *target_of = best.unwrap_or(0) as u8;
        }
        let target_of = self.target_of;
        for (template, kinds) in self.templates[..self.count].iter_mut().zip(kinds) {
            (template.needed, template.begins) = points(&target_of, &kinds.map(u32::from));
        }
    }

    fn targets_of_frame(&self, bits: &mut Bits<'_>) -> Option<(u16, u16)> {
        let mut kinds = [NOT_PRESENT; TARGETS];
        for kind in &mut kinds[..self.targets] {
            *kind = bits.take(2)?;
        }
        Some(points(&self.target_of, &kinds))
    }

    fn skip_chains(&self, bits: &mut Bits<'_>) -> Option<()> {
        let chains = bits.below(self.targets as u32 + 1)?;
        if chains == 0 {
            return Some(());
        }
        for _ in 0..self.targets {
            bits.below(chains)?;
        }
        for _ in 0..self.count * chains as usize {
            bits.take(4)?;
        }
        Some(())
    }
}

/// The points that need a frame, and those that may begin with it, by what it is to each target.
fn points(target_of: &[u8; POINTS], kinds: &[u32; TARGETS]) -> (u16, u16) {
    let mut found = (0, 0);
    for (point, target) in target_of.iter().enumerate() {
        let kind = kinds[usize::from(*target)];
        found.0 |= u16::from(kind != NOT_PRESENT) << point;
        found.1 |= u16::from(kind == SWITCH) << point;
    }
    found
}

/// Whether packets of this codec are described.
pub(crate) fn describes(codec: Codec) -> bool {
    codec == Codec::Av1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scale::{point, spatial};
    use proptest::prelude::*;

    /// Writes bits.
    #[derive(Default)]
    struct Pen {
        bytes: Vec<u8>,
        at: usize,
    }

    impl Pen {
        fn put(&mut self, count: usize, value: u32) {
            for bit in (0..count).rev() {
                if self.at.is_multiple_of(8) {
                    self.bytes.push(0);
                }
                let last = self.bytes.last_mut().expect("just pushed");
                *last |= ((value >> bit & 1) as u8) << (7 - self.at % 8);
                self.at += 1;
            }
        }
    }

    /// Two spatial layers and two temporal ones (L2T2): four templates, four targets, one chain, two sizes.
    fn key_frame(number: u32) -> Vec<u8> {
        let mut pen = Pen::default();
        for (count, value) in [(1, 1), (1, 0), (6, 10), (16, number), (5, 0b10000), (6, 10), (5, 3)] {
            pen.put(count, value);
        }
        // S0T0, S0T1, S1T0, S1T1.
        [1, 2, 1, 3].into_iter().for_each(|next| pen.put(2, next));
        let kinds = [[2, 2, 2, 2], [0, 1, 0, 3], [0, 0, 2, 2], [0, 0, 0, 1]];
        kinds.into_iter().flatten().for_each(|kind| pen.put(2, kind));
        // Each template refers to one frame.
        (0..4).for_each(|_| {
            [(1, 1), (4, 0), (1, 0)]
                .into_iter()
                .for_each(|(count, value)| pen.put(count, value))
        });
        // One chain of at most four: `ns(5)` of 1 has two bits; which protects which takes none.
        pen.put(2, 1);
        (0..4).for_each(|_| pen.put(4, 1));
        pen.put(1, 1);
        for size in [639, 359, 1279, 719] {
            pen.put(16, size);
        }
        pen.bytes
    }

    #[test]
    fn templates_become_operating_points() {
        let mut known = None;
        let key = scale(&key_frame(77), &mut known).expect("a descriptor");
        assert_eq!((frame_number(&key_frame(77)), key.own), (Some(77), 0));
        assert_eq!(key.begins, (1 << POINTS) - 1, "a key frame begins everything");
        let structure = known.as_ref().expect("kept");
        assert_eq!(structure.heights, [360, 720, 0]);
        assert_eq!(
            Structure::of(&key_frame(1)).map(|found| found.heights),
            Some([360, 720, 0])
        );
        let mut of = |template: u8| scale(&[0x40 | template, 0, 78], &mut known).expect("a descriptor");
        let (low, top) = (of(11), of(13));
        assert!(low.is_needed(point(0, 1)) && low.is_needed(point(1, 1)) && !low.is_needed(point(1, 0)));
        assert!(
            top.is_needed(point(1, 1)) && top.is_needed(point(2, 2)),
            "a point beyond is the last"
        );
        assert!(!top.is_needed(point(0, 2)) && spatial(top.own) == 1);
        assert!(top.is_end(point(1, 0)) && !top.is_end(point(0, 0)) && low.is_end(point(0, 1)));
        assert!(scale(&[14, 0, 0], &mut known).is_none(), "no such template");
        assert!(scale(&[11, 0, 0], &mut None).is_none(), "no structure yet");
        // Its own targets: discardable for the last one only.
        let own = [11, 0, 79, 0b0010_0000, 0b0000_1000];
        let own = scale(&own, &mut known).expect("a descriptor");
        assert_eq!((own.needed & 0b1_1111, own.begins), (1 << point(1, 1), 0));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120), flip in 0usize..80) {
            let mut known = None;
            let _ = scale(&bytes, &mut known);
            let mut damaged = key_frame(1);
            if let Some(byte) = damaged.get_mut(flip) {
                *byte ^= bytes.first().copied().unwrap_or(1);
            }
            let _ = scale(&damaged, &mut known);
            let _ = (scale(&bytes, &mut known), Structure::of(&bytes));
        }
    }
}
