// Makes bundles for the tests, in every shape that a real draw can take. It
// uses the same hashes and trees as the verifier, so it shows that the checks
// fit together, not that they are right: that, the vectors show.

import { generateKeyPairSync, sign } from 'node:crypto';
import { concat, hex, lp, unhex, utf8 } from './src/bytes.js';
import { Ceremony, groupsOf, keyOf, matchInputs, matchOutputs } from './src/ceremony.js';
import { eventText } from './src/event.js';
import { digestOf, fileOf } from './src/json.js';
import { match } from './src/match.js';
import { demandLines, readNeeds } from './src/needs.js';
import { readMatchFiles } from './src/matchfiles.js';
import { root } from './src/merkle.js';
import { countsOf, goodCode, readPopulation } from './src/population.js';
import { teamLeaf } from './src/proof.js';
import { quotas } from './src/quota.js';
import { order, rankRoot, tickets } from './src/rank.js';
import { suites } from './src/suite.js';
import { mended } from './rig.mjs';

const suite = suites['sha256-ed25519'];
const strata = ['A', 'B', 'C'];
const day = '2026-11-20T';

/** @typedef {{size?: number, sealed?: boolean, run?: number, matched?: boolean, possible?: boolean, before?: boolean, published?: boolean, total?: number}} Wish */

/**
 * A bundle as somebody wishes, opened, with its whole population or, published, with the public list.
 * @param {Wish} wish
 * @returns {Map<string, Uint8Array>}
 */
export function forge(wish = {}) {
  const files = new Map();
  const people = contributors(wish.sealed ?? false);
  let manifest = manifestOf(wish, people, 1, '');
  for (let run = 1; run < (wish.run ?? 1); run++) {
    const record = {
      doc: 'SDP1.void', batch: manifest.batch, run, time: `${day}00:00:00Z`, phase: 'technical', reason: '停电',
      defaulters: [], last: digestOf(suite, manifest),
    };
    files.set(`run-${run}/manifest.json`, fileOf(manifest));
    files.set(`run-${run}/void.json`, fileOf(record));
    manifest = manifestOf(wish, people, run + 1, digestOf(suite, record));
  }
  const c = new Ceremony(manifest);
  const put = (/** @type {string} */ kind, /** @type {any} */ doc) => {
    const whole = { doc: `SDP1.${kind}`, batch: manifest.batch, run: manifest.run, ...doc };
    files.set(`${kind}.json`, fileOf(whole));
    c.docs[kind] = whole;
    c.digests[kind] = digestOf(suite, whole);
    return whole;
  };
  files.set('manifest.json', fileOf(manifest));
  const population = populationOf(wish.size ?? 300);
  const read = readPopulation(suite, manifest, population);
  files.set('population.tsv', population);
  lock(wish, files, put, c, read);
  ceremony(people, put, c);
  finish(wish, files, put, c, read);
  return mended(wish.published ? published(files, manifest) : files);
}

/**
 * What is public of a bundle.
 * @param {Map<string, Uint8Array>} files
 * @param {any} manifest
 */
export function published(files, manifest) {
  const { items, leaves } = readPopulation(suites[manifest.suite], manifest, files.get('population.tsv') ?? new Uint8Array(0));
  const all = new Map(files);
  for (const name of ['population.tsv', ...matchInputs, ...matchOutputs]) all.delete(name);
  const lines = items.map(({ id }, i) => `${id}\t${hex(leaves.subarray(32 * i, 32 * i + 32))}\n`);
  return all.set('population.public.tsv', utf8(lines.join('')));
}

/** @param {boolean} sealed */
function contributors(sealed) {
  const roles = [['丁方', 'open'], ['甲方', 'open']];
  if (sealed) roles.push(['乙方', 'sealed'], ['丙方', 'sealed'], ['保管方', 'custodian']);
  return roles.map(([name, role], i) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const key = hex(new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)));
    return { name, role, key, holder: { 乙方: '丙方', 丙方: '乙方' }[name] ?? '', privateKey, secret: hex(suite.h(`secret ${i}`)) };
  }).sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

/** @typedef {ReturnType<typeof contributors>} People */

/**
 * @param {Wish} wish
 * @param {People} people
 * @param {number} run
 * @param {string} voided
 */
function manifestOf(wish, people, run, voided) {
  const task = (/** @type {string} */ code, /** @type {string} */ group, /** @type {number} */ total) => ({
    code, group, title: `任务${code}`, lead: '市场监管局', departments: ['市场监管局'], items: [], quota: total ? 'total' : 'rate',
    total, strata: strata.map((s, i) => ({ code: s, rate: total ? 0 : 100 * (i + 1) })), reserve: 3,
  });
  return {
    doc: 'SDP1.manifest', batch: 'forged-1', run, void: voided, time: `${day}00:00:00Z`, suite: suite.name,
    mode: wish.sealed ? 'sealed' : 'open', opening: wish.sealed ? '2026-12-30T00:00:00Z' : '', title: '试验抽查', operator: '试验',
    period: 'year', cap: 2, lambda: [1, 4],
    tasks: [task('T1', 'g1', 0), task('T2', 'g1', wish.total ?? 20), task('T3', 'g2', 0)],
    scopes: [{ code: 's1', tasks: ['T1', 'T2'] }, { code: 's2', tasks: ['T1', 'T2', 'T3'] }],
    contributors: people.map(({ name, role, key, holder }) => ({ name, role, key, holder })),
    event: {
      not_before: `${day}04:00:00Z`, reserves: [],
      sources: [{ code: 'ssq', title: '双色球', kind: 'lottery', hex: 0, parts: [{ count: 6, min: 1, max: 33, ordered: 0 }] }],
    },
    deadlines: { commit: `${day}02:00:00Z`, reveal: `${day}03:00:00Z`, envelopes: `${day}06:00:00Z` }, mix: 20, programs: [],
  };
}

/** @param {number} size */
function populationOf(size) {
  const marks = [...'0123456789ABCDEFGHJKLMNPQRTUWXY'];
  const lines = [];
  for (let i = 0; i < size; i++) {
    const body = `91370687MA${String(i).padStart(7, '0')}`;
    const id = marks.map((m) => body + m).find(goodCode);
    const salt = Buffer.from(suite.h(`salt ${i}`)).toString('base64url').slice(0, 16);
    lines.push(`${id}\tu\t${strata[i % 3]}\t${i % 7 ? 0 : i % 3}\t370687\ts${1 + (i % 2)}\t${salt}\n`);
  }
  return utf8(lines.join(''));
}

/** @typedef {(kind: string, doc: any) => any} Put */

/**
 * @param {Wish} wish
 * @param {Map<string, Uint8Array>} files
 * @param {Put} put
 * @param {Ceremony} c
 * @param {ReturnType<typeof readPopulation>} read
 */
function lock(wish, files, put, c, read) {
  const difference = { previous: '', added: 0, removed: 0, changed: 0, digest: '' };
  if (wish.before) {
    const lines = utf8('91370687MA0000001K\t+\t-\nGONE-1\t-\tclosed\nGONE-2\t-\tclosed\nX-7\t~\t-\n');
    files.set('difference.tsv', lines);
    Object.assign(difference, { previous: hex(suite.h('before')), added: 1, removed: 2, changed: 1, digest: hex(suite.h(lines)) });
  }
  put('lock', {
    time: `${day}01:00:00Z`, manifest: c.digests.manifest, difference, files: wish.matched ? inspectors(wish, files, read) : [],
    population: { root: root(suite, read.leaves), size: read.items.length }, counts: countsOf(c.manifest, read.rules, read.items),
  });
}

/**
 * @param {People} people
 * @param {Put} put
 * @param {Ceremony} c
 */
function ceremony(people, put, c) {
  const m = c.manifest;
  const commits = people.map(({ name, secret, privateKey }) => {
    const commitment = suite.d('SDP1.commit', m.batch, m.run, name, secret);
    const bytes = lp('SDP1.commit.signature', m.batch, m.run, c.digests.manifest, c.digests.lock, name, commitment);
    return { name, time: `${day}01:30:00Z`, commitment, signature: hex(new Uint8Array(sign(null, bytes, privateKey))) };
  });
  const of = (/** @type {string} */ role, /** @type {string} */ time) =>
    people.filter((p) => p.role === role).map(({ name, secret }) => ({ name, time, secret }));
  for (const p of people) c.secrets.set(p.name, p.secret);
  put('commits', { lock: c.digests.lock, commits });
  put('reveals', { commits: c.digests.commits, reveals: of('open', `${day}02:30:00Z`) });
  const outcomes = [{ code: 'ssq', issue: '2026135', time: `${day}04:30:00Z`, numbers: [[9, 2, 33, 14, 7, 21]], hex: '', evidence: '' }];
  const text = eventText(m.event, false, [], outcomes);
  put('event', { reveals: c.digests.reveals, cancelled: [], outcomes, text });
  put('envelopes', { event: c.digests.event, reveals: of('sealed', `${day}05:00:00Z`) });
  c.docs.custodian = of('custodian', `${day}05:30:00Z`);
}

/**
 * @param {Wish} wish
 * @param {Map<string, Uint8Array>} files
 * @param {Put} put
 * @param {Ceremony} c
 * @param {ReturnType<typeof readPopulation>} read
 */
function finish(wish, files, put, c, read) {
  const m = c.manifest;
  const people = m.contributors.flatMap((/** @type {any} */ x) => [x.name, c.secrets.get(x.name)]);
  const seed = suite.d('SDP1.seed', c.digests.manifest, c.digests.lock, m.contributors.length, ...people, c.docs.event.text, m.run);
  const keys = groupsOf(m).map((group) => ({ group, key: keyOf(suite, seed, 'SDP1.ticket', group) }));
  const ids = read.items.map((i) => i.id);
  const { cells, shortfalls } = quotas(m, c.docs.lock.counts);
  /** @type {[string[], string[]]} drawn and reserve */
  const lists = [[], []];
  const rooted = cells.map((cell) => {
    const task = m.tasks.find((/** @type {any} */ t) => t.code === cell.task);
    const own = tickets(suite, keys.find((k) => k.group === task.group)?.key ?? '', ids);
    const members = read.items.flatMap((item, i) => {
      const inside = read.rules.scopes.get(item.scope)?.includes(task) && item.stratum === cell.stratum;
      return inside && read.rules.tier(item) === cell.tier ? [i] : [];
    });
    const ranked = order(own, members);
    ranked.slice(0, cell.drawn + cell.reserve).forEach((at, r) => {
      const ticket = hex(own.subarray(32 * at, 32 * at + 32));
      const rank = String(r + 1).padStart(9, '0');
      lists[r < cell.drawn ? 0 : 1].push(`${cell.task}\t${cell.stratum}\t${cell.tier}\t${rank}\t${ids[at]}\t${ticket}\n`);
    });
    return { ...cell, root: rankRoot(suite, m, cell, own, ranked) };
  });
  files.set('result.tsv', utf8(lists[0].join('')));
  files.set('reserve.tsv', utf8(lists[1].join('')));
  const drawn = [...new Set(lists[0].map((l) => l.split('\t')[4]))].sort();
  const objects = drawn.map((id) => ({
    id, region: read.items.find((i) => i.id === id)?.region ?? '',
    tasks: [...new Set(lists[0].filter((l) => l.split('\t')[4] === id).map((l) => l.split('\t')[0]))].sort(),
  }));
  const teams = wish.matched ? matched(files, objects, seed, m) : { root: '', size: 0 };
  put('result', { manifest: c.digests.manifest, lock: c.digests.lock, envelopes: c.digests.envelopes, cells: rooted, shortfalls, teams });
  put('opening', { time: '2026-12-31T00:00:00Z', result: c.digests.result, custodian: c.docs.custodian, seed, keys });
}

/**
 * Puts a file of lines into the bundle.
 * @param {Map<string, Uint8Array>} files
 * @param {string} file
 * @param {string[]} lines
 */
const tsv = (files, file, lines) => files.set(file, utf8(lines.map((l) => l + '\n').join('')));

/**
 * The files of the matching that the lock fixes; too few inspectors if it shall be impossible.
 * @param {Wish} wish
 * @param {Map<string, Uint8Array>} files
 * @param {ReturnType<typeof readPopulation>} read
 */
function inspectors(wish, files, read) {
  const department = '市场监管局';
  const people = Math.max(5, Math.ceil(read.items.length / 100));
  const cap = wish.possible === false ? 1 : '-';
  tsv(files, 'inspectors.tsv', Array.from({ length: people }, (_, i) =>
    `I${String(i).padStart(4, '0')}\t${department}\t370687\t${i % 3 ? '-' : 'leader'}\t${i % 4}\t${cap}`));
  tsv(files, 'eligibility.tsv', [`lead\t${department}\tleader\t0\t370687`, `plain\t${department}\t-\t0\t370687`]);
  tsv(files, 'avoidance.tsv', read.items.slice(0, 30).map(({ id }) => `${id}\tI0000\t亲属`));
  tsv(files, 'needs.tsv', ['T1', 'T2', 'T3'].flatMap((t) => [
    `${t}\t-\t${department}\tlead\t1`, `${t}\t-\t${department}\tplain\t1`,
    ...(t === 'T2' ? [`${t}\t3706\t${department}\tlead\t1`, `${t}\t3706\t${department}\tplain\t2`] : []),
  ]));
  return matchInputs.map((name) => {
    const bytes = files.get(name) ?? new Uint8Array(0);
    return { name, size: bytes.length, digest: hex(suite.h(bytes)) };
  });
}

/**
 * Matches inspectors to the drawn objects.
 * @param {Map<string, Uint8Array>} files
 * @param {import('./src/needs.js').Drawn[]} drawn
 * @param {string} seed
 * @param {any} m the manifest
 */
function matched(files, drawn, seed, m) {
  const get = (/** @type {string} */ f) => files.get(f) ?? new Uint8Array(0);
  const needs = readNeeds(get('needs.tsv'), m.tasks, readMatchFiles(get).groups);
  tsv(files, 'demands.tsv', demandLines(needs, m.tasks, drawn));
  const problem = readMatchFiles(get);
  const answer = match(suite, problem, (d) => keyOf(suite, seed, 'SDP1.match', d), m.mix);
  if (answer.shortages.length > 0) return { root: '', size: 0 };
  tsv(files, 'assignment.tsv', answer.assignment);
  tsv(files, 'balance.tsv', answer.balance);
  const leaves = drawn.map(({ id }) => {
    const salt = suite.hmac(unhex(seed), lp('SDP1.team', id));
    return teamLeaf(suite, salt, answer.assignment.filter((l) => l.startsWith(id)).map((l) => l + '\n').join(''));
  });
  return { root: root(suite, concat(...leaves)), size: drawn.length };
}
