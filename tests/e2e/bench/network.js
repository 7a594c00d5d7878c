// A bridge point's own network: a namespace joined to this machine by one cable (a veth pair), and that cable pulled and
// plugged in again. The far end only loses its carrier, as behind a switch: addresses and routes stay. Needs iproute2 and
// nftables, and root or sudo.

import { execFileSync } from 'node:child_process';
import { Namespace, sudo } from './namespace.js';

const [ip, ...before] = [...sudo, 'ip'];
const run = (...words) => execFileSync(ip, [...before, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });

export class Network {
  /** `number` (1–250) keeps names and addresses apart. */
  constructor(number) {
    this.name = `e2e-${process.pid}-${number}`;
    this.near = `e2e${process.pid % 10_000}n${number}`;
    this.far = `e2e${process.pid % 10_000}f${number}`;
    this.host = `10.77.${number}.1`;
    run('netns', 'add', this.name);
    run('link', 'add', this.near, 'type', 'veth', 'peer', 'name', this.far);
    run('link', 'set', this.far, 'netns', this.name);
    run('addr', 'add', `${this.host}/24`, 'dev', this.near);
    run('link', 'set', this.near, 'up');
    run('-n', this.name, 'addr', 'add', `10.77.${number}.2/24`, 'dev', this.far);
    run('-n', this.name, 'link', 'set', this.far, 'up');
    run('-n', this.name, 'link', 'set', 'lo', 'up');
    run('-n', this.name, 'route', 'add', 'default', 'via', this.host);
    this.namespace = new Namespace(this.name);
  }

  cut() {
    run('link', 'set', this.near, 'down');
  }

  mend() {
    run('link', 'set', this.near, 'up');
  }

  /** A firewall that lets no UDP in or out. */
  stopUdp() {
    this.letThrough();
    const rule = (chain) => `chain ${chain} { type filter hook ${chain} priority 0; meta l4proto udp drop; }`;
    run('netns', 'exec', this.name, 'nft', `table inet firewall {\n${rule('input')}\n${rule('output')}\n}`);
  }

  letThrough() {
    run('netns', 'exec', this.name, 'nft', 'flush ruleset');
  }

  async remove() {
    await this.namespace.close();
    try {
      run('link', 'del', this.near);
    } finally {
      run('netns', 'del', this.name);
    }
  }
}
