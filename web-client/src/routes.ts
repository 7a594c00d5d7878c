// Which page stands at which path. The personal key is the fragment of the address, so it never reaches a log.

import type { Component } from 'svelte';
import type { AudienceKind } from './protocol';

export interface Route {
  path: string;
  /** The screen asks the hub for this audience's view; absent = a page without a connection. */
  audience?: AudienceKind;
  page: string;
}

const START: Route = { path: '/', page: 'Start' };

export const ROUTES: readonly Route[] = [
  START,
  { path: '/chu-toa', audience: 'chair', page: 'Chair' },
  { path: '/thu-ky', audience: 'secretary', page: 'Secretary' },
  { path: '/ky-thuat', audience: 'technician', page: 'Technician' },
  { path: '/phong', audience: 'room', page: 'Room' },
  { path: '/dai-bieu', audience: 'delegate', page: 'Delegate' },
  { path: '/ban-phieu', audience: 'kiosk', page: 'Kiosk' },
  { path: '/ghep', page: 'Pair' },
  { path: '/ghi-danh', page: 'Enrol' },
  { path: '/tin-cay', page: 'Trust' },
  { path: '/lien-ket', page: 'Links' },
];

/** The route of a path; undefined = there is no such page. A trailing slash is forgiven. */
export function routeOf(path: string): Route | undefined {
  const plain = path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
  return ROUTES.find((route) => route.path === plain);
}

/** The address of an audience's page with a personal key. */
export function linkOf(audience: AudienceKind, key: string): string {
  return `${ROUTES.find((route) => route.audience === audience)?.path ?? '/'}#${key}`;
}

const pages = import.meta.glob<{ default: Component }>('./pages/*.svelte');

/** Loads a route's page. */
export async function load(route: Route): Promise<Component> {
  const page = pages[`./pages/${route.page}.svelte`];
  if (!page) throw new Error(`no page ${route.page}`);
  return (await page()).default;
}
