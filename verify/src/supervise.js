// Level L3, for the supervisor, who has the population: draw.md §18.

import { Fault } from './bytes.js';
import { isMatched } from './ceremony.js';
import { root } from './merkle.js';
import { countsOf, readPopulation } from './population.js';
import { order, rankRoot, tickets } from './rank.js';
import { drawnTasks, replacementsFile } from './replace.js';
import { checkReplacements, checkTeams } from './teams.js';

/** @typedef {{items: import('./population.js').Item[], rules: import('./population.js').Rules}} Whole the whole population */

/**
 * Recomputes all ranks and the matching of an opened draw. It throws a Fault.
 * @param {import('./sums.js').Files} files
 * @param {import('./ceremony.js').Ceremony} c
 * @param {Whole} whole
 * @param {{drawn: import('./lists.js').Entry[], reserve: import('./lists.js').Entry[]}} entries
 * @param {import('./replace.js').Move[]} moves
 * @param {import('./bundle.js').Listener} listener
 */
export function supervise(files, c, { items, rules }, entries, moves, listener) {
  listener.progress(0.7);
  ranks(c, items, rules, [...entries.drawn, ...entries.reserve], listener);
  if (!isMatched(c.docs.lock)) return;
  const regions = new Map(items.map((i) => [i.id, i.region]));
  const drawn = drawnTasks(entries.drawn).map((o) => ({ ...o, region: regions.get(o.id) ?? '' }));
  listener.step('done', '检查人员匹配重算', checkTeams(files, c, drawn));
  if (files.has(replacementsFile)) {
    const n = checkReplacements(files, c, drawn, regions, moves);
    listener.step('done', '人员替换重演', `${n} 个席位的接替都按排序，未接替的都有原因，没有人被挑选`);
  } else if (c.docs.result.teams.root !== '' && moves.some((m) => m.comes !== '-')) {
    listener.step('note', '递补对象的检查小组', '有递补对象，但没有 replacements.tsv，它们的检查小组无法核对');
  }
}

/**
 * Reads population.tsv and compares it with the lock, §18 L2.4.
 * @param {import('./sums.js').Files} files
 * @param {import('./ceremony.js').Ceremony} c
 * @param {import('./bundle.js').Listener} listener
 * @returns {Whole}
 */
export function readWhole(files, c, listener) {
  const file = 'population.tsv';
  const lock = c.docs.lock;
  const bytes = files.get(file) ?? new Uint8Array(0);
  const { items, leaves, rules } = readPopulation(c.suite, c.manifest, bytes);
  const wanted = lock.population.size;
  if (items.length !== wanted) throw new Fault(file, 0, `应有 ${wanted} 行，实有 ${items.length} 行`);
  if (root(c.suite, leaves) !== lock.population.root) throw new Fault(file, 0, '根与锁定时不符');
  countsOf(c.manifest, rules, items).forEach((n, i) => {
    const l = lock.counts[i];
    const counted = n.n0 === l.n0 && n.n1 === l.n1 && n.n2 === l.n2;
    if (!counted) throw new Fault('lock.json', 1, `任务“${n.task}”分层“${n.stratum}”的数量与库不符`);
  });
  listener.step('done', '完整的库', `${items.length} 户逐行核对，分层和次数与锁定时一致`);
  return { items, rules };
}

/**
 * L3.1 and L3.2: all ranks, and that the lists are the first of them.
 * @param {import('./ceremony.js').Ceremony} c
 * @param {import('./population.js').Item[]} items
 * @param {import('./population.js').Rules} rules
 * @param {import('./lists.js').Entry[]} entries
 * @param {import('./bundle.js').Listener} listener
 */
function ranks(c, items, rules, entries, listener) {
  const { result, opening } = c.docs;
  const ids = items.map((i) => i.id);
  /** @type {Map<string, Uint8Array>} the tickets of the population, by group */
  const all = new Map(opening.keys.map((/** @type {any} */ k) => [k.group, tickets(c.suite, k.key, ids)]));
  const groups = new Map(c.manifest.tasks.map((/** @type {any} */ t) => [t.code, t.group]));
  const members = membersOf(items, rules);
  const listed = new Map(entries.map((e) => [`${e.task} ${e.stratum} ${e.tier} ${e.rank}`, e.id]));
  result.cells.forEach((/** @type {any} */ cell, /** @type {number} */ i) => {
    const name = `${cell.task} ${cell.stratum} ${cell.tier}`;
    const where = `任务 ${cell.task}、分层 ${cell.stratum}、层级 ${cell.tier}`;
    const own = /** @type {Uint8Array} */ (all.get(groups.get(cell.task)));
    const ranked = order(own, members.get(name) ?? []);
    if (rankRoot(c.suite, c.manifest, cell, own, ranked) !== cell.root) {
      throw new Fault('result.json', 1, `${where}重算的完整名次与结果的根不符`);
    }
    ranked.slice(0, cell.drawn + cell.reserve).forEach((at, r) => {
      if (listed.get(`${name} ${r + 1}`) === ids[at]) return;
      throw new Fault(r < cell.drawn ? 'result.tsv' : 'reserve.tsv', 0, `${where}第 ${r + 1} 名应为 ${ids[at]}`);
    });
    listener.progress(0.7 + (0.2 * (i + 1)) / result.cells.length);
  });
  listener.step('done', '全部名次重算', `${result.cells.length} 个分格的每一名都已重算，与结果中的根相同`);
}

/**
 * The positions of the members of each cell, ascending.
 * @param {import('./population.js').Item[]} items
 * @param {import('./population.js').Rules} rules
 */
function membersOf(items, rules) {
  /** @type {Map<string, number[]>} */
  const members = new Map();
  items.forEach((item, i) => {
    const tier = rules.tier(item);
    if (tier === 2) return;
    for (const task of rules.scopes.get(item.scope) ?? []) {
      const key = `${task.code} ${item.stratum} ${tier}`;
      const cell = members.get(key);
      if (cell) cell.push(i);
      else members.set(key, [i]);
    }
  });
  return members;
}
