// Which cases a run takes.

/** The long form: every case, and more time for each. */
export const LONG = process.env.NETWORK_LONG !== undefined;

const asked = process.env.NETWORK_CASES?.split(' ');

/** Whether a case is one that was asked for by its name; else the long form takes all of them, the short form those of `short`. */
export function taken(name, short = []) {
  const [word] = name.split(' ');
  return asked ? asked.includes('all') || asked.includes(word) : LONG || short.includes(word);
}

/** The makes of browser in the ward; the hall's Chromium receives from each of them. */
export const makes = (short) => process.env.NETWORK_MAKES?.split(' ') ?? (LONG ? ['firefox', 'chromium'] : [short]);
