/*
 * How the screens read a vote: lines, choices, shares, who is missing. No rule of a meeting is decided here; what counts and
 * what is carried the server has said.
 */
import type {
  ChoiceId,
  LineId,
  PersonId,
  ResultView,
  Shared,
  SiteId,
  VoteId,
  VoteSiteView,
  VoteView,
} from '../../protocol';
import { inOrder } from '../reading';

export type Marks = Record<LineId, ChoiceId>;
export type Counts = Record<LineId, Record<ChoiceId, number>>;

/** The one line of a plain vote. */
export const PLAIN = '1';

/** The lines of a ballot with their words; a plain vote has one without. */
export function ballotLines(vote: VoteView): { id: LineId; label: string }[] {
  return vote.lines.length > 0 ? vote.lines : [{ id: PLAIN, label: '' }];
}

export function choiceLabel(vote: VoteView, choice: ChoiceId | undefined): string {
  return vote.choices.find((one) => one.id === choice)?.label ?? '';
}

/** What is marked, in words: "Tán thành"; on a list the names in favour. */
export function marksText(vote: VoteView, marks: Marks): string {
  if (vote.lines.length === 0) return choiceLabel(vote, marks[PLAIN]);
  return vote.lines
    .filter((line) => marks[line.id] !== undefined)
    .map((line) => `${line.label}: ${choiceLabel(vote, marks[line.id])}`)
    .join('; ');
}

/** Whether these marks are complete enough to be sent; what is valid the server says. */
export function complete(vote: VoteView, marks: Marks): boolean {
  const marked = ballotLines(vote).filter((line) => marks[line.id] !== undefined).length;
  return vote.blanks && vote.lines.length > 0 ? marked > 0 : marked === ballotLines(vote).length;
}

/** Too many lines in favour for the seats there are. */
export function tooMany(vote: VoteView, marks: Marks): boolean {
  const inFavour = Object.values(marks).filter((mark) =>
    vote.choices.some((choice) => choice.id === mark && choice.in_favour),
  ).length;
  return vote.at_most > 0 && inFavour > vote.at_most;
}

/** A share in per cent with one decimal, rounded down: 99.96 % is never shown as all. Written with a comma in Vietnamese. */
export function percent(part: number, whole: number, comma: boolean): string {
  if (whole === 0) return '–';
  const tenths = Math.floor((part * 1000) / whole);
  return `${Math.floor(tenths / 10)}${comma ? ',' : '.'}${tenths % 10}`;
}

/** Bridge points of a vote in protocol order. */
export function voteSites(shared: Shared, vote: VoteView): [SiteId, string, VoteSiteView][] {
  return inOrder(shared.sites).flatMap(([id, site]) => {
    const view = vote.sites[id];
    return view ? [[id, site.short, view] as [SiteId, string, VoteSiteView]] : [];
  });
}

/** Who has not voted, those without a connection first (they are who the chair asks about). */
export function missingPeople(shared: Shared, vote: VoteView): { id: PersonId; online: boolean }[] {
  return Object.entries(vote.missing)
    .map(([id, missing]) => ({ id, online: missing.online || missing.channel !== 'device' }))
    .sort(
      (a, b) =>
        Number(a.online) - Number(b.online) || (shared.people[a.id]?.order ?? 0) - (shared.people[b.id]?.order ?? 0),
    );
}

/** Votes in the order in which they were prepared. */
export function votesInOrder(shared: Shared): [VoteId, VoteView][] {
  return Object.entries(shared.votes).sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
}

/** The vote that stands on the screens. */
export function voteOnScreen(shared: Shared): { id: VoteId; vote: VoteView } | undefined {
  const id = shared.vote;
  const vote = id === undefined ? undefined : shared.votes[id];
  return id === undefined || vote === undefined ? undefined : { id, vote };
}

/** The lines of a result with their words, in the order of the ballot. */
export function resultLines(vote: VoteView): { id: LineId; label: string; result: ResultView }[] {
  return ballotLines(vote).flatMap((line) => {
    const result = vote.result[line.id];
    return result ? [{ ...line, result }] : [];
  });
}

/** The part of a hash that people compare by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ');
}

/** No hand counted, for every line and choice. */
export function noHands(vote: VoteView): Counts {
  return Object.fromEntries(
    ballotLines(vote).map((line) => [line.id, Object.fromEntries(vote.choices.map((choice) => [choice.id, 0]))]),
  );
}

/** The most and the fewest hands counted for a line. */
export function handsCounted(counts: Counts): { most: number; fewest: number } {
  const sums = Object.values(counts).map((line) => Object.values(line).reduce((sum, votes) => sum + votes, 0));
  return { most: Math.max(0, ...sums), fewest: sums.length === 0 ? 0 : Math.min(...sums) };
}
