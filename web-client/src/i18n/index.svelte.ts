// The words of every screen. Reads the Fluent files of both languages, knows which language is chosen (Vietnamese unless
// somebody chose otherwise on this device), and gives a message by id. It knows nothing of what the words are about.

import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

export type Language = 'vi' | 'en';
export type Args = Record<string, FluentVariable>;

const STORED = 'language';
const files = import.meta.glob<string>('./{vi,en}/*.ftl', { query: '?raw', import: 'default', eager: true });

function bundle(language: Language): FluentBundle {
  const made = new FluentBundle(language, { useIsolating: false });
  for (const [path, text] of Object.entries(files)) {
    if (path.startsWith(`./${language}/`)) made.addResource(new FluentResource(text));
  }
  return made;
}

const bundles: Record<Language, FluentBundle> = { vi: bundle('vi'), en: bundle('en') };

function remembered(): Language {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi';
  }
}

let chosen = $state<Language>(remembered());

/** The language of the screen; setting it changes every word at once and is remembered on this device. */
export const language = {
  get value(): Language {
    return chosen;
  },
  set value(next: Language) {
    chosen = next;
    if (typeof document !== 'undefined') document.documentElement.lang = next;
    try {
      localStorage.setItem(STORED, next);
    } catch {
      // A kiosk without storage forgets; nothing else is lost.
    }
  },
};

/** Whether a message exists; for ids that carry a code from the server. */
export function has(id: string): boolean {
  return bundles[chosen].hasMessage(id);
}

/** The message `id` in the chosen language; the id itself when there is none, so that a gap is seen and not hidden. */
export function t(id: string, args?: Args): string {
  const used = bundles[chosen];
  const message = used.getMessage(id);
  if (!message?.value) return id;
  return used.formatPattern(message.value, args ?? null, []);
}

const two = (n: number): string => String(n).padStart(2, '0');

/** A moment as 24-hour local time: 14:02:11. */
export function formatTime(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** A moment as 24-hour local time without seconds: 14:02. */
export function formatHour(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** A moment as date: 22/11/2026. */
export function formatDate(ms: number): string {
  const d = new Date(ms);
  return `${two(d.getDate())}/${two(d.getMonth() + 1)}/${d.getFullYear()}`;
}

/**
 * Time left as 02:05 (1:02:05 past an hour); time overrun, a negative number, as +00:12. A running countdown reaches 00:00
 * when the time is over, not a second before: what is left is rounded up, what is over is rounded down.
 */
export function formatDuration(ms: number): string {
  const over = ms < 0;
  const total = over ? Math.floor(-ms / 1000) : Math.ceil(ms / 1000);
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${two(minutes)}:${two(total % 60)}`;
  return over && total > 0 ? `+${text}` : text;
}
