// By which way the packets of a call travel, read from the browser's statistics: straight by UDP, by TCP because UDP is
// blocked, or through a relay.

import type { Transport } from '../protocol';

type Entry = Record<string, unknown> & { type: string };

/** The way of the selected pair of candidates; undefined while there is none. */
export function transportOf(report: Iterable<Entry>): Transport | undefined {
  const entries = new Map<unknown, Entry>();
  for (const entry of report) entries.set(entry.id, entry);
  const all = [...entries.values()];
  const named = all.find((entry) => entry.type === 'transport' && entry.selectedCandidatePairId !== undefined);
  const pair =
    entries.get(named?.selectedCandidatePairId) ??
    // Firefox marks the pair itself.
    all.find((entry) => entry.type === 'candidate-pair' && entry.selected === true) ??
    all.find((entry) => entry.type === 'candidate-pair' && entry.nominated === true && entry.state === 'succeeded');
  const local = entries.get(pair?.localCandidateId);
  if (!local) return undefined;
  if (local.candidateType === 'relay') return 'relay';
  return local.protocol === 'tcp' ? 'tcp' : 'udp';
}

/** Bytes that came in on all ways; undefined when the browser does not tell. */
export function bytesReceived(report: Iterable<Entry>): number | undefined {
  let [whole, sum, told] = [undefined as number | undefined, 0, false];
  for (const { type, bytesReceived: bytes } of report) {
    if (typeof bytes !== 'number') continue;
    if (type === 'transport') whole = bytes;
    if (type === 'candidate-pair') [sum, told] = [sum + bytes, true];
  }
  return whole ?? (told ? sum : undefined);
}
