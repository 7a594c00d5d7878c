//! The council's file: what an official writes, made into the `Setup` that the first event of a journal carries.
//!
//! People, sites and items stand in the file in the order in which they are to be shown. Whether all of it makes a sitting is
//! for `Meeting::create` to say. Rules come from a pack
//! (`rules/<name>.toml` beside the council's folder) and may be changed one by one in `[rules]`.

use anyhow::{Context, Result, bail, ensure};
use meeting::ceremony::Ceremony;
use meeting::id::{EndpointId, GroupId, ItemId, PersonId, SiteId, SittingId, Time};
use meeting::item::{ItemKind, ItemRule};
use meeting::setup::{AgendaItem, Endpoint, Group, Person, Role, Rules, Setup, Site, SiteKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    bodies: Vec<String>,
    presiding: PersonId,
    starts: Option<toml::value::Datetime>,
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
    ceremony: Option<Ceremony>,
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
        starts_at: file.starts.map(moment).transpose().context("`starts`")?,
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
                    ceremony: row.ceremony,
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
    let items = [table.remove("items"), own.remove("items")];
    for (key, value) in own {
        table.insert(key, value);
    }
    let mut rules: Rules = table.try_into()?;
    // A council names the kinds of items that it adds or changes; the usual ones stay.
    for kinds in items.into_iter().flatten() {
        rules.items.extend(kinds.try_into::<BTreeMap<ItemKind, ItemRule>>()?);
    }
    Ok(rules)
}

/// A date and an hour of the clock on the wall, with its offset from UTC, e.g. 2026-07-01T08:00:00+07:00.
fn moment(text: toml::value::Datetime) -> Result<Time> {
    let (Some(date), Some(hour), Some(offset)) = (text.date, text.time, text.offset) else {
        bail!("`{text}` is not a date, an hour and an offset from UTC, as in 2026-07-01T08:00:00+07:00");
    };
    let month = time::Month::try_from(date.month)?;
    let date = time::Date::from_calendar_date(i32::from(date.year), month, date.day)?;
    let hour = time::Time::from_hms(hour.hour, hour.minute, hour.second)?;
    let offset_min = match offset {
        toml::value::Offset::Z => 0,
        toml::value::Offset::Custom { minutes } => i64::from(minutes),
    };
    let seconds = date.with_time(hour).assume_utc().unix_timestamp() - offset_min * 60;
    Ok(Time(u64::try_from(seconds)?.saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meeting::Meeting;
    use std::path::PathBuf;

    fn config(path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config").join(path)
    }

    fn council(text: &str) -> Result<Setup> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("council")).unwrap();
        std::fs::create_dir(folder.path().join("rules")).unwrap();
        for pack in std::fs::read_dir(config("rules")).unwrap() {
            let pack = pack.unwrap();
            std::fs::copy(pack.path(), folder.path().join("rules").join(pack.file_name())).unwrap();
        }
        let file = folder.path().join("council/own.toml");
        std::fs::write(&file, text).unwrap();
        read(&file, SittingId::from("s"))
    }

    fn sample() -> String {
        std::fs::read_to_string(config("council/sample.toml")).unwrap()
    }

    #[test]
    fn the_sample_is_a_sitting_as_the_acceptance_wants_it() {
        let setup = read(&config("council/sample.toml"), SittingId::from("s")).unwrap();
        let count = |role| {
            setup
                .people
                .values()
                .filter(|person| person.roles.contains(&role))
                .count()
        };
        assert_eq!(count(Role::Delegate), 35);
        assert_eq!(
            (
                count(Role::Chair),
                count(Role::Secretary),
                count(Role::CentralTechnician)
            ),
            (2, 2, 1)
        );
        assert_eq!((setup.groups.len(), setup.rules.total), (8, 35));
        let sites = |kind| setup.sites.values().filter(|site| site.kind == kind).count();
        assert_eq!(
            (sites(SiteKind::Hall), sites(SiteKind::Central), sites(SiteKind::Remote)),
            (1, 1, 8)
        );
        assert_eq!(
            setup.people[&PersonId::from("dai-bieu-01")].order,
            1,
            "the order of the file"
        );
        assert_eq!(
            setup.rules.profile,
            Rules::default().profile,
            "the pack is the built-in default"
        );
        Meeting::create(setup).expect("a sitting");
    }

    #[test]
    fn every_rule_pack_can_be_named() {
        for pack in ["quoc-hoi-2022", "phuong-2016", "thiet-bi-hdnd", "tu-dat"] {
            let setup = council(&sample().replace("quoc-hoi-2022", pack)).unwrap();
            assert!(!setup.rules.profile.name.is_empty(), "{pack}");
            Meeting::create(setup).unwrap_or_else(|error| panic!("{pack}: {error}"));
        }
        let own = council(&sample().replace("total = 35", "total = 35\nwindow_s = 0")).unwrap();
        assert_eq!(own.rules.window_s, 0, "the council's own word goes over the pack's");
        assert!(council(&sample().replace("quoc-hoi-2022", "../council/sample")).is_err());
        assert!(council(&sample().replace("quoc-hoi-2022", "nothing")).is_err());
    }

    #[test]
    fn a_council_has_kinds_of_items_of_its_own() {
        let text = sample().replace(
            "total = 35",
            "total = 35\nitems.dang-huong = { name = \"Dâng hương\", scene = \"solemn\" }",
        );
        let setup = council(&text.replacen("kind = \"opening\"", "kind = \"dang-huong\"", 1)).unwrap();
        assert_eq!(setup.rules.items[&"dang-huong".into()].name, "Dâng hương");
        assert_eq!(
            setup.rules.items[&"debate".into()].name,
            "Thảo luận",
            "the usual ones stay"
        );
        Meeting::create(setup).expect("a sitting");
        let unknown = council(&sample().replacen("kind = \"opening\"", "kind = \"dang-huong\"", 1)).unwrap();
        assert!(Meeting::create(unknown).is_err());
    }

    #[test]
    fn the_hour_of_the_invitation_is_read() {
        let starts = |hour: &str| council(&format!("starts = {hour}\n{}", sample()));
        let setup = starts("2026-03-02T08:00:00+07:00").unwrap();
        assert_eq!(setup.starts_at, Some(Time(1_772_413_200_000)));
        assert!(starts("2026-03-02T08:00:00").is_err(), "where?");
    }

    #[test]
    fn slips_of_the_pen_are_refused() {
        for (good, bad) in [
            ("total = 35", "totl = 35"),
            ("id = \"dai-bieu-02\"", "id = \"dai-bieu-01\""),
            ("id = \"dai-bieu-02\"", "id = \"đại biểu 02\""),
            ("presiding =", "preciding ="),
            ("kind = \"hall\"", "kind = \"hal\""),
        ] {
            let text = sample();
            assert!(text.contains(good));
            assert!(council(&text.replacen(good, bad, 1)).is_err(), "{bad}");
        }
    }
}
