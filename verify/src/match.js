// bcm/1: balance, call, mix, and who leads. match.md §5 to §9.

import { compareBytes, compareText, hex, utf8 } from './bytes.js';
import { Arrangement, balance } from './arrangement.js';
import { departments } from './component.js';
import { hallLines, shortages } from './hall.js';
import { Stream } from './suite.js';

/**
 * Solves a problem. The outcome is either shortages, or the lines of the two files.
 * @param {import('./suite.js').Suite} suite
 * @param {import('./matchfiles.js').Problem} problem
 * @param {(department: string) => string} keyOf
 * @param {number} mixing the factor f of §7
 */
export function match(suite, problem, keyOf, mixing) {
  const parts = departments(problem);
  const short = parts.flatMap((d) => {
    const lines = d.components.flatMap((c) => {
      const a = new Arrangement(c);
      const open = balance(a);
      arrangements.set(c, a);
      return open.length > 0 ? hallLines(a, open) : [];
    });
    const all = [...lines, ...d.hopeless];
    return all.length > 0 ? shortages(d.name, all, d.members, problem) : [];
  });
  if (short.length > 0) return { shortages: short, assignment: [], balance: [] };
  /** @type {Map<import('./matchfiles.js').Demand, string[]>} */
  const teams = new Map();
  /** @type {Map<string, {load: number, label: number}>} */
  const loads = new Map();
  for (const d of parts) {
    const key = keyOf(d.name);
    d.components.forEach((c, i) => {
      const a = /** @type {Arrangement} */ (arrangements.get(c));
      const slots = call(suite, key, a);
      const labels = labelsOf(a);
      mix(suite, key, i + 1, a, slots, labels, mixing);
      c.lines.forEach((line, l) => teams.set(line, [...a.holders[l]].map((x) => c.inspectors[x].id).sort(compareText)));
      c.inspectors.forEach((x, n) => loads.set(x.id, { load: a.load[n], label: labels[n] }));
    });
  }
  const balanced = problem.inspectors.map((i) => {
    const { load, label } = loads.get(i.id) ?? { load: i.load, label: i.load };
    return `${i.id}\t${i.load}\t${load}\t${label}`;
  });
  return { shortages: [], assignment: assignment(suite, problem, keyOf, teams), balance: balanced };
}

/** @type {WeakMap<import('./component.js').Component, Arrangement>} */
const arrangements = new WeakMap();

/** The holder and the line of each slot, in the order they were taken. @typedef {{line: number, holder: number}} Slot */

/** Tickets are those of the inspectors of a component at one object, T(o,i), each computed once. */
class Tickets {
  /**
   * @param {import('./suite.js').Suite} suite
   * @param {string[]} ids
   */
  constructor(suite, ids) {
    this.suite = suite;
    this.ids = ids.map(utf8);
    this.out = new Uint8Array(32 * ids.length);
    this.message = new Uint8Array(33 + Math.max(...this.ids.map((i) => i.length)));
    this.known = new Uint8Array(ids.length);
  }

  /** @param {string} key the key of the object */
  object(key) {
    this.message.set(utf8(key + ':'));
    this.known.fill(0);
  }

  /** @param {number} i */
  of(i) {
    if (this.known[i] === 0) {
      this.message.set(this.ids[i], 33);
      this.suite.into(this.message, 33 + this.ids[i].length, this.out, 32 * i);
      this.known[i] = 1;
    }
    return this.out.subarray(32 * i, 32 * i + 32);
  }
}

/**
 * Step 2: the lexicographically first optimal arrangement.
 * @param {import('./suite.js').Suite} suite
 * @param {string} key
 * @param {Arrangement} a optimal
 * @returns {Slot[]}
 */
function call(suite, key, a) {
  const { c } = a;
  /** @type {Slot[]} */
  const slots = [];
  const objects = c.linesOf.map((lines, o) => {
    const id = c.lines[lines[0]].object;
    return { o, id, ticket: suite.h(`${key}:${id}`) };
  });
  const tickets = new Tickets(suite, c.inspectors.map((i) => i.id));
  objects.sort((x, y) => compareBytes(x.ticket, y.ticket) || compareText(x.id, y.id));
  for (const { o, ticket } of objects) {
    tickets.object(hex(ticket).slice(0, 32));
    for (const l of c.linesOf[o]) {
      const candidates = c.members[l].filter((i) => !c.avoided[o].has(i));
      candidates.sort((x, y) => compareBytes(tickets.of(x), tickets.of(y)) || x - y);
      for (const i of candidates) {
        if (a.frozen[l].size === c.lines[l].need) break;
        if (!canTake(a, l, i)) continue;
        a.freeze(l, i);
        slots.push({ line: l, holder: i });
      }
    }
  }
  return slots;
}

/**
 * Tells whether some optimal arrangement contains all pairs taken and (l, i),
 * and if so makes the arrangement one of them.
 * @param {Arrangement} a
 * @param {number} l
 * @param {number} i
 */
function canTake(a, l, i) {
  if (a.holders[l].has(i)) return true;
  const other = a.lineAt(i, a.c.object[l]);
  if (other >= 0 && a.frozen[other].has(i)) return false;
  const start = other >= 0 ? a.n + other : i;
  const target = a.n + l;
  if (a.zone[start] !== a.zone[target]) return false;
  const found = a.search(start, true, (node) => node === target);
  if (found < 0) {
    a.split();
    return false;
  }
  a.carryOut(found);
  if (other >= 0) a.take(other, i);
  a.give(l, i);
  return true;
}

/**
 * The labels of §9, from the greatest load down.
 * @param {Arrangement} a
 */
export function labelsOf(a) {
  const open = new Arrangement(a.c);
  open.load = a.load;
  open.holders = a.holders;
  a.holders.forEach((holders, l) => holders.forEach((i) => open.free[i].add(l)));
  /** @type {number[]} */
  const labels = new Array(a.n).fill(-1);
  const order = labels.map((_, i) => i).sort((x, y) => a.load[y] - a.load[x]);
  for (const i of order) {
    if (open.zone[i] !== 0) continue;
    open.search(i, false, () => false);
    for (const node of open.seen) if (node < a.n) labels[node] = a.load[i];
    open.split();
  }
  return labels;
}

/**
 * Step 3: exchanges and handings over, each arrangement with the same chance.
 * @param {import('./suite.js').Suite} suite
 * @param {string} key
 * @param {number} number of the component, from 1
 * @param {Arrangement} a
 * @param {Slot[]} slots
 * @param {number[]} labels
 * @param {number} mixing
 */
function mix(suite, key, number, a, slots, labels, mixing) {
  const { c } = a;
  /** @type {number[][]} */
  const lists = c.inspectors.map(() => []);
  slots.forEach((s, n) => lists[s.holder].push(n));
  const most = Math.max(...c.inspectors.map((x, i) => Math.min(labels[i], x.cap) - x.load));
  const stream = new Stream(suite, key, number);
  for (let k = 0; k < mixing * slots.length; k++) {
    const first = stream.below(slots.length);
    const { line, holder: x } = slots[first];
    const members = c.members[line];
    const y = members[stream.below(members.length)];
    const h = stream.below(most + 1);
    const o = c.object[line];
    if (y === x || c.avoided[o].has(y)) continue;
    if (h < lists[y].length) {
      const second = lists[y][h];
      if (!mayExchange(a, slots[first], slots[second])) continue;
      lists[x][lists[x].indexOf(first)] = second;
      lists[y][h] = first;
      pass(a, slots[first], y);
      pass(a, slots[second], x);
      a.holders[line].add(y); // both slots may be of one line
    } else if (h === most && a.load[y] === a.load[x] - 1 && a.mayTakeMore(y) && a.lineAt(y, o) < 0) {
      const last = /** @type {number} */ (lists[x].pop());
      if (last !== first) lists[x][lists[x].indexOf(first)] = last;
      lists[y].push(first);
      pass(a, slots[first], y);
    }
  }
}

/**
 * Tells whether the holders of two slots may exchange them; that the second
 * holder may have the first slot has been seen already.
 * @param {Arrangement} a
 * @param {Slot} first
 * @param {Slot} second
 */
function mayExchange(a, first, second) {
  if (!a.c.eligible(second.line, first.holder)) return false;
  const [o, p] = [a.c.object[first.line], a.c.object[second.line]];
  return o === p || (a.lineAt(second.holder, o) < 0 && a.lineAt(first.holder, p) < 0);
}

/**
 * Passes a slot to another inspector.
 * @param {Arrangement} a
 * @param {Slot} slot
 * @param {number} y
 */
function pass(a, slot, y) {
  a.holders[slot.line].delete(slot.holder);
  a.holders[slot.line].add(y);
  a.load[slot.holder]--;
  a.load[y]++;
  slot.holder = y;
}

/**
 * The lines of assignment.tsv, with the leader of each object, §8.
 * @param {import('./suite.js').Suite} suite
 * @param {import('./matchfiles.js').Problem} problem
 * @param {(department: string) => string} keyOf
 * @param {Map<import('./matchfiles.js').Demand, string[]>} teams
 */
function assignment(suite, problem, keyOf, teams) {
  const quals = new Map(problem.inspectors.map((i) => [i.id, i.quals]));
  /** @type {Map<string, import('./matchfiles.js').Demand[]>} */
  const leading = new Map();
  for (const d of problem.demands) {
    if (d.role === 'lead') leading.set(d.object, [...(leading.get(d.object) ?? []), d]);
  }
  /** @type {Map<string, string>} */
  const leaders = new Map();
  for (const [object, lines] of leading) {
    const asked = lines.filter((d) => problem.groups.get(d.group)?.quals.includes('leader'));
    const all = lines.flatMap((d) => teams.get(d) ?? []);
    const able = all.filter((i) => quals.get(i)?.includes('leader'));
    const candidates = asked.length > 0 ? asked.flatMap((d) => teams.get(d) ?? []) : able.length > 0 ? able : all;
    const inner = hex(suite.h(`${keyOf(lines[0].department)}:${object}`)).slice(0, 32);
    const ticketed = candidates.map((id) => ({ id, ticket: suite.h(`${inner}:L:${id}`) }));
    ticketed.sort((x, y) => compareBytes(x.ticket, y.ticket) || compareText(x.id, y.id));
    leaders.set(object, ticketed[0].id);
  }
  return problem.demands.flatMap((d) => (teams.get(d) ?? []).map((i) => {
    const leads = d.role === 'lead' && leaders.get(d.object) === i;
    return `${d.object}\t${d.department}\t${d.line}\t${i}\t${leads ? 'leader' : 'member'}`;
  }));
}
