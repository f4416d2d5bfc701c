// The four files of a matching: match.md §3. The first fault is reported.

import { compareText, Fault, textLines, utf8 } from './bytes.js';

/**
 * @typedef {{id: string, department: string, region: string, quals: string[], load: number, cap: number}} Inspector
 *   cap is Infinity if there is none
 * @typedef {{name: string, department: string, quals: string[], least: number, stages: string[][]}} Group
 * @typedef {{object: string, department: string, line: number, group: string, need: number, role: string, at: number}} Demand
 * @typedef {{inspectors: Inspector[], groups: Map<string, Group>, demands: Demand[], avoided: Set<string>}} Problem
 *   avoided holds object, TAB, inspector
 */

/** How many columns each file has, how many of them are its key, and which are numbers. */
const tables = [
  { file: 'inspectors.tsv', columns: 6, key: 1, numbers: [4], numberOrNone: 5 },
  { file: 'eligibility.tsv', columns: 5, key: 1, numbers: [3], numberOrNone: -1 },
  { file: 'demands.tsv', columns: 6, key: 3, numbers: [2, 4], numberOrNone: -1 },
  { file: 'avoidance.tsv', columns: 3, key: 2, numbers: [], numberOrNone: -1 },
];

/**
 * Reads and checks the files. It throws a Fault.
 * @param {(file: string) => Uint8Array} get
 * @returns {Problem}
 */
export function readMatchFiles(get) {
  const rows = tables.map((t) => rowsOf(t, get(t.file)));
  const inspectors = rows[0].map((r, i) => inspector(rows[0], r, i));
  const groups = new Map(rows[1].map((r, i) => [r[0], group(rows[1], r, i)]));
  const demands = rows[2].map((r, i) => demand(rows[2], r, i));
  const pairs = rows[3].map((r, i) => avoidance(rows[3], r, i));
  const known = new Set(inspectors.map((i) => i.id));
  pairs.forEach((p, i) => {
    if (!known.has(p[1])) throw new Fault('avoidance.tsv', i + 1, `检查人员“${p[1]}”不在 inspectors.tsv 中`);
  });
  agree(demands, groups);
  return { inspectors, groups, demands, avoided: new Set(pairs.map((p) => p.join('\t'))) };
}

const numeral = /^(0|[1-9][0-9]{0,6})$/;

/**
 * The form of the lines: end, columns, numbers, roles.
 * @param {typeof tables[0]} table
 * @param {Uint8Array} bytes
 */
function rowsOf(table, bytes) {
  const { file } = table;
  const ended = bytes.length === 0 || bytes[bytes.length - 1] === 10;
  const lines = textLines(bytes);
  return lines.map((line, i) => {
    if (!ended && i === lines.length - 1) throw new Fault(file, i + 1, '最后一行没有换行符，文件可能不完整');
    // A line that is not UTF-8 has at least one wrong name, which is told when the names are looked at.
    const columns = (line ?? '\u0000'.padEnd(table.columns, '\t')).split('\t');
    if (columns.length !== table.columns) {
      throw new Fault(file, i + 1, `应有 ${table.columns} 列，以制表符分隔，实有 ${columns.length} 列`);
    }
    if (line === null) return columns;
    for (const c of table.numbers) if (!numeral.test(columns[c])) throw notNumber(file, i + 1, c);
    const c = table.numberOrNone;
    if (c >= 0 && columns[c] !== '-' && !numeral.test(columns[c])) throw notNumber(file, i + 1, c);
    if (file === 'demands.tsv' && !/^(lead|join)$/.test(columns[5])) {
      throw new Fault(file, i + 1, '第 6 列应为 lead 或 join');
    }
    return columns;
  });
}

/**
 * @param {string} file
 * @param {number} line
 * @param {number} column
 */
function notNumber(file, line, column) {
  return new Fault(file, line, `第 ${column + 1} 列应为整数，不带正负号和前导零`);
}

/**
 * @param {string} file
 * @param {number} line
 * @param {string} text
 */
function checkName(file, line, text) {
  if (text === '\u0000') throw new Fault(file, line, '不是正确的 UTF-8 文字');
  const size = utf8(text).length;
  if (size < 1 || size > 64 || text === '-') throw new Fault(file, line, `“${text}”应为 1 至 64 字节的名称`);
  if (/[\u0000-\u0020\u007f-\u00a0\ufeff:,;]/.test(text)) throw new Fault(file, line, `“${text}”含有不允许的字符`);
}

/**
 * @param {string} file
 * @param {number} line
 * @param {string} text
 */
function list(file, line, text) {
  if (text === '-') return [];
  const names = text.split(',');
  names.forEach((n, i) => {
    checkName(file, line, n);
    if (i > 0 && compareText(names[i - 1], n) >= 0) throw new Fault(file, line, `“${text}”应排序且不重复`);
  });
  return names;
}

/**
 * @param {string} file
 * @param {number} line
 * @param {string} text
 * @param {number} min
 * @param {number} max
 */
function inRange(file, line, text, min, max) {
  const n = Number(text);
  if (!(n >= min && n <= max)) throw new Fault(file, line, `${text} 应在 ${min} 至 ${max} 之间`);
  return n;
}

/**
 * @param {string} file
 * @param {string[][]} rows
 * @param {number} i
 * @param {number} key
 */
function checkOrder(file, rows, i, key) {
  if (i === 0) return;
  for (let c = 0; c < key; c++) {
    const d = compareText(rows[i - 1][c], rows[i][c]);
    if (d < 0) return;
    if (d > 0) break;
  }
  throw new Fault(file, i + 1, '与上一行重复，或没有按字节顺序排列');
}

/**
 * @param {string[][]} rows
 * @param {string[]} r
 * @param {number} i
 * @returns {Inspector}
 */
function inspector(rows, r, i) {
  const file = 'inspectors.tsv';
  r.slice(0, 3).forEach((n) => checkName(file, i + 1, n));
  const quals = list(file, i + 1, r[3]);
  const load = inRange(file, i + 1, r[4], 0, 1000000);
  const cap = r[5] === '-' ? Infinity : inRange(file, i + 1, r[5], 0, 1000000);
  checkOrder(file, rows, i, 1);
  return { id: r[0], department: r[1], region: r[2], quals, load, cap };
}

/**
 * @param {string[][]} rows
 * @param {string[]} r
 * @param {number} i
 * @returns {Group}
 */
function group(rows, r, i) {
  const file = 'eligibility.tsv';
  r.slice(0, 2).forEach((n) => checkName(file, i + 1, n));
  const quals = list(file, i + 1, r[2]);
  const least = inRange(file, i + 1, r[3], 0, 1000000);
  const stages = r[4].split(';').map((s) => {
    if (s === '' || s === '-') throw new Fault(file, i + 1, '每一级范围都应有区划');
    return list(file, i + 1, s);
  });
  checkOrder(file, rows, i, 1);
  return { name: r[0], department: r[1], quals, least, stages };
}

/**
 * @param {string[][]} rows
 * @param {string[]} r
 * @param {number} i
 * @returns {Demand}
 */
function demand(rows, r, i) {
  const file = 'demands.tsv';
  [r[0], r[1], r[3]].forEach((n) => checkName(file, i + 1, n));
  const line = inRange(file, i + 1, r[2], 1, 9);
  const need = inRange(file, i + 1, r[4], 1, 99);
  checkOrder(file, rows, i, 3);
  return { object: r[0], department: r[1], line, group: r[3], need, role: r[5], at: i };
}

/**
 * @param {string[][]} rows
 * @param {string[]} r
 * @param {number} i
 */
function avoidance(rows, r, i) {
  const file = 'avoidance.tsv';
  r.forEach((n) => checkName(file, i + 1, n));
  checkOrder(file, rows, i, 2);
  return [r[0], r[1]];
}

/**
 * What the demands must agree on, line by line.
 * @param {Demand[]} demands
 * @param {Map<string, Group>} groups
 */
function agree(demands, groups) {
  const fault = (/** @type {number} */ i, /** @type {string} */ text) => new Fault('demands.tsv', i + 1, text);
  let all = 0;
  let lead = '';
  let needed = 0;
  demands.forEach((d, i) => {
    const before = demands[i - 1];
    if (before?.object !== d.object) {
      lead = '';
      needed = 0;
    }
    all += d.need;
    needed += d.need;
    if (all > 50000000) throw fault(i, '人数合计超过 50000000');
    const g = groups.get(d.group);
    if (!g) throw fault(i, `规则“${d.group}”不在 eligibility.tsv 中`);
    if (g.department !== d.department) throw fault(i, `规则“${d.group}”属于另一部门“${g.department}”`);
    if (d.role === 'lead' && lead !== '' && lead !== d.department) throw fault(i, `牵头部门只能有一个，前面已有“${lead}”`);
    const sameTeam = before?.object === d.object && before.department === d.department;
    if (sameTeam && before.role !== d.role) throw fault(i, '同一部门各行的牵头标记应当一致');
    if (d.role === 'lead') lead = d.department;
    if (demands[i + 1]?.object === d.object) return;
    if (lead === '') throw fault(i, '检查对象没有牵头部门');
    if (needed < 2) throw fault(i, '检查组不能少于 2 人');
  });
}
