// A plain question to the hub that needs no key.

/** The JSON answer of a GET, or why there is none: the status, 0 when the hub cannot be reached. */
export async function ask<T>(path: string): Promise<{ got: T } | { status: number }> {
  try {
    const response = await fetch(path, { cache: 'no-store' });
    if (!response.ok) return { status: response.status };
    return { got: (await response.json()) as T };
  } catch {
    return { status: 0 };
  }
}
