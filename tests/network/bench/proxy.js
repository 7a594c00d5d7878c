// A proxy as closed networks have it: CONNECT to port 443 and nothing else. Words: address, port. Ends with its standard input.

import { createServer } from 'node:http';
import { connect } from 'node:net';

const server = createServer((_, answer) => answer.writeHead(405).end());
server.on('connect', (request, near, head) => {
  const [, host, port] = request.url.match(/^(.*):(\d+)$/) ?? [];
  near.on('error', () => near.destroy());
  if (port !== '443') {
    near.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    return;
  }
  const far = connect(Number(port), host.replace(/^\[|\]$/g, ''), () => {
    near.write('HTTP/1.1 200 Connection established\r\n\r\n');
    far.write(head);
    near.pipe(far).pipe(near);
  });
  far.on('error', () => near.destroy());
  near.on('close', () => far.destroy());
});
server.listen(Number(process.argv[3]), process.argv[2], () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());
