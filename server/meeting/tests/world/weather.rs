//! How bad it gets, and what a sitting has seen of it.

/// How bad the lines and the hub are; shares in thousandths.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    /// Of what is sent, so much never arrives.
    pub(crate) lost: u64,
    /// Everything is sent at least once, and up to so many times more.
    pub(crate) copies: u64,
    /// The longest delay, milliseconds; what is sent later may arrive first.
    pub(crate) delay: u64,
    /// Of the entries written, so many end otherwise than well.
    pub(crate) breaks: u64,
    /// Of the looks at a line, so many find it cut.
    pub(crate) cuts: u64,
}

impl Weather {
    /// Bad enough, and some of everything.
    pub(crate) fn changing() -> Self {
        Self {
            lost: 100,
            copies: 2,
            delay: 4_000,
            breaks: 12,
            cuts: 20,
        }
    }

    /// Every message a dozen times, in any order.
    pub(crate) fn hailing() -> Self {
        Self {
            lost: 200,
            copies: 40,
            delay: 20_000,
            breaks: 20,
            cuts: 30,
        }
    }
}

/// What a sitting has seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct Figures {
    pub(crate) entries: u64,
    pub(crate) answered: u64,
    pub(crate) refused: u64,
    /// Copies that arrived after the first.
    pub(crate) copies: u64,
    pub(crate) repeated: u64,
    pub(crate) crashes: u64,
    pub(crate) lost_on_disk: u64,
    pub(crate) closed: u64,
    pub(crate) announced: u64,
}

impl Figures {
    pub(crate) fn add(&mut self, more: &Self) {
        self.entries += more.entries;
        self.answered += more.answered;
        self.refused += more.refused;
        self.copies += more.copies;
        self.repeated += more.repeated;
        self.crashes += more.crashes;
        self.lost_on_disk += more.lost_on_disk;
        self.closed += more.closed;
        self.announced += more.announced;
    }
}
