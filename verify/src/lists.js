// result.tsv, reserve.tsv, substitutions.tsv and difference.tsv: draw.md §12.2, §13, §8.

import { asciiLines, classes, Fault, hex, isInstant, malformed, textLines } from './bytes.js';
import { isText } from './shape.js';
import { ticketOf } from './rank.js';

/** @typedef {{task: string, stratum: string, tier: number, rank: number, id: string, ticket: string}} Entry */

const entry = new RegExp(
  `^(${classes.name}{1,16})\\t(${classes.code}{1,8})\\t([01])\\t([0-9]{9})\\t(${classes.id}{4,32})\\t(${classes.digest})$`,
);

/**
 * Checks result.tsv and reserve.tsv: for every cell all its ranks and nothing
 * else, tickets that are right and do not descend, ids that are in the population.
 * @param {(file: string) => Uint8Array} get
 * @param {import('./suite.js').Suite} suite
 * @param {any[]} cells of the result
 * @param {Map<string, string>} keys by task
 * @param {Set<string>} population
 */
export function readLists(get, suite, cells, keys, population) {
  /** @type {string[]} the ticket before, in each cell: the reserve goes on where the drawn end */
  const before = cells.map(() => '');
  const read = (/** @type {string} */ file, /** @type {(cell: any) => number[]} */ ranks) => {
    const lines = asciiLines(get(file));
    /** @type {Entry[]} */
    const entries = [];
    cells.forEach((cell, c) => {
      const [first, last] = ranks(cell);
      for (let rank = first; rank <= last; rank++) {
        const line = entries.length + 1;
        const where = `任务 ${cell.task}、分层 ${cell.stratum}、层级 ${cell.tier} 的第 ${rank} 名`;
        if (line > lines.length) throw new Fault(file, line, `缺少${where}`);
        const e = readEntry(file, line, lines[line - 1]);
        const right = e.task === cell.task && e.stratum === cell.stratum && e.tier === cell.tier && e.rank === rank;
        if (!right) throw new Fault(file, line, `此行应是${where}`);
        if (e.ticket !== ticketOf(suite, keys.get(cell.task) ?? '', e.id)) throw new Fault(file, line, '签号不正确');
        if (e.ticket < before[c]) throw new Fault(file, line, '签号小于上一名');
        if (!population.has(e.id)) throw new Fault(file, line, '编码不在库中');
        before[c] = e.ticket;
        entries.push(e);
      }
    });
    const n = entries.length;
    if (n < lines.length) {
      readEntry(file, n + 1, lines[n]);
      throw new Fault(file, n + 1, '多出的行');
    }
    return entries;
  };
  const drawn = read('result.tsv', (cell) => [1, cell.drawn]);
  return { drawn, reserve: read('reserve.tsv', (cell) => [cell.drawn + 1, cell.drawn + cell.reserve]) };
}

/**
 * @param {string} file
 * @param {number} line
 * @param {string} text
 * @returns {Entry}
 */
export function readEntry(file, line, text) {
  const m = entry.exec(text);
  if (!m) throw malformed(file, line, text, '应为任务、分层、层级、名次、编码、签号');
  return { task: m[1], stratum: m[2], tier: Number(m[3]), rank: Number(m[4]), id: m[5], ticket: m[6] };
}

const cellOf = (/** @type {{task: string, stratum: string, tier: number|string}} */ e) =>
  `${e.task} ${e.stratum} ${e.tier}`;

/**
 * Replays substitutions.tsv, §13, and returns what stands afterwards.
 * @param {Uint8Array} bytes
 * @param {Entry[]} drawn
 * @param {Entry[]} reserve
 */
export function substitute(bytes, drawn, reserve) {
  const file = 'substitutions.tsv';
  /** @type {Map<string, Entry[]>} */
  const waiting = new Map();
  for (const e of reserve) waiting.set(cellOf(e), [...(waiting.get(cellOf(e)) ?? []), e]);
  const standing = new Map(drawn.map((e) => [`${cellOf(e)} ${e.rank}`, e]));
  const lines = textLines(bytes);
  let before = '';
  /** @type {import('./replace.js').Move[]} */
  const moves = [];
  lines.forEach((text, i) => {
    const s = readSubstitution(file, i + 1, text);
    if (s.time < before) throw new Fault(file, i + 1, '时刻早于上一行');
    before = s.time;
    const key = `${cellOf(s)} ${s.rank}`;
    const goes = standing.get(key);
    if (!goes || goes.id !== s.id) throw new Fault(file, i + 1, '被替换的检查对象不在名单上');
    standing.delete(key);
    const next = waiting.get(cellOf(s))?.shift();
    if (s.newRank !== (next?.rank ?? 0) || s.newId !== (next?.id ?? '-')) {
      throw new Fault(file, i + 1, next ? `应由第 ${next.rank} 名 ${next.id} 递补` : '备选已用完，应为 000000000 和 -');
    }
    if (next) standing.set(`${cellOf(next)} ${next.rank}`, next);
    moves.push({ task: s.task, goes: s.id, comes: s.newId });
  });
  return { lines: lines.length, standing: [...standing.values()], moves };
}

/**
 * @param {string} file
 * @param {number} line
 * @param {string|null} text
 */
function readSubstitution(file, line, text) {
  const f = (text ?? '').split('\t');
  const digest = new RegExp(`^${classes.digest}$`);
  const nine = /^[0-9]{9}$/;
  const good = f.length === 12 && /^[0-9]{6}$/.test(f[0]) && isInstant(f[1]) && nine.test(f[5]) && nine.test(f[10]) &&
    new RegExp(`^${classes.name}{1,16}$`).test(f[7]) && digest.test(f[8]) && isText(f[9], 60);
  if (!good) throw malformed(file, line, text, '应为十二个字段，理由、依据摘要和批准人都要有');
  if (Number(f[0]) !== line) throw new Fault(file, line, `序号应为 ${String(line).padStart(6, '0')}`);
  return {
    time: f[1], task: f[2], stratum: f[3], tier: f[4], rank: Number(f[5]), id: f[6], newRank: Number(f[10]), newId: f[11],
  };
}

/**
 * Checks difference.tsv against the lock, §8.
 * @param {import('./suite.js').Suite} suite
 * @param {any} difference of the lock
 * @param {Uint8Array} bytes
 */
export function checkDifference(suite, difference, bytes) {
  const file = 'difference.tsv';
  const form = new RegExp(`^${classes.id}{1,32}\\t([+~-])\\t(${classes.name}{1,16}|-)$`);
  /** @type {Record<string, number>} */
  const counts = { '+': 0, '-': 0, '~': 0 };
  let before = '';
  asciiLines(bytes).forEach((line, i) => {
    const m = form.exec(line);
    if (!m) throw malformed(file, i + 1, line, '应为编码、符号（+、-、~）和理由');
    const id = line.slice(0, line.indexOf('\t'));
    if (id <= before) throw new Fault(file, i + 1, '与上一行重复，或没有按编码的字节顺序排列');
    before = id;
    counts[m[1]]++;
  });
  const same = counts['+'] === difference.added && counts['-'] === difference.removed && counts['~'] === difference.changed;
  if (!same) throw new Fault(file, 0, '增加、移出、变更的数量与锁定时不符');
  if (hex(suite.h(bytes)) !== difference.digest) throw new Fault(file, 0, '摘要与锁定时不符');
}
