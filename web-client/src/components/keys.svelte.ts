/*
 * The keys of a page. A control registers its key while it is on the screen; one listener of the page asks `press`.
 * Never acts while somebody types, while a dialog or a menu is open, or on a held key.
 */

import { untrack } from 'svelte';

/** One key and what it does. */
export interface Shortcut {
  /** As in KeyboardEvent.key, letters in lower case; "Space" is " ". */
  key: string;
  /** What it does, for the sheet of keys. */
  label: string;
  /** Does it; says nothing when it is not possible now. */
  run: () => void;
  /** For so long, ms, the key rests after it was pressed: a finger that trembles has pressed once. */
  rest?: number | undefined;
}

const REST_MS = 250;

const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
const OVERLAY = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';
const ACTIVATED_BY_SPACE = 'button, a[href], summary, input, [role=tab], [role=menuitem]';

export class Keys {
  list = $state.raw<Shortcut[]>([]);
  #resting = new Map<string, number>();

  /** Registers a key; the answer takes it away again. Made for effects: it reads the list without depending on it. */
  add(shortcut: Shortcut): () => void {
    this.list = [...untrack(() => this.list), shortcut];
    return () => {
      this.list = untrack(() => this.list).filter((other) => other !== shortcut);
    };
  }

  /** The listener for `keydown` of the window. */
  press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target instanceof Element ? event.target : undefined;
    if (target?.closest(TYPING) || document.querySelector(OVERLAY)) return;
    // A control that has the focus keeps its own Space and Enter.
    if ((event.key === ' ' || event.key === 'Enter') && target?.closest(ACTIVATED_BY_SPACE)) return;
    const pressed = keyOf(event);
    const found = this.list.findLast((shortcut) => shortcut.key === pressed);
    if (!found) return;
    event.preventDefault();
    const now = performance.now();
    if (now < (this.#resting.get(pressed) ?? 0)) return;
    this.#resting.set(pressed, now + (found.rest ?? REST_MS));
    found.run();
  };
}

/** The key as shortcuts name it. A pad of numbers says the same with and without its NumLock. */
function keyOf(event: KeyboardEvent): string {
  const [, figure] = /^Numpad(\d)$/.exec(event.code) ?? [];
  if (figure !== undefined) return figure;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}
