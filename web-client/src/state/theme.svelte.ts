// Light, dark, or as the device says; and text of ordinary or large size. Remembered on this device.

export type Theme = 'auto' | 'light' | 'dark';
export type TextSize = 'normal' | 'large';

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A kiosk without storage forgets.
  }
}

const asTheme = (value: string | null): Theme => (value === 'light' || value === 'dark' ? value : 'auto');

let chosen = $state<Theme>(asTheme(stored('theme')));
let size = $state<TextSize>(stored('text') === 'large' ? 'large' : 'normal');

export const theme = {
  get value(): Theme {
    return chosen;
  },
  set value(next: Theme) {
    chosen = next;
    store('theme', next);
    applyTheme();
  },
  get text(): TextSize {
    return size;
  },
  set text(next: TextSize) {
    size = next;
    store('text', next);
    applyTheme();
  },
};

/** Puts the choice on the document; called once before the first picture and at every change. */
export function applyTheme(): void {
  const root = document.documentElement;
  if (chosen === 'auto') delete root.dataset.theme;
  else root.dataset.theme = chosen;
  if (size === 'large') root.dataset.text = 'large';
  else delete root.dataset.text;
}
