//! The council's file: what an official writes, made into the `Setup` that the first event of a journal carries.
//!
//! Whether it makes sense as a whole is for `Meeting::create`. People, sites and items stand in the file in the order in which they are to be shown. Rules come from a pack
//! (`rules/<name>.toml` beside the council's folder) and may be changed one by one in `[rules]`.

use anyhow::{Context, Result, bail, ensure};
use meeting::id::{EndpointId, GroupId, ItemId, PersonId, SiteId, SittingId};
use meeting::setup::{AgendaItem, Endpoint, Group, ItemKind, Person, Role, Rules, Setup, Site, SiteKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    bodies: Vec<String>,
    presiding: PersonId,
    #[serde(default)]
    rules: toml::Table,
    groups: Vec<GroupRow>,
    sites: Vec<SiteRow>,
    endpoints: Vec<EndpointRow>,
    agenda: Vec<ItemRow>,
    people: Vec<PersonRow>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupRow {
    id: GroupId,
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteRow {
    id: SiteId,
    name: String,
    short: String,
    kind: SiteKind,
    #[serde(default)]
    phone: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndpointRow {
    id: EndpointId,
    site: SiteId,
    #[serde(default)]
    name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemRow {
    id: ItemId,
    title: String,
    kind: ItemKind,
    minutes: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonRow {
    id: PersonId,
    name: String,
    #[serde(default)]
    title: String,
    roles: Vec<Role>,
    group: Option<GroupId>,
    site: SiteId,
}

/// Reads a council's file and makes the setup of a sitting.
///
/// # Errors
/// The file, or its rule pack, cannot be read, has an unknown key, or uses an id twice.
pub fn read(path: &Path, sitting: SittingId) -> Result<Setup> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the council {}", path.display()))?;
    let mut file: File = toml::from_str(&text).with_context(|| format!("the council {}", path.display()))?;
    let rules =
        rules(path, std::mem::take(&mut file.rules)).with_context(|| format!("the rules of {}", path.display()))?;
    let setup = Setup {
        sitting,
        title: file.title,
        bodies: file.bodies,
        presiding: file.presiding,
        rules,
        groups: by_id(file.groups, |row, order| (row.id, Group { name: row.name, order }))?,
        sites: by_id(file.sites, |row, order| {
            (
                row.id,
                Site {
                    name: row.name,
                    short: row.short,
                    kind: row.kind,
                    phone: row.phone,
                    order,
                },
            )
        })?,
        endpoints: by_id(file.endpoints, |row, _| {
            (
                row.id,
                Endpoint {
                    site: row.site,
                    name: row.name,
                },
            )
        })?,
        agenda: by_id(file.agenda, |row, order| {
            (
                row.id,
                AgendaItem {
                    title: row.title,
                    kind: row.kind,
                    minutes: row.minutes,
                    order,
                },
            )
        })?,
        people: by_id(file.people, |row, order| {
            let PersonRow {
                id,
                name,
                title,
                roles,
                group,
                site,
            } = row;
            (
                id,
                Person {
                    name,
                    title,
                    roles,
                    group,
                    site,
                    order,
                },
            )
        })?,
    };
    Ok(setup)
}

fn by_id<R, K: Ord + std::fmt::Display + Clone, V>(
    rows: Vec<R>,
    split: impl Fn(R, u32) -> (K, V),
) -> Result<BTreeMap<K, V>> {
    let mut map = BTreeMap::new();
    for (order, row) in (1..).zip(rows) {
        let (id, value) = split(row, order);
        let text = id.to_string();
        let slug = !text.is_empty()
            && text.len() <= 64
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        ensure!(slug, "`{text}` is not an id: letters without marks, digits and hyphens");
        ensure!(map.insert(id, value).is_none(), "two entries are called `{text}`");
    }
    Ok(map)
}

/// The pack that `[rules] pack` names, with the council's own keys over it.
fn rules(council: &Path, mut own: toml::Table) -> Result<Rules> {
    let mut table = toml::Table::new();
    match own.remove("pack") {
        None => {}
        Some(toml::Value::String(pack)) => {
            ensure!(
                pack.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'),
                "`{pack}` is not the name of a rule pack"
            );
            let folder = council.parent().unwrap_or(Path::new(".")).join("../rules");
            let path = folder.join(format!("{pack}.toml"));
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            table = text.parse().with_context(|| path.display().to_string())?;
        }
        Some(_) => bail!("`pack` is the name of a rule pack"),
    }
    for (key, value) in own {
        table.insert(key, value);
    }
    Ok(table.try_into()?)
}
