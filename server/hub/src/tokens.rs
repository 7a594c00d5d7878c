//! Bearer tokens for equipment that speaks WHIP (a mixer, an encoder) and for players that speak WHEP: `hub token …` makes,
//! lists and takes them back; the database holds their hashes only.
//!
//! A token opens one source, one way, until a given time. A source is a room, named by its own id or by that of its bridge
//! point, or the programme, which can only be viewed.

use crate::keys;
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use meeting::id::{EndpointId, SiteId};
use meeting::setup::Setup;
use std::fmt::Write;
use store::{Scope, Store, Token};

/// The name of the programme, where a room's id could stand.
pub const PROGRAMME: &str = "programme";
/// So many digits of a hash name a token in the list.
const DIGITS: usize = 8;
const HOUR: u64 = 3_600_000;
/// A token is good for ten years at most; it is not meant to be for ever.
const LONGEST_H: u32 = 10 * 366 * 24;

/// What can be published or viewed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A room's camera and microphone.
    Room(EndpointId),
    /// What the floor puts on stage.
    Programme,
}

impl Source {
    /// The source of this name, if the council has it.
    #[must_use]
    pub fn named(name: &str, setup: &Setup) -> Option<Self> {
        if name == PROGRAMME {
            return Some(Self::Programme);
        }
        let room = EndpointId::from(name);
        if setup.endpoints.contains_key(&room) {
            return Some(Self::Room(room));
        }
        let site = SiteId::from(name);
        let first = setup.endpoints.iter().find(|(_, room)| room.site == site);
        first.map(|(room, _)| Self::Room(room.clone()))
    }

    /// As it stands in a token.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Room(room) => &room.0,
            Self::Programme => PROGRAMME,
        }
    }
}

/// `hub token …`
#[derive(Debug, Subcommand)]
pub enum TokenWhat {
    /// Makes a token and prints it, once: afterwards only its hash is known.
    New(New),
    /// Lists the tokens.
    List,
    /// Takes a token back; what it opened ends within half a second.
    Revoke {
        /// The token, or the first digits that stand in the list.
        token: String,
    },
}

/// `hub token new …`
#[derive(Debug, Args)]
pub struct New {
    #[command(flatten)]
    what: What,
    /// What it is for, to know it again in the list.
    #[arg(long)]
    label: String,
    /// For how many hours it is good.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=i64::from(LONGEST_H)))]
    hours: u32,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// It may send this room's camera and microphone.
    #[arg(long, value_name = "ROOM")]
    publish: Option<String>,
    /// It may receive this room, or `programme`.
    #[arg(long, value_name = "SOURCE")]
    view: Option<String>,
}

impl TokenWhat {
    /// Does it.
    ///
    /// # Errors
    /// The council has no such source, there is no such token, or the database does not answer.
    pub async fn go(self, store: &Store, setup: &Setup, base_url: &str, now: u64) -> Result<()> {
        match self {
            Self::New(new) => {
                let (token, address) = new.make(store, setup, base_url, now).await?;
                println!("{token}\n{address}");
            }
            Self::List => print!("{}", table(&store.tokens().await?, now)),
            Self::Revoke { token } => {
                let found = find(&store.tokens().await?, &token)?;
                store.revoke_token(found.hash).await?;
                println!("{}", line(&Token { revoked: true, ..found }, now));
            }
        }
        Ok(())
    }
}

impl New {
    async fn make(self, store: &Store, setup: &Setup, base_url: &str, now: u64) -> Result<(String, String)> {
        let (scope, name) = match (self.what.publish, self.what.view) {
            (Some(name), _) => (Scope::Publish, name),
            (None, Some(name)) => (Scope::View, name),
            (None, None) => bail!("say --publish or --view"),
        };
        let source = Source::named(&name, setup).with_context(|| format!("the council has no `{name}`"))?;
        if (scope, &source) == (Scope::Publish, &Source::Programme) {
            bail!("nobody publishes the programme: it is what the floor puts on stage");
        }
        let token = keys::random();
        let kept = Token {
            hash: keys::hash(&token),
            scope,
            source: source.name().to_owned(),
            label: self.label,
            made_at: now,
            until: now + u64::from(self.hours) * HOUR,
            revoked: false,
        };
        store.put_token(kept).await.context("the token could not be kept")?;
        let way = match scope {
            Scope::Publish => "whip",
            Scope::View => "whep",
        };
        Ok((token, format!("{base_url}/{way}/{}/{}", setup.sitting, source.name())))
    }
}

/// The one token that somebody means.
fn find(tokens: &[Token], named: &str) -> Result<Token> {
    let named = named.trim().to_lowercase();
    let whole = keys::hash(&named);
    let is_meant =
        |token: &&Token| token.hash == whole || (named.len() >= DIGITS && hex::encode(token.hash).starts_with(&named));
    let mut meant = tokens.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(token), None) => Ok(token.clone()),
        (Some(_), Some(_)) => bail!("more than one token begins with `{named}`: give more digits"),
        (None, _) => {
            bail!("there is no such token: `hub token list` shows them, name one by its first {DIGITS} digits")
        }
    }
}

fn table(tokens: &[Token], now: u64) -> String {
    let mut text = String::new();
    for token in tokens {
        let _infallible = writeln!(text, "{}", line(token, now));
    }
    text
}

fn line(token: &Token, now: u64) -> String {
    let state = if token.revoked {
        "revoked".to_owned()
    } else if token.is_good(now) {
        format!("good for {} h", (token.until - now).div_ceil(HOUR))
    } else {
        "expired".to_owned()
    };
    let name = &hex::encode(token.hash)[..DIGITS];
    format!(
        "{name}  {:7}  {:16}  {state:16}  {}",
        token.scope.as_str(),
        token.source,
        token.label
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(key: &str, until: u64) -> Token {
        Token {
            hash: keys::hash(key),
            scope: Scope::View,
            source: PROGRAMME.to_owned(),
            label: "sảnh".to_owned(),
            made_at: 0,
            until,
            revoked: false,
        }
    }

    #[test]
    fn a_token_is_named_by_itself_or_by_the_digits_in_the_list() {
        let tokens = [token("a", 1), token("b", 1)];
        let digits = &hex::encode(tokens[1].hash)[..DIGITS];
        assert_eq!(find(&tokens, digits).unwrap(), tokens[1]);
        assert_eq!(find(&tokens, "a").unwrap(), tokens[0]);
        assert!(find(&tokens, &digits[..DIGITS - 1]).is_err(), "too few to be sure");
        assert!(find(&tokens, "c").is_err());
    }

    #[test]
    fn the_list_says_what_is_good_and_what_is_not() {
        let list = table(
            &[
                token("a", 3 * HOUR),
                token("b", HOUR),
                Token {
                    revoked: true,
                    ..token("c", 9 * HOUR)
                },
            ],
            HOUR,
        );
        let lines: Vec<&str> = list.lines().collect();
        assert!(lines[0].contains("good for 2 h") && lines[0].ends_with("sảnh"));
        assert!(lines[1].contains("expired") && lines[2].contains("revoked"));
    }
}
