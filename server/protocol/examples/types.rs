//! Writes the browser's TypeScript types: `cargo run -p protocol --example types -- web-client/src/protocol`.
//!
//! The folder is made anew, so that a type that is gone leaves nothing behind; a check in the test suite fails when what is
//! committed differs.

#![allow(
    clippy::disallowed_methods,
    reason = "a tool that writes files; the crate itself does not"
)]

use protocol::message::{ClientMessage, ServerMessage};
use std::{env, fs, path::PathBuf};
use ts_rs::{Config, TS};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("which folder?")?);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let config = Config::new().with_out_dir(&folder);
    ClientMessage::export_all(&config)?;
    ServerMessage::export_all(&config)?;
    let mut names: Vec<String> = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned))
        .collect();
    names.sort();
    let index: String = names
        .iter()
        .map(|name| format!("export type {{ {name} }} from './{name}';\n"))
        .collect();
    fs::write(folder.join("index.ts"), index)?;
    Ok(())
}
