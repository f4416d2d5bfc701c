// Ed25519 verification (RFC 8032) on integers: draw.md §7.
//
// The browser's own implementation is not used. Browsers differ about small
// points and about keys that are not in canonical form, and the answer must be
// the same everywhere. A draw has at most 32 signatures.

import { concat, hex, unhex } from './bytes.js';
import { sha512 } from './sha512.js';

const p = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (/** @type {bigint} */ a) => ((a % p) + p) % p;

/**
 * @param {bigint} base
 * @param {bigint} exponent
 */
function power(base, exponent) {
  let result = 1n;
  for (let b = mod(base); exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * b) % p;
    b = (b * b) % p;
  }
  return result;
}

const d = mod(-121665n * power(121666n, p - 2n));
const rootOfMinusOne = power(2n, (p - 1n) / 4n);

/** @typedef {[bigint, bigint, bigint, bigint]} Point X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z */

/** @type {Point} */
const zero = [0n, 1n, 1n, 0n];

/**
 * @param {Point} a
 * @param {Point} b
 * @returns {Point}
 */
function add(a, b) {
  const s = ((a[1] - a[0]) * (b[1] - b[0])) % p;
  const t = ((a[1] + a[0]) * (b[1] + b[0])) % p;
  const u = (2n * a[3] * b[3] * d) % p;
  const v = (2n * a[2] * b[2]) % p;
  const [e, f, g, h] = [t - s, v - u, v + u, t + s];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

/**
 * s·a + t·b
 * @param {bigint} s
 * @param {Point} a
 * @param {bigint} t
 * @param {Point} b
 */
function combine(s, a, t, b) {
  const both = add(a, b);
  let sum = zero;
  for (let i = 255n; i >= 0n; i--) {
    sum = add(sum, sum);
    const x = (s >> i) & 1n;
    const y = (t >> i) & 1n;
    if (x && y) sum = add(sum, both);
    else if (x) sum = add(sum, a);
    else if (y) sum = add(sum, b);
  }
  return sum;
}

/** @param {Uint8Array} bytes */
function number(bytes) {
  return BigInt('0x' + hex(bytes.slice().reverse()));
}

/**
 * The point that 32 bytes write, or null. As in Go, y need not be reduced.
 * @param {Uint8Array} bytes
 * @returns {Point|null}
 */
function point(bytes) {
  const odd = bytes[31] >> 7;
  const y = mod(number(bytes) & (2n ** 255n - 1n));
  const u = mod(y * y - 1n);
  const v = mod(d * y * y + 1n);
  let x = (u * power(v, 3n) * power(u * power(v, 7n), (p - 5n) / 8n)) % p;
  if (mod(v * x * x) === mod(-u)) x = (x * rootOfMinusOne) % p;
  if (mod(v * x * x) !== u) return null;
  if (Number(x & 1n) !== odd) x = mod(-x);
  return [x, y, 1n, mod(x * y)];
}

/** @param {Point} a */
function written(a) {
  const inverse = power(a[2], p - 2n);
  const x = mod(a[0] * inverse);
  const y = mod(a[1] * inverse) | ((x & 1n) << 255n);
  return unhex(y.toString(16).padStart(64, '0')).reverse();
}

const base = /** @type {Point} */ (point(unhex('58' + '66'.repeat(31))));

/**
 * Tells whether the signature is by the key: S below the order, and the
 * equation without the cofactor.
 * @param {string} key 64 hexadecimal digits
 * @param {Uint8Array} message
 * @param {string} signature 128 hexadecimal digits
 */
export function verifyEd25519(key, message, signature) {
  const keyBytes = unhex(key);
  const a = point(keyBytes);
  const r = unhex(signature.slice(0, 64));
  const s = number(unhex(signature.slice(64)));
  if (a === null || s >= order) return false;
  const h = number(sha512(concat(r, keyBytes, message))) % order;
  const minus = /** @type {Point} */ ([mod(-a[0]), a[1], a[2], mod(-a[3])]);
  return hex(written(combine(s, base, h, minus))) === hex(r);
}
