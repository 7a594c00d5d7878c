// A question to the hub by HTTP. Never throws; what went wrong is a word that the asker knows, or `unreachable`.

import type { Refusal } from '../protocol';

export type Answer<T, Trouble extends string> =
  | { ok: true; got: T }
  | { ok: false; trouble: Trouble | 'unreachable'; left?: number; waitS?: number; refusal?: Refusal };

/** The JSON answer of a POST. `known`: the hub's codes for which the asker has words. */
export async function post<T, Trouble extends string>(
  path: string,
  body: unknown,
  known: readonly Trouble[],
): Promise<Answer<T, Trouble>> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      cache: 'no-store',
    });
    const got: unknown = await response.json();
    if (response.ok) return { ok: true, got: got as T };
    const { code, left, retry_after_s, refusal } = got as {
      code?: string;
      left?: number;
      retry_after_s?: number;
      refusal?: Refusal;
    };
    const trouble = known.find((word) => word === code);
    if (trouble === undefined) return { ok: false, trouble: 'unreachable' };
    return {
      ok: false,
      trouble,
      ...(left !== undefined && { left }),
      ...(retry_after_s !== undefined && { waitS: retry_after_s }),
      ...(refusal !== undefined && { refusal }),
    };
  } catch {
    return { ok: false, trouble: 'unreachable' };
  }
}
