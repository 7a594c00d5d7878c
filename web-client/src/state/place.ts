// The key of a machine that belongs to a place, kept on the machine: after a power cut it opens its page by itself.

import type { AudienceKind } from '../protocol';

const name = (audience: AudienceKind): string => `place:${audience}`;

/** Enrolled: from now on the page opens without a link. */
export function keepPlace(audience: AudienceKind, key: string): void {
  try {
    localStorage.setItem(name(audience), key);
  } catch {
    // Without storage the link in the address must do.
  }
}

/** The key with which this machine was enrolled; empty = it was not. */
export function placeKey(audience: AudienceKind): string {
  try {
    return localStorage.getItem(name(audience)) ?? '';
  } catch {
    return '';
  }
}
