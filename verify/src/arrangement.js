// An arrangement under work: who holds which slots, moves, and the search along
// them. match.md §9 (moves), §11 (how the call is computed).

/**
 * An Arrangement gives lines of a component to inspectors. Nodes of its graph
 * of moves are the inspectors, and after them the lines.
 */
export class Arrangement {
  /** @param {import('./component.js').Component} c */
  constructor(c) {
    this.c = c;
    this.n = c.inspectors.length;
    this.load = c.inspectors.map((i) => i.load);
    /** @type {Set<number>[]} the holders of each line */
    this.holders = c.lines.map(() => new Set());
    /** @type {Set<number>[]} the holders who were called, and keep the line */
    this.frozen = c.lines.map(() => new Set());
    /** @type {Set<number>[]} the lines each inspector holds and might give away */
    this.free = c.inspectors.map(() => new Set());
    this.from = new Int32Array(this.n + c.lines.length);
    this.by = new Int32Array(this.n + c.lines.length);
    // Zones: what a failed search has seen is closed, and never left again.
    this.zone = new Int32Array(this.n + c.lines.length);
    this.zones = 1;
    /** @type {number[][]} the groups of each inspector */
    this.groupsOf = c.inspectors.map(() => []);
    c.memberSets.forEach((set, g) => set.forEach((i) => this.groupsOf[i].push(g)));
    /** @type {number[]} what the last search has seen */
    this.seen = [];
    this.found = -1;
    /** @type {(node: number) => boolean} what the search looks for */
    this.stop = () => false;
    // How many members of each group, in the zone, it has not seen.
    this.left = new Int32Array(c.memberSets.length);
  }

  /** @param {number} i */
  mayTakeMore(i) {
    return this.load[i] < this.c.inspectors[i].cap;
  }

  /**
   * The line of object o that inspector i holds a slot of, or −1.
   * @param {number} i
   * @param {number} o
   */
  lineAt(i, o) {
    for (const l of this.c.linesOf[o]) if (this.holders[l].has(i)) return l;
    return -1;
  }

  /**
   * @param {number} l
   * @param {number} i
   */
  give(l, i) {
    this.holders[l].add(i);
    this.free[i].add(l);
    this.load[i]++;
  }

  /**
   * @param {number} l
   * @param {number} i
   */
  take(l, i) {
    this.holders[l].delete(i);
    this.free[i].delete(l);
    this.load[i]--;
  }

  /**
   * @param {number} l
   * @param {number} i
   */
  freeze(l, i) {
    this.frozen[l].add(i);
    this.free[i].delete(l);
  }

  /**
   * Searches along moves from a node, inside its zone. It stops at the node for
   * which `stop` says so, and returns it; or it returns −1, having seen all.
   * With `jump`, whoever is one above a reached inspector with room counts as reached.
   * @param {number} start
   * @param {boolean} jump
   * @param {(node: number) => boolean} stop
   */
  search(start, jump, stop) {
    const { n } = this;
    this.from.fill(-2);
    this.from[start] = -1;
    this.seen = [start];
    this.stop = stop;
    this.found = -1;
    this.left.fill(0);
    for (let i = 0; i < n; i++) {
      if (this.zone[i] !== this.zone[start]) continue;
      for (const g of this.groupsOf[i]) this.left[g]++;
    }
    const jumped = new Set();
    if (start < n) this.countMember(start);
    for (let head = 0; head < this.seen.length && this.found < 0; head++) {
      const node = this.seen[head];
      if (node >= n) {
        this.fromLine(node - n);
        continue;
      }
      for (const l of this.free[node]) this.visit(n + l, node, node);
      if (!jump || !this.mayTakeMore(node) || jumped.has(this.load[node] + 1)) continue;
      jumped.add(this.load[node] + 1);
      for (let x = 0; x < n; x++) {
        if (this.load[x] === this.load[node] + 1) this.visit(x, node, -1);
      }
    }
    return this.found;
  }

  /**
   * The moves from a line: to those who could take a slot of it, and to other
   * lines of its object of which a holder could.
   * @param {number} l
   */
  fromLine(l) {
    const { c, n } = this;
    const o = c.object[l];
    if (this.left[c.group[l]] !== 0) {
      for (const j of c.members[l]) {
        if (this.from[j] === -2 && this.zone[j] === this.zone[n + l] && !c.avoided[o].has(j) && this.lineAt(j, o) < 0) this.visit(j, n + l, j);
      }
    }
    for (const other of c.linesOf[o]) {
      if (other === l || this.from[n + other] !== -2) continue;
      for (const k of this.holders[other]) {
        if (!this.frozen[other].has(k) && c.eligible(l, k)) {
          this.visit(n + other, n + l, k);
          break;
        }
      }
    }
  }

  /**
   * @param {number} node
   * @param {number} from
   * @param {number} by who gives or changes over
   */
  visit(node, from, by) {
    if (this.from[node] !== -2 || this.zone[node] !== this.zone[from]) return;
    this.from[node] = from;
    this.by[node] = by;
    this.seen.push(node);
    if (node < this.n) this.countMember(node);
    if (this.found < 0 && this.stop(node)) this.found = node;
  }

  /**
   * Counts down the groups of an inspector who has been seen: once all members
   * of a group are seen, its lines need no look.
   * @param {number} i
   */
  countMember(i) {
    for (const g of this.groupsOf[i]) this.left[g]--;
  }

  /** Splits what a failed search has seen off as a zone of its own. */
  split() {
    for (const node of this.seen) this.zone[node] = this.zones;
    this.zones++;
  }

  /**
   * Carries out the changes along the path that the search found to a node.
   * @param {number} end
   */
  carryOut(end) {
    const { n, from, by } = this;
    for (let node = end; from[node] !== -1; node = from[node]) {
      const prior = from[node];
      if (node >= n && prior < n) this.take(node - n, by[node]);
      else if (node >= n) {
        this.take(node - n, by[node]);
        this.give(prior - n, by[node]);
      } else if (prior >= n) this.give(prior - n, node);
    }
  }
}

/**
 * Fills the lines as far as possible, the result being optimal: each slot goes,
 * along a path of moves, to the reachable inspector with the smallest load.
 * It returns the lines that are not full.
 * @param {Arrangement} a
 */
export function balance(a) {
  const { c, n } = a;
  /** @type {number[]} */
  const open = [];
  c.lines.forEach((line, l) => {
    for (let k = 0; k < line.need; k++) {
      let best = -1;
      const least = leastLoad(a);
      a.search(n + l, false, (node) => {
        if (node >= n || !a.mayTakeMore(node)) return false;
        if (best < 0 || a.load[node] < a.load[best]) best = node;
        return a.load[best] === least;
      });
      if (best >= 0) a.carryOut(best);
      else if (open.at(-1) !== l) open.push(l);
    }
  });
  return open;
}

/** @param {Arrangement} a */
function leastLoad(a) {
  let least = Infinity;
  for (let i = 0; i < a.n; i++) if (a.mayTakeMore(i) && a.load[i] < least) least = a.load[i];
  return least;
}
