// When a matching is impossible: match.md §10.

import { compareText } from './bytes.js';

/**
 * A Shortage is a smallest set of lines that need more than can be given.
 * @typedef {{department: string, lines: string[], inspectors: string[], quals: string[], need: number,
 *   capacity: number, capped: boolean}} Shortage
 */

/**
 * The lines of the smallest Hall set of a component: those reached by moves from the lines that are not full.
 * @param {import('./arrangement.js').Arrangement} a
 * @param {number[]} open
 */
export function hallLines(a, open) {
  const reached = new Set();
  for (const l of open) {
    a.search(a.n + l, false, () => false);
    for (const node of a.seen) if (node >= a.n) reached.add(node - a.n);
  }
  return [...reached].map((l) => a.c.lines[l]);
}

/**
 * Parts the lines of a department's Hall set into shortages.
 * @param {string} department
 * @param {import('./matchfiles.js').Demand[]} lines
 * @param {Map<string, import('./matchfiles.js').Inspector[]>} members
 * @param {import('./matchfiles.js').Problem} problem
 * @returns {Shortage[]}
 */
export function shortages(department, lines, members, problem) {
  const sorted = lines.slice().sort((a, b) => a.at - b.at);
  /** @type {{lines: import('./matchfiles.js').Demand[], groups: Set<string>, inspectors: Set<import('./matchfiles.js').Inspector>}[]} */
  let classes = [];
  for (const l of sorted) {
    const mine = { lines: [l], groups: new Set([l.group]), inspectors: new Set(eligible(l, members, problem)) };
    classes = classes.filter((c) => {
      const common = [...mine.groups].some((g) => c.groups.has(g)) || [...mine.inspectors].some((i) => c.inspectors.has(i));
      if (!common) return true;
      mine.lines.push(...c.lines);
      c.groups.forEach((g) => mine.groups.add(g));
      c.inspectors.forEach((i) => mine.inspectors.add(i));
      return false;
    });
    classes.push(mine);
  }
  for (const c of classes) c.lines.sort((a, b) => a.at - b.at);
  classes.sort((a, b) => a.lines[0].at - b.lines[0].at);
  return classes.map((c) => describe(department, c.lines, [...c.inspectors], members, problem));
}

/**
 * @param {import('./matchfiles.js').Demand} l
 * @param {Map<string, import('./matchfiles.js').Inspector[]>} members
 * @param {import('./matchfiles.js').Problem} problem
 */
function eligible(l, members, problem) {
  return (members.get(l.group) ?? []).filter((i) => !problem.avoided.has(`${l.object}\t${i.id}`));
}

/**
 * @param {string} department
 * @param {import('./matchfiles.js').Demand[]} lines
 * @param {import('./matchfiles.js').Inspector[]} inspectors
 * @param {Map<string, import('./matchfiles.js').Inspector[]>} members
 * @param {import('./matchfiles.js').Problem} problem
 */
function describe(department, lines, inspectors, members, problem) {
  /** @type {Map<string, Set<string>>} the objects each inspector is eligible for */
  const objects = new Map(inspectors.map((i) => [i.id, new Set()]));
  for (const l of lines) for (const i of eligible(l, members, problem)) objects.get(i.id)?.add(l.object);
  let capacity = 0;
  let capped = false;
  for (const i of inspectors) {
    const can = objects.get(i.id)?.size ?? 0;
    if (i.cap - i.load < can) capped = true;
    capacity += Math.max(0, Math.min(i.cap - i.load, can));
  }
  const quals = lines.map((l) => problem.groups.get(l.group)?.quals ?? []);
  return {
    department,
    lines: lines.map((l) => `${l.object}\t${l.department}\t${l.line}`),
    inspectors: inspectors.map((i) => i.id).sort(compareText),
    quals: quals[0].filter((q) => quals.every((all) => all.includes(q))),
    need: lines.reduce((n, l) => n + l.need, 0),
    capacity,
    capped,
  };
}
