// The matching of a bundle: draw.md §12.6 and §18 L3.4.

import { compareText, Fault, lp, textLines, unhex } from './bytes.js';
import { keyOf } from './ceremony.js';
import { match } from './match.js';
import { readMatchFiles } from './matchfiles.js';
import { root } from './merkle.js';
import { demandLines, readNeeds } from './needs.js';
import { teamLeaf } from './proof.js';
import { replacementsFile, replay } from './replace.js';

/**
 * Derives the demands, matches again and compares; it returns a sentence about
 * it. Which files are there has been checked.
 * @param {import('./sums.js').Files} files
 * @param {import('./ceremony.js').Ceremony} c
 * @param {import('./needs.js').Drawn[]} drawn
 */
export function checkTeams(files, c, drawn) {
  const { suite, manifest } = c;
  const { seed } = c.docs.opening;
  const { teams } = c.docs.result;
  const file = (/** @type {string} */ f) => files.get(f) ?? new Uint8Array(0);
  const { groups } = readMatchFiles((f) => (f === 'demands.tsv' ? new Uint8Array(0) : file(f)));
  const needs = readNeeds(file('needs.tsv'), manifest.tasks, groups);
  compare('demands.tsv', file('demands.tsv'), demandLines(needs, manifest.tasks, drawn));
  const problem = readMatchFiles(file);
  const answer = match(suite, problem, (d) => keyOf(suite, seed, 'SDP1.match', d), manifest.mix);
  if (answer.shortages.length > 0) {
    if (teams.root !== '') throw new Fault('assignment.tsv', 0, '重算表明无法匹配，不应有此文件');
    return `重算确认无法匹配：${answer.shortages.map(shortageText).join('')}`;
  }
  if (teams.root === '') throw new Fault('result.json', 1, '重算表明可以匹配，“teams”不应为空');
  compare('assignment.tsv', file('assignment.tsv'), answer.assignment);
  compare('balance.tsv', file('balance.tsv'), answer.balance);
  const objects = byObject(answer.assignment);
  const leaves = new Uint8Array(32 * objects.length);
  objects.forEach(([object, lines], i) => {
    leaves.set(teamLeaf(suite, suite.hmac(unhex(seed), lp('SDP1.team', object)), lines), 32 * i);
  });
  if (teams.size !== objects.length || teams.root !== root(suite, leaves)) {
    throw new Fault('result.json', 1, '检查组的根与重算不符');
  }
  return `${objects.length} 户的检查组、${answer.assignment.length} 人次全部重算，与名单和结果的根相同`;
}

/**
 * Replays who came in for whom since, and returns how many seats changed.
 * @param {import('./sums.js').Files} files
 * @param {import('./ceremony.js').Ceremony} c
 * @param {import('./needs.js').Drawn[]} drawn
 * @param {Map<string, string>} regions
 * @param {import('./replace.js').Move[]} moves
 */
export function checkReplacements(files, c, drawn, regions, moves) {
  const file = (/** @type {string} */ f) => files.get(f) ?? new Uint8Array(0);
  const problem = readMatchFiles(file);
  return replay(file(replacementsFile), {
    suite: c.suite, tasks: c.manifest.tasks, problem, needs: readNeeds(file('needs.tsv'), c.manifest.tasks, problem.groups),
    keyOf: (d) => keyOf(c.suite, c.docs.opening.seed, 'SDP1.match', d), regions, drawn, moves,
    assignment: textLines(file('assignment.tsv')).map((l) => l ?? ''),
  }).lines;
}

/**
 * Refuses a file that is not, byte for byte, the lines that were computed.
 * @param {string} file
 * @param {Uint8Array} bytes
 * @param {string[]} lines
 */
function compare(file, bytes, lines) {
  const given = textLines(bytes);
  const at = lines.findIndex((line, i) => line !== given[i]);
  if (at >= 0) throw new Fault(file, at + 1, `重算应为 ${lines[at].replaceAll('\t', '　')}`);
  if (given.length > lines.length) throw new Fault(file, lines.length + 1, '多出的行');
}

/**
 * The lines of each object with their LF, sorted by object.
 * @param {string[]} assignment
 * @returns {[string, string][]}
 */
function byObject(assignment) {
  /** @type {Map<string, string>} */
  const objects = new Map();
  for (const line of assignment) {
    const object = line.slice(0, line.indexOf('\t'));
    objects.set(object, (objects.get(object) ?? '') + line + '\n');
  }
  return [...objects].sort((a, b) => compareText(a[0], b[0]));
}

/**
 * What is missing, in the words of match.md §10.
 * @param {import('./hall.js').Shortage} s
 */
export function shortageText(s) {
  const quals = s.quals.length > 0 ? `需要${s.quals.join('、')}资格的检查` : '需要检查人员';
  const gap = s.need - s.capacity;
  const ways = `扩大区域、增加人员、减少每组人数${s.capped ? '、提高个人次数上限' : ''}`;
  return `${s.department}（${s.lines[0].split('\t')[0]}等）：${quals} ${s.need} 人次，符合条件的检查人员只有 ` +
    `${s.inspectors.length} 人，最多可承担 ${s.capacity} 次，还差 ${gap} 次。可以：${ways}。`;
}

