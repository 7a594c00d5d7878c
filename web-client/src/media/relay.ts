// The hub's relay as an ICE server: TURN over TLS on the port through which the page itself came, so that a firewall which
// lets the page in lets its media in, too.

import type { RelayPass } from '../state/mirror.svelte';

type Place = Pick<Location, 'protocol' | 'hostname' | 'port'>;

export function iceServers(pass: RelayPass | undefined, page: Place = location): RTCIceServer[] {
  if (!pass) return [];
  // A page from this very machine came by plain HTTP; the relay is at the other door.
  const port = page.protocol === 'https:' ? page.port || '443' : String(pass.port);
  const urls = `turns:${page.hostname}:${port}?transport=tcp`;
  return [{ urls, username: pass.username, credential: pass.password }];
}
