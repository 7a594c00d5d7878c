// A real hub: starts it on free ports with a data folder of its own, kills it, starts it again on the same ports.

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COUNCIL } from './council.js';
import { freePort } from './namespace.js';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const BINARY = resolve(process.env.HUB_BIN ?? join(root, 'target/debug/hub'));

/** The first of several that are free: each media thread of a hub has one. */
async function freeUdpPort(count = availableParallelism()) {
  for (;;) {
    const sockets = [];
    try {
      for (let number = 0; number < count; number += 1) {
        const socket = createSocket('udp4');
        sockets.push(socket);
        const port = number === 0 ? 0 : sockets[0].address().port + number;
        await new Promise((up, fail) => socket.once('error', fail).bind(port, '127.0.0.1', up));
      }
      return sockets[0].address().port;
    } catch {
      // One of them is somebody's; another row may be free.
    } finally {
      await Promise.all(sockets.map((socket) => new Promise((down) => socket.close(down))));
    }
  }
}

export class Hub {
  #process;
  #files;
  #program = BINARY;

  /**
   * `bind` is where HTTPS and media listen; the default keeps everything on loopback. With a `namespace` the hub runs inside,
   * its plain listener is relayed, and HTTPS may have the port it has in the world.
   */
  static async start({ council = COUNCIL, bind = '127.0.0.1', hosts = ['127.0.0.1'], namespace, https } = {}) {
    if (!existsSync(BINARY)) throw new Error(`there is no hub at ${BINARY}; build it, or set HUB_BIN`);
    const hub = new Hub();
    hub.folder = mkdtempSync(join(tmpdir(), 'e2e-hub-'));
    hub.ports = { https: https ?? (await freePort()), http: await freePort(), udp: await freeUdpPort() };
    const councils = join(hub.folder, 'council');
    mkdirSync(councils);
    writeFileSync(join(councils, 'council.toml'), council);
    symlinkSync(join(root, 'config/rules'), join(hub.folder, 'rules'));
    hub.#files = { config: join(hub.folder, 'hub.toml'), log: join(hub.folder, 'hub.log') };
    const text = [
      `data = "${join(hub.folder, 'data')}"`,
      `council = "${join(councils, 'council.toml')}"`,
      '[server]',
      `https = "${bind}:${hub.ports.https}"`,
      `http = "127.0.0.1:${hub.ports.http}"`,
      `hosts = ${JSON.stringify(hosts)}`,
      '[media]',
      `udp = "${bind}:${hub.ports.udp}"`,
      `announce = ${JSON.stringify(hosts)}`,
      '[log]',
      `filter = "${process.env.HUB_LOG ?? 'info'}"`,
    ].join('\n');
    writeFileSync(hub.#files.config, text);
    if (namespace) {
      hub.#program = namespace.inside(BINARY);
      await namespace.relay(hub.ports.http);
    }
    await hub.run();
    return hub;
  }

  /** Where this machine comes in: plain HTTP on loopback, which a browser calls secure. */
  get local() {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  /** Starts the process and waits until it says that it is well; milliseconds until then. */
  async run() {
    const began = performance.now();
    const log = openSync(this.#files.log, 'a');
    // HUB_… variables of whoever runs the tests are settings to a hub.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HUB_')));
    this.#process = spawn(this.#program, ['run', '--config', this.#files.config], {
      cwd: this.folder,
      env,
      stdio: ['ignore', log, log],
    });
    let ended;
    this.#process.once('exit', (code, signal) => (ended = `${code ?? signal}`));
    for (;;) {
      if (ended !== undefined) throw new Error(`the hub ended with ${ended}; see ${this.#files.log}`);
      const well = await fetch(`${this.local}/healthz`).catch(() => undefined);
      if (well?.ok) return performance.now() - began;
      if (performance.now() - began > 30_000) throw new Error(`the hub does not start; see ${this.#files.log}`);
      await new Promise((go) => setTimeout(go, 25));
    }
  }

  /** As if the power failed. */
  async kill() {
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }

  async stop() {
    if (this.#process && this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      const late = setTimeout(() => this.#process.kill('SIGKILL'), 8_000);
      await gone;
      clearTimeout(late);
    }
    if (process.env.E2E_KEEP === undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  /** The address of somebody's screen, on this machine's plain listener or at another origin. */
  async link(group, label, origin = this.local) {
    this.links ??= (await (await fetch(`${this.local}/api/links`)).json()).links;
    const found = this.links.find((link) => link.group === group && (label === undefined || link.label === label));
    if (!found) throw new Error(`no ${group} called ${label}`);
    const { pathname, search, hash } = new URL(found.url);
    return `${origin}${pathname}${search}${hash}`;
  }
}
