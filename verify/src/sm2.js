// SM2 verification (GB/T 32918) on integers: draw.md, appendix B.

import { concat, hex, unhex, utf8 } from './bytes.js';
import { sm3Into } from './sm3.js';

const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const a = p - 3n;
const b = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;
const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const gx = 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n;
const gy = 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n;

const mod = (/** @type {bigint} */ x) => ((x % p) + p) % p;

/** @typedef {[bigint, bigint, bigint]} Point x = X/Z², y = Y/Z³; Z = 0 is the point at infinity */

/** @type {Point} */
const infinity = [1n, 1n, 0n];

/**
 * @param {Point} q
 * @returns {Point}
 */
function double([x, y, z]) {
  if (z === 0n || y === 0n) return infinity;
  const yy = (y * y) % p;
  const s = (4n * x * yy) % p;
  const zz = (z * z) % p;
  const m = mod(3n * x * x + a * zz * zz);
  const x3 = mod(m * m - 2n * s);
  return [x3, mod(m * (s - x3) - 8n * yy * yy), (2n * y * z) % p];
}

/**
 * @param {Point} q
 * @param {Point} r
 * @returns {Point}
 */
function add(q, r) {
  if (q[2] === 0n) return r;
  if (r[2] === 0n) return q;
  const zq = (q[2] * q[2]) % p;
  const zr = (r[2] * r[2]) % p;
  const u1 = (q[0] * zr) % p;
  const u2 = (r[0] * zq) % p;
  const s1 = (q[1] * zr * r[2]) % p;
  const s2 = (r[1] * zq * q[2]) % p;
  if (u1 === u2) return s1 === s2 ? double(q) : infinity;
  const h = mod(u2 - u1);
  const t = mod(s2 - s1);
  const hh = (h * h) % p;
  const hhh = (h * hh) % p;
  const v = (u1 * hh) % p;
  const x = mod(t * t - hhh - 2n * v);
  return [x, mod(t * (v - x) - s1 * hhh), (q[2] * r[2] * h) % p];
}

/**
 * The x coordinate of s·G + t·P, or null at infinity.
 * @param {bigint} s
 * @param {bigint} t
 * @param {Point} key
 */
function combinedX(s, t, key) {
  /** @type {Point} */
  const g = [gx, gy, 1n];
  const both = add(g, key);
  /** @type {Point} */
  let sum = infinity;
  for (let i = 255n; i >= 0n; i--) {
    sum = double(sum);
    const x = (s >> i) & 1n;
    const y = (t >> i) & 1n;
    if (x && y) sum = add(sum, both);
    else if (x) sum = add(sum, g);
    else if (y) sum = add(sum, key);
  }
  if (sum[2] === 0n) return null;
  let inverse = 1n;
  for (let e = p - 2n, base = (sum[2] * sum[2]) % p; e > 0n; e >>= 1n) {
    if (e & 1n) inverse = (inverse * base) % p;
    base = (base * base) % p;
  }
  return (sum[0] * inverse) % p;
}

/** @param {string} digits */
const number = (digits) => BigInt('0x' + digits);

/** @param {bigint} x */
const bytes32 = (x) => unhex(x.toString(16).padStart(64, '0'));

/** @param {Uint8Array} data */
function sm3(data) {
  const out = new Uint8Array(32);
  sm3Into(data, data.length, out, 0);
  return out;
}

/**
 * Tells whether a public key, 04 and two coordinates, is a point of the curve.
 * @param {string} key 130 hexadecimal digits
 */
export function onCurve(key) {
  const x = number(key.slice(2, 66));
  const y = number(key.slice(66));
  return x < p && y < p && mod(y * y) === mod(x * x * x + a * x + b);
}

/**
 * Tells whether the signature is by the key.
 * @param {string} key 130 hexadecimal digits, a point of the curve
 * @param {Uint8Array} message
 * @param {string} signature 128 hexadecimal digits
 */
export function verifySm2(key, message, signature) {
  const x = number(key.slice(2, 66));
  const y = number(key.slice(66));
  const id = concat(new Uint8Array([0x00, 0x80]), utf8('1234567812345678'));
  const z = sm3(concat(id, bytes32(a), bytes32(b), bytes32(gx), bytes32(gy), bytes32(x), bytes32(y)));
  const e = number(hex(sm3(concat(z, message))));
  const r = number(signature.slice(0, 64));
  const s = number(signature.slice(64));
  if (r < 1n || r >= n || s < 1n || s >= n) return false;
  const t = (r + s) % n;
  if (t === 0n) return false;
  const x1 = combinedX(s, t, [x, y, 1n]);
  return x1 !== null && (e + x1) % n === r;
}
