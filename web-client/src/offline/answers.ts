// What the worker that keeps the shell may answer, and from where. The shell is the program alone: its page, scripts, words, fonts.
// What the hub knows — views, votes, tickets, pictures — is never kept and never answered from here (PRODUCT 3.14: a vote is
// never silently deferred).

export type From =
  /** The browser asks the hub itself, as if there were no worker. */
  | 'hub'
  /** A page: the hub's, so that a renewed program is used at once; the kept one when the hub cannot be reached. */
  | 'hub-then-shell'
  /** A file whose name changes with its content, or that stands in the shell. */
  | 'shell-then-hub';

export interface Asked {
  method: string;
  url: string;
  /** `navigate` = a page is opened. */
  mode: string;
}

/** What belongs to the hub alone. A page has none of these paths. */
const THE_HUBS = ['/api/', '/ws', '/healthz', '/metrics', '/whip/', '/whep/', '/ca.crt'];

/** From where a request is answered. `shell` holds the paths that are kept. */
export function answerFrom(asked: Asked, origin: string, shell: ReadonlySet<string>): From {
  const url = new URL(asked.url);
  if (asked.method !== 'GET' || url.origin !== origin) return 'hub';
  if (THE_HUBS.some((path) => url.pathname === path || (path.endsWith('/') && url.pathname.startsWith(path))))
    return 'hub';
  if (asked.mode === 'navigate') return 'hub-then-shell';
  return shell.has(url.pathname) && url.search === '' ? 'shell-then-hub' : 'hub';
}
