//! The program `hub-verify`; see `hub-verify --help`.

use clap::Parser;
use std::process::ExitCode;

/// Kiểm tra nhật ký phiên họp của Điểm Cầu, không cần mạng. Checks the journals of sittings of Điểm Cầu, offline.
#[derive(Debug, Parser)]
#[command(name = "hub-verify", version)]
struct Cli {
    #[command(flatten)]
    ask: verify::ask::Ask,
}

fn main() -> ExitCode {
    let asked = Cli::parse().ask;
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("hub-verify: {error}");
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(asked.answer()) {
        Ok(answer) => {
            print!("{}", answer.text);
            if answer.whole {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            }
        }
        Err(error) => {
            eprintln!("hub-verify: {error:#}");
            ExitCode::from(2)
        }
    }
}
