// replacements.tsv: who came in for whom after the draw, match.md §15.3.

import { classes, compareBytes, compareText, Fault, hex, isInstant, malformed, textLines } from './bytes.js';
import { membersOf } from './component.js';
import { demandLines } from './needs.js';

export const replacementsFile = 'replacements.tsv';
export const publicReplacements = 'replacements.public.tsv';

/**
 * @typedef {{task: string, goes: string, comes: string}} Move a line of substitutions.tsv; comes is '-' if the reserve is used up
 * @typedef {{department: string, line: string, id: string}} Seat
 * @typedef {{tasks: string[], seats: Seat[], had: Set<string>, leader: string}} Crew
 * @typedef {{place: string, tasks: string[]}} Waiting the object whose place is taken, and the tasks for which
 * @typedef {{department: string, line: string, group: string, need: number, lead: boolean}} Row of the demands of one object
 * @typedef {{suite: import('./suite.js').Suite, tasks: any[], problem: import('./matchfiles.js').Problem,
 *   needs: import('./needs.js').Need[], keyOf: (department: string) => string, regions: Map<string, string>,
 *   drawn: {id: string, tasks: string[]}[], assignment: string[], moves: Move[]}} Given
 */

const name = new RegExp(`^(?!-$)${classes.name}{1,16}$`);
const digest = new RegExp(`^${classes.digest}$`);
const person = /^[^\u0000-\u001f\u007f-\u009f\ufeff]{1,60}$/u;

/**
 * The columns that are public, or null if their form is wrong.
 * @param {string[]} f
 * @param {number} n
 */
function headOf(f, n) {
  const good = f[0] === String(n).padStart(6, '0') && isInstant(f[1]) && /^[0-9]{6}$/.test(f[2]) &&
    /^(inspector|object)$/.test(f[3]) && /^[1-9]$/.test(f[6]);
  return good ? { time: f[1], after: Number(f[2]), kind: f[3], object: f[4], department: f[5], line: f[6] } : null;
}

/**
 * The reasons of those passed over, by inspector; null if the form is wrong.
 * @param {string} text
 */
function reasonsOf(text) {
  /** @type {Map<string, string>} */
  const reasons = new Map();
  if (text === '-') return reasons;
  for (const one of text.split(',')) {
    const at = one.indexOf(':');
    if (at < 0 || !name.test(one.slice(at + 1))) return null;
    reasons.set(one.slice(0, at), one.slice(at + 1));
  }
  return reasons;
}

/** Teams as they change. */
class Replay {
  /** @type {Map<string, Crew>} */
  crews = new Map();
  /** @type {Map<string, Waiting>} by substitute */
  waiting = new Map();
  /** @type {{object: string, tasks: string[], rows: Row[], seats: Seat[]}|null} the team being put together */
  making = null;
  done = 0;

  /** @param {Given} given */
  constructor(given) {
    this.g = given;
    for (const { id, tasks } of given.drawn) this.crews.set(id, { tasks: [...tasks], seats: [], had: new Set(), leader: '' });
    for (const text of given.assignment) {
      const [object, department, line, id, role] = text.split('\t');
      const crew = /** @type {Crew} */ (this.crews.get(object));
      crew.seats.push({ department, line, id });
      crew.had.add(id);
      if (role === 'leader') crew.leader = id;
    }
  }

  /**
   * The team that an object has, if it is on any list.
   * @param {string} object
   */
  standing(object) {
    const crew = this.crews.get(object);
    return crew && crew.tasks.length > 0 ? crew : null;
  }

  /**
   * Does the substitutions of objects up to a line. It tells whether they are those of one object
   * from all its tasks.
   * @param {number} to
   */
  advance(to) {
    for (; this.done < to; this.done++) {
      const { task, goes, comes } = this.g.moves[this.done];
      const waits = this.waiting.get(goes);
      let place = goes;
      if (waits?.tasks.includes(task)) {
        place = waits.place;
        waits.tasks = waits.tasks.filter((t) => t !== task);
        if (waits.tasks.length === 0) this.waiting.delete(goes);
      } else {
        const crew = this.crews.get(goes);
        if (crew) crew.tasks = crew.tasks.filter((t) => t !== task);
      }
      if (comes === '-') continue;
      const there = this.waiting.get(comes) ?? { place, tasks: [] };
      if (there.place !== place) return false;
      there.tasks.push(task);
      this.waiting.set(comes, there);
    }
    const places = new Set([...this.waiting.values()].map((w) => w.place));
    return places.size < 2 && [...places].every((p) => this.crews.get(p)?.tasks.length === 0);
  }

  /**
   * The lines of an object for its tasks.
   * @param {string} id
   * @param {string[]} tasks
   * @returns {Row[]}
   */
  rows(id, tasks) {
    const { g } = this;
    return demandLines(g.needs, g.tasks, [{ id, region: g.regions.get(id) ?? '', tasks: [...tasks].sort() }]).map((text) => {
      const [, department, line, group, need, role] = text.split('\t');
      return { department, line, group, need: Number(need), lead: role === 'lead' };
    });
  }

  /**
   * The successors of a line, in order.
   * @param {string} object
   * @param {Row} row
   */
  successors(object, row) {
    const { problem, suite, keyOf } = this.g;
    const group = /** @type {import('./matchfiles.js').Group} */ (problem.groups.get(row.group));
    const ids = membersOf(group, problem.inspectors).map((i) => i.id).filter((id) => !problem.avoided.has(`${object}\t${id}`));
    const key = hex(suite.h(`${keyOf(row.department)}:${object}`)).slice(0, 32);
    return this.sorted(ids, `${key}:`);
  }

  /**
   * @param {string[]} ids
   * @param {string} prefix of the message of a ticket
   */
  sorted(ids, prefix) {
    const all = ids.map((id) => ({ id, ticket: this.g.suite.h(prefix + id) }));
    all.sort((a, b) => compareBytes(a.ticket, b.ticket) || compareText(a.id, b.id));
    return all.map((a) => a.id);
  }

  /**
   * Who leads a team: one of those who led before, or the next.
   * @param {string} object
   * @param {Row[]} rows
   * @param {Seat[]} seats
   * @param {string[]} before
   */
  leader(object, rows, seats, before) {
    const lead = rows.find((r) => r.lead)?.department ?? '';
    const own = seats.filter((s) => s.department === lead).map((s) => s.id);
    const stays = before.find((id) => own.includes(id));
    if (stays) return stays;
    const able = own.filter((id) => this.g.problem.inspectors.find((i) => i.id === id)?.quals.includes('leader'));
    const key = hex(this.g.suite.h(`${this.g.keyOf(lead)}:${object}`)).slice(0, 32);
    return this.sorted(able.length > 0 ? able : own, `${key}:L:`)[0] ?? '';
  }

  /**
   * The columns that a line must have, from the eighth on; null if there is no such seat.
   * @param {NonNullable<ReturnType<typeof headOf>>} head
   * @param {string[]} f
   * @param {Map<string, string>} reasons
   */
  inspector(head, f, reasons) {
    const crew = this.standing(head.object);
    const seat = crew?.seats.find((s) => s.department === head.department && s.line === head.line && s.id === f[7]);
    if (head.kind !== 'inspector' || !crew || !seat) return null;
    const rows = this.rows(head.object, crew.tasks);
    const row = rows.find((r) => r.department === head.department && r.line === head.line);
    if (!row) return null;
    const { comes, passed } = nextOf(this.successors(head.object, row), crew.had, reasons);
    if (!comes) return null;
    seat.id = comes;
    crew.had.add(comes);
    if (crew.leader === f[7]) crew.leader = this.leader(head.object, rows, crew.seats, []);
    return [f[7], comes, crew.leader, ...f.slice(10, 13), passed];
  }

  /**
   * The columns of the next seat of a substitute's team, from the fourth on; null if nobody can take it.
   * @param {Map<string, string>} reasons
   */
  seat(reasons) {
    const object = [...this.waiting.keys()].sort(compareText)[0];
    const { place, tasks } = /** @type {Waiting} */ (this.waiting.get(object));
    const now = this.standing(object);
    const before = this.crews.get(place);
    if (!this.making) {
      const all = [...tasks, ...(now?.tasks ?? [])];
      this.making = { object, tasks: all, rows: this.rows(object, all), seats: [] };
    }
    const { rows, seats } = this.making;
    const held = (/** @type {Row} */ r) => seats.filter((s) => s.department === r.department && s.line === r.line).length;
    const row = rows.find((r) => held(r) < r.need);
    if (!row) return null;
    const order = this.successors(object, row);
    const among = (/** @type {Crew|null|undefined} */ c) => order.filter((id) => c?.seats.some((s) => s.id === id));
    const all = [...new Set([...among(now), ...among(before), ...order])];
    const { comes, passed } = nextOf(all, new Set(seats.map((s) => s.id)), reasons);
    if (!comes) return null;
    seats.push({ department: row.department, line: row.line, id: comes });
    let leader = '-';
    if (rows.every((r) => held(r) === r.need)) {
      leader = this.leader(object, rows, seats, [now?.leader ?? '', before?.leader ?? '']);
      this.crews.set(object, { tasks: this.making.tasks, seats, had: new Set(seats.map((s) => s.id)), leader });
      this.waiting.delete(object);
      this.making = null;
    }
    return ['object', object, row.department, row.line, place, comes, leader, '-', '-', '-', passed];
  }
}

/**
 * The first of an order who is not among some and has no reason, and who was passed over.
 * @param {string[]} order
 * @param {Set<string>} among
 * @param {Map<string, string>} reasons
 */
function nextOf(order, among, reasons) {
  const asked = order.filter((id) => !among.has(id));
  const at = asked.findIndex((id) => !reasons.has(id));
  const passed = asked.slice(0, Math.max(at, 0)).map((id) => `${id}:${reasons.get(id)}`);
  return { comes: asked[at] ?? '', passed: passed.join(',') || '-' };
}

/**
 * The drawn objects with their tasks, ascending by id.
 * @param {import('./lists.js').Entry[]} entries of result.tsv
 */
export function drawnTasks(entries) {
  /** @type {Map<string, string[]>} */
  const tasks = new Map();
  for (const e of entries) tasks.set(e.id, [...(tasks.get(e.id) ?? []), e.task]);
  return [...tasks.keys()].sort().map((id) => ({ id, tasks: [...(tasks.get(id) ?? [])].sort() }));
}

/**
 * Replays the file. It throws a Fault, or returns the teams as they stand.
 * @param {Uint8Array} bytes
 * @param {Given} given
 */
export function replay(bytes, given) {
  const file = replacementsFile;
  const state = new Replay(given);
  const lines = textLines(bytes);
  let before = '';
  lines.forEach((text, i) => {
    const f = (text ?? '').split('\t');
    const head = f.length === 14 && !text?.includes('\u0000') ? headOf(f, i + 1) : null;
    const reasons = head && reasonsOf(f[13]);
    const stated = head?.kind === 'object' || (name.test(f[10]) && (f[11] === '-' || digest.test(f[11])) && person.test(f[12]));
    if (!head || !reasons || !stated) throw malformed(file, i + 1, text, '应为十四个字段，事由、批准人和未接替的原因都要有');
    if (head.time < before) throw new Fault(file, i + 1, '时刻早于上一行');
    before = head.time;
    const late = state.waiting.size > 0 && head.after > state.done;
    if (late || head.after < state.done || head.after > given.moves.length || !state.advance(head.after)) {
      throw new Fault(file, i + 1, '与 substitutions.tsv 对不上：检查对象应从它的全部任务中一次递补');
    }
    const own = state.waiting.size > 0 ? state.seat(reasons) : state.inspector(head, f, reasons);
    if (!own) throw new Fault(file, i + 1, '没有这个席位，或者没有可以接替的人');
    const want = [...f.slice(0, 14 - own.length), ...own];
    if (want.some((x, c) => x !== f[c])) throw new Fault(file, i + 1, `按顺序应为 ${own.join('　')}`);
  });
  if (!state.advance(given.moves.length) || state.waiting.size > 0) {
    throw new Fault(file, lines.length + 1, '缺少递补对象的检查小组');
  }
  return { lines: lines.length, crews: state.crews };
}

/**
 * Checks what is public of replacements: which seats changed, and no person.
 * @param {Uint8Array} bytes
 * @param {any[]} tasks of the manifest
 * @param {{id: string, tasks: string[]}[]} drawn
 * @param {Move[]} moves
 */
export function checkPublished(bytes, tasks, drawn, moves) {
  const file = publicReplacements;
  const on = new Map(drawn.map((o) => [o.id, new Set(o.tasks)]));
  let before = '';
  let done = 0;
  const lines = textLines(bytes);
  lines.forEach((text, i) => {
    const f = (text ?? '').split('\t');
    const head = f.length === 7 && !text?.includes('\u0000') ? headOf(f, i + 1) : null;
    if (!head) throw malformed(file, i + 1, text, '应为七个字段');
    if (head.time < before) throw new Fault(file, i + 1, '时刻早于上一行');
    before = head.time;
    if (head.after < done || head.after > moves.length) throw new Fault(file, i + 1, '与 substitutions.tsv 对不上');
    for (; done < head.after; done++) {
      const { task, goes, comes } = moves[done];
      on.get(goes)?.delete(task);
      if (comes !== '-') on.set(comes, (on.get(comes) ?? new Set()).add(task));
    }
    const known = tasks.some((t) => on.get(head.object)?.has(t.code) && t.departments.includes(head.department));
    if (!known) throw new Fault(file, i + 1, '检查对象此时不在名单上，或者部门不是其任务的部门');
  });
  return lines.length;
}
