// Whatever is wrong with a file is told as a fault in it, never as a mistake of
// the program: parsers get a few thousand changed files each.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Verification } from '../src/bundle.js';
import { Fault, hex, utf8 } from '../src/bytes.js';
import { shapes } from '../src/ceremony.js';
import { readDocument } from '../src/json.js';
import { checkDifference, readEntry, substitute } from '../src/lists.js';
import { match } from '../src/match.js';
import { readMatchFiles } from '../src/matchfiles.js';
import { readPopulation, readPublic } from '../src/population.js';
import { verifyProof } from '../src/proof.js';
import { suites, suiteOf } from '../src/suite.js';
import { drawVectors, example, matchVectors, random, refused } from '../rig.mjs';

const seed = 11;

/**
 * The bytes with one to four changes: a byte changed, put in, left out, or the end cut off.
 * @param {Uint8Array} bytes
 * @param {(n: number) => number} below
 */
function damaged(bytes, below) {
  const marks = [...utf8('\t\n\r",:;[]{}0-9AZ')];
  let all = [...bytes];
  for (let k = 0; k <= below(4); k++) {
    const at = below(all.length + 1);
    const kind = below(8);
    if (kind === 0) all = all.slice(0, at);
    else if (kind < 3) all.splice(at, 1);
    else if (kind < 5) all.splice(at, 0, marks[below(marks.length)]);
    else all[Math.min(at, all.length - 1)] = below(256);
  }
  return new Uint8Array(all);
}

/**
 * @param {string} name
 * @param {number} times
 * @param {Uint8Array} good
 * @param {(bytes: Uint8Array) => void} parse
 */
function never(name, times, good, parse) {
  test(`${name}: ${times} damaged files end in a fault or not at all`, () => {
    const below = random(seed);
    parse(good);
    for (let k = 0; k < times; k++) {
      const bytes = damaged(good, below);
      try {
        parse(bytes);
      } catch (e) {
        assert.ok(refused(e), `${name}, change ${k}: ${/** @type {Error} */ (e).stack}`);
      }
    }
  });
}

const files = example('sha256-ed25519');
const file = (/** @type {string} */ path) => files.get(path) ?? new Uint8Array(0);
const manifest = /** @type {any} */ (readDocument('manifest.json', file('manifest.json')));
const suite = suites['sha256-ed25519'];

for (const path of ['manifest.json', 'lock.json', 'event.json', 'result.json', 'opening.json']) {
  never(path, 150, file(path), (bytes) => {
    new Verification(new Map(files).set(path, bytes), { step: () => {}, progress: () => {} }).documents();
  });
}
never('proof.json', 300, file('proof.json'), (bytes) => verifyProof('proof.json', bytes));
never('population.tsv', 200, file('population.tsv'), (bytes) => readPopulation(suite, manifest, bytes));
never('population.public.tsv', 200, file('population.public.tsv'), (bytes) => readPublic(bytes));
const two = drawVectors('substitutions').find((c) => c.name === 'two');
const entries = (/** @type {string[]} */ lines) => lines.map((l) => readEntry('list', 1, l));
never('substitutions.tsv', 2000, utf8(two.file), (bytes) => substitute(bytes, entries(two.drawn), entries(two.reserve)));
const lines = utf8('A-1\t+\t-\nB-1\t-\tclosed\nC-1\t~\t-\n');
const difference = { added: 1, removed: 1, changed: 1, digest: hex(suite.h(lines)) };
never('difference.tsv', 2000, lines, (bytes) => checkDifference(suite, difference, bytes));

const small = matchVectors('typed').vectors[0];
const texts = new Map(['inspectors', 'eligibility', 'demands', 'avoidance'].map((f) => [
  `${f}.tsv`, utf8(small[f].map((/** @type {string} */ l) => l + '\n').join('')),
]));
for (const path of texts.keys()) {
  never(path, 1500, texts.get(path) ?? new Uint8Array(0), (bytes) => {
    const problem = readMatchFiles((f) => (f === path ? bytes : texts.get(f)) ?? new Uint8Array(0));
    match(suiteOf('sha256'), problem, () => '0123456789abcdef0123456789abcdef', 1);
  });
}

test('a document with fields of the wrong type is refused by its form', () => {
  for (const value of [0, '', [], {}]) {
    assert.throws(() => shapes['lock.json'].form(value, ''), refused);
  }
  assert.throws(() => readDocument('x.json', utf8('{"a":\n}\n')), (/** @type {any} */ e) => e instanceof Fault && e.line === 2);
});
