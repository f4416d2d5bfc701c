// Bytes, texts and lines: draw.md §3.2, §3.3, §3.4, §3.6.

/**
 * A Fault is what a check found wrong: in which file, at which line (0 for the
 * file as a whole), and what. Checks stop at the first one.
 */
export class Fault extends Error {
  /**
   * @param {string} file
   * @param {number} line
   * @param {string} text
   */
  constructor(file, line, text) {
    super(`${line > 0 ? `${file}:${line}` : file}: ${text}`);
    this.file = file;
    this.line = line;
    this.text = text;
  }
}

const encoder = new TextEncoder();

/**
 * The UTF-8 bytes of a text.
 * @param {string} text
 */
export function utf8(text) {
  return encoder.encode(text);
}

/**
 * The text that the bytes write in UTF-8, or null if they are not well-formed.
 * A byte order mark stays a character, so that it is refused like any other.
 * @param {Uint8Array} bytes
 */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const digits = '0123456789abcdef';

/** @type {string[]} */
const pairs = Array.from({ length: 256 }, (_, b) => digits[b >> 4] + digits[b & 15]);

/**
 * The hexadecimal digits of bytes.
 * @param {Uint8Array} bytes
 */
export function hex(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += pairs[bytes[i]];
  return text;
}

/**
 * The bytes that an even number of lower-case hexadecimal digits write.
 * @param {string} text
 */
export function unhex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/**
 * @param {...Uint8Array} parts
 */
export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * The length-prefixed concatenation of texts, §3.2.
 * @param {...(string|number)} texts
 */
export function lp(...texts) {
  /** @type {Uint8Array[]} */
  const parts = [];
  for (const text of texts) {
    const bytes = utf8(String(text));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    parts.push(length, bytes);
  }
  return concat(...parts);
}

/**
 * Compares by bytes.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function compareBytes(a, b) {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}

/**
 * Compares texts by their UTF-8 bytes, which is the order of code points. The
 * operator < compares UTF-16 units and is wrong for rare characters.
 * @param {string} a
 * @param {string} b
 */
export function compareText(a, b) {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const high = (/** @type {number} */ c) => (c >= 0xd800 && c <= 0xdfff ? c + 0x10000 : c);
    return high(x) - high(y);
  }
  return a.length - b.length;
}

/**
 * Tells whether texts ascend strictly.
 * @param {string[]} texts
 */
export function ascending(texts) {
  return texts.every((t, i) => i === 0 || compareText(texts[i - 1], t) < 0);
}

const foreign =
  /[^ -~\u00b7\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2160-\u216b\u2460-\u2473\u3001-\u3003\u3005-\u3011\u3014-\u3017\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e\u{20000}-\u{2f7ff}\u{30000}-\u{3fffd}]/u;

/**
 * Tells whether a text has only characters of the repertoire, §3.3.
 * @param {string} text
 */
export function inRepertoire(text) {
  return !foreign.test(text);
}

/** The classes of §3.4, as sources of regular expressions without anchors. */
export const classes = {
  id: '[0-9A-Z-]',
  code: '[0-9A-Za-z]',
  name: '[0-9A-Za-z._-]',
  digest: '[0-9a-f]{64}',
};

/**
 * Tells whether a text is an instant of §3.5: a date and time that exist.
 * @param {string} text
 */
export function isInstant(text) {
  const m = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.exec(text);
  if (!m) return false;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

/**
 * The seconds of an instant, from an arbitrary beginning.
 * @param {string} instant
 */
export function seconds(instant) {
  return Date.parse(instant) / 1000;
}

/**
 * The lines of a file of §3.6 that must be ASCII, without their LF. Bytes above
 * 0x7F become characters that no class contains.
 * @param {Uint8Array} bytes
 */
export function asciiLines(bytes) {
  return cut(new TextDecoder('latin1').decode(bytes));
}

/**
 * The lines of a file of §3.6. A line that is not UTF-8 becomes null.
 * @param {Uint8Array} bytes
 * @returns {(string|null)[]}
 */
export function textLines(bytes) {
  const whole = fromUtf8(bytes);
  if (whole !== null) return cut(whole);
  const lines = [];
  for (let from = 0; from < bytes.length; ) {
    const to = bytes.indexOf(10, from);
    const line = fromUtf8(bytes.subarray(from, to < 0 ? bytes.length : to));
    lines.push(to < 0 && line !== null ? line + unended : line);
    if (to < 0) break;
    from = to + 1;
  }
  return lines;
}

// Stands at the end of a last line that has no LF. The earliest line counts,
// so this is told by who reads the lines, when it gets there.
const unended = '\u0000';

/**
 * The fault of a line that has not its form.
 * @param {string} file
 * @param {number} line
 * @param {string|null} text
 * @param {string} wanted
 */
export function malformed(file, line, text, wanted) {
  if (text === null) return new Fault(file, line, '不是正确的 UTF-8 文字');
  if (text.endsWith(unended)) return new Fault(file, line, '最后一行没有换行符，文件可能不完整');
  return new Fault(file, line, wanted);
}

/** @param {string} text */
function cut(text) {
  const lines = text.split('\n');
  const last = lines.pop();
  if (last) lines.push(last + unended);
  return lines;
}
