// Puts the worker in place that keeps the shell (worker.ts). Not before the sitting is on the screen: the shell can wait, the first
// view cannot. A browser that has no workers, or does not trust the hub's certificate, goes on without.

import type { Mirror } from '../state/mirror.svelte';

/** The page is at rest so long after its first view, ms. */
const REST_MS = 8_000;

/** Calm enough for the shell: the hub has answered this page, and nothing is waited for. */
export function keepShell(mirror: Mirror | undefined): () => void {
  const calm = setInterval(() => {
    if (mirror && (mirror.link !== 'open' || mirror.pending.length > 0)) return;
    clearInterval(calm);
    if (import.meta.env.PROD && 'serviceWorker' in navigator) {
      navigator.serviceWorker.register('/worker.js').catch(() => undefined);
    }
  }, REST_MS);
  return () => clearInterval(calm);
}
