// Who is eligible for what, and the components that are solved alone: match.md §3.1, §3.2.

import { compareText } from './bytes.js';

/**
 * A Component is a connected class of groups with its inspectors, sorted by id,
 * and its lines, in file order. Inspectors and lines are known by their number in it.
 */
export class Component {
  /** @type {import('./matchfiles.js').Demand[]} */
  lines = [];
  /** @type {number[][]} the members of each line's group, ascending */
  members = [];
  /** @type {number[]} for each line a number of its group */
  group = [];
  /** @type {number[]} for each line a number of its object */
  object = [];
  /** @type {number[][]} the lines of each object */
  linesOf = [];
  /** @type {Set<number>[]} for each object the inspectors to be avoided */
  avoided = [];
  /** @type {Set<number>[]} the members of each group */
  memberSets = [];

  /** @param {import('./matchfiles.js').Inspector[]} inspectors */
  constructor(inspectors) {
    this.inspectors = inspectors;
  }

  /**
   * Adds the lines, given the members of each group by name.
   * @param {import('./matchfiles.js').Demand[]} demands
   * @param {Map<string, import('./matchfiles.js').Inspector[]>} members
   * @param {Set<string>} avoided
   */
  add(demands, members, avoided) {
    const number = new Map(this.inspectors.map((x, i) => [x.id, i]));
    /** @type {Map<string, number>} */
    const groups = new Map();
    /** @type {number[][]} */
    const lists = [];
    /** @type {Map<string, number>} */
    const objects = new Map();
    for (const d of demands) {
      if (!groups.has(d.group)) {
        groups.set(d.group, lists.length);
        lists.push((members.get(d.group) ?? []).map((x) => number.get(x.id) ?? -1));
      }
      if (!objects.has(d.object)) {
        objects.set(d.object, this.linesOf.length);
        this.linesOf.push([]);
        this.avoided.push(new Set(this.inspectors.flatMap((x, i) => (avoided.has(`${d.object}\t${x.id}`) ? [i] : []))));
      }
      const g = groups.get(d.group) ?? 0;
      const o = objects.get(d.object) ?? 0;
      this.linesOf[o].push(this.lines.length);
      this.lines.push(d);
      this.group.push(g);
      this.members.push(lists[g]);
      this.object.push(o);
    }
    this.memberSets = lists.map((l) => new Set(l));
  }

  /**
   * Tells whether inspector i is eligible for line l.
   * @param {number} l
   * @param {number} i
   */
  eligible(l, i) {
    return this.memberSets[this.group[l]].has(i) && !this.avoided[this.object[l]].has(i);
  }
}

/**
 * The members of a group, sorted by id.
 * @param {import('./matchfiles.js').Group} group
 * @param {import('./matchfiles.js').Inspector[]} inspectors sorted by id
 */
export function membersOf(group, inspectors) {
  const able = inspectors.filter((i) =>
    i.department === group.department && group.quals.every((q) => i.quals.includes(q)));
  const inside = new Set();
  group.stages.forEach((prefixes, s) => {
    if (s > 0 && inside.size >= group.least) return;
    for (const i of able) if (prefixes.some((p) => i.region.startsWith(p))) inside.add(i);
  });
  return able.filter((i) => inside.has(i));
}

/**
 * The departments of a problem, by bytes, each with its components and with the
 * lines that nobody at all is eligible for by group.
 * @param {import('./matchfiles.js').Problem} problem
 */
export function departments(problem) {
  const names = [...new Set(problem.demands.map((d) => d.department))].sort(compareText);
  return names.map((name) => {
    const demands = problem.demands.filter((d) => d.department === name);
    const used = [...new Set(demands.map((d) => d.group))];
    const members = new Map(used.map((g) => [
      g,
      membersOf(/** @type {import('./matchfiles.js').Group} */ (problem.groups.get(g)), problem.inspectors),
    ]));
    const classes = connect(used, members);
    const components = classes.map(({ groups, inspectors }) => {
      const c = new Component(inspectors);
      c.add(demands.filter((d) => groups.has(d.group)), members, problem.avoided);
      return c;
    });
    const hopeless = demands.filter((d) => members.get(d.group)?.length === 0);
    return { name, demands, members, components, hopeless };
  });
}

/**
 * The connected classes of groups, numbered by their smallest inspector.
 * @param {string[]} groups
 * @param {Map<string, import('./matchfiles.js').Inspector[]>} members
 */
function connect(groups, members) {
  /** @type {{groups: Set<string>, inspectors: Set<import('./matchfiles.js').Inspector>}[]} */
  let classes = [];
  for (const g of groups) {
    const mine = { groups: new Set([g]), inspectors: new Set(members.get(g)) };
    if (mine.inspectors.size === 0) continue;
    classes = classes.filter((c) => {
      if (![...mine.inspectors].some((i) => c.inspectors.has(i))) return true;
      c.groups.forEach((x) => mine.groups.add(x));
      c.inspectors.forEach((x) => mine.inspectors.add(x));
      return false;
    });
    classes.push(mine);
  }
  return classes
    .map((c) => ({ groups: c.groups, inspectors: [...c.inspectors].sort((a, b) => compareText(a.id, b.id)) }))
    .sort((a, b) => compareText(a.inspectors[0].id, b.inspectors[0].id));
}
