// The Merkle tree of RFC 6962: draw.md §6.4, §6.5.

import { hex, unhex } from './bytes.js';

const pair = new Uint8Array(65);
pair[0] = 1;

/**
 * The root of leaves that stand one after the other in one array of 32 bytes each.
 * @param {import('./suite.js').Suite} suite
 * @param {Uint8Array} leaves
 */
export function root(suite, leaves) {
  if (leaves.length === 0) return hex(suite.h(new Uint8Array(0)));
  const level = leaves.slice();
  let n = level.length / 32;
  while (n > 1) {
    const half = n >> 1;
    for (let i = 0; i < half; i++) {
      pair.set(level.subarray(64 * i, 64 * i + 64), 1);
      suite.into(pair, 65, level, 32 * i);
    }
    if (n & 1) level.copyWithin(32 * half, 32 * (n - 1), 32 * n);
    n = half + (n & 1);
  }
  return hex(level.subarray(0, 32));
}

/**
 * The root that a leaf and its path give, or null if the path has the wrong length.
 * @param {import('./suite.js').Suite} suite
 * @param {Uint8Array} leaf
 * @param {number} index
 * @param {number} size
 * @param {string[]} path
 */
export function rootOfPath(suite, leaf, index, size, path) {
  if (index < 0 || index >= size) return null;
  let h = leaf;
  let used = 0;
  for (let i = index, last = size - 1; last > 0; i = Math.floor(i / 2), last = Math.floor(last / 2)) {
    if (i % 2 === 0 && i === last) continue;
    if (used === path.length) return null;
    const p = unhex(path[used++]);
    pair.set(i % 2 === 1 ? p : h, 1);
    pair.set(i % 2 === 1 ? h : p, 33);
    h = suite.h(pair);
  }
  return used === path.length ? hex(h) : null;
}
