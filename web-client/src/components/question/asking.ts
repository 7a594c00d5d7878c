/*
 * How screens read questions: in which order, what belongs to an item, what may be done. No rule stands here; the server says what
 * is possible (mine.questions.can).
 */
import type { Mine, PersonId, QuestionAct, QuestionId, QuestionView, Shared } from '../../protocol';
import { inOrder } from '../reading';

export type Asked = [QuestionId, QuestionView];

const number = (id: QuestionId): number => Number(id.slice(1)) || 0;

/** Oldest first: q2 before q10. */
export function questionsInOrder(questions: Record<QuestionId, QuestionView>): Asked[] {
  return Object.entries(questions).sort(([a], [b]) => number(a) - number(b));
}

/** Questions that are not over, by group of subjects; those without a group last. */
export function byGroup(asked: Asked[]): [string, Asked[]][] {
  const groups = new Map<string, Asked[]>();
  for (const one of asked) groups.set(one[1].group, [...(groups.get(one[1].group) ?? []), one]);
  return [...groups].sort(([a], [b]) => Number(a === '') - Number(b === '') || a.localeCompare(b, 'vi'));
}

/** Whether the question still needs somebody. */
export function isOver(question: QuestionView): boolean {
  return question.state === 'closed' || question.state === 'withdrawn';
}

export function may(mine: Mine, id: QuestionId, act: QuestionAct): boolean {
  return mine.questions.can[id]?.includes(act) === true;
}

/** Who may be asked. */
export function askable(shared: Shared): PersonId[] {
  return inOrder(shared.people)
    .filter(([, person]) => person.roles.includes('questioned'))
    .map(([id]) => id);
}

/** Items on which questions are put, those still to come first. */
export function askingItems(shared: Shared): [string, string][] {
  return inOrder(shared.agenda)
    .filter(([, item]) => item.asks)
    .map(([id, item]) => [id, item.title]);
}
