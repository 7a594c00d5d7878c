// JSON merge patch (RFC 7396), applied in place, so that a mirror made of reactive objects changes only where the patch says.

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A fresh value without the nulls that a patch uses to say "remove". */
function created(patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const made: Json = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value !== null) made[key] = created(value);
  }
  return made;
}

/** Applies `patch` to `target` in place. Both are objects: a view is never anything else. */
export function mergeInto(target: object, patch: unknown): void {
  if (!isObject(patch)) return;
  const held = target as Json;
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete held[key];
      continue;
    }
    const before = held[key];
    if (isObject(value) && isObject(before)) mergeInto(before, value);
    else held[key] = created(value);
  }
}
