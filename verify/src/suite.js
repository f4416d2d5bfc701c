// The two suites and what is built on their hashes: draw.md §3.1, §3.2, §10.

import { concat, hex, lp, utf8 } from './bytes.js';
import { verifyEd25519 } from './ed25519.js';
import { sha256Into } from './sha256.js';
import { onCurve, verifySm2 } from './sm2.js';
import { sm3Into } from './sm3.js';

/**
 * A HashInto writes the digest of the first `length` bytes of data into out.
 * @typedef {(data: Uint8Array, length: number, out: Uint8Array, at: number) => void} HashInto
 */

/**
 * The digest of bytes.
 * @param {HashInto} into
 * @param {Uint8Array} bytes
 */
export function digest(into, bytes) {
  const out = new Uint8Array(32);
  into(bytes, bytes.length, out, 0);
  return out;
}

/** A Suite is a hash and the signatures that go with it. */
export class Suite {
  /**
   * @param {string} name
   * @param {string} hash its name in the matching
   * @param {HashInto} into
   */
  constructor(name, hash, into) {
    this.name = name;
    this.hash = hash;
    this.into = into;
  }

  /** @param {Uint8Array|string} data */
  h(data) {
    return digest(this.into, typeof data === 'string' ? utf8(data) : data);
  }

  /**
   * H of length-prefixed texts, in hexadecimal: D of §3.2.
   * @param {...(string|number)} texts
   */
  d(...texts) {
    return hex(this.h(lp(...texts)));
  }

  /**
   * HMAC of RFC 2104.
   * @param {Uint8Array} key of at most 64 bytes
   * @param {Uint8Array} message
   */
  hmac(key, message) {
    const inner = new Uint8Array(64).fill(0x36);
    const outer = new Uint8Array(64).fill(0x5c);
    key.forEach((b, i) => {
      inner[i] ^= b;
      outer[i] ^= b;
    });
    return this.h(concat(outer, this.h(concat(inner, message))));
  }

  /**
   * The form of a public key, §7.
   * @param {string} key
   */
  goodKey(key) {
    if (this.name === 'sha256-ed25519') return /^[0-9a-f]{64}$/.test(key);
    return /^04[0-9a-f]{128}$/.test(key) && onCurve(key);
  }

  /**
   * Tells whether the signature is by the key, §7.
   * @param {string} key
   * @param {Uint8Array} message
   * @param {string} signature
   */
  verify(key, message, signature) {
    if (!/^[0-9a-f]{128}$/.test(signature) || !this.goodKey(key)) return false;
    return (this.name === 'sha256-ed25519' ? verifyEd25519 : verifySm2)(key, message, signature);
  }
}

/** @type {Record<string, Suite>} */
export const suites = {
  'sha256-ed25519': new Suite('sha256-ed25519', 'sha256', sha256Into),
  'sm3-sm2': new Suite('sm3-sm2', 'sm3', sm3Into),
};

/**
 * The suite whose hash has this name, for the matching.
 * @param {string} hash
 */
export function suiteOf(hash) {
  return hash === 'sm3' ? suites['sm3-sm2'] : suites['sha256-ed25519'];
}

/**
 * The key of a rehearsal, §15: it cannot be mistaken for a real one.
 * @param {Suite} suite
 * @param {string} label
 * @param {string} group
 */
export function dummyKey(suite, label, group) {
  return 'DUMMY' + hex(suite.h(`DUMMY:${label}:${group}`)).slice(0, 27);
}

/**
 * The eight decimals that people are shown, §10. Nothing depends on them.
 * @param {string} ticket in hexadecimal
 */
export function decimal(ticket) {
  const t = BigInt('0x' + ticket.slice(0, 16));
  return '0.' + ((t * 100000000n) >> 64n).toString().padStart(8, '0');
}

/** A Stream is a row of numbers that a key and a label define: §10, and match.md §4. */
export class Stream {
  #block = new Uint8Array(32);
  #next = 32;
  #number = 0;

  /**
   * @param {Suite} suite
   * @param {string} key
   * @param {string|number} label
   */
  constructor(suite, key, label) {
    this.suite = suite;
    this.prefix = `${key}:S:${label}:`;
  }

  word() {
    if (this.#next === 32) {
      this.#block = this.suite.h(this.prefix + this.#number++);
      this.#next = 0;
    }
    const b = this.#block;
    const i = this.#next;
    this.#next += 4;
    return ((b[i] << 24) | (b[i + 1] << 16) | (b[i + 2] << 8) | b[i + 3]) >>> 0;
  }

  /**
   * The next number below n, 1 ≤ n < 2³².
   * @param {number} n
   */
  below(n) {
    const limit = 0x100000000 - (0x100000000 % n);
    for (;;) {
      const w = this.word();
      if (w < limit) return w % n;
    }
  }
}
