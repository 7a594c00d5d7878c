// How a page's parts reach the page's mirror.

import { getContext, setContext } from 'svelte';
import type { Mirror } from './mirror.svelte';

const KEY = Symbol('mirror');

export function setMirror(mirror: Mirror): Mirror {
  return setContext(KEY, mirror);
}

export function getMirror(): Mirror {
  return getContext<Mirror>(KEY);
}
