// SHA-512 (FIPS 180-4), which Ed25519 needs. Plain 64-bit integers: it is called a few times only.

const mask = 2n ** 64n - 1n;

/**
 * The first 64 bits of the fraction of the n-th root of x.
 * @param {bigint} x
 * @param {bigint} n
 */
function fraction(x, n) {
  const wanted = x << (64n * n);
  let root = 0n;
  for (let bit = 1n << 70n; bit > 0n; bit >>= 1n) {
    if ((root | bit) ** n <= wanted) root |= bit;
  }
  return root & mask;
}

/** @type {bigint[]} */
const primes = [];
for (let x = 2n; primes.length < 80; x++) {
  if (primes.every((q) => x % q !== 0n)) primes.push(x);
}
const k = primes.map((x) => fraction(x, 3n));
const start = primes.slice(0, 8).map((x) => fraction(x, 2n));

const turn = (/** @type {bigint} */ x, /** @type {bigint} */ n) => ((x >> n) | (x << (64n - n))) & mask;

/**
 * @param {Uint8Array} data
 */
export function sha512(data) {
  const size = (Math.floor((data.length + 16) / 128) + 1) * 128;
  const padded = new Uint8Array(size);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(size - 8, BigInt(data.length) * 8n);
  const state = start.slice();
  for (let at = 0; at < size; at += 128) block(state, view, at);
  const out = new Uint8Array(64);
  state.forEach((x, i) => new DataView(out.buffer).setBigUint64(8 * i, x));
  return out;
}

/**
 * @param {bigint[]} state
 * @param {DataView} view
 * @param {number} at
 */
function block(state, view, at) {
  /** @type {bigint[]} */
  const w = [];
  for (let i = 0; i < 16; i++) w.push(view.getBigUint64(at + 8 * i));
  for (let i = 16; i < 80; i++) {
    const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
    const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
    w.push((w[i - 16] + s0 + w[i - 7] + s1) & mask);
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 80; i++) {
    const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
    const t1 = h + s1 + ((e & f) ^ (~e & mask & g)) + k[i] + w[i];
    const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
    const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & mask, c, b, a, (t1 + t2) & mask];
  }
  [a, b, c, d, e, f, g, h].forEach((x, i) => (state[i] = (state[i] + x) & mask));
}
