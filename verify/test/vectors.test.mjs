// The fixed vectors of the draw and of the matching, read where the Go tests
// read them. The code under test was written from the two documents alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex, unhex, utf8, fromUtf8 } from '../src/bytes.js';
import { Verification } from '../src/bundle.js';
import { eventText, outcomeShape } from '../src/event.js';
import { canonical, parse } from '../src/json.js';
import { readEntry, substitute } from '../src/lists.js';
import { match } from '../src/match.js';
import { readMatchFiles } from '../src/matchfiles.js';
import { checkEvent, eventShape } from '../src/manifest.js';
import { root, rootOfPath } from '../src/merkle.js';
import { leafOf, readRecord } from '../src/population.js';
import { readNeeds } from '../src/needs.js';
import { verifyProof } from '../src/proof.js';
import { quotas } from '../src/quota.js';
import { order, ticketOf } from '../src/rank.js';
import { checkPublished, replay } from '../src/replace.js';
import { decimal, dummyKey, Stream, suiteOf, suites } from '../src/suite.js';
import { array } from '../src/shape.js';
import { drawVectors, matchVectors, refused } from '../rig.mjs';

/**
 * Runs all cases of a kind and says how many there were.
 * @param {string} kind
 * @param {(c: any) => void} check
 */
function cases(kind, check) {
  const all = drawVectors(kind);
  test(`${all.length} vectors: ${kind}`, () => {
    for (const c of all) {
      try {
        check(c);
      } catch (e) {
        throw new Error(`${c.name}: ${/** @type {Error} */ (e).message}`, { cause: e });
      }
    }
  });
}

/**
 * Runs what must succeed or must be refused, as the case says.
 * @template T
 * @param {any} c
 * @param {() => T} run
 * @returns {T|undefined}
 */
function outcome(c, run) {
  if (!c.error) return run();
  assert.throws(run, refused);
  return undefined;
}

cases('canonical', (c) => {
  let text;
  try {
    text = canonical(parse(c.in));
  } catch {
    text = undefined;
  }
  assert.equal(text, c.error ? undefined : c.want);
});

cases('records', (c) => {
  const bytes = unhex(c.hex);
  const line = fromUtf8(bytes);
  const good = line !== null && readRecord(line) !== null;
  assert.equal(good, !c.error);
  if (!good) return;
  assert.equal(hex(leafOf(suites['sha256-ed25519'], /** @type {string} */ (line))), c.sha256);
  assert.equal(hex(leafOf(suites['sm3-sm2'], /** @type {string} */ (line))), c.sm3);
});

cases('merkle', (c) => {
  const suite = suites[c.suite];
  const leaves = new Uint8Array(32 * c.size);
  for (let i = 0; i < c.size; i++) leaves.set(leafOf(suite, String(i)), 32 * i);
  assert.equal(root(suite, leaves), c.root);
  if (c.size === 0) return;
  const leaf = leaves.slice(32 * c.index, 32 * c.index + 32);
  assert.equal(rootOfPath(suite, leaf, c.index, c.size, c.path), c.root);
  assert.equal(rootOfPath(suite, leaf, c.index, c.size, [...c.path, c.root]), null);
  if (c.size > 1) assert.notEqual(rootOfPath(suite, leaf, c.index, c.size, c.path.slice(1)), c.root);
});

cases('signatures', (c) => {
  assert.equal(suites[c.suite].verify(c.key, unhex(c.message), c.signature), c.want === 1);
});

cases('keys', (c) => {
  const suite = suites[c.suite];
  assert.equal(dummyKey(suite, c.label, c.group), c.key);
  assert.equal(ticketOf(suite, c.key, c.id), c.ticket);
  assert.equal(decimal(c.ticket), c.decimal);
  const stream = new Stream(suite, c.key, c.stream);
  assert.deepEqual(c.numbers.map(() => stream.below(c.below)), c.numbers);
});

cases('events', (c) => {
  for (const o of c.outcomes) o.numbers ??= [];
  const event = { not_before: '2026-11-20T04:00:00Z', sources: c.sources, reserves: c.reserves };
  const text = outcome(c, () => {
    eventShape.content(event, '');
    array(outcomeShape).content(c.outcomes, '');
    checkEvent(event, c.sealed === 1);
    return eventText(event, c.sealed === 1, c.cancelled, c.outcomes);
  });
  if (!c.error) assert.equal(text, c.want);
});

cases('quotas', (c) => {
  const task = { code: 'T1', quota: c.quota, total: c.total, reserve: c.reserve, strata: c.strata };
  const counts = c.counts.map((/** @type {number[]} */ n, /** @type {number} */ i) => ({
    task: 'T1', stratum: c.strata[i].code, n0: n[0], n1: n[1], n2: n[2],
  }));
  const got = quotas({ tasks: [task], lambda: c.lambda }, counts);
  assert.deepEqual(got.cells.map((x) => [x.size, x.drawn, x.reserve]), c.cells);
  assert.deepEqual(got.shortfalls, c.shortfalls);
});

cases('order', (c) => {
  const all = new Uint8Array(32 * c.members.length);
  c.members.forEach((/** @type {any} */ m, /** @type {number} */ i) => all.set(unhex(m.ticket), 32 * i));
  const ranked = order(all, c.members.map((/** @type {any} */ _, /** @type {number} */ i) => i));
  assert.deepEqual(ranked.slice(0, c.drawn + c.reserve).map((i) => c.members[i].id), c.want);
});

cases('substitutions', (c) => {
  const entries = (/** @type {string[]} */ lines) => lines.map((l) => readEntry('list', 1, l));
  const run = () => substitute(utf8(c.file), entries(c.drawn), entries(c.reserve));
  if (c.error) {
    assert.throws(run, (/** @type {any} */ e) => e.file === 'substitutions.tsv' && e.line === c.line);
  } else assert.deepEqual(run().standing.map((e) => e.id).sort(), c.want.slice().sort());
});

cases('proofs', (c) => {
  const shown = outcome(c, () => verifyProof('proof.json', utf8(c.file)));
  if (!shown) return;
  assert.equal(shown.opened, c.opened === 1);
  assert.equal(shown.result, c.result);
  assert.deepEqual(shown.places.map((p) => `${p.task} ${p.rank} ${p.size} ${p.drawn} ${p.state}`), c.places);
});

cases('ceremonies', (c) => {
  const files = new Map(Object.entries(c.files).map(([f, text]) => [f, utf8(/** @type {string} */ (text))]));
  const v = new Verification(files, { step: () => {}, progress: () => {} });
  if (c.error) {
    assert.throws(() => v.documents(), (/** @type {any} */ e) => e.file === c.file);
    return;
  }
  v.documents();
  assert.equal(v.c.docs.opening?.seed ?? '', c.seed);
  assert.deepEqual(v.c.docs.opening?.keys.map((/** @type {any} */ k) => `${k.group} ${k.key}`) ?? [],
    c.keys.map((/** @type {any} */ k) => `${k.group} ${k.key}`));
});

const kinds = ['plain', 'typed', 'caps', 'regions', 'avoidance', 'leader', 'county', 'impossible'];
for (const kind of kinds) {
  const all = matchVectors(kind).vectors;
  test(`${all.length} vectors: matching, ${kind}`, () => {
    for (const c of all) {
      const file = (/** @type {string} */ f) => utf8(c[f.replace('.tsv', '')].map((/** @type {string} */ l) => l + '\n').join(''));
      const problem = readMatchFiles(file);
      const suite = suiteOf(c.suite);
      const key = (/** @type {string} */ d) => c.keys[d];
      const mixed = match(suite, problem, key, c.mix);
      if (c.shortages) {
        const got = mixed.shortages.map((s) => ({ ...s, demands: s.lines, lines: undefined }));
        const want = c.shortages.map((/** @type {any} */ s) => ({ ...s, text: undefined }));
        assert.deepEqual(JSON.parse(JSON.stringify(sorted(got))), JSON.parse(JSON.stringify(sorted(want))), c.name);
        continue;
      }
      assert.deepEqual(match(suite, problem, key, 0).assignment, c.called, `${c.name}, called`);
      assert.deepEqual(mixed.assignment, c.assignment, c.name);
      assert.deepEqual(mixed.balance, c.balance, `${c.name}, balance`);
    }
  });
}

/** @param {any[]} all */
function sorted(all) {
  return all.map((s) => Object.fromEntries(Object.entries(s).filter((e) => e[1] !== undefined).sort()));
}

test(`${matchVectors('faults').vectors.length} vectors: matching, faults`, () => {
  for (const c of matchVectors('faults').vectors) {
    assert.throws(
      () => readMatchFiles((f) => utf8(c[f.replace('.tsv', '')])),
      (/** @type {any} */ e) => e.file === c.file && e.line === c.line,
      c.name,
    );
  }
});

test('tickets and streams of the matching', () => {
  const v = matchVectors('tickets');
  for (const t of v.tickets) {
    const suite = suiteOf(t.suite);
    const h = (/** @type {string} */ s) => hex(suite.h(s));
    const object = h(`${t.key}:${t.object}`);
    assert.equal(object, t.ticketOfObject);
    assert.equal(object.slice(0, 32), t.keyAtObject);
    assert.equal(h(`${t.keyAtObject}:${t.inspector}`), t.ticketOfPair);
    assert.equal(h(`${t.keyAtObject}:L:${t.inspector}`), t.ticketOfLeader);
  }
  for (const s of v.streams) {
    const stream = new Stream(suiteOf(s.suite), s.key, s.label);
    assert.deepEqual(s.below.map((/** @type {number} */ n) => stream.below(n)), s.drawn);
  }
});

const replays = matchVectors('replacements').vectors;
test(`${replays.flatMap((/** @type {any} */ c) => c.cases).length} vectors: replacements`, () => {
  for (const c of replays) {
    const lines = (/** @type {string[]} */ l) => utf8(l.map((x) => x + '\n').join(''));
    const file = (/** @type {string} */ f) => (f === 'demands.tsv' ? new Uint8Array(0) : lines(c[f.replace('.tsv', '')]));
    const problem = readMatchFiles(file);
    const tasks = c.tasks.map((/** @type {any} */ t) => ({ code: t.Code, lead: t.Lead, departments: t.Departments }));
    const objects = c.objects.map((/** @type {any} */ o) => ({ id: o.Object, region: o.Region, tasks: o.Tasks ?? [] }));
    const drawn = objects.filter((/** @type {any} */ o) => o.tasks.length > 0);
    const moves = c.moves.map((/** @type {any} */ m) => ({ task: m.Task, goes: m.Out, comes: m.In }));
    const given = {
      suite: suiteOf(c.suite), tasks, problem, needs: readNeeds(lines(c.needs), tasks, problem.groups), moves, drawn, assignment: c.assignment,
      keyOf: (/** @type {string} */ d) => c.keys[d], regions: new Map(objects.map((/** @type {any} */ o) => [o.id, o.region])),
    };
    const line = (/** @type {() => void} */ run) => {
      try {
        run();
        return 0;
      } catch (e) {
        if (refused(e)) return /** @type {any} */ (e).line;
        throw e;
      }
    };
    for (const one of c.cases) {
      assert.equal(line(() => replay(unhex(one.replacements), given)), one.line, one.name);
      assert.equal(line(() => checkPublished(unhex(one.published), tasks, drawn, moves)), one.public, `${one.name}, what is public`);
    }
  }
});
