// "查验": hands the files to the worker and shows what it says.

import { byId, make, thousands } from './dom.js';
import { fillSelf } from './self.js';
import { drawStrip } from './strip.js';
import { decimal } from './suite.js';

/** @type {Worker|null} */
let worker = null;
/** @type {Worker|null} */
let spare = null; // has started already, for the next files
let began = 0;

/** Listens to the drop area, the two inputs and the buttons of the answer. */
export function startCheck() {
  warm();
  const area = byId('drop');
  area.addEventListener('change', (e) => {
    const chosen = /** @type {HTMLInputElement} */ (e.target);
    const files = [...(chosen.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    if (files.length > 0) check(files);
    chosen.value = '';
  });
  for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    document.addEventListener(kind, (e) => {
      e.preventDefault();
      area.classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
    });
  }
  document.addEventListener('drop', async (e) => {
    const items = [...(e.dataTransfer?.items ?? [])].map((i) => i.webkitGetAsEntry()).filter((x) => x !== null);
    // What is no entry of a file system, such as an attachment, comes as a plain file.
    const plain = [...(e.dataTransfer?.files ?? [])].map((file) => ({ path: file.name, file }));
    const files = items.length > 0 ? (await Promise.all(items.map((i) => walk(i)))).flat() : plain;
    if (files.length > 0) check(files);
  });
  byId('answer').addEventListener('click', (e) => {
    const button = /** @type {HTMLElement} */ (e.target).closest('button');
    if (button?.dataset.key) fillSelf(button.dataset.hash ?? '', button.dataset.key, button.dataset.id ?? '');
  });
}

/**
 * The files under a dropped file or folder.
 * @param {FileSystemEntry} entry
 * @returns {Promise<{path: string, file: File}[]>}
 */
async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((done, failed) => /** @type {FileSystemFileEntry} */ (entry).file(done, failed));
    return [{ path: entry.fullPath.slice(1), file: /** @type {File} */ (file) }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const all = [];
  for (;;) {
    // A reader gives a hundred entries at a time, and none at the end.
    const some = /** @type {FileSystemEntry[]} */ (await new Promise((done, failed) => reader.readEntries(done, failed)));
    if (some.length === 0) break;
    for (const e of some) all.push(...(await walk(e)));
  }
  return all;
}

/** @param {{path: string, file: File}[]} given */
async function check(given) {
  worker?.terminate();
  began = performance.now();
  byId('answer').hidden = false;
  byId('steps').replaceChildren();
  byId('extra').replaceChildren();
  verdict('busy', '正在查验……', `${given.length} 个文件，只在您的电脑上运算。`);
  part(0);
  try {
    const files = await Promise.all(given.map(async ({ path, file }) => ({
      path, bytes: new Uint8Array(await file.arrayBuffer()),
    })));
    worker = spare ?? engine();
    spare = null;
    worker.addEventListener('message', (e) => hear(e.data));
    worker.addEventListener('error', (e) => hear({ kind: 'broken', text: e.message }));
    worker.postMessage({ files }, files.map((f) => f.bytes.buffer));
  } catch (e) {
    hear({ kind: 'broken', text: String(e) });
  }
}

/** The worker is made of a text in this page, so that the page is one file. */
function engine() {
  const source = new Blob([byId('engine').textContent ?? ''], { type: 'text/javascript' });
  const url = URL.createObjectURL(source);
  const made = new Worker(url);
  URL.revokeObjectURL(url);
  return made;
}

/** Starts a worker ahead of the next files: starting takes longer than an own proof. */
function warm() {
  try {
    spare ??= engine();
  } catch {
    spare = null; // it is tried again when there are files, and said then
  }
}

/** @param {number} done */
function part(done) {
  /** @type {HTMLProgressElement} */ (byId('progress')).value = done;
}

/**
 * @param {'busy'|'good'|'open'|'bad'} kind
 * @param {string} title
 * @param {string} detail
 */
function verdict(kind, title, detail) {
  byId('verdict').className = `verdict ${kind}`;
  byId('verdict-title').textContent = title;
  byId('verdict-detail').textContent = detail;
  byId('progress').hidden = kind !== 'busy';
}

/** @param {import('./worker.js').Answer} answer */
function hear(answer) {
  byId('answer').dataset.took = String(performance.now() - began);
  if (answer.kind !== 'progress' && answer.kind !== 'step') warm();
  if (answer.kind === 'progress') part(answer.part);
  else if (answer.kind === 'step') {
    byId('steps').append(make('li', answer.mark, make('strong', '', answer.title), make('span', '', answer.detail)));
  } else if (answer.kind === 'bundle') bundle(answer.summary, answer.took);
  else if (answer.kind === 'proof') proof(answer.shown);
  else if (answer.kind === 'fault') {
    verdict('bad', '查验不通过', '第一处不符，之后的没有再查：');
    byId('verdict-detail').append(make('code', 'fault', answer.text));
  } else verdict('bad', '查验没有完成', `浏览器无法运算（${answer.text}）。请换用较新的浏览器再试。`);
}

/**
 * @param {any} s the summary of a bundle
 * @param {number} took
 */
function bundle(s, took) {
  const who = s.level === 'L3' ? '监督查验（L3）' : '公众查验（L2）';
  const time = `用时 ${Math.max(0.1, took / 1000).toFixed(1)} 秒。`;
  if (s.voided) verdict('open', '本次运行已作废，记录无误', `${who}：没有产生结果。${time}`);
  else if (s.opened) verdict('good', '查验通过', `${who}：抽中名单由公开的规则和事先锁定的材料算出，无人能左右。${time}`);
  else if (s.complete) verdict('open', '查验通过，名单尚未公布', `${who}：结果已由各分格的根锁定，公布后可核对名单。${time}`);
  else verdict('open', '至今无误，抽签还未完成', `${who}：已有的文件都符合规则。${time}`);
  const extra = byId('extra');
  extra.append(facts([
    ['抽查', s.title],
    ['批次', s.batch],
    ['运行次数', s.run === 1 ? '第 1 次，一次完成' : `第 ${s.run} 次`],
    ['在库', s.size ? `${thousands(s.size)} 户` : '尚未锁定'],
    ['抽中', s.opened ? `${thousands(s.drawn)} 户次` : '尚未公布'],
  ]));
  if (s.digest) extra.append(digestLine(s.digest));
  const cell = s.cells.slice().sort((/** @type {any} */ a, /** @type {any} */ b) => b.drawn - a.drawn)[0];
  if (cell?.drawn > 0) {
    const place = make('div', 'picture');
    extra.append(make('h3', '', `任务 ${cell.task}　分层 ${cell.stratum}　层级 ${cell.tier}：抽中和备选的签号`), place);
    drawStrip(place, cell.tickets, cell.drawn);
  }
}

/**
 * @param {string} digest of a document
 * @param {string} [what] which one
 */
function digestLine(digest, what = '结果') {
  return make('p', 'digest', `${what}的摘要，请与公告、现场大屏核对：`, make('code', '', digest));
}

/** @param {[string, string][]} pairs */
function facts(pairs) {
  return make('dl', 'facts', ...pairs.map(([term, text]) => make('div', '', make('dt', '', term), make('dd', '', text))));
}

const states = { drawn: '抽中', reserve: '备选', passed: '未抽中' };

/** @param {ReturnType<typeof import('./proof.js').verifyProof>} shown */
function proof(shown) {
  if (!shown.result) {
    member(shown);
    return;
  }
  const drawn = shown.places.filter((p) => p.state === 'drawn');
  const title = drawn.length > 0 ? `查验通过：抽中 ${drawn.length} 项` : '查验通过：未抽中';
  const level = '企业查验（L1）：您的签号、名次都在结果的根之中，没有改动。';
  verdict('good', title, level + (shown.opened ? '' : '钥匙尚未公布，公布后可自己算签号。'));
  const extra = byId('extra');
  extra.append(facts([['检查对象', shown.id], ['抽查', shown.title], ['批次', shown.batch], ['运行次数', `第 ${shown.run} 次`]]));
  extra.append(digestLine(shown.result));
  if (shown.tier === 2) extra.append(make('p', '', '本期检查次数已满，不参加抽取。'));
  for (const p of shown.places) extra.append(placeCard(p, shown.id, shown.suite));
  if (shown.team.length > 0) extra.append(make('h3', '', '检查组'), team(shown.team));
}

/** @param {ReturnType<typeof import('./proof.js').verifyProof>} shown */
function member(shown) {
  verdict('good', '查验通过：在封存的名单内', '企业查验（L1）：您的记录连到封存名单的根。这份材料不涉及抽取结果，是否抽中到公布名单时才能查验。');
  byId('extra').append(facts([['检查对象', shown.id], ['抽查', shown.title], ['批次', shown.batch], ['运行次数', `第 ${shown.run} 次`]]), digestLine(shown.lock, '封库'));
}

/** @param {string[]} lines object, department, line, inspector and role, with blanks between */
function team(lines) {
  return make('ul', 'team', ...lines.map((l) => {
    const [, department, , inspector, role] = l.split(' ');
    return make('li', '', `${department}　${inspector}${role === 'leader' ? '（组长）' : ''}`);
  }));
}

/**
 * A ticket in eight decimals with a word over it.
 * @param {string} word
 * @param {string} className
 * @param {string} ticket
 */
function figure(word, className, ticket) {
  return make('div', '', make('p', 'caption', word), make('p', `number${className}`, decimal(ticket)));
}

/**
 * @param {import('./proof.js').Place} p
 * @param {string} id
 * @param {string} suite
 */
function placeCard(p, id, suite) {
  const text = `第 ${thousands(p.rank)} 名，共 ${thousands(p.size)} 户，前 ${thousands(p.drawn)} 名抽中。`;
  const numbers = make('div', 'numbers', figure('签号', '', p.ticket));
  if (p.cut) numbers.append(make('span', 'sign', p.ticket <= p.cut ? '≤' : '＞'), figure('入选线', ' cut', p.cut));
  const card = make('div', `place ${p.state}`, make('h3', '', `${p.title}：${states[p.state]}`), numbers, make('p', '', text));
  if (p.key) {
    const button = make('button', 'plain', '自己算这个签号');
    button.setAttribute('type', 'button');
    Object.assign(button.dataset, { key: p.key, id, hash: suite === 'sm3-sm2' ? 'sm3' : 'sha256' });
    card.append(button);
  }
  return card;
}
