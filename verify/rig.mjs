// What the tests share: where the data is, and a generator with a seed.

import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault, hex, utf8 } from './src/bytes.js';
import { sha256Into } from './src/sha256.js';
import { Refusal } from './src/shape.js';
import { sm3Into } from './src/sm3.js';
import { digest } from './src/suite.js';

const tree = fileURLToPath(new URL('../', import.meta.url));

/**
 * @param {string} path
 */
const read = (path) => JSON.parse(readFileSync(join(tree, path), 'utf8'));

/** @param {string} kind */
export const drawVectors = (kind) => /** @type {any[]} */ (read(`internal/draw/testdata/vectors/${kind}.json`).cases);

/** @param {string} kind */
export const matchVectors = (kind) => read(`internal/match/testdata/vectors/${kind}.json`);

/** The example bundles, by suite. */
export const examples = ['sha256-ed25519', 'sm3-sm2'];

/**
 * The files of an example bundle.
 * @param {string} suite
 */
export function example(suite) {
  return folder(join(tree, 'internal/draw/testdata/example', suite));
}

/**
 * All files under a folder, by path.
 * @param {string} top
 * @param {string} [under]
 * @returns {Map<string, Uint8Array>}
 */
export function folder(top, under = '') {
  const files = new Map();
  for (const name of readdirSync(join(top, under)).sort()) {
    const path = under ? `${under}/${name}` : name;
    if (statSync(join(top, path)).isDirectory()) folder(top, path).forEach((b, p) => files.set(p, b));
    else files.set(path, new Uint8Array(readFileSync(join(top, path))));
  }
  return files;
}

/**
 * Tells whether an error is a refusal, not a mistake of the program.
 * @param {any} e
 */
export const refused = (e) => e instanceof Fault || e instanceof Refusal;

/**
 * Numbers from 0 to below n, the same for the same seed (mulberry32).
 * @param {number} seed
 */
export function random(seed) {
  return (/** @type {number} */ n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/**
 * The bundle with lists of digests that are right again.
 * @param {Map<string, Uint8Array>} files
 */
export function mended(files) {
  const all = new Map(files);
  const paths = [...files.keys()].filter((p) => !p.endsWith('SUMS')).sort();
  for (const { list, into } of [{ list: 'SHA256SUMS', into: sha256Into }, { list: 'SM3SUMS', into: sm3Into }]) {
    const lines = paths.map((p) => `${hex(digest(into, /** @type {Uint8Array} */ (files.get(p))))}  ${p}\n`);
    all.set(list, utf8(lines.join('')));
  }
  return all;
}

/**
 * A zip file, without check sums, which nobody reads.
 * @param {Map<string, Uint8Array>} files
 * @param {string} prefix of the paths
 * @param {(bytes: Uint8Array) => Uint8Array} [deflate]
 */
export function zip(files, prefix, deflate) {
  /** @type {Buffer[]} */
  const parts = [];
  /** @type {Buffer[]} */
  const directory = [];
  let at = 0;
  for (const [path, bytes] of files) {
    const name = Buffer.from(prefix + path);
    const data = deflate ? deflate(bytes) : bytes;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(deflate ? 8 : 0, 4);
    head.writeUInt32LE(data.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, place, name);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), head, name, Buffer.from(data));
    at += 30 + name.length + data.length;
  }
  const size = directory.reduce((n, b) => n + b.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}
