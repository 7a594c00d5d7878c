// A greedy neighbour: one TCP connection that takes what it gets. Words: `give ADDRESS PORT` or `take ADDRESS PORT`. Ends with its
// standard input.

import { connect, createServer } from 'node:net';

const [, , role, address, port] = process.argv;
const PIECE = Buffer.alloc(64 * 1024, 'x');

if (role === 'give') {
  const server = createServer((socket) => {
    const give = () => {
      while (socket.writable && socket.write(PIECE));
    };
    socket.on('drain', give).on('error', () => socket.destroy());
    give();
  });
  server.listen(Number(port), address, () => console.log('ready'));
} else {
  connect(Number(port), address, () => console.log('ready')).resume();
}
process.stdin.resume().on('end', () => process.exit());
