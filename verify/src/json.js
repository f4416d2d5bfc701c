// Structured documents: draw.md §4. A document has exactly one file.

import { Fault, fromUtf8, inRepertoire, utf8 } from './bytes.js';

/** @typedef {string|number|Value[]|{[key: string]: Value}} Value */

/** A Stop is where parsing ended, and why. */
class Stop extends Error {
  /**
   * @param {number} at
   * @param {string} text
   */
  constructor(at, text) {
    super(text);
    this.at = at;
  }
}

/** A Parser reads JSON in any form, but only the values that §4.1 allows. */
class Parser {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  /** @returns {Value} */
  whole() {
    const value = this.value(0);
    this.blank();
    if (this.at < this.text.length) throw new Stop(this.at, '文件在此应已结束');
    return value;
  }

  blank() {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at])) this.at++;
  }

  /**
   * @param {number} depth
   * @returns {Value}
   */
  value(depth) {
    this.blank();
    if (depth > 16) throw new Stop(this.at, '嵌套超过 16 层');
    const c = this.text[this.at];
    if (c === '{') return this.object(depth);
    if (c === '[') return this.array(depth);
    if (c === '"') return this.string();
    if (c >= '0' && c <= '9') return this.integer();
    throw new Stop(this.at, '只能有对象、数组、文字和非负整数');
  }

  /** @param {string} c */
  take(c) {
    this.blank();
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }

  /**
   * @param {number} depth
   * @returns {Value}
   */
  object(depth) {
    this.at++;
    /** @type {{[key: string]: Value}} */
    const object = Object.create(null);
    if (this.take('}')) return object;
    do {
      this.blank();
      const at = this.at;
      if (this.text[at] !== '"') throw new Stop(at, '此处应为字段名');
      const key = this.string();
      if (key in object) throw new Stop(at, `字段“${key}”重复`);
      if (!this.take(':')) throw new Stop(this.at, '字段名后应有冒号');
      object[key] = this.value(depth + 1);
    } while (this.take(','));
    if (!this.take('}')) throw new Stop(this.at, '对象没有结束');
    return object;
  }

  /**
   * @param {number} depth
   * @returns {Value}
   */
  array(depth) {
    this.at++;
    /** @type {Value[]} */
    const array = [];
    if (this.take(']')) return array;
    do array.push(this.value(depth + 1));
    while (this.take(','));
    if (!this.take(']')) throw new Stop(this.at, '数组没有结束');
    return array;
  }

  integer() {
    const start = this.at;
    while (this.text[this.at] >= '0' && this.text[this.at] <= '9') this.at++;
    const digits = this.text.slice(start, this.at);
    const good = (digits === '0' || digits[0] !== '0') && digits.length <= 16 && Number(digits) <= 2 ** 53 - 1;
    if (!good || '.eE'.includes(this.text[this.at] ?? ' ')) throw new Stop(start, '数字应为 0 至 2⁵³−1 的整数');
    return Number(digits);
  }

  string() {
    const start = this.at++;
    let value = '';
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) throw new Stop(this.at, '文字没有结束');
      if (c < ' ') throw new Stop(this.at, '文字中有控制字符');
      this.at++;
      if (c === '"') break;
      value += c === '\\' ? this.escape() : c;
    }
    if (!inRepertoire(value)) throw new Stop(start, '文字中有不允许的字符');
    return value;
  }

  escape() {
    const c = this.text[this.at++];
    const at = '"\\/bfnrt'.indexOf(c ?? ' ');
    if (at >= 0) return '"\\/\b\f\n\r\t'[at];
    const code = this.text.slice(this.at, this.at + 4);
    if (c !== 'u' || !/^[0-9A-Fa-f]{4}$/.test(code)) throw new Stop(this.at - 1, '转义字符不正确');
    this.at += 4;
    return String.fromCharCode(parseInt(code, 16));
  }
}

/**
 * The canonical form of a value, §4.2.
 * @param {Value} value
 * @returns {string}
 */
export function canonical(value) {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.keys(value).sort().map((key) => `${canonical(key)}:${canonical(value[key])}`);
  return `{${members.join(',')}}`;
}

/**
 * Reads JSON of any form.
 * @param {string} text
 */
export function parse(text) {
  return new Parser(text).whole();
}

/**
 * Reads the file of a document, which must be its canonical form and one LF.
 * @param {string} file
 * @param {Uint8Array} bytes
 */
export function readDocument(file, bytes) {
  const text = fromUtf8(bytes);
  const readable = text ?? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  let value;
  try {
    value = parse(readable);
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    const line = readable.slice(0, stop.at).split('\n').length;
    throw new Fault(file, line, stop.message);
  }
  if (text === null || text !== canonical(value) + '\n') {
    throw new Fault(file, 1, '不是规范形式：多了空白、顺序不对，或末尾没有换行符');
  }
  return value;
}

/**
 * The file of a document.
 * @param {Value} value
 */
export function fileOf(value) {
  return utf8(canonical(value) + '\n');
}

/**
 * The digest of a document, §4.4.
 * @param {import('./suite.js').Suite} suite
 * @param {Value} document
 */
export function digestOf(suite, document) {
  const named = /** @type {{doc: string}} */ (document);
  return suite.d(named.doc, canonical(document));
}
