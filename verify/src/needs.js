// needs.tsv, and the demands that follow from it and from the drawn list: match.md §3.3.

import { compareText, Fault, textLines } from './bytes.js';

/** @typedef {{task: string, prefix: string, department: string, group: string, count: number}} Need prefix is '' where the file has '-' */
/** @typedef {{id: string, region: string, tasks: string[]}} Drawn tasks are codes, ascending */

const file = 'needs.tsv';

/**
 * Reads and checks the file. It throws a Fault.
 * @param {Uint8Array} bytes
 * @param {any[]} tasks of the manifest
 * @param {Map<string, import('./matchfiles.js').Group>} groups
 * @returns {Need[]}
 */
export function readNeeds(bytes, tasks, groups) {
  const lines = textLines(bytes);
  const ended = bytes.length === 0 || bytes[bytes.length - 1] === 10;
  /** @type {string[]} */
  let before = [];
  const needs = lines.map((text, i) => {
    const fault = (/** @type {string} */ what) => new Fault(file, i + 1, what);
    if (!ended && i === lines.length - 1) throw fault('最后一行没有换行符，文件可能不完整');
    if (text === null) throw fault('不是正确的 UTF-8 文字');
    const columns = text.split('\t');
    if (columns.length !== 5) throw fault(`应有 5 列，以制表符分隔，实有 ${columns.length} 列`);
    const wrong = fieldFault(columns, tasks, groups);
    if (wrong) throw fault(wrong);
    if (i > 0 && compareKeys(before, columns) >= 0) throw fault('与上一行重复，或没有按字节顺序排列');
    before = columns;
    const [task, prefix, department, group, count] = columns;
    return { task, prefix: prefix === '-' ? '' : prefix, department, group, count: Number(count) };
  });
  checkWhole(needs, tasks);
  return needs;
}

/**
 * What is wrong with the columns of a line; empty if nothing is.
 * @param {string[]} columns
 * @param {any[]} tasks
 * @param {Map<string, import('./matchfiles.js').Group>} groups
 */
function fieldFault([task, prefix, department, group, count], tasks, groups) {
  const own = tasks.find((t) => t.code === task);
  if (!own) return `任务“${task}”不在公告中`;
  if (!/^(-|[0-9]{1,12})$/.test(prefix)) return '区划前缀应为 1 至 12 位数字，或者 -';
  if (!own.departments.includes(department)) return `“${department}”不是任务“${task}”的部门`;
  const rule = groups.get(group);
  if (!rule) return `规则“${group}”不在 eligibility.tsv 中`;
  // The department of a rule is a name, so this one is.
  if (rule.department !== department) return `规则“${group}”属于另一部门“${rule.department}”`;
  if (!/^[1-9][0-9]?$/.test(count)) return '人数应为 1 至 99 的整数';
  return '';
}

/**
 * Compares the first four columns.
 * @param {string[]} a
 * @param {string[]} b
 */
function compareKeys(a, b) {
  for (let c = 0; c < 4; c++) {
    const d = compareText(a[c], b[c]);
    if (d !== 0) return d;
  }
  return 0;
}

/**
 * The rules of the whole file: whatever is drawn can be demanded.
 * @param {Need[]} needs
 * @param {any[]} tasks
 */
function checkWhole(needs, tasks) {
  const byTask = new Map(tasks.map((t) => [t.code, needs.filter((n) => n.task === t.code)]));
  for (const t of tasks) {
    const led = byTask.get(t.code)?.some((n) => n.prefix === '' && n.department === t.lead);
    if (!led) throw new Fault(file, 0, `任务“${t.code}”没有牵头部门、前缀为 - 的一行`);
  }
  for (const region of new Set(['', ...needs.map((n) => n.prefix)])) {
    /** @type {Map<string, Set<string>>} */
    const groups = new Map();
    for (const t of tasks) {
      let people = 0;
      for (const n of fitting(byTask.get(t.code) ?? [], region)) {
        people += n.count;
        const list = groups.get(n.department) ?? new Set();
        groups.set(n.department, list.add(n.group));
      }
      if (people < 2) throw new Fault(file, 0, `任务“${t.code}”在区划“${region || '-'}”的检查组不足 2 人`);
    }
    for (const [department, list] of groups) {
      if (list.size > 9) throw new Fault(file, 0, `“${department}”在区划“${region || '-'}”的规则组超过 9 个`);
    }
  }
}

/**
 * Those needs of one task that fit a region: of each department the longest prefix.
 * @param {Need[]} needs
 * @param {string} region
 */
function fitting(needs, region) {
  const begun = needs.filter((n) => region.startsWith(n.prefix));
  return begun.filter((n) => !begun.some((o) => o.department === n.department && o.prefix.length > n.prefix.length));
}

/**
 * The lines of demands.tsv.
 * @param {Need[]} needs
 * @param {any[]} tasks
 * @param {Drawn[]} drawn ascending by id
 * @returns {string[]}
 */
export function demandLines(needs, tasks, drawn) {
  const byTask = new Map(tasks.map((t) => [t.code, needs.filter((n) => n.task === t.code)]));
  return drawn.flatMap(({ id, region, tasks: codes }) => {
    /** @type {Map<string, Map<string, number>>} the count of each department and group */
    const counts = new Map();
    for (const code of codes) {
      for (const n of fitting(byTask.get(code) ?? [], region)) {
        const groups = counts.get(n.department) ?? new Map();
        groups.set(n.group, Math.max(groups.get(n.group) ?? 0, n.count));
        counts.set(n.department, groups);
      }
    }
    const lead = tasks.find((t) => t.code === codes[0]).lead;
    return [...counts].sort((a, b) => compareText(a[0], b[0])).flatMap(([department, groups]) =>
      [...groups].sort((a, b) => compareText(a[0], b[0])).map(([group, count], i) =>
        `${id}\t${department}\t${i + 1}\t${group}\t${count}\t${department === lead ? 'lead' : 'join'}`));
  });
}
