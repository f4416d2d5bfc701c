// Bundles of every shape: sealed and open, after void runs, with a population
// before, with teams, and where no matching is possible.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Verification } from '../src/bundle.js';
import { fromUtf8, utf8 } from '../src/bytes.js';
import { digestOf, fileOf, readDocument } from '../src/json.js';
import { suites } from '../src/suite.js';
import { forge } from '../forge.mjs';
import { mended } from '../rig.mjs';

/** @param {Map<string, Uint8Array>} files */
function verify(files) {
  /** @type {string[]} */
  const told = [];
  const summary = new Verification(files, { step: (_, title, detail) => told.push(`${title}：${detail}`), progress: () => {} }).all();
  return { summary, told: told.join('\n') };
}

/**
 * The bundle without some files, and with others changed.
 * @param {Map<string, Uint8Array>} files
 * @param {Record<string, ((text: string) => string)|null>} changes
 */
function but(files, changes) {
  const all = new Map(files);
  for (const [path, change] of Object.entries(changes)) {
    if (change) all.set(path, utf8(change(fromUtf8(files.get(path) ?? new Uint8Array(0)) ?? '')));
    else all.delete(path);
  }
  return mended(all);
}

test('open mode', () => {
  const { summary } = verify(forge());
  assert.equal(summary.level, 'L3');
  assert.ok(summary.opened);
});

test('sealed mode, opened and not', () => {
  const files = forge({ sealed: true });
  assert.match(verify(files).told, /公布时刻：公告为 2026-12-30T00:00:00Z，实际为 2026-12-31T00:00:00Z，晚于公告/);
  const before = but(files, { 'opening.json': null, 'result.tsv': null, 'reserve.tsv': null });
  assert.match(verify(before).told, /公布钥匙/);
  assert.throws(() => verify(but(files, { 'opening.json': (t) => t.replace('"custodian":[{', '"custodian":[],"x":[{') })),
    { file: 'opening.json' });
});

test('after two void runs', () => {
  const files = forge({ run: 3 });
  assert.match(verify(files).told, /第 3 次运行：此前 2 次作废/);
  assert.throws(() => verify(but(files, { 'run-2/void.json': null })), { file: 'run-2/void.json' });
  assert.throws(() => verify(but(files, { 'run-1/void.json': (t) => t.replace('停电', '重来') })), { file: 'run-2/manifest.json' });
  assert.throws(() => verify(but(files, { 'run-2/void.json': (t) => t.replace('停电', '重来') })), { file: 'manifest.json' });
});

test('a void run stops where it stops', () => {
  const files = forge({ published: true });
  const manifest = /** @type {any} */ (readDocument('manifest.json', files.get('manifest.json') ?? new Uint8Array(0)));
  const suite = suites[manifest.suite];
  const record = (/** @type {string} */ last) => fileOf({
    doc: 'SDP1.void', batch: manifest.batch, run: 1, time: '2026-11-20T01:10:00Z', phase: 'commit', reason: '一方没有承诺',
    defaulters: ['甲方'], last,
  });
  const lock = readDocument('lock.json', files.get('lock.json') ?? new Uint8Array(0));
  const kept = new Map([...files].filter(([f]) => ['manifest.json', 'lock.json', 'population.public.tsv'].includes(f)));
  const { summary } = verify(mended(kept.set('void.json', record(digestOf(suite, lock)))));
  assert.ok(summary.voided);
  assert.equal(summary.level, 'L2');
  assert.throws(() => verify(mended(kept.set('void.json', record(digestOf(suite, manifest))))), { file: 'void.json' });
});

test('a population before', () => {
  const files = forge({ before: true });
  assert.match(verify(files).told, /增加 1、移出 2、变更 1/);
  assert.throws(() => verify(but(files, { 'difference.tsv': null })), { file: 'difference.tsv' });
  assert.throws(() => verify(but(files, { 'difference.tsv': (t) => t.replace('GONE-2\t-\tclosed\n', '') })), { file: 'difference.tsv' });
  assert.throws(() => verify(but(files, { 'difference.tsv': (t) => t.replace('X-7\t~', 'X-7\t!') })), { file: 'difference.tsv', line: 4 });
});

test('teams are matched again', () => {
  const files = forge({ matched: true, size: 900 });
  assert.match(verify(files).told, /检查人员匹配重算/);
  const swap = (/** @type {string} */ t) => t.replace('\tI0001\tmember', '\tI0002\tmember');
  assert.throws(() => verify(but(files, { 'assignment.tsv': swap })), { file: 'assignment.tsv' });
  assert.throws(() => verify(but(files, { 'inspectors.tsv': (t) => t.replace('I0001\t市场监管局\t370687\t-\t1', 'I0001\t市场监管局\t370687\t-\t9') })),
    { file: 'inspectors.tsv' });
  assert.throws(() => verify(but(files, { 'avoidance.tsv': null })), { file: 'avoidance.tsv' });
  const all = Object.fromEntries([...files.keys()].filter((f) => /^(ins|eli|dem|avo|ass|bal|nee)/.test(f)).map((f) => [f, null]));
  assert.throws(() => verify(but(files, all)), { file: 'avoidance.tsv', line: 0 });
  const open = forge({ matched: true, size: 900, published: true });
  assert.equal(verify(open).summary.level, 'L2');
  const list = open.get('population.public.tsv') ?? new Uint8Array(0);
  assert.throws(() => verify(mended(new Map(files).set('population.public.tsv', list))), { file: 'population.public.tsv', line: 0 });
  for (const f of ['inspectors.tsv', 'assignment.tsv']) {
    assert.throws(() => verify(mended(new Map(open).set(f, files.get(f) ?? new Uint8Array(0)))), { file: f, line: 0 });
  }
});

// R71: who is matched to what follows from the drawn list and from what was locked.
test('the right objects are matched', () => {
  const files = forge({ matched: true, size: 900 });
  const demands = (fromUtf8(files.get('demands.tsv') ?? new Uint8Array(0)) ?? '').split('\n');
  const refused = (/** @type {(lines: string[]) => string[]} */ edit, /** @type {number} */ line) =>
    assert.throws(() => verify(but(files, { 'demands.tsv': () => edit(demands).join('\n') })), { file: 'demands.tsv', line });
  refused((d) => [...d.slice(0, 4), d[4].replace(/\t\d+\t(lead|join)$/, '\t9\t$1'), ...d.slice(5)], 5);
  refused((d) => [...d.slice(0, 2), ...d.slice(4)], 3); // a drawn object dropped
  refused((d) => [d[0].replace(/^\w+/, '91370687MA00000000'), d[1].replace(/^\w+/, '91370687MA00000000'), ...d], 1); // one added
  assert.throws(() => verify(but(files, { 'needs.tsv': (t) => t.replace('plain\t1', 'plain\t2') })), { file: 'needs.tsv' });
});

test('an impossible matching is confirmed, with the reason', () => {
  const files = forge({ matched: true, possible: false, size: 900 });
  assert.match(verify(files).told, /重算确认无法匹配：市场监管局.*提高个人次数上限/);
});

test('the lists', () => {
  const files = forge();
  const lines = (fromUtf8(files.get('result.tsv') ?? new Uint8Array(0)) ?? '').split('\n');
  assert.throws(() => verify(but(files, { 'result.tsv': (t) => t.replace(lines[1] + '\n', '') })), { file: 'result.tsv', line: 2 });
  assert.throws(() => verify(but(files, { 'result.tsv': (t) => t + lines[0] + '\n' })), { file: 'result.tsv', line: lines.length });
  assert.throws(() => verify(but(files, { 'result.tsv': (t) => t.slice(0, -1) })), { file: 'result.tsv', line: lines.length - 1 });
  assert.throws(() => verify(but(files, { 'reserve.tsv': null })), { file: 'reserve.tsv' });
  assert.throws(() => verify(but(forge({ published: true }), { 'population.public.tsv': (t) => t.slice(t.indexOf('\n') + 1) })), { file: 'population.public.tsv' });
  assert.throws(() => verify(but(files, { 'population.tsv': (t) => t.replace('\tu\tA', '\tu\tZ') })), { file: 'population.tsv', line: 1 });
});

test('the lists of digests', () => {
  const files = forge();
  const change = (/** @type {(text: string) => string} */ edit) => {
    const all = new Map(files);
    return all.set('SM3SUMS', utf8(edit(fromUtf8(files.get('SM3SUMS') ?? new Uint8Array(0)) ?? '')));
  };
  assert.throws(() => verify(change((t) => t.replace('  lock.json', ' lock.json'))), { file: 'SM3SUMS', line: 4 });
  assert.throws(() => verify(change((t) => t + t.split('\n')[0] + '\n')), { file: 'SM3SUMS' });
  assert.throws(() => verify(change((t) => t + '0'.repeat(64) + '  zzz\n')), { file: 'zzz' });
  assert.throws(() => verify(change((t) => t + '0'.repeat(64) + '  zz/../z\n')), { file: 'SM3SUMS' });
  assert.throws(() => verify(new Map(files).set('more.txt', utf8('x'))), { file: 'more.txt' });
});
