// manifest.json: draw.md §5, and the void record of §14.

import { ascending } from './bytes.js';
import {
  array, code, count, digest, digestOrNone, instant, integer, anyText, name, need, object, oneOf, sortedBy, text,
  title,
} from './shape.js';
import { sourcesEnough } from './event.js';
import { suites } from './suite.js';

const stratum = object({ code: code(8), rate: integer(0, 10000) });

const task = object({
  code: name(16),
  title: text(200),
  lead: text(200),
  departments: array(text(200)),
  items: array(text(200)),
  group: name(16),
  quota: oneOf('rate', 'total'),
  total: count,
  strata: array(stratum, 1, 64),
  reserve: integer(0, 1000000),
});

const part = object({ count: integer(1, 20), min: integer(0, 999), max: integer(0, 999), ordered: integer(0, 1) });

const source = object({
  code: name(16),
  title: text(200),
  kind: oneOf('urn', 'lottery', 'beacon'),
  parts: array(part, 0, 8),
  hex: integer(0, 256),
});

/** The event of a manifest. */
export const eventShape = object({ not_before: instant, sources: array(source, 1), reserves: array(source) });

const contributor = object({
  name: text(60),
  role: oneOf('open', 'sealed', 'custodian'),
  key: anyText,
  holder: anyText,
});

export const manifestShape = object({
  doc: title('SDP1.manifest'),
  batch: name(40),
  run: integer(1, 999),
  void: digestOrNone,
  time: instant,
  suite: oneOf('sha256-ed25519', 'sm3-sm2'),
  mode: oneOf('open', 'sealed'),
  opening: anyText,
  title: text(200),
  operator: text(200),
  period: oneOf('year', 'rolling'),
  cap: integer(1, 2),
  lambda: array(integer(0, 1000), 2, 2),
  tasks: array(task, 1, 64),
  scopes: array(object({ code: code(8), tasks: array(anyText) }), 1, 4096),
  contributors: array(contributor, 0, 32),
  event: eventShape,
  deadlines: object({ commit: instant, reveal: instant, envelopes: instant }),
  mix: integer(0, 1000),
  programs: array(object({ name: name(64), digest })),
});

/**
 * Checks what a manifest says; its form has been checked.
 * @param {any} m
 */
export function checkManifest(m) {
  manifestShape.content(m, '');
  need((m.run === 1) === (m.void === ''), '第 1 次运行的“void”应为空，以后各次应引用上一次的作废记录');
  if (m.mode === 'open') need(m.opening === '', '公开模式的“opening”应为空');
  else {
    instant.content(m.opening, 'opening');
    need(m.opening >= m.deadlines.envelopes, '公布时刻“opening”早于启封时限');
  }
  need(m.lambda[1] >= 1 && m.lambda[0] <= m.lambda[1], '“lambda”应为不大于 1 的分数');
  sortedBy(m.tasks, 'code', 'tasks');
  m.tasks.forEach(checkTask);
  sortedBy(m.scopes, 'code', 'scopes');
  const codes = new Set(m.tasks.map((/** @type {any} */ t) => t.code));
  for (const scope of m.scopes) {
    need(ascending(scope.tasks), `范围“${scope.code}”的任务应排序且不重复`);
    need(scope.tasks.every((/** @type {string} */ t) => codes.has(t)), `范围“${scope.code}”含有未公告的任务`);
  }
  checkContributors(m);
  checkEvent(m.event, sealedOf(m) > 0);
  sortedBy(m.programs, 'name', 'programs');
  const d = m.deadlines;
  need(m.time < d.commit && d.commit <= d.reveal && d.reveal < m.event.not_before && m.event.not_before < d.envelopes,
    '时刻的先后应为公告、承诺、亮出、事件、启封');
}

/** @param {any} t */
function checkTask(t) {
  need(ascending(t.departments), `任务“${t.code}”的部门应排序且不重复`);
  need(t.departments.includes(t.lead), `任务“${t.code}”的部门中没有牵头部门`);
  sortedBy(t.strata, 'code', `${t.code}.strata`);
  if (t.quota === 'rate') need(t.total === 0, `任务“${t.code}”按比例抽取，“total”应为 0`);
  else need(t.strata.every((/** @type {any} */ s) => s.rate === 0), `任务“${t.code}”按总数抽取，“rate”应为 0`);
}

/** @param {any} m */
function checkContributors(m) {
  const all = m.contributors;
  const suite = suites[m.suite];
  sortedBy(all, 'name', 'contributors');
  const role = (/** @type {string} */ r) => all.filter((/** @type {any} */ c) => c.role === r);
  for (const c of all) {
    need(suite.goodKey(c.key), `“${c.name}”的公钥不正确`);
    if (c.role !== 'sealed') need(c.holder === '', `“${c.name}”不密封，“holder”应为空`);
    else {
      const holder = role('sealed').some((/** @type {any} */ o) => o.name === c.holder);
      need(holder && c.holder !== c.name, `“${c.name}”的信封应由另一个密封方保管`);
    }
  }
  need(role('open').length >= 2, '公开贡献方至少应有两方');
  need(role('sealed').length !== 1, '密封方不能只有一方');
  need(role('custodian').length === (m.mode === 'sealed' ? 1 : 0), '密封模式应有一个保管方，公开模式不应有');
}

/**
 * How many contributors are sealed.
 * @param {any} m
 */
export function sealedOf(m) {
  return m.contributors.filter((/** @type {any} */ c) => c.role === 'sealed').length;
}

/**
 * @param {any} event
 * @param {boolean} sealed whether there is a sealed contributor
 */
export function checkEvent(event, sealed) {
  const all = [...event.sources, ...event.reserves];
  need(all.length <= 16, '公开事件的来源超过 16 个');
  need(new Set(all.map((s) => s.code)).size === all.length, '公开事件的来源重复');
  for (const s of all) {
    if (s.kind === 'beacon') need(s.parts.length === 0 && s.hex >= 16, `来源“${s.code}”：信标应有 16 至 256 位`);
    else {
      need(s.hex === 0 && s.parts.length >= 1, `来源“${s.code}”：应有 1 至 8 组号码`);
      for (const p of s.parts) {
        need(p.min < p.max, `来源“${s.code}”：号码范围不正确`);
        need(p.ordered === 1 || p.count <= p.max - p.min + 1, `来源“${s.code}”：号码个数超过范围`);
      }
    }
  }
  need(sourcesEnough(event.sources, sealed), '公开事件的可能结果少于 1000000 种');
}

export const voidShape = object({
  doc: title('SDP1.void'),
  batch: name(40),
  run: integer(1, 999),
  time: instant,
  phase: oneOf('commit', 'reveal', 'event', 'envelopes', 'technical'),
  reason: text(400),
  defaulters: array(anyText),
  last: digest,
});

/**
 * Checks a void record against the manifest of its run, §14.
 * @param {any} record
 * @param {any} m
 * @param {string[]} lasts digests that `last` may be, or none if they are not known
 */
export function checkVoid(record, m, lasts) {
  voidShape.content(record, '');
  need(record.batch === m.batch && record.run === m.run, '批次或运行次数与公告不同');
  need(record.time >= m.time, '时刻早于公告');
  const names = new Set(m.contributors.map((/** @type {any} */ c) => c.name));
  need(ascending(record.defaulters), '“defaulters”应排序且不重复');
  need(record.defaulters.every((/** @type {string} */ n) => names.has(n)), '“defaulters”中有未公告的贡献方');
  const nobody = record.phase === 'event' || record.phase === 'technical';
  need((record.defaulters.length === 0) === nobody, '“defaulters”与作废的环节不符');
  need(lasts.length === 0 || lasts.includes(record.last), '“last”不是本次运行最后一份文件的摘要');
}
