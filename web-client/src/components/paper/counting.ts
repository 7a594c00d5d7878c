/*
 * How the screens read ballots on paper: an empty count, the sums that must hold (PRODUCT 3.6) and which do not. Whether a
 * count is taken the server says; this only spares a member of the board the way there and back.
 */
import type { ChoiceId, LineId, PaperCount } from '../../protocol';

export interface Line {
  id: LineId;
  label: string;
  /** Smaller, under the label. */
  detail?: string;
}

export interface Mark {
  id: ChoiceId;
  label: string;
}

/** What is typed: a field that is still empty is no zero. */
export interface Typed {
  returned: number | undefined;
  missing: number | undefined;
  valid: number | undefined;
  invalid: number | undefined;
  marks: Record<LineId, Record<ChoiceId, number | undefined>>;
  spoilt: Record<LineId, number | undefined>;
}

/** Two numbers that have to be the same. */
export interface Check {
  sum: 'issued' | 'returned' | 'marks';
  line?: Line;
  /** What it has to be; absent while it is not typed. */
  wanted: number | undefined;
  /** What was found; absent while something of it is not typed. */
  found: number | undefined;
}

export function nothingTyped(lines: Line[], marks: Mark[]): Typed {
  const none = Object.fromEntries(marks.map((mark) => [mark.id, undefined]));
  return {
    returned: undefined,
    missing: undefined,
    valid: undefined,
    invalid: undefined,
    marks: Object.fromEntries(lines.map((line) => [line.id, { ...none }])),
    spoilt: Object.fromEntries(lines.map((line) => [line.id, undefined])),
  };
}

function sum(numbers: (number | undefined)[]): number | undefined {
  return numbers.reduce<number | undefined>(
    (all, one) => (all === undefined || one === undefined ? undefined : all + one),
    0,
  );
}

/** Phát ra = thu vào + không thu về; thu vào = hợp lệ + không hợp lệ; for every line all marks = hợp lệ. */
export function checks(issued: number, lines: Line[], typed: Typed): Check[] {
  return [
    { sum: 'issued', wanted: issued, found: sum([typed.returned, typed.missing]) },
    { sum: 'returned', wanted: typed.returned, found: sum([typed.valid, typed.invalid]) },
    ...lines.map((line): Check => {
      const marked = Object.values(typed.marks[line.id] ?? {});
      return { sum: 'marks', line, wanted: typed.valid, found: sum([...marked, typed.spoilt[line.id]]) };
    }),
  ];
}

/** holds: the sum is right; open: something is not typed yet; wrong: it is not. */
export function verdict(check: Check): 'holds' | 'open' | 'wrong' {
  if (check.wanted === undefined || check.found === undefined) return 'open';
  return check.wanted === check.found ? 'holds' : 'wrong';
}

/** What is sent, once nothing is empty; otherwise nothing. */
export function complete(typed: Typed): PaperCount | undefined {
  const { returned, missing, valid, invalid } = typed;
  if (returned === undefined || missing === undefined || valid === undefined || invalid === undefined) return undefined;
  const all = <T>(map: Record<string, T | undefined>): Record<string, T> | undefined =>
    Object.values(map).some((one) => one === undefined) ? undefined : (map as Record<string, T>);
  const spoilt = all(typed.spoilt);
  const marks = all(Object.fromEntries(Object.entries(typed.marks).map(([line, row]) => [line, all(row)])));
  return spoilt && marks && { returned, missing, valid, invalid, marks, spoilt };
}

/** A whole number that somebody typed; anything else is not typed. */
export function typedNumber(text: string): number | undefined {
  return /^\d{1,5}$/.test(text.trim()) ? Number(text) : undefined;
}
