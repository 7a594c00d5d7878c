// A network namespace as a place where programs run: a script that starts one inside, and a relay, so that what listens on the
// namespace's own loopback can be reached from here. Needs iproute2, and root or sudo.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const sudo = process.getuid() === 0 ? [] : ['sudo', '-n'];

/** A port that is free here; a namespace of one's own has all of them. */
export async function freePort() {
  const server = createServer();
  await new Promise((up) => server.listen(0, '127.0.0.1', up));
  const { port } = server.address();
  await new Promise((down) => server.close(down));
  return port;
}

export class Namespace {
  #folder = mkdtempSync(join(tmpdir(), 'e2e-inside-'));
  #inner;
  #servers = [];

  constructor(name) {
    this.name = name;
  }

  get command() {
    return [...sudo, 'ip', 'netns', 'exec', this.name];
  }

  /** A file that runs a program inside; `before` is shell that may change its words first. */
  inside(program, before = '') {
    const file = join(this.#folder, `${program.split('/').at(-1)}.sh`);
    writeFileSync(file, `#!/bin/sh\n${before}\nexec ${this.command.join(' ')} ${program} "$@"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** From now on 127.0.0.1:port here is 127.0.0.1:port inside. */
  async relay(port) {
    const meeting = join(this.#folder, 'relay');
    this.#inner ??= await this.#start(meeting);
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ path: meeting, allowHalfOpen: true });
      far.write(`${port}\n`);
      near.pipe(far).pipe(near);
      for (const [one, other] of [[near, far], [far, near]]) one.on('error', () => other.destroy());
    });
    await new Promise((up) => server.listen(port, '127.0.0.1', up));
    this.#servers.push(server);
  }

  async #start(meeting) {
    const program = fileURLToPath(new URL('relay.js', import.meta.url));
    const [word, ...words] = [...this.command, process.execPath, program, meeting];
    const inner = spawn(word, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(inner.stdout, 'data');
    return inner;
  }

  async close() {
    for (const server of this.#servers) server.close();
    if (this.#inner) {
      const gone = once(this.#inner, 'exit');
      this.#inner.stdin.end();
      await gone;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
