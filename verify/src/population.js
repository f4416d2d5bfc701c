// The population: draw.md §6 and §8 (tiers and counts).

import { asciiLines, Fault, malformed, utf8 } from './bytes.js';
import { need } from './shape.js';

const values = new Map([...'0123456789ABCDEFGHJKLMNPQRTUWXY'].map((c, i) => [c, i]));
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1];

/**
 * Tells whether a unified social credit code has a valid check character, §6.2.
 * @param {string} id
 */
export function goodCode(id) {
  if (id.length !== 18) return false;
  let sum = 0;
  for (let i = 0; i < 18; i++) {
    const value = values.get(id[i]);
    if (value === undefined) return false;
    sum += value * weights[i];
  }
  return sum % 31 === 0;
}

/** @typedef {{id: string, stratum: string, visits: number, region: string, scope: string}} Item what of a record decides the draw */

const form = /^([0-9A-Z-]{4,32})\t([ux])\t([0-9A-Za-z]{1,8})\t([0-9])\t([0-9]{2,12})\t([0-9A-Za-z]{1,8})\t[0-9A-Za-z_-]{16}$/;

/**
 * Reads one record, §6.1, or returns null if it has not its form.
 * @param {string} line
 * @returns {Item|null}
 */
export function readRecord(line) {
  const m = form.exec(line);
  if (!m || (m[2] === 'u' && !goodCode(m[1]))) return null;
  return { id: m[1], stratum: m[3], visits: Number(m[4]), region: m[5], scope: m[6] };
}

/**
 * Why a line is no record.
 * @param {string} line
 */
function whatIsWrong(line) {
  if (/[^\x20-\x7e\t]/.test(line)) return '含有回车符、控制字符，或者不是 ASCII 的字符';
  const fields = line.split('\t');
  if (fields.length !== 7) return '应为七个字段：编码、类别、分层、次数、区划、范围、盐';
  if (fields[1] === 'u' && !goodCode(fields[0])) return '统一社会信用代码应为 18 位，且校验位正确';
  return '编码、类别、分层、次数、区划、范围、盐中有一项的写法不对';
}

/** Rules say which strata and scopes a record may have, and in which cells it is. */
export class Rules {
  /** @param {any} manifest */
  constructor(manifest) {
    this.cap = manifest.cap;
    /** @type {Map<string, any[]>} the tasks of each scope */
    this.scopes = new Map(manifest.scopes.map((/** @type {any} */ s) => [
      s.code,
      manifest.tasks.filter((/** @type {any} */ t) => s.tasks.includes(t.code)),
    ]));
    /** @type {Map<string, Set<string>>} the strata of each task */
    this.strata = new Map(manifest.tasks.map((/** @type {any} */ t) => [
      t.code,
      new Set(t.strata.map((/** @type {any} */ s) => s.code)),
    ]));
    this.known = new Set([...this.strata.values()].flatMap((s) => [...s]));
    /** @type {Map<string, string>} verdicts by scope and stratum */
    this.verdicts = new Map();
  }

  /**
   * What is wrong with scope and stratum of a record; empty if nothing.
   * @param {Item} item
   */
  verdict(item) {
    const key = `${item.scope} ${item.stratum}`;
    let verdict = this.verdicts.get(key);
    if (verdict === undefined) {
      const tasks = this.scopes.get(item.scope);
      if (!tasks) verdict = `范围“${item.scope}”不在公告中`;
      else if (!this.known.has(item.stratum)) verdict = `分层“${item.stratum}”不在公告中`;
      else if (tasks.some((t) => !this.strata.get(t.code)?.has(item.stratum))) {
        verdict = `分层“${item.stratum}”不是其任务的分层`;
      } else verdict = '';
      this.verdicts.set(key, verdict);
    }
    return verdict;
  }

  /** @param {Item} item */
  tier(item) {
    return item.visits >= this.cap ? 2 : item.visits;
  }
}

/**
 * Refuses a record of a personal proof that is not as §6.1 says.
 * @param {Rules} rules
 * @param {string} line
 */
export function checkRecord(rules, line) {
  const item = readRecord(line);
  need(item !== null, '“record”不是正确的一行');
  const verdict = rules.verdict(/** @type {Item} */ (item));
  need(verdict === '', `“record”：${verdict}`);
  return /** @type {Item} */ (item);
}

/**
 * Reads population.tsv and hashes its leaves.
 * @param {import('./suite.js').Suite} suite
 * @param {any} manifest
 * @param {Uint8Array} bytes
 */
export function readPopulation(suite, manifest, bytes) {
  const file = 'population.tsv';
  const rules = new Rules(manifest);
  const lines = asciiLines(bytes);
  const leaves = new Uint8Array(32 * lines.length);
  const buffer = new Uint8Array(128);
  /** @type {Item[]} */
  const items = [];
  let at = 0;
  let before = '';
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const item = readRecord(line);
    if (!item) throw malformed(file, i + 1, line, whatIsWrong(line));
    if (item.id <= before) throw new Fault(file, i + 1, '与上一行重复，或没有按字节顺序排列');
    const verdict = rules.verdict(item);
    if (verdict) throw new Fault(file, i + 1, verdict);
    before = item.id;
    buffer[0] = 0;
    buffer.set(bytes.subarray(at, at + line.length), 1);
    suite.into(buffer, line.length + 1, leaves, 32 * i);
    at += line.length + 1;
    items.push(item);
  }
  return { items, leaves, rules };
}

/**
 * Reads population.public.tsv.
 * @param {Uint8Array} bytes
 */
export function readPublic(bytes) {
  const file = 'population.public.tsv';
  const lines = asciiLines(bytes);
  const leaves = new Uint8Array(32 * lines.length);
  /** @type {string[]} */
  const ids = [];
  let at = 0;
  let before = '';
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    const m = /^([0-9A-Z-]{4,32})\t([0-9a-f]{64})$/.exec(line);
    if (!m) throw malformed(file, i + 1, line, '应为编码和 64 位摘要');
    if (m[1] <= before) throw new Fault(file, i + 1, '与上一行重复，或没有按字节顺序排列');
    before = m[1];
    for (let j = 0, from = at + m[1].length + 1; j < 32; j++, from += 2) {
      leaves[32 * i + j] = (digit(bytes[from]) << 4) | digit(bytes[from + 1]);
    }
    at += line.length + 1;
    ids.push(m[1]);
  }
  return { ids, leaves };
}

/**
 * The value of a lower-case hexadecimal digit.
 * @param {number} c its code
 */
function digit(c) {
  return c < 0x3a ? c - 0x30 : c - 0x57;
}

/**
 * The leaf of a line, §6.3.
 * @param {import('./suite.js').Suite} suite
 * @param {string} line
 */
export function leafOf(suite, line) {
  return suite.h(utf8('\u0000' + line));
}

/**
 * The counts of a lock, in its order, §8.
 * @param {any} manifest
 * @param {Rules} rules
 * @param {Item[]} items
 */
export function countsOf(manifest, rules, items) {
  /** @type {Map<string, {task: string, stratum: string, n: number[]}>} */
  const cells = new Map();
  for (const task of manifest.tasks) {
    for (const s of task.strata) cells.set(`${task.code} ${s.code}`, { task: task.code, stratum: s.code, n: [0, 0, 0] });
  }
  for (const item of items) {
    const tier = rules.tier(item);
    for (const task of rules.scopes.get(item.scope) ?? []) {
      const cell = cells.get(`${task.code} ${item.stratum}`);
      if (cell) cell.n[tier]++;
    }
  }
  return [...cells.values()].map(({ task, stratum, n }) => ({ task, stratum, n0: n[0], n1: n[1], n2: n[2] }));
}
