// SM3 (GB/T 32905-2016): draw.md, appendix A.

const start = new Int32Array([
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
]);
const t = new Int32Array(64);
for (let j = 0; j < 64; j++) {
  const x = j < 16 ? 0x79cc4519 : 0x7a879d8a;
  const by = j & 31;
  t[j] = by === 0 ? x : (x << by) | (x >>> (32 - by));
}

const state = new Int32Array(8);
const w = new Int32Array(68);
const tail = new Uint8Array(128);

/**
 * @param {Uint8Array} data
 * @param {number} at
 */
function block(data, at) {
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
  }
  for (let i = 16; i < 68; i++) {
    const y = w[i - 3];
    const x = w[i - 16] ^ w[i - 9] ^ ((y << 15) | (y >>> 17));
    const z = w[i - 13];
    w[i] = x ^ ((x << 15) | (x >>> 17)) ^ ((x << 23) | (x >>> 9)) ^ ((z << 7) | (z >>> 25)) ^ w[i - 6];
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let j = 0; j < 64; j++) {
    const a12 = (a << 12) | (a >>> 20);
    const sum = (a12 + e + t[j]) | 0;
    const ss1 = (sum << 7) | (sum >>> 25);
    const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
    const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
    const tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) | 0;
    const tt2 = (gg + h + ss1 + w[j]) | 0;
    d = c;
    c = (b << 9) | (b >>> 23);
    b = a;
    a = tt1;
    h = g;
    g = (f << 19) | (f >>> 13);
    f = e;
    e = tt2 ^ ((tt2 << 9) | (tt2 >>> 23)) ^ ((tt2 << 17) | (tt2 >>> 15));
  }
  state[0] ^= a;
  state[1] ^= b;
  state[2] ^= c;
  state[3] ^= d;
  state[4] ^= e;
  state[5] ^= f;
  state[6] ^= g;
  state[7] ^= h;
}

/**
 * Writes the digest of the first `length` bytes of data into out.
 * @param {Uint8Array} data
 * @param {number} length
 * @param {Uint8Array} out
 * @param {number} at
 */
export function sm3Into(data, length, out, at) {
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
