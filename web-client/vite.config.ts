import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a running hub.
const hub = process.env.HUB ?? 'http://127.0.0.1:8080';

const WORKER = 'worker.js';

/** Writes into the worker which files make up the shell, and a mark that changes with any of them (src/offline/worker.ts). */
function shell(): Plugin {
  return {
    name: 'shell',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      const names = readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== WORKER && !entry.name.endsWith('.woff'))
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
      const version = createHash('sha256');
      for (const name of names) version.update(name).update(readFileSync(name));
      const files = names.map((name) => name.slice(dir.length)).map((path) => (path === '/index.html' ? '/' : path));
      const worker = join(dir, WORKER);
      const told = JSON.stringify({ version: version.digest('hex').slice(0, 16), files });
      writeFileSync(
        worker,
        readFileSync(worker, 'utf8').replaceAll('__SHELL__', () => `(${told})`),
      );
    },
  };
}

/** Below this a packet is not saved, bytes. */
const SMALL = 1_000;

/** Last of all, puts a brotli and a gzip form beside every text that is worth it, for the hub to give to whoever takes it: lines are narrow. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = 'dist' }) {
    for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:css|html|js|svg|webmanifest)$/.test(name)) continue;
      const file = join(dir, name);
      const text = readFileSync(file);
      if (text.length < SMALL) continue;
      writeFileSync(`${file}.br`, brotliCompressSync(text));
      writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }));
    }
  },
});

// The hub serves `dist` from memory under a strict content security policy: no inline script, no data: font, hashed names.
export default defineConfig({
  plugins: [svelte(), shell(), compressed()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: { index: 'index.html', worker: 'src/offline/worker.ts' },
      output: { entryFileNames: ({ name }) => (name === 'worker' ? WORKER : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': hub,
      '/ws': { target: hub.replace(/^http/, 'ws'), ws: true },
      '/ca.crt': hub,
    },
  },
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts'],
  },
});
