// The inner half of a namespace's relay: a file is a meeting point that both sides of a namespace see. Each connection says a
// port in its first line and is joined to it. Ends with its standard input.

import { connect, createServer } from 'node:net';

const server = createServer({ allowHalfOpen: true }, (near) => {
  near.on('error', () => near.destroy());
  near.once('data', (first) => {
    const line = first.indexOf(10);
    const far = connect({ port: Number(first.subarray(0, line)), host: '127.0.0.1', allowHalfOpen: true });
    far.on('error', () => near.destroy());
    near.on('error', () => far.destroy());
    far.write(first.subarray(line + 1));
    near.pipe(far).pipe(near);
  });
});
server.listen(process.argv[2], () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());
