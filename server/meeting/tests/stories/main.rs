//! Stories of sittings, with invented people and a clock that the story moves; laws that hold for every sitting; and
//! recorded journals that must be replayed alike for ever.

mod agenda;
mod ballot;
mod boxes;
mod chair;
mod check;
mod confidence;
mod create;
mod desk;
mod edges;
mod floor;
mod golden;
mod hands;
mod kiosk;
mod laws;
mod matrix;
mod note;
mod outages;
mod paper;
mod privacy;
mod question;
mod queue;
mod retries;
mod rights;
mod roll;
mod sitting;
mod stage;
mod states;
mod vote;
mod vote_laws;
