/*
 * How the screens read a confidence vote: its list in the order of the ballot, never by result (PRODUCT 3.6); lines and levels for
 * the count; shares in words. No rule of a meeting is decided here.
 */
import type { ConfidenceRow, ConfidenceStep, ConfidenceView, LineId, Shared } from '../../protocol';
import type { Line, Mark } from '../paper/counting';

/** The steps on the way, in order; a cancelled vote is at none of them. */
export const STEPS: ConfidenceStep[] = ['listing', 'casting', 'counting', 'minutes', 'announced', 'confirmed'];

/** The list in the order of the ballot. */
export function rows(view: ConfidenceView): [LineId, ConfidenceRow][] {
  return Object.entries(view.rows).sort(([, a], [, b]) => a.place - b.place);
}

/** The lines of the ballot: who has resigned is not voted on. */
export function lines(view: ConfidenceView): Line[] {
  return rows(view)
    .filter(([, row]) => row.resigned === '')
    .map(([id, row]) => ({ id, label: row.name, detail: row.office }));
}

export function marks(view: ConfidenceView): Mark[] {
  return view.levels.map(({ id, label }) => ({ id, label }));
}

/** Hundredths of a per cent in words: 4468 is "44,68" in Vietnamese. */
export function share(hundredths: number, comma: boolean): string {
  const rest = String(hundredths % 100).padStart(2, '0');
  return `${Math.floor(hundredths / 100)}${comma ? ',' : '.'}${rest}`;
}

/** From the first ballot to the announcement. */
export function underWay(view: ConfidenceView | undefined): boolean {
  return view?.step === 'casting' || view?.step === 'counting' || view?.step === 'minutes';
}

/** The confidence vote that stands on the room's screen: while nobody has the floor, until a resolution confirms it. */
export function onWall(shared: Shared): ConfidenceView | undefined {
  const view = shared.confidence;
  if (shared.turn || shared.sitting.phase !== 'open') return undefined;
  return underWay(view) || view?.step === 'announced' ? view : undefined;
}
