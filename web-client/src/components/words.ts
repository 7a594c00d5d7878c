/* Names of what the server says by code, in the chosen language. */
import { t } from '../i18n/index.svelte';
import type { Attendance, PersonId, PersonView, Refusal, RequestKind, Shared } from '../protocol';

const id = (code: string): string => code.replaceAll('_', '-');

/** Why not, and what to do. */
export function refusalText(refusal: Refusal): string {
  const { code, ...numbers } = refusal;
  const args = Object.entries(numbers).filter(([, value]) => typeof value !== 'object');
  return t(`refusal-${id(code)}`, Object.fromEntries(args));
}

export function kindName(kind: RequestKind): string {
  return t(`kind-${id(kind)}`);
}

export function attendanceName(attendance: Attendance): string {
  return t(`attendance-${id(attendance)}`);
}

export function coded(family: string, code: string): string {
  return t(`${family}-${id(code)}`);
}

/** Office, group and site: what tells two people of one name apart (PRODUCT 3.1). */
export function personDetail(
  shared: Shared,
  person: PersonView,
  parts = { title: true, group: true, site: true },
): string {
  const group = person.group === undefined ? undefined : shared.groups[person.group]?.name;
  const site = shared.sites[person.site]?.short;
  return (
    [parts.title && person.title, parts.group && group, parts.site && site]
      .filter((part): part is string => Boolean(part))
      // "Tổ đại biểu số 6" never leaves its number alone on a line.
      .map((part) => part.replace(/ (\S{1,3})$/, '\u00a0$1'))
      .join(' · ')
  );
}

export function personName(shared: Shared, person: PersonId | undefined): string {
  return (person !== undefined && shared.people[person]?.name) || t('person-unknown');
}

export function siteName(shared: Shared, site: string | undefined): string {
  return (site !== undefined && shared.sites[site]?.short) || t('site-unknown');
}
