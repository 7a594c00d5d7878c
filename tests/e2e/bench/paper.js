// Ballots on paper, as a member of the counting board enters them.

/** What was found in a box: returned, missing, valid, invalid, then for each row its levels and the spoilt rows. */
export async function count(tablet, head, rows) {
  await tablet.getByTestId('count-form').waitFor();
  const names = ['returned', 'missing', 'valid', 'invalid'];
  for (const [at, value] of head.entries()) await tablet.getByTestId(names[at]).fill(String(value));
  for (const [row, marks] of rows.entries()) {
    for (const [at, value] of marks.entries())
      await tablet.getByTestId(`${row + 1}-${['high', 'middle', 'low', 'spoilt'][at]}`).fill(String(value));
  }
}
