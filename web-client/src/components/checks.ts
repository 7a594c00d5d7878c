// A technical check in words: its items in the order in which somebody should look at them, and each figure as a short text.

import { t } from '../i18n/index.svelte';
import type { CheckFigures, CheckItem, CheckView, Grade } from '../protocol';

const ORDER: readonly CheckItem[] = [
  'up',
  'down',
  'loss',
  'rtt',
  'transport',
  'picture',
  'voice',
  'echo',
  'framed',
  'audible',
  'consent',
];
const WORST_FIRST: Record<Grade, number> = { bad: 0, fair: 1, good: 2 };

export interface Graded {
  item: CheckItem;
  grade: Grade;
}

/** The worst first; among equals in the order of the check. */
export function checkItems(check: CheckView): Graded[] {
  return ORDER.flatMap((item) => {
    const grade = check.grades[item];
    return grade === undefined ? [] : [{ item, grade }];
  }).sort((a, b) => WORST_FIRST[a.grade] - WORST_FIRST[b.grade]);
}

/** How many items are not good. */
export function checkFaults(check: CheckView): number {
  return checkItems(check).filter(({ grade }) => grade !== 'good').length;
}

const decimal = (value: number): string => value.toFixed(1).replace('.', t('decimal-mark'));

/** A figure as it is read; a dash when it could not be measured. */
export function checkFigure(item: CheckItem, figures: CheckFigures): string {
  const none = '–';
  const speed = (kbps: number | undefined): string =>
    kbps === undefined ? none : t('check-mbit', { value: kbps >= 100_000 ? '>100' : decimal(kbps / 1_000) });
  switch (item) {
    case 'up':
      return speed(figures.up_kbps);
    case 'down':
      return speed(figures.down_kbps);
    case 'loss':
      return figures.loss_permille === undefined
        ? none
        : t('check-percent', { value: decimal(figures.loss_permille / 10) });
    case 'rtt':
      return figures.rtt_ms === undefined ? none : t('technician-ms', { ms: figures.rtt_ms });
    case 'transport':
      return figures.transport === undefined ? none : t(`transport-${figures.transport}`);
    case 'picture': {
      const seen = figures.picture;
      if (!seen) return t('check-nothing');
      if (seen.state !== 'moving') return t(`seen-${seen.state}`);
      return t('check-picture', { width: seen.width, height: seen.height, fps: seen.fps });
    }
    case 'voice':
      if (!figures.voice) return t('check-nothing');
      return t(figures.voice.clipped ? 'check-clipped' : 'technician-db', { level: figures.voice.level_db });
    case 'echo':
      if (!figures.echo) return t('check-nothing');
      return figures.echo.return_db <= -127
        ? t('check-no-echo')
        : t('check-echo', { level: figures.echo.return_db, delay: figures.echo.delay_ms });
    case 'framed':
    case 'audible':
    case 'consent':
      return figures[item] ? t('check-yes') : t('check-no');
  }
}
