// Quotas: draw.md §11. Products reach 2⁶⁶, so they are BigInt.

/**
 * A Cell is what is drawn from one task, stratum and tier.
 * @typedef {{task: string, stratum: string, tier: number, size: number, drawn: number, reserve: number}} Cell
 * @typedef {{task: string, stratum: string, wanted: number, drawn: number}} Shortfall
 * @typedef {{task: string, stratum: string, n0: number, n1: number, n2: number}} Count
 */

/**
 * What each stratum of a task wants, §11.1.
 * @param {any} task
 * @param {number[]} sizes
 */
export function wanted(task, sizes) {
  if (task.quota === 'rate') {
    return sizes.map((n, i) => Number((BigInt(n) * BigInt(task.strata[i].rate) + 9999n) / 10000n));
  }
  const all = sizes.reduce((a, b) => a + b, 0);
  if (all === 0) return sizes.map(() => 0);
  const total = Math.min(task.total, all);
  const whole = BigInt(all);
  const shares = sizes.map((n) => BigInt(total) * BigInt(n));
  const result = shares.map((s) => Number(s / whole));
  const left = total - result.reduce((a, b) => a + b, 0);
  // The strata are sorted by code, and the sort is stable: equal remainders go to the smaller code.
  const order = shares.map((_, i) => i).sort((a, b) => {
    const [ra, rb] = [shares[a] % whole, shares[b] % whole];
    return ra > rb ? -1 : ra < rb ? 1 : 0;
  });
  for (let i = 0; i < left; i++) result[order[i]]++;
  return result;
}

/**
 * How many are drawn from tiers 0 and 1, §11.2.
 * @param {number} n
 * @param {number} n0
 * @param {number} n1
 * @param {number[]} lambda
 */
export function tiers(n, n0, n1, lambda) {
  const w0 = BigInt(lambda[1]) * BigInt(n0);
  const w1 = BigInt(lambda[0]) * BigInt(n1);
  let d1 = w0 + w1 === 0n ? 0 : Number((BigInt(n) * w1) / (w0 + w1));
  let d0 = n - d1;
  if (d0 > n0) {
    d1 += d0 - n0;
    d0 = n0;
  }
  if (d1 > n1) {
    d0 = Math.min(n0, d0 + d1 - n1);
    d1 = n1;
  }
  return [d0, d1];
}

/**
 * All cells and shortfalls of a draw, in order.
 * @param {any} manifest
 * @param {Count[]} counts of the lock
 */
export function quotas(manifest, counts) {
  /** @type {Cell[]} */
  const cells = [];
  /** @type {Shortfall[]} */
  const shortfalls = [];
  let at = 0;
  for (const task of manifest.tasks) {
    const mine = counts.slice(at, at + task.strata.length);
    at += mine.length;
    const wants = wanted(task, mine.map((c) => c.n0 + c.n1 + c.n2));
    mine.forEach((c, i) => {
      const drawn = tiers(wants[i], c.n0, c.n1, manifest.lambda);
      const stratum = task.strata[i].code;
      [c.n0, c.n1].forEach((size, tier) => {
        const reserve = Math.min(task.reserve, size - drawn[tier]);
        cells.push({ task: task.code, stratum, tier, size, drawn: drawn[tier], reserve });
      });
      const both = drawn[0] + drawn[1];
      if (both < wants[i]) shortfalls.push({ task: task.code, stratum, wanted: wants[i], drawn: both });
    });
  }
  return { cells, shortfalls };
}
