// What this device is called by the hub: one name for each tab, kept while the tab lives, so that a reload is the same
// device and a second tab is another one.

const STORED = 'device';

/** A name that nobody else will think of. Works on plain HTTP too, where `crypto.randomUUID` is missing. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function deviceId(): string {
  try {
    const known = sessionStorage.getItem(STORED);
    if (known) return known;
    const made = freshId();
    sessionStorage.setItem(STORED, made);
    return made;
  } catch {
    return freshId();
  }
}
