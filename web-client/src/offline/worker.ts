// The worker that keeps the shell of the program on a device, so that a tablet without a network shows its page and says what is not
// recorded, instead of the browser's own error. What it may answer stands in answers.ts; the list of files is put in by the build
// (vite.config.ts), so that a renewed program is a renewed worker.

import { answerFrom } from './answers';

/** As much of a worker's surroundings as is used here; the browser's types for workers and for pages do not go together. */
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Lasting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(what: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(what: 'fetch', listener: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
}

declare const __SHELL__: { version: string; files: string[] };

const worker = self as unknown as Worker;
const NAME = 'shell-';
const told = __SHELL__;
const OWN = NAME + told.version;
const SHELL: ReadonlySet<string> = new Set(told.files);
/** So long the hub may take for a page before the kept one is shown. */
const PATIENCE_MS = 4_000;

worker.addEventListener('install', (event) => {
  const fill = async (): Promise<void> => {
    const cache = await caches.open(OWN);
    await cache.addAll([...SHELL].map((path) => new Request(path, { cache: 'no-cache' })));
    // Pages are the hub's own as long as it can be reached, so nobody is held on an old program by an old worker.
    await worker.skipWaiting();
  };
  event.waitUntil(fill());
});

worker.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    const old = (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== OWN);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  switch (answerFrom(request, worker.location.origin, SHELL)) {
    case 'hub':
      return;
    case 'hub-then-shell':
      event.respondWith(page(request));
      return;
    case 'shell-then-hub':
      event.respondWith(kept(new URL(request.url).pathname).then((found) => found ?? fetch(request)));
  }
});

async function kept(path: string): Promise<Response | undefined> {
  const cache = await caches.open(OWN);
  return cache.match(path);
}

/** The hub's page; the kept one when it does not come, or comes from something between that has no hub behind it. */
async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.status < 500) return answer;
    return (await kept('/')) ?? answer;
  } catch (error) {
    const shell = await kept('/');
    if (shell) return shell;
    throw error;
  }
}
