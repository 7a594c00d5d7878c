// The technician's wall: a connection that receives pictures and sends nothing. The hub lists its owner to the chair, and fills
// the slots with the rooms that the wall shows. It lives as long as the websocket; after every loss it is made anew.
// Input: the hub's answers. Output: tracks by room.

import type { EndpointId } from '../protocol';
import type { MediaMessage, Mirror } from '../state/mirror.svelte';

/** As many as the hub fills (server: watch.rs). */
export const PICTURES = 16;
const PATIENCE_MS = 4_000;
/** Local candidates are found in a moment. */
const GATHERING_MS = 700;

export type WallState = 'idle' | 'connecting' | 'connected' | 'refused';

export class Wall {
  state = $state<WallState>('idle');
  /** What is received, by mid. */
  tracks = $state.raw<Map<string, MediaStreamTrack>>(new Map());

  #mirror: Mirror;
  #peer: RTCPeerConnection | undefined;
  #attempt = Math.floor(Date.now() / 1000) % 1_000_000_000;
  #slots = 0;
  #shown: EndpointId[] = [];
  #due: ReturnType<typeof setTimeout> | undefined;
  #unlisten: () => void;
  #stopped = false;

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
    this.#unlisten = mirror.onMedia((message) => void this.#heard(message));
  }

  /** The hub was reached, for the first time or again: whatever was there before is gone with its socket. */
  reached(rooms: number): void {
    this.#slots = Math.min(PICTURES, Math.max(1, rooms));
    this.#connect();
  }

  /** Which rooms are on the screen now, first things first. */
  show(rooms: EndpointId[]): void {
    if (rooms.join(' ') === this.#shown.join(' ')) return;
    this.#shown = rooms;
    this.#mirror.watch(rooms);
  }

  /** The picture of a room; undefined while none flows. */
  picture(room: EndpointId): MediaStreamTrack | undefined {
    const mid = Object.entries(this.#mirror.slots.video).find(([, flowing]) => flowing === room)?.[0];
    return mid === undefined ? undefined : this.tracks.get(mid);
  }

  stop(): void {
    this.#stopped = true;
    this.#unlisten();
    clearTimeout(this.#due);
    this.#peer?.close();
  }

  #connect(): void {
    if (this.#stopped || typeof RTCPeerConnection === 'undefined') return;
    clearTimeout(this.#due);
    this.#peer?.close();
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    for (let slot = 0; slot < this.#slots; slot += 1) peer.addTransceiver('video', { direction: 'recvonly' });
    this.#peer = peer;
    this.#attempt += 1;
    this.state = 'connecting';
    peer.addEventListener('connectionstatechange', () => this.#moved(peer));
    void this.#offer(peer, this.#attempt);
    this.#again();
  }

  /** Complete, or nearly: the hub is ICE-lite and needs no candidate of ours to answer. */
  async #offer(peer: RTCPeerConnection, attempt: number): Promise<void> {
    await peer.setLocalDescription();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        if (peer.iceGatheringState === 'complete') resolve();
      };
      peer.addEventListener('icegatheringstatechange', done);
      setTimeout(resolve, GATHERING_MS);
      done();
    });
    if (peer === this.#peer) this.#mirror.offer(attempt, peer.localDescription?.sdp ?? '');
  }

  #again(): void {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => {
      if (this.#mirror.link === 'open') this.#connect();
    }, PATIENCE_MS);
  }

  async #heard(message: MediaMessage): Promise<void> {
    const peer = this.#peer;
    if (!peer || message.attempt !== this.#attempt) return;
    if (message.type === 'offer_refused') {
      this.state = 'refused'; // the timer tries again
      return;
    }
    try {
      await peer.setRemoteDescription({ type: 'answer', sdp: message.sdp });
    } catch {
      return; // an answer that the browser does not take: the timer tries again
    }
    const received = peer.getTransceivers().filter(({ mid }) => mid !== null);
    this.tracks = new Map(received.map(({ mid, receiver }) => [mid ?? '', receiver.track]));
    this.#mirror.watch(this.#shown);
    this.#moved(peer);
  }

  #moved(peer: RTCPeerConnection): void {
    if (peer !== this.#peer) return;
    const state = peer.connectionState;
    if (state === 'connected') {
      clearTimeout(this.#due);
      this.state = 'connected';
    } else if (state === 'failed' || state === 'disconnected') {
      this.state = 'connecting';
      this.#again();
    }
  }
}
