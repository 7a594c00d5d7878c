// Lấy phiếu tín nhiệm on paper: the list at the secretary's desk, a counting board on which nobody of the list may be, ballots handed
// out, a count that two members enter differently and then alike, and the result on the big screen in the order of the list.

import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { HALL } from '../bench/council.js';
import { OUT } from '../bench/figures.js';
import { count } from '../bench/paper.js';
import { press, until } from '../bench/screens.js';
import { Sitting } from '../bench/sitting.js';

const SHOTS = join(OUT, 'confidence');
let sitting;

before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  sitting = await Sitting.start({ rooms: [HALL], tablets: ['ha', 'cuc', 'dung'] });
  await sitting.open();
});

after(async () => {
  await sitting?.stop();
});

async function accessible(page, name) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(grave.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), [], name);
}

/** In both languages; the page comes back to where it was. */
async function accessibleInBoth(page, name) {
  await accessible(page, name);
  await page.evaluate(() => localStorage.setItem('language', 'en'));
  await page.reload();
  await page.locator('[data-testid=phase], [data-testid=confidence-notice], [data-testid=counting]').first().waitFor();
  return async () => {
    await accessible(page, `${name}-en`);
    await page.evaluate(() => localStorage.setItem('language', 'vi'));
    await page.reload();
  };
}

const step = (wanted) =>
  until(`the step ${wanted}`, () => sitting.secretary.getByTestId('confidence-run').getAttribute('data-step'), (now) => now === wanted);

test('the list is made, the board is elected, ballots are handed out', async () => {
  const { chair, secretary } = sitting;
  await secretary.getByTestId('tab-confidence').click();
  await press(secretary, 'confidence-prepare');
  await secretary.getByTestId('confidence-decision').fill('Nghị quyết số 5/NQ-HĐND');
  await secretary.getByTestId('entry-person-0').selectOption('lan');
  await press(secretary, 'entry-add');
  await secretary.getByTestId('entry-name-1').fill('Mai Xuân Khách');
  await secretary.getByTestId('entry-office-1').fill('Giám đốc Sở Xây dựng');
  await accessible(secretary, 'secretary-prepares');
  await press(secretary, 'confidence-save');
  await step('listing');

  await press(chair, 'confidence-open');
  await press(chair, 'elect-board');
  assert.ok(await chair.getByTestId('board-member-lan').isDisabled(), 'nobody counts ballots about themselves');
  for (const who of ['ha', 'cuc', 'dung']) await chair.getByTestId(`board-member-${who}`).check();
  await accessible(chair, 'chair-elects');
  await press(chair, 'elect-board-confirm');
  await press(secretary, 'confidence-send-all');
  await press(chair, 'start-casting');
  await step('casting');
  await press(secretary, 'issue-ballots');
  await secretary.getByTestId('issue-hoi-truong').fill('6');
  await press(secretary, 'issue-save-hoi-truong');
  await press(secretary, 'issue-close');
  await sitting.rooms[HALL].getByTestId('confidence-board').filter({ hasText: 'Đã phát 6 phiếu' }).waitFor();
  await accessible(sitting.rooms[HALL], 'wall-casting');
});

test('a wrong entry is caught, and two that agree stand', async () => {
  const { chair, tablets } = sitting;
  await press(tablets.ha, 'close-box-hoi-truong');
  await press(chair, 'start-counting');
  await step('counting');

  // The sums are wrong: the form says which, and sends nothing.
  await count(tablets.ha, [6, 0, 5, 1], [[3, 2, 1, 0], [1, 0, 4, 0]]);
  await tablets.ha.locator('[data-testid=sum-1][data-verdict=wrong]').waitFor();
  assert.equal(await tablets.ha.getByTestId('count-send').getAttribute('aria-disabled'), 'true');
  await accessible(tablets.ha, 'board-sums');
  // The sums hold, and the numbers are not what is on the paper.
  await tablets.ha.getByTestId('1-high').fill('2');
  await press(tablets.ha, 'count-send');
  await tablets.ha.getByTestId('count-entered').waitFor();

  // The second has an empty form before them.
  await tablets.cuc.getByTestId('count-form').waitFor();
  assert.equal(await tablets.cuc.getByTestId('1-high').inputValue(), '');
  await count(tablets.cuc, [6, 0, 5, 1], [[3, 2, 0, 0], [1, 0, 4, 0]]);
  await press(tablets.cuc, 'count-send');
  await tablets.ha.getByTestId('count-differs').waitFor();
  const again = await accessibleInBoth(tablets.ha, 'board-differs');
  await tablets.ha.getByTestId('count-differs').waitFor();
  await again();
  await count(tablets.ha, [6, 0, 5, 1], [[3, 2, 0, 0], [1, 0, 4, 0]]);
  await press(tablets.ha, 'count-send');
  await step('minutes');
  for (const who of ['ha', 'cuc', 'dung']) await press(tablets[who], 'count-sign');
  await accessible(tablets.dung, 'board-signed');
});

test('the result is announced and seen on the wall, of the legal total, in the order of the list', async () => {
  const { chair, secretary } = sitting;
  const hall = sitting.rooms[HALL];
  await accessible(chair, 'chair-before');
  await press(chair, 'announce-confidence');
  const board = hall.locator('[data-testid=confidence-board][data-step=announced]');
  await board.waitFor();
  const rows = await board.locator('[data-testid^=wall-row-]').allInnerTexts();
  assert.match(rows[0], /Nguyễn Thị Lan/);
  // 3 of 7 in office, not of 5 valid ballots.
  assert.match(rows[0], /3\s*42,86 %/);
  assert.match(rows[1], /Mai Xuân Khách[^]*4\s*57,14 %/);
  await accessible(hall, 'wall-result');
  await press(secretary, 'confirm-confidence');
  await secretary.getByTestId('reason').fill('Nghị quyết số 9/NQ-HĐND');
  await press(secretary, 'confirm-confirm');
  await board.waitFor({ state: 'detached' });
  const both = await accessibleInBoth(secretary, 'secretary-result');
  await secretary.getByTestId('tab-confidence').click();
  await both();
  await sitting.tablets.dung.getByTestId('confidence-notice').locator('summary').click();
  await accessible(sitting.tablets.dung, 'delegate-result');
  assert.deepEqual(sitting.faults(), []);
});
