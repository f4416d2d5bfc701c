// Tickets, the order of each cell, and the rank tree: draw.md §10, §12.

import { hex, unhex, utf8 } from './bytes.js';
import { root } from './merkle.js';

/**
 * The tickets of ids under a key, 32 bytes each.
 * @param {import('./suite.js').Suite} suite
 * @param {string} key
 * @param {string[]} ids
 */
export function tickets(suite, key, ids) {
  const out = new Uint8Array(32 * ids.length);
  const message = new Uint8Array(key.length + 1 + 64);
  message.set(utf8(key + ':'));
  const from = key.length + 1;
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    for (let j = 0; j < id.length; j++) message[from + j] = id.charCodeAt(j);
    suite.into(message, from + id.length, out, 32 * i);
  }
  return out;
}

/**
 * The ticket of one id, in hexadecimal.
 * @param {import('./suite.js').Suite} suite
 * @param {string} key
 * @param {string} id
 */
export function ticketOf(suite, key, id) {
  return hex(suite.h(`${key}:${id}`));
}

/**
 * Sorts members by ticket; equal tickets stay in the order of ids.
 * @param {Uint8Array} all the tickets of the population
 * @param {number[]} members positions, ascending, and so in the order of ids
 */
export function order(all, members) {
  const first = new Float64Array(all.length / 32);
  const view = new DataView(all.buffer, all.byteOffset);
  for (const i of members) first[i] = view.getUint32(32 * i) * 65536 + view.getUint16(32 * i + 4);
  return members.slice().sort((a, b) => {
    if (first[a] !== first[b]) return first[a] - first[b];
    for (let j = 6; j < 32; j++) {
      const d = all[32 * a + j] - all[32 * b + j];
      if (d !== 0) return d;
    }
    return a - b;
  });
}

/**
 * The context of a cell's leaves, §12.3.
 * @param {import('./suite.js').Suite} suite
 * @param {any} manifest
 * @param {{task: string, stratum: string, tier: number}} cell
 */
function contextOf(suite, manifest, cell) {
  return unhex(suite.d('SDP1.rank', manifest.batch, manifest.run, cell.task, cell.stratum, cell.tier));
}

const data = new Uint8Array(81);
const view = new DataView(data.buffer);

/**
 * Writes rank and index, which are below 2⁵³, into the leaf's data.
 * @param {number} rank
 * @param {number} index
 */
function place(rank, index) {
  view.setUint32(33, Math.floor(rank / 0x100000000));
  view.setUint32(37, rank);
  view.setUint32(73, Math.floor(index / 0x100000000));
  view.setUint32(77, index);
}

/**
 * The leaf of one rank.
 * @param {import('./suite.js').Suite} suite
 * @param {any} manifest
 * @param {{task: string, stratum: string, tier: number}} cell
 * @param {{rank: number, ticket: string, index: number}} leaf
 */
export function rankLeaf(suite, manifest, cell, leaf) {
  data[0] = 0;
  data.set(contextOf(suite, manifest, cell), 1);
  data.set(unhex(leaf.ticket), 41);
  place(leaf.rank, leaf.index);
  return suite.h(data);
}

/**
 * The root of the rank tree of a cell.
 * @param {import('./suite.js').Suite} suite
 * @param {any} manifest
 * @param {{task: string, stratum: string, tier: number}} cell
 * @param {Uint8Array} all the tickets of the population
 * @param {number[]} ranked positions in order
 */
export function rankRoot(suite, manifest, cell, all, ranked) {
  const leaves = new Uint8Array(32 * ranked.length);
  data[0] = 0;
  data.set(contextOf(suite, manifest, cell), 1);
  ranked.forEach((index, r) => {
    data.set(all.subarray(32 * index, 32 * index + 32), 41);
    place(r + 1, index);
    suite.into(data, 81, leaves, 32 * r);
  });
  return root(suite, leaves);
}
