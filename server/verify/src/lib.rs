//! What an inspector runs: it reads a journal, offline, and says in Vietnamese and in English what was checked and what is not
//! as it was written (PRODUCT 3.18, T-56). The program is `hub-verify`; `hub verify` calls the same code.
//!
//! Input: a database or an export, the hub's public key, and files of witnesses. Output: text, and whether all is well. It
//! knows of an entry only its time and whose command it was; what was decided in a sitting it does **not** know, and it never
//! writes.
//!
//! Reading order: [`export`] is the file that a hub hands over, [`source`] finds the journals in whatever was given,
//! [`examine`] looks at one, `words` says it, [`ask`] puts these together.

pub mod ask;
pub mod examine;
pub mod export;
pub mod source;
mod words;
