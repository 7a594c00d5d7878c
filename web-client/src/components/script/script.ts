/*
 * The chair's script (PRODUCT 3.9): which words belong to this moment, and what stands in their braces. The words are data: the
 * templates of the message files, or what was written by hand for an item. Decides nothing; reads the view.
 */
import { formatHour, has, language, t } from '../../i18n/index.svelte';
import type { ItemId, PersonId, Shared } from '../../protocol';
import { inOrder, queue } from '../reading';
import { readTurn } from '../timing';
import { percent, resultLines, voteOnScreen } from '../vote/voting';
import { personName } from '../words';

/** What may stand in braces. */
export const NAMES = [
  'present',
  'total',
  'needed',
  'sites',
  'item',
  'minutes',
  'next',
  'after',
  'speaker',
  'chair',
  'body',
  'sitting',
  'time',
] as const;
export type Name = (typeof NAMES)[number];
export type Values = Record<Name, string>;

/** The names as they are written in braces by hand, in the language of the screen: `{có mặt}`. */
export const nameOf = (name: Name): string => t(`script-name-${name}`);

/** The words for an item as they are edited: written by hand, or the template with its names in braces. */
export function itemTemplate(shared: Shared, item: ItemId): string {
  const written = shared.scripts[item]?.text;
  if (written) return written;
  const kind = shared.agenda[item]?.kind ?? 'debate';
  const id = `script-item-${kind}`;
  const braces = Object.fromEntries(NAMES.map((name) => [name, `{${nameOf(name)}}`]));
  return t(has(id) ? id : 'script-item-debate', braces);
}

/** Puts the numbers of the moment where names stand in braces; what is no such name stays as it was written. */
export function fill(template: string, values: Values): string {
  const byWord = new Map(NAMES.map((name) => [nameOf(name).toLocaleLowerCase(), values[name]]));
  return template.replace(
    /\{\s*([^{}]+?)\s*\}/g,
    (whole, word: string) => byWord.get(word.toLocaleLowerCase()) ?? whole,
  );
}

/** The words for an item as they are read now. */
export function itemWords(shared: Shared, item: ItemId, now: number): string {
  return fill(itemTemplate(shared, item), values(shared, now, item));
}

/** The numbers and names of this moment. */
export function values(shared: Shared, now: number, item: ItemId | undefined = shared.sitting.item): Values {
  const waiting = queue(shared);
  const suggested = shared.list.suggested;
  const next = waiting.find(([id]) => id === suggested) ?? waiting[0];
  const after = waiting.find(([id]) => id !== next?.[0]);
  const agenda = item === undefined ? undefined : shared.agenda[item];
  const withPeople = Object.values(shared.sites).filter((site) => site.kind !== 'hall' && site.seated > 0);
  return {
    present: String(shared.quorum.present),
    total: String(shared.quorum.total),
    needed: String(shared.quorum.needed),
    sites: String(withPeople.length),
    item: agenda?.title ?? '',
    minutes: String(agenda?.minutes ?? 0),
    next: next ? spoken(shared, next[1].person) : t('script-nobody'),
    after: after ? spoken(shared, after[1].person) : t('script-nobody'),
    speaker: personName(shared, shared.turn?.person ?? shared.ended?.person),
    chair: personName(shared, shared.sitting.presiding),
    body: shared.sitting.bodies.at(-1) ?? '',
    sitting: shared.sitting.title,
    time: formatHour(now),
  };
}

/** A person as the chair says it: name, office, bridge point. */
function spoken(shared: Shared, id: PersonId): string {
  const person = shared.people[id];
  const site = person === undefined ? undefined : shared.sites[person.site];
  const where = site === undefined || site.kind === 'hall' ? '' : site.short;
  return [person?.name ?? personName(shared, id), person?.title, where].filter(Boolean).join(', ');
}

/** The words for this moment, one paragraph each; the last is what comes next. */
export function wordsNow(shared: Shared, now: number): string[] {
  const at = values(shared, now);
  switch (shared.sitting.phase) {
    case 'preparing':
    case 'technical_check':
      return [t('script-lobby', at)];
    case 'lobby':
      return [t(shared.quorum.met && Object.keys(shared.snapshots).length > 0 ? 'script-opening' : 'script-lobby', at)];
    case 'suspended': {
      const until = shared.sitting.resume_at;
      return [until === undefined ? t('script-break-open') : t('script-break', { ...at, time: formatHour(until) })];
    }
    case 'closed':
      return [t('script-closed', at)];
    case 'open':
      return voteWords(shared) ?? floorWords(shared, at, now);
  }
}

/** A vote stands on the screens. */
function voteWords(shared: Shared): string[] | undefined {
  const vote = voteOnScreen(shared)?.vote;
  if (!vote) return undefined;
  const { title, needed, total } = vote;
  switch (vote.state) {
    case 'open':
      return [
        t('script-vote-open', { title, needed, total, choices: vote.choices.map((choice) => choice.label).join(', ') }),
      ];
    case 'paused':
      return [t('script-vote-paused')];
    case 'checking':
      return [t('script-vote-checking')];
    case 'announced': {
      const [line, ...others] = resultLines(vote);
      if (!line || others.length > 0) return [t('script-vote-list', { title })];
      const share = percent(line.result.in_favour, total, language.value === 'vi');
      const id = line.result.carried ? 'script-vote-carried' : 'script-vote-not-carried';
      return [t(id, { title, total, share, favour: line.result.in_favour })];
    }
    case 'draft':
    case 'ready':
    case 'locked':
    case 'cancelled':
      return undefined;
  }
}

/** Who speaks, who is next, or the words for the item. */
function floorWords(shared: Shared, at: Values, now: number): string[] {
  if (shared.roll?.state === 'first_round' || shared.roll?.state === 'second_round') return [t('script-roll')];
  const { turn, ended } = shared;
  if (turn) {
    if (turn.pause === 'line_lost') return [t('script-turn-lost', at)];
    const { level } = readTurn(turn, now);
    if (level === 'over' || level === 'last') return [t(`script-turn-${level}`, at)];
    return [t('script-turn', at), t('script-thanks', at), ...nextWords(shared, at)];
  }
  const { item } = shared.sitting;
  if (item === undefined) {
    const next = inOrder(shared.agenda).find(([, one]) => one.opened_at === undefined)?.[1];
    return next ? [t('script-item-next', { item: next.title, minutes: next.minutes })] : [t('script-item-closing', at)];
  }
  const words: string[] = [];
  if (ended) words.push(t('script-thanks', at));
  else if (Object.values(shared.turns).every((past) => past.item !== item)) words.push(itemWords(shared, item, now));
  words.push(...nextWords(shared, at));
  return words;
}

/** Who is called next, and who gets ready; asked only where people are called. */
function nextWords(shared: Shared, at: Values): string[] {
  const waiting = queue(shared);
  const first = waiting.find(([id]) => id === shared.list.suggested) ?? waiting[0];
  if (!first) return shared.list.state === 'open' && shared.ended ? [t('script-waiting')] : [];
  const minutes = Math.round((first[1].seconds ?? 0) / 60);
  return [t(waiting.length > 1 ? 'script-next' : 'script-next-last', { ...at, minutes })];
}
