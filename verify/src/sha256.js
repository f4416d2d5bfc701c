// SHA-256 (FIPS 180-4), on 32-bit words, for many short messages.

const k = new Int32Array(64);
const start = new Int32Array(8);
fillConstants();

/** Fills the tables: fractions of the roots of the first primes. */
function fillConstants() {
  const fraction = (/** @type {number} */ x) => ((x - Math.floor(x)) * 0x100000000) | 0;
  for (let p = 2, n = 0; n < 64; p++) {
    let prime = true;
    for (let d = 2; d * d <= p; d++) prime &&= p % d !== 0;
    if (!prime) continue;
    if (n < 8) start[n] = fraction(Math.sqrt(p));
    k[n++] = cubeFraction(BigInt(p));
  }
}

/**
 * The first 32 bits of the fraction of the cube root of p, on integers: Math.cbrt need not be exact.
 * @param {bigint} p
 */
function cubeFraction(p) {
  const wanted = p << 96n;
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) {
    const next = root | bit;
    if (next * next * next <= wanted) root = next;
  }
  return Number(root & 0xffffffffn) | 0;
}

const state = new Int32Array(8);
const w = new Int32Array(64);
const tail = new Uint8Array(128);

/**
 * @param {Uint8Array} data
 * @param {number} at
 */
function block(data, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/**
 * Writes the digest of the first `length` bytes of data into out.
 * @param {Uint8Array} data
 * @param {number} length
 * @param {Uint8Array} out
 * @param {number} at
 */
export function sha256Into(data, length, out, at) {
  state.set(start);
  let from = 0;
  for (; from + 64 <= length; from += 64) block(data, from);
  const rest = length - from;
  const size = rest < 56 ? 64 : 128;
  for (let i = 0; i < rest; i++) tail[i] = data[from + i];
  tail[rest] = 0x80;
  tail.fill(0, rest + 1, size);
  const high = Math.floor(length / 0x20000000);
  const low = length << 3;
  for (let i = 0; i < 4; i++) {
    tail[size - 8 + i] = high >>> (24 - 8 * i);
    tail[size - 4 + i] = low >>> (24 - 8 * i);
  }
  block(tail, 0);
  if (size === 128) block(tail, 64);
  for (let i = 0; i < 8; i++) {
    const x = state[i];
    out[at++] = x >>> 24;
    out[at++] = x >>> 16;
    out[at++] = x >>> 8;
    out[at++] = x;
  }
}
