// A whole bundle: draw.md §18, levels L2 and L3. Checks run in the order of the
// document and stop at the first failure.

import { Fault, hex } from './bytes.js';
import { Ceremony, isMatched, matchInputs, matchOutputs, shapes } from './ceremony.js';
import { digestOf, readDocument } from './json.js';
import { checkDifference, readLists, substitute } from './lists.js';
import { checkManifest, checkVoid, manifestShape, voidShape } from './manifest.js';
import { root } from './merkle.js';
import { readPublic } from './population.js';
import { checkPublished, drawnTasks, publicReplacements, replacementsFile } from './replace.js';
import { Refusal } from './shape.js';
import { suites } from './suite.js';
import { checkSums } from './sums.js';
import { readWhole, supervise } from './supervise.js';

const documents = [
  'manifest.json', 'lock.json', 'commits.json', 'reveals.json', 'event.json', 'envelopes.json', 'result.json',
  'opening.json',
];

/**
 * A Listener hears of the steps that have been passed (or, with `kind` 'note',
 * of what is shown and not judged), and how far the work is, from 0 to 1.
 * @typedef {{step: (kind: 'done'|'note', title: string, detail: string) => void, progress: (part: number) => void}} Listener
 */

/** A Verification is one bundle being verified. */
export class Verification {
  /** @type {Map<string, any>} */
  docs = new Map();
  /** @type {Set<string>} of the population */
  ids = new Set();
  /** @type {import('./supervise.js').Whole|null} the whole population, if it is in the bundle */
  whole = null;

  /**
   * @param {import('./sums.js').Files} files
   * @param {Listener} listener
   */
  constructor(files, listener) {
    this.files = files;
    this.listener = listener;
  }

  /** Verifies, and returns what is to be shown. It throws a Fault. */
  all() {
    const { step, progress } = this.listener;
    const n = checkSums(this.files, (p) => progress(0.4 * p));
    step('done', '文件完整', `${n} 个文件都在清单中，SHA-256 与 SM3 摘要逐一相符`);
    this.documents();
    this.runs();
    this.population();
    this.fixedFiles();
    const entries = this.lists();
    const moves = this.substitutions(entries);
    progress(0.6);
    const level = this.supervised(entries, moves);
    this.notes();
    progress(1);
    return this.summary(level, entries);
  }

  /**
   * Runs a check that refuses a document, and blames the file.
   * @template T
   * @param {string} file
   * @param {() => T} check
   */
  blame(file, check) {
    try {
      return check();
    } catch (e) {
      if (e instanceof Refusal) throw new Fault(file, 1, e.message);
      throw e;
    }
  }

  /**
   * Reads a document and checks its form.
   * @param {string} file
   * @param {import('./shape.js').Shape} shape
   */
  form(file, shape) {
    const value = readDocument(file, this.files.get(file) ?? new Uint8Array(0));
    this.blame(file, () => shape.form(value, ''));
    this.docs.set(file, value);
  }

  /** L2.2: every document by form, then every one by content. */
  documents() {
    const last = documents.findLastIndex((d) => this.files.has(d));
    const missing = documents.slice(0, Math.max(last, 0) + 1).find((d) => !this.files.has(d));
    for (const file of documents) {
      if (file === missing) throw new Fault(file, 0, '缺少这个文件，后面的文件却在');
      if (!this.files.has(file)) break;
      const shape = file === 'manifest.json' ? manifestShape : shapes[/** @type {keyof typeof shapes} */ (file)];
      this.form(file, shape);
    }
    if (this.files.has('void.json')) this.form('void.json', voidShape);
    const m = this.docs.get('manifest.json');
    this.blame('manifest.json', () => checkManifest(m));
    this.ceremony = new Ceremony(m);
    for (const file of documents.slice(1, last + 1)) {
      this.blame(file, () => this.c.next(file, this.docs.get(file)));
    }
    this.listener.step('done', '公告至公布环环相扣', this.phases());
    if (this.docs.has('void.json')) {
      const lasts = [this.c.digests[documents[last].replace('.json', '')]];
      this.blame('void.json', () => checkVoid(this.docs.get('void.json'), m, lasts));
      this.listener.step('done', '作废记录', '本次运行在得出结果前已作废，记录符合规定');
    }
  }

  get c() {
    return /** @type {Ceremony} */ (this.ceremony);
  }

  phases() {
    const m = this.c.manifest;
    const docs = this.c.docs;
    let text = `公告、${docs.lock ? '锁定' : '尚未锁定'}`;
    if (docs.commits) text += `；${docs.commits.commits.length} 方作出承诺，签名全部有效`;
    if (docs.reveals) text += `；${docs.reveals.reveals.length} 方亮出的随机数与承诺一致`;
    if (docs.event) text += `；公开事件 ${docs.event.text}`;
    if (docs.envelopes?.reveals.length) text += `；${docs.envelopes.reveals.length} 封信封与承诺一致`;
    if (docs.result) text += `；${docs.result.cells.length} 个分格的数量与规则一致`;
    if (docs.opening) text += '；种子和钥匙由以上内容算出，无人指定';
    else if (m.mode === 'sealed' && docs.result) text += `；密封模式，${m.opening} 公布钥匙`;
    return text;
  }

  /** L2.3: the earlier runs. */
  runs() {
    const m = this.c.manifest;
    /** @type {any} the void record of the run before */
    let before = null;
    for (let run = 1; run < m.run; run++) {
      const file = `run-${run}/manifest.json`;
      const record = `run-${run}/void.json`;
      for (const f of [file, record]) {
        if (!this.files.has(f)) throw new Fault(f, 0, '缺少作废的那次运行的记录');
      }
      this.form(file, manifestShape);
      const old = this.docs.get(file);
      this.blame(file, () => {
        checkManifest(old);
        if (old.run !== run || old.batch !== m.batch) throw new Refusal('批次或运行次数不对');
        if (before) this.follows(old, before);
      });
      this.form(record, voidShape);
      before = this.docs.get(record);
      this.blame(record, () => checkVoid(before, old, []));
    }
    if (!before) return;
    this.blame('manifest.json', () => this.follows(m, before));
    this.listener.step('done', '此前的运行', `此前 ${m.run - 1} 次运行的公告和作废记录齐全，逐次引用`);
  }

  /**
   * @param {any} manifest
   * @param {any} record
   */
  follows(manifest, record) {
    const digest = digestOf(suites[manifest.suite], record);
    if (manifest.void !== digest) throw new Refusal('“void”不是上一次作废记录的摘要');
    if (manifest.time < record.time) throw new Refusal('公告早于上一次作废');
  }

  /** L2.4: the population, in its public or in its whole form. */
  population() {
    const file = 'population.public.tsv';
    const lock = this.c.docs.lock;
    const bytes = this.files.get(file);
    if (!lock) return;
    if (this.files.has('population.tsv')) {
      if (bytes) throw new Fault(file, 0, '已有完整的库，不应再有此文件');
      this.whole = readWhole(this.files, this.c, this.listener);
      this.ids = new Set(this.whole.items.map((i) => i.id));
      return;
    }
    if (!bytes) throw new Fault(file, 0, '缺少这个文件');
    const { ids, leaves } = readPublic(bytes);
    if (ids.length !== lock.population.size) throw new Fault(file, 0, `应有 ${lock.population.size} 行，实有 ${ids.length} 行`);
    if (root(this.c.suite, leaves) !== lock.population.root) throw new Fault(file, 0, '根与锁定时不符');
    this.ids = new Set(ids);
    this.listener.step('done', '公开的库', `${ids.length} 户，与锁定时的根一致，一户未增，一户未减`);
  }

  /** L2.5: the difference, and the files fixed by the lock. */
  fixedFiles() {
    const lock = this.c.docs.lock;
    if (!lock) return;
    const difference = this.files.get('difference.tsv');
    if (difference) {
      if (lock.difference.digest === '') throw new Fault('difference.tsv', 0, '锁定时没有上一个库，不应有此文件');
      checkDifference(this.c.suite, lock.difference, difference);
      const d = lock.difference;
      this.listener.step('done', '与上一个库的差异', `增加 ${d.added}、移出 ${d.removed}、变更 ${d.changed}，逐条公开`);
    } else if (lock.difference.digest !== '') throw new Fault('difference.tsv', 0, '缺少这个文件');
    this.matchFiles(lock);
    for (const f of lock.files) {
      const bytes = this.files.get(f.name);
      if (!bytes) continue;
      if (bytes.length !== f.size) throw new Fault(f.name, 0, '大小与锁定时不符');
      if (hex(this.c.suite.h(bytes)) !== f.digest) throw new Fault(f.name, 0, '摘要与锁定时不符');
    }
  }

  /**
   * Which files of the matching must be there, and which may not, §17.
   * @param {any} lock
   */
  matchFiles(lock) {
    const { result, opening } = this.c.docs;
    const all = [...matchInputs, ...matchOutputs];
    const teams = isMatched(lock) && opening && result.teams.root !== '';
    for (const [f, may] of /** @type {[string, boolean][]} */ ([[replacementsFile, teams && this.whole], [publicReplacements, teams && !this.whole]])) {
      if (!may && this.files.has(f)) throw new Fault(f, 0, '此时不应有此文件');
    }
    /** @type {string[]} */
    const wanted = [];
    if (isMatched(lock) && this.whole) {
      wanted.push(...matchInputs);
      if (opening) wanted.push(...(result.teams.root === '' ? matchOutputs.slice(0, 1) : matchOutputs));
    }
    for (const f of all) {
      if (wanted.includes(f) && !this.files.has(f)) throw new Fault(f, 0, '缺少这个文件，检查人员匹配无法重算');
      if (!wanted.includes(f) && this.files.has(f)) throw new Fault(f, 0, '此时不应有此文件');
    }
  }

  /** L2.6: the lists, once opened. */
  lists() {
    const { result, opening } = this.c.docs;
    const lists = ['result.tsv', 'reserve.tsv'];
    if (!opening) {
      const early = [...lists, 'substitutions.tsv'].find((f) => this.files.has(f));
      if (early) throw new Fault(early, 0, '钥匙尚未公布，名单无从核对，不应有此文件');
      return null;
    }
    const byGroup = new Map(opening.keys.map((/** @type {any} */ k) => [k.group, k.key]));
    const keys = new Map(this.c.manifest.tasks.map((/** @type {any} */ t) => [t.code, byGroup.get(t.group)]));
    const get = (/** @type {string} */ file) => {
      const bytes = this.files.get(file);
      if (!bytes) throw new Fault(file, 0, '缺少这个文件');
      return bytes;
    };
    lists.forEach(get);
    const { drawn, reserve } = readLists(get, this.c.suite, result.cells, keys, this.ids);
    this.listener.step('done', '抽中名单', `抽中 ${drawn.length}、备选 ${reserve.length}，每个签号都由钥匙和编码重算`);
    return { drawn, reserve };
  }

  /**
   * L2.7.
   * @param {{drawn: import('./lists.js').Entry[], reserve: import('./lists.js').Entry[]}|null} entries
   */
  substitutions(entries) {
    const bytes = this.files.get('substitutions.tsv');
    if (!bytes) return [];
    if (!entries) throw new Fault('substitutions.tsv', 0, '钥匙尚未公布，不应有此文件');
    const { lines, standing, moves } = substitute(bytes, entries.drawn, entries.reserve);
    this.listener.step('done', '替换', `${lines} 次替换都按备选顺序递补，现有名单 ${standing.length} 户次`);
    return moves;
  }

  /**
   * L3, if the population is there; otherwise what is public of replacements.
   * @param {{drawn: import('./lists.js').Entry[], reserve: import('./lists.js').Entry[]}|null} entries
   * @param {import('./replace.js').Move[]} moves
   */
  supervised(entries, moves) {
    const changes = this.files.get(publicReplacements);
    if (changes && entries) {
      const n = checkPublished(changes, this.c.manifest.tasks, drawnTasks(entries.drawn), moves);
      this.listener.step('done', '检查小组的变动', `抽取后变动 ${n} 个席位；换了谁由监督单位用全部材料重演`);
    }
    if (!this.whole) return 'L2';
    if (entries) supervise(this.files, this.c, this.whole, entries, moves, this.listener);
    return 'L3';
  }

  /** L2.8: what is shown and not judged. */
  notes() {
    const m = this.c.manifest;
    const { result, opening } = this.c.docs;
    if (m.run > 1) this.listener.step('note', `第 ${m.run} 次运行`, `此前 ${m.run - 1} 次作废，请看作废理由`);
    for (const s of result?.shortfalls ?? []) {
      this.listener.step('note', '数量不足', `任务 ${s.task}、分层 ${s.stratum}：应抽 ${s.wanted}，只能抽 ${s.drawn}`);
    }
    if (opening && m.mode === 'sealed') {
      const late = opening.time > m.opening ? '，晚于公告' : '';
      this.listener.step('note', '公布时刻', `公告为 ${m.opening}，实际为 ${opening.time}${late}`);
    }
  }

  /**
   * @param {string} level
   * @param {{drawn: import('./lists.js').Entry[], reserve: import('./lists.js').Entry[]}|null} entries
   */
  summary(level, entries) {
    const { manifest: m, lock, result, opening } = this.c.docs;
    return {
      level,
      title: m.title,
      batch: m.batch,
      run: m.run,
      mode: m.mode,
      suite: m.suite,
      voided: this.docs.has('void.json'),
      opened: Boolean(opening),
      complete: Boolean(result),
      size: lock?.population.size ?? 0,
      drawn: entries?.drawn.length ?? 0,
      digest: this.c.digests.result ?? '',
      // The cells with the tickets of their lists, for the picture.
      cells: entries ? result.cells.map((/** @type {any} */ c) => ({ ...c, tickets: ticketsOf(c, entries) })) : [],
    };
  }
}

/**
 * @param {any} cell
 * @param {{drawn: import('./lists.js').Entry[], reserve: import('./lists.js').Entry[]}} entries
 */
function ticketsOf(cell, entries) {
  return [...entries.drawn, ...entries.reserve]
    .filter((e) => e.task === cell.task && e.stratum === cell.stratum && e.tier === cell.tier)
    .map((e) => e.ticket);
}
