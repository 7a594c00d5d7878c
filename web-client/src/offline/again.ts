// A page of which a piece did not arrive: the network changed under it, or the hub was renewed meanwhile. Browsers remember such a
// failure for as long as the page lives, so the page is loaded anew, as soon as the hub answers. It does not know what the page is.

import { backoff } from '../net/backoff';
import type { Keep } from '../net/outbox';

const COUNT = 'loaded-anew';

export interface Surroundings {
  origin: string;
  /** Where it is counted how often the page was loaded anew in vain; lives as long as the tab. */
  keep: Keep | undefined;
  reload: () => void;
  fetch?: typeof fetch;
  wait?: (ms: number) => Promise<void>;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Loads the page anew once the hub answers; each time in vain it waits longer before. */
export async function loadAnew({ origin, keep, reload, ...given }: Surroundings): Promise<void> {
  const ask = given.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  const wait = given.wait ?? sleep;
  const before = Number(keep?.getItem(COUNT) ?? 0) || 0;
  for (let attempt = before; ; attempt += 1) {
    await wait(backoff(attempt, Math.random()));
    const answer = await ask(`${origin}/healthz`, { cache: 'no-store' }).catch(() => undefined);
    if (!answer?.ok) continue;
    keep?.setItem(COUNT, String(before + 1));
    reload();
    return;
  }
}

/** Everything has arrived. */
export function loadedWell(keep: Keep | undefined): void {
  keep?.removeItem(COUNT);
}
