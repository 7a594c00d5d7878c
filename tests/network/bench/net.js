// The bad network as the scenarios use it: a process that holds the namespaces and takes orders (src/hold.rs). It has proved its
// impairer when it is ready, and takes everything away when this process is gone, however it went.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { BINARY } from '../../e2e/bench/hub.js';
import { Namespace, sudo } from '../../e2e/bench/namespace.js';

const program = resolve(process.env.NETWORK_BIN ?? join(dirname(BINARY), 'network'));

/** Where the hub is in every such network. */
export const HUB = '10.98.250.2';
export const HUB_6 = 'fd00:98:250::2';

export class Net {
  #process;
  #answers = [];
  #namespaces = new Map();

  static async start({ sites = ['hall', 'ward'], seed = process.env.NETWORK_SEED } = {}) {
    if (!existsSync(program)) throw new Error(`there is no ${program}; build it, or set NETWORK_BIN`);
    const net = new Net();
    const [word, ...words] = [...sudo, program, 'hold', '--sites', sites.join(',')];
    if (seed) words.push('--seed', String(seed));
    // A group of its own: what interrupts the tests must not keep it from clearing up.
    net.#process = spawn(word, words, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    const lines = createInterface({ input: net.#process.stdout });
    lines.on('line', (line) => net.#answers.shift()?.take(line));
    net.#process.once('exit', (code) => {
      for (const { refuse } of net.#answers) refuse(new Error(`the bad network ended with ${code}`));
    });
    const ready = await net.#answer();
    const [, number, prefix] = ready.match(/^ready seed=(\d+) prefix=(\S+)/) ?? [];
    if (!prefix) throw new Error(`the bad network says ${ready}`);
    Object.assign(net, { seed: number, prefix });
    console.log(`network: seed ${net.seed}`);
    return net;
  }

  #answer() {
    return new Promise((take, refuse) => this.#answers.push({ take, refuse }));
  }

  /** An order and its answer; a refusal is thrown. */
  async ask(order) {
    this.#process.stdin.write(`${order}\n`);
    const answer = await this.#answer();
    if (answer.startsWith('error ')) throw new Error(`${order}: ${answer.slice(6)}`);
    return answer;
  }

  /** What the impairer did in one direction: seen, lost, late …; not one packet may have been lost by itself. */
  async counts(site, way) {
    const answer = await this.ask(`counts ${site} ${way}`);
    return Object.fromEntries(answer.split(' ').map((pair) => pair.split('=')).map(([name, value]) => [name, Number(value)]));
  }

  /** Where programs of a site, of the `hub`, the `isp` or the `carrier` run. */
  namespace(end) {
    if (!this.#namespaces.has(end)) this.#namespaces.set(end, new Namespace(this.prefix + end));
    return this.#namespaces.get(end);
  }

  async stop() {
    for (const namespace of this.#namespaces.values()) await namespace.close();
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.stdin.end();
    await gone;
  }
}
