// Whole bundles: the examples verify, and no changed byte goes unseen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Verification } from '../src/bundle.js';
import { Fault, hex, utf8 } from '../src/bytes.js';
import { verifyProof } from '../src/proof.js';
import { readDocument } from '../src/json.js';
import { checkSums } from '../src/sums.js';
import { unzip } from '../src/zip.js';
import { published } from '../forge.mjs';
import { example, examples, mended, random, zip } from '../rig.mjs';

/** @param {Map<string, Uint8Array>} files */
function verify(files) {
  /** @type {string[]} */
  const steps = [];
  const summary = new Verification(files, { step: (_, title) => steps.push(title), progress: () => {} }).all();
  return { summary, steps };
}

for (const suite of examples) {
  test(`the example of ${suite} verifies, supervised and public`, () => {
    const files = example(suite);
    const { summary, steps } = verify(files);
    assert.equal(summary.level, 'L3');
    assert.equal(summary.drawn, 56);
    assert.equal(summary.size, 400);
    assert.ok(steps.includes('全部名次重算'));
    const manifest = readDocument('manifest.json', files.get('manifest.json') ?? new Uint8Array(0));
    assert.equal(verify(mended(published(files, manifest))).summary.level, 'L2');
  });

  test(`the personal proof of ${suite} verifies`, () => {
    const shown = verifyProof('proof.json', /** @type {Uint8Array} */ (example(suite).get('proof.json')));
    assert.ok(shown.opened);
    assert.ok(shown.places.length > 0);
  });

  test(`${suite} before the opening: no lists, and L3 without ranks`, () => {
    const files = example(suite);
    for (const f of ['opening.json', 'substitutions.tsv']) files.delete(f);
    assert.throws(() => verify(mended(files)), { file: 'result.tsv' });
    for (const f of ['result.tsv', 'reserve.tsv']) files.delete(f);
    const { summary } = verify(mended(files));
    assert.equal(summary.opened, false);
    assert.equal(summary.level, 'L3');
  });
}

test('5,000 changed bytes of each example are seen, and the file is named', () => {
  const seed = 20261122;
  const below = random(seed);
  let count = 0;
  for (const suite of examples) {
    const files = example(suite);
    const places = [...files].flatMap(([path, bytes]) => ({ path, length: bytes.length }));
    const total = places.reduce((n, p) => n + p.length, 0);
    for (let k = 0; k < 5000; k++, count++) {
      // Half by length, half by file, so that the short documents are not left out.
      let at = below(total);
      let place = places[below(places.length)];
      if (k % 2) place = /** @type {{path: string, length: number}} */ (places.find((p) => (at -= p.length) < 0));
      const bytes = /** @type {Uint8Array} */ (files.get(place.path));
      const where = below(place.length);
      const before = bytes[where];
      bytes[where] ^= 1 + below(255);
      const list = place.path.endsWith('SUMS');
      assert.throws(
        () => checkSums(files, () => {}),
        (/** @type {any} */ e) => e instanceof Fault && (list || e.file === place.path),
        `${suite}/${place.path} at ${where}: ${before} to ${bytes[where]}`,
      );
      bytes[where] = before;
    }
    checkSums(files, () => {});
  }
  console.log(`${count} changes, seed ${seed}`);
});

test('changed bytes are seen even when the lists of digests are mended', () => {
  // Nothing cites the opening, the proof or the reasons of a substitution, so these three are left out.
  const bound = ['manifest.json', 'lock.json', 'commits.json', 'reveals.json', 'event.json', 'envelopes.json', 'result.json',
    'population.tsv', 'result.tsv', 'reserve.tsv'];
  const seed = 7;
  const below = random(seed);
  let count = 0;
  for (const suite of examples) {
    const files = example(suite);
    for (let k = 0; k < 150; k++, count++) {
      const path = bound[k % bound.length];
      const bytes = /** @type {Uint8Array} */ (files.get(path));
      const where = below(bytes.length);
      const before = bytes[where];
      bytes[where] ^= 1 + below(127);
      assert.throws(() => verify(mended(files)), Fault, `${suite}/${path} at ${where}`);
      bytes[where] = before;
    }
  }
  console.log(`${count} changes with mended lists, seed ${seed}`);
});

test('a bundle comes as a zip file, in a folder or not, stored or deflated', async () => {
  const files = example('sha256-ed25519');
  for (const prefix of ['', 'batch-4/']) {
    const packed = zip(files, prefix, (/** @type {Uint8Array} */ b) => new Uint8Array(deflateRawSync(b)));
    const got = await unzip(packed);
    assert.deepEqual([...got.keys()].sort(), [...files.keys()].sort());
    assert.equal(verify(got).summary.level, 'L3');
  }
  assert.equal((await unzip(zip(files, ''))).size, files.size);
  await assert.rejects(unzip(utf8('PK, but no zip file')), Fault);
  const cut = zip(files, '');
  await assert.rejects(unzip(cut.subarray(0, cut.length - 30)), Fault);
});

test('a zip file changed anywhere is refused or verifies the same', async () => {
  const packed = zip(example('sha256-ed25519'), '', (/** @type {Uint8Array} */ b) => new Uint8Array(deflateRawSync(b)));
  const below = random(3);
  for (let k = 0; k < 200; k++) {
    const changed = packed.slice();
    changed[below(changed.length)] ^= 1 + below(255);
    try {
      const files = await unzip(changed);
      checkSums(files, () => {});
      assert.deepEqual(hexes(files), hexes(example('sha256-ed25519')));
    } catch (e) {
      assert.ok(e instanceof Fault, String(e));
    }
  }
});

/** @param {Map<string, Uint8Array>} files */
const hexes = (files) => Object.fromEntries([...files].map(([p, b]) => [p, hex(b)]));
