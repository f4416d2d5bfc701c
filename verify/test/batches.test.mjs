// Random small draws of the Go program, done again here: every byte agrees.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBatches } from '../differ.mjs';

test('2,000 random small draws of the other implementation, byte for byte', async () => {
  const { different, matched, replaced } = await compareBatches(2000, 20261122);
  assert.equal(different, 0);
  assert.ok(matched > 200, `only ${matched} with teams`);
  assert.ok(replaced > 100, `only ${replaced} with replacements`);
});
