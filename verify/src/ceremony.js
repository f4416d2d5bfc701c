// The documents from the lock to the opening: draw.md §8, §9, §10, §12.4, §12.5.

import { hex, lp, unhex } from './bytes.js';
import { earliest, eventText, outcomeShape } from './event.js';
import { canonical, digestOf } from './json.js';
import { sealedOf } from './manifest.js';
import { quotas } from './quota.js';
import {
  anyText, array, count, digest, digestOrNone, instant, integer, name, need, object, secret, signature, sortedBy, title,
} from './shape.js';
import { suites } from './suite.js';

const header = { batch: anyText, run: integer(0, 2 ** 53) };
const reveal = object({ name: anyText, time: instant, secret });

/** The shapes of the documents, by file. */
export const shapes = {
  'lock.json': object({
    doc: title('SDP1.lock'),
    ...header,
    time: instant,
    manifest: digest,
    population: object({ root: digest, size: count }),
    counts: array(object({ task: anyText, stratum: anyText, n0: count, n1: count, n2: count })),
    difference: object({
      previous: digestOrNone, added: count, removed: count, changed: count, digest: digestOrNone,
    }),
    files: array(object({ name: name(64), size: integer(0, 2 ** 53), digest })),
  }),
  'commits.json': object({
    doc: title('SDP1.commits'),
    ...header,
    lock: digest,
    commits: array(object({ name: anyText, time: instant, commitment: digest, signature })),
  }),
  'reveals.json': object({ doc: title('SDP1.reveals'), ...header, commits: digest, reveals: array(reveal) }),
  'event.json': object({
    doc: title('SDP1.event'),
    ...header,
    reveals: digest,
    cancelled: array(anyText),
    outcomes: array(outcomeShape),
    text: anyText,
  }),
  'envelopes.json': object({ doc: title('SDP1.envelopes'), ...header, event: digest, reveals: array(reveal) }),
  'result.json': object({
    doc: title('SDP1.result'),
    ...header,
    manifest: digest,
    lock: digest,
    envelopes: digest,
    cells: array(object({
      task: anyText, stratum: anyText, tier: integer(0, 1), size: count, drawn: count, reserve: count, root: digest,
    })),
    shortfalls: array(object({ task: anyText, stratum: anyText, wanted: count, drawn: count })),
    teams: object({ root: digestOrNone, size: count }),
  }),
  'opening.json': object({
    doc: title('SDP1.opening'),
    ...header,
    time: instant,
    result: digest,
    custodian: array(reveal, 0, 1),
    seed: digest,
    keys: array(object({ group: anyText, key: anyText })),
  }),
};

/** What the lock fixes for a matching, all or none, and what follows from it: §8, §17. */
export const matchInputs = ['avoidance.tsv', 'eligibility.tsv', 'inspectors.tsv', 'needs.tsv'];
export const matchOutputs = ['demands.tsv', 'assignment.tsv', 'balance.tsv'];

/**
 * Tells whether inspectors are matched to what is drawn.
 * @param {any} lock
 */
export function isMatched(lock) {
  return lock.files.some((/** @type {any} */ f) => f.name === matchInputs[0]);
}

const names = (/** @type {any[]} */ members) => members.map((m) => m.name);
const latest = (/** @type {any[]} */ members) => members.map((m) => m.time).reduce((a, b) => (a > b ? a : b), '');
const equal = (/** @type {any} */ a, /** @type {any} */ b) => canonical(a) === canonical(b);

/** A Ceremony is the documents of one run, checked one after the other. */
export class Ceremony {
  /** @param {any} manifest which has been checked */
  constructor(manifest) {
    this.manifest = manifest;
    this.suite = suites[manifest.suite];
    /** @type {Record<string, string>} the digests of the documents so far */
    this.digests = { manifest: digestOf(this.suite, manifest) };
    /** @type {any} */
    this.docs = { manifest };
    /** @type {Map<string, string>} the secrets revealed so far */
    this.secrets = new Map();
  }

  /**
   * Checks the next document; its form has been checked. It throws a Refusal.
   * @param {string} file
   * @param {any} doc
   */
  next(file, doc) {
    const kind = file.replace('.json', '');
    shapes[/** @type {keyof typeof shapes} */ (file)].content(doc, '');
    need(doc.batch === this.manifest.batch && doc.run === this.manifest.run, '批次或运行次数与公告不同');
    /** @type {Record<string, (doc: any) => void>} */
    const checks = {
      lock: (d) => this.lock(d),
      commits: (d) => this.commits(d),
      reveals: (d) => this.reveals(d),
      event: (d) => this.event(d),
      envelopes: (d) => this.envelopes(d),
      result: (d) => this.result(d),
      opening: (d) => this.opening(d),
    };
    checks[kind](doc);
    this.docs[kind] = doc;
    this.digests[kind] = digestOf(this.suite, doc);
  }

  /**
   * @param {any} doc
   * @param {string} kind
   */
  cites(doc, kind) {
    need(doc[kind] === this.digests[kind], `引用的“${kind}”摘要与文件不符`);
  }

  /** @param {any} d */
  lock(d) {
    const m = this.manifest;
    need(d.time >= m.time, '时刻早于公告');
    this.cites(d, 'manifest');
    const cells = m.tasks.flatMap((/** @type {any} */ t) =>
      t.strata.map((/** @type {any} */ s) => ({ task: t.code, stratum: s.code })));
    need(equal(cells, d.counts.map((/** @type {any} */ c) => ({ task: c.task, stratum: c.stratum }))),
      '“counts”应按公告的任务和分层逐一列出');
    for (const c of d.counts) {
      need(c.n0 + c.n1 + c.n2 <= d.population.size, `任务“${c.task}”的数量超过库的大小`);
      need(m.cap === 2 || c.n1 === 0, `任务“${c.task}”：每期最多一次时“n1”应为 0`);
    }
    const x = d.difference;
    need((x.previous === '') === (x.digest === ''), '“difference”不完整');
    need(x.previous !== '' || x.added + x.removed + x.changed === 0, '没有上一个库，“difference”应为 0');
    sortedBy(d.files, 'name', 'files');
    const fixed = matchInputs.filter((f) => names(d.files).includes(f));
    need(fixed.length === 0 || fixed.length === matchInputs.length, `“files”应有匹配的全部四个文件，或者都没有`);
  }

  /** @param {any} d */
  commits(d) {
    const m = this.manifest;
    this.cites(d, 'lock');
    need(equal(names(m.contributors), names(d.commits)), '应有每个贡献方的承诺，顺序同公告');
    d.commits.forEach((/** @type {any} */ c, /** @type {number} */ i) => {
      need(c.time >= this.docs.lock.time && c.time <= m.deadlines.commit, `“${c.name}”的承诺时刻不在锁定与时限之间`);
      const signed = lp('SDP1.commit.signature', m.batch, m.run, this.digests.manifest, this.digests.lock, c.name,
        c.commitment);
      need(this.suite.verify(m.contributors[i].key, signed, c.signature), `“${c.name}”的签名不正确`);
    });
  }

  /**
   * Checks that the contributors of a role revealed what they committed to.
   * @param {string} role
   * @param {any[]} reveals
   * @param {string} from
   * @param {string} to
   */
  secretsOf(role, reveals, from, to) {
    const m = this.manifest;
    const wanted = m.contributors.filter((/** @type {any} */ c) => c.role === role);
    need(equal(names(wanted), names(reveals)), '应有每个贡献方的随机数，顺序同公告');
    for (const r of reveals) {
      need(r.time >= from && r.time <= to, `“${r.name}”的时刻不在允许的范围`);
      const commit = this.docs.commits.commits.find((/** @type {any} */ c) => c.name === r.name);
      const given = this.suite.d('SDP1.commit', m.batch, m.run, r.name, r.secret);
      need(given === commit.commitment, `“${r.name}”的随机数与承诺不符`);
      this.secrets.set(r.name, r.secret);
    }
  }

  /** @param {any} d */
  reveals(d) {
    this.cites(d, 'commits');
    this.secretsOf('open', d.reveals, latest(this.docs.commits.commits), this.manifest.deadlines.reveal);
  }

  /** @param {any} d */
  event(d) {
    this.cites(d, 'reveals');
    const m = this.manifest;
    const text = eventText(m.event, sealedOf(m) > 0, d.cancelled, d.outcomes);
    const from = earliest(m, this.docs.lock);
    const time = (/** @type {any} */ x) => Date.parse(x.time) / 1000;
    need(d.outcomes.every((/** @type {any} */ o) => time(o) >= from), '公开事件的时刻过早');
    need(this.docs.reveals.reveals.every((/** @type {any} */ r) => time(r) < from), '亮出随机数晚于公开事件的最早时刻');
    need(d.text === text, `“text”应为 ${text}`);
  }

  /** @param {any} d */
  envelopes(d) {
    this.cites(d, 'event');
    this.secretsOf('sealed', d.reveals, latest(this.docs.event.outcomes), this.manifest.deadlines.envelopes);
  }

  /** @param {any} d */
  result(d) {
    this.cites(d, 'manifest');
    this.cites(d, 'lock');
    this.cites(d, 'envelopes');
    this.quotas(d);
  }

  /**
   * Checks the cells and shortfalls of a result, §11.
   * @param {any} d
   */
  quotas(d) {
    const want = quotas(this.manifest, this.docs.lock.counts);
    const cells = d.cells.map((/** @type {any} */ { root: _, ...cell }) => cell);
    need(equal(want.cells, cells), '各分格的数量与公告和锁定时不符');
    need(equal(want.shortfalls, d.shortfalls), '“shortfalls”与公告和锁定时不符');
    need(d.teams.root !== '' || d.teams.size === 0, '“teams”不完整');
    need(d.teams.root === '' || isMatched(this.docs.lock), '锁定时没有固定匹配的文件，“teams”应为空');
  }

  /** @param {any} d */
  opening(d) {
    const m = this.manifest;
    const last = latest(this.docs.event.outcomes);
    need(d.time >= last, '公布时刻早于公开事件');
    this.cites(d, 'result');
    this.secretsOf('custodian', d.custodian, last, d.time);
    const seed = seedOf(this);
    need(d.seed === seed, `“seed”应为 ${seed}`);
    const keys = groupsOf(m).map((group) => ({ group, key: keyOf(this.suite, seed, 'SDP1.ticket', group) }));
    need(equal(keys, d.keys), '“keys”与种子不符');
  }
}

/**
 * The seed, §10: made of everything that was fixed, and given by nobody.
 * @param {Ceremony} c
 */
export function seedOf(c) {
  const m = c.manifest;
  const secrets = m.contributors.flatMap((/** @type {any} */ x) => [x.name, c.secrets.get(x.name)]);
  return c.suite.d('SDP1.seed', c.digests.manifest, c.digests.lock, m.contributors.length, ...secrets,
    c.docs.event.text, m.run);
}

/**
 * A key that the seed gives: of tickets (SDP1.ticket) or of the matching (SDP1.match).
 * @param {import('./suite.js').Suite} suite
 * @param {string} seed
 * @param {string} purpose
 * @param {string} of
 */
export function keyOf(suite, seed, purpose, of) {
  return hex(suite.hmac(unhex(seed), lp(purpose, of))).slice(0, 32);
}

/**
 * The consolidation groups of a manifest, sorted.
 * @param {any} manifest
 * @returns {string[]}
 */
export function groupsOf(manifest) {
  return [...new Set(manifest.tasks.map((/** @type {any} */ t) => t.group))].sort();
}
