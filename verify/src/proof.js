// The personal proof: draw.md §16, level L1.

import { concat, Fault, unhex, utf8 } from './bytes.js';
import { Ceremony, groupsOf, shapes } from './ceremony.js';
import { digestOf, readDocument } from './json.js';
import { checkManifest, manifestShape } from './manifest.js';
import { rootOfPath } from './merkle.js';
import { checkRecord, leafOf, Rules } from './population.js';
import { rankLeaf, ticketOf } from './rank.js';
import { anyText, array, count, digest, integer, need, object, Refusal, string, title } from './shape.js';

const path = array(digest);
const rank = integer(1, 2 ** 28);
const proofShape = object({
  doc: title('SDP1.proof'),
  manifest: manifestShape,
  lock: shapes['lock.json'],
  record: string((s) => !s.includes('\t'), '一行，字段间为空格'),
  index: count,
  path,
  ranks: array(object({
    task: anyText, rank, leaves: array(object({ rank, ticket: digest, index: count, path })),
  })),
}, {
  result: shapes['result.json'],
  opening: shapes['opening.json'],
  team: object({ lines: array(anyText), salt: digest, index: count, path }),
});

/**
 * @typedef {{task: string, title: string, rank: number, size: number, drawn: number, ticket: string, key: string,
 *   cut: string, state: 'drawn'|'reserve'|'passed'}} Place
 */

/**
 * Verifies a personal proof and returns what it shows. It throws a Fault.
 * @param {string} file
 * @param {Uint8Array} bytes
 * @param {(title: string, detail: string) => void} [step] is told what has been checked
 */
export function verifyProof(file, bytes, step = () => {}) {
  const proof = /** @type {any} */ (readDocument(file, bytes));
  try {
    proofShape.form(proof, '');
    need(proof.doc === 'SDP1.proof', '“doc”应为“SDP1.proof”');
    checkManifest(proof.manifest);
    return new Check(proof, step).all();
  } catch (e) {
    if (e instanceof Refusal) throw new Fault(file, 1, e.message);
    throw e;
  }
}

class Check {
  /**
   * @param {any} proof
   * @param {(title: string, detail: string) => void} step
   */
  constructor(proof, step) {
    this.proof = proof;
    this.step = step;
    this.c = new Ceremony(proof.manifest);
    this.suite = this.c.suite;
    this.rules = new Rules(proof.manifest);
  }

  all() {
    const p = this.proof;
    this.c.next('lock.json', p.lock);
    if (p.result) this.result();
    else need(!p.opening && !p.team && p.ranks.length === 0, '没有“result”时，不应有“opening”、“ranks”的内容或“team”');
    if (p.result) this.step('公告、锁定、结果', '前后引用的摘要一致，各分格的抽取数与公告的规则一致');
    else this.step('公告、锁定', '前后引用的摘要一致');
    if (p.opening) this.opening();
    if (p.opening) this.step('公布的钥匙', '与结果相连，各组齐全');
    proofShape.content(p, '');
    const item = this.record();
    this.step('您的记录', `${item.id} 在锁定时的第 ${p.index + 1} 行，由 ${p.path.length} 个摘要连到库的根`);
    const places = p.result ? this.ranks(item) : [];
    for (const x of places) {
      this.step(x.title, `第 ${x.rank} 名，连到结果的根${p.opening ? '；签号由钥匙和编码重算相符，与前后名次的大小一致' : ''}`);
    }
    if (p.team) this.team(item.id);
    if (p.team) this.step('检查组', '连到结果中检查组的根');
    return {
      id: item.id,
      suite: this.suite.name,
      title: p.manifest.title,
      batch: p.manifest.batch,
      run: p.manifest.run,
      tier: this.rules.tier(item),
      opened: Boolean(p.opening),
      lock: digestOf(this.suite, p.lock),
      result: p.result ? digestOf(this.suite, p.result) : '',
      team: p.team ? /** @type {string[]} */ (p.team.lines) : [],
      places,
    };
  }

  result() {
    const { manifest: m, result: r } = this.proof;
    shapes['result.json'].content(r, '');
    need(r.batch === m.batch && r.run === m.run, '结果的批次或运行次数与公告不同');
    this.c.cites(r, 'manifest');
    this.c.cites(r, 'lock');
    this.c.quotas(r);
  }

  opening() {
    const { manifest: m, opening: o, result } = this.proof;
    shapes['opening.json'].content(o, '');
    need(o.batch === m.batch && o.run === m.run, '公布的批次或运行次数与公告不同');
    need(o.result === digestOf(this.suite, result), '公布引用的结果摘要不符');
    const groups = o.keys.map((/** @type {any} */ k) => k.group);
    need(groups.join(' ') === groupsOf(m).join(' '), '公布的钥匙与公告的组不符');
    need(o.keys.every((/** @type {any} */ k) => /^[0-9a-f]{32}$/.test(k.key)), '钥匙应为 32 位十六进制');
  }

  record() {
    const p = this.proof;
    const line = p.record.replaceAll(' ', '\t');
    const item = checkRecord(this.rules, line);
    const population = p.lock.population;
    need(p.index < population.size, '位置超出库的大小');
    const root = rootOfPath(this.suite, leafOf(this.suite, line), p.index, population.size, p.path);
    need(root === population.root, '这一行与锁定时的根不符');
    return item;
  }

  /**
   * @param {import('./population.js').Item} item
   * @returns {Place[]}
   */
  ranks(item) {
    const p = this.proof;
    const tier = this.rules.tier(item);
    const tasks = tier === 2 ? [] : this.rules.scopes.get(item.scope) ?? [];
    const given = p.ranks.map((/** @type {any} */ r) => r.task);
    need(given.join(' ') === tasks.map((t) => t.code).join(' '), '“ranks”的任务与检查对象的范围不符');
    return tasks.map((task, i) => this.place(task, item, tier, p.ranks[i]));
  }

  /**
   * @param {any} task
   * @param {import('./population.js').Item} item
   * @param {number} tier
   * @param {any} r
   * @returns {Place}
   */
  place(task, item, tier, r) {
    const p = this.proof;
    const cell = p.result.cells.find((/** @type {any} */ c) =>
      c.task === task.code && c.stratum === item.stratum && c.tier === tier);
    need(r.rank <= cell.size, `任务“${task.code}”的名次超出分格`);
    const shown = p.opening ? [r.rank - 1, r.rank, r.rank + 1, cell.drawn] : [r.rank];
    const wanted = [...new Set(shown)].filter((x) => x >= 1 && x <= cell.size).sort((a, b) => a - b);
    need(wanted.join() === r.leaves.map((/** @type {any} */ l) => l.rank).join(), `任务“${task.code}”应给出第 ${wanted.join('、')} 名`);
    let before = { ticket: '', index: -1 };
    for (const leaf of r.leaves) {
      const root = rootOfPath(this.suite, rankLeaf(this.suite, p.manifest, cell, leaf), leaf.rank - 1, cell.size, leaf.path);
      need(root === cell.root, `任务“${task.code}”第 ${leaf.rank} 名与结果的根不符`);
      const ascends = leaf.ticket > before.ticket || (leaf.ticket === before.ticket && leaf.index > before.index);
      need(ascends, `任务“${task.code}”第 ${leaf.rank} 名的签号没有递增`);
      before = leaf;
    }
    const mine = r.leaves.find((/** @type {any} */ l) => l.rank === r.rank);
    need(mine.index === p.index, `任务“${task.code}”第 ${r.rank} 名不是这个检查对象`);
    const key = p.opening?.keys.find((/** @type {any} */ k) => k.group === task.group).key ?? '';
    if (key) need(mine.ticket === ticketOf(this.suite, key, item.id), `任务“${task.code}”的签号不正确`);
    const state = r.rank <= cell.drawn ? 'drawn' : r.rank <= cell.drawn + cell.reserve ? 'reserve' : 'passed';
    return {
      task: task.code, title: task.title, rank: r.rank, size: cell.size, drawn: cell.drawn, ticket: mine.ticket, key, state,
      cut: r.leaves.find((/** @type {any} */ l) => l.rank === cell.drawn)?.ticket ?? '',
    };
  }

  /** @param {string} id */
  team(id) {
    const { team, result } = this.proof;
    need(team.lines.length > 0, '“team”没有内容');
    need(team.lines.every((/** @type {string} */ l) => l.startsWith(id + ' ')), '“team”不是这个检查对象的');
    const lines = team.lines.map((/** @type {string} */ l) => l.replaceAll(' ', '\t') + '\n').join('');
    const leaf = teamLeaf(this.suite, unhex(team.salt), lines);
    const root = rootOfPath(this.suite, leaf, team.index, result.teams.size, team.path);
    need(root !== null && root === result.teams.root, '检查组与结果的根不符');
  }
}

/**
 * The leaf of an object's team, §12.6.
 * @param {import('./suite.js').Suite} suite
 * @param {Uint8Array} salt
 * @param {string} lines
 */
export function teamLeaf(suite, salt, lines) {
  return suite.h(concat(new Uint8Array(1), salt, utf8(lines)));
}

