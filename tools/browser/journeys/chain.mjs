// R27, R36, R54, R55, R62, R66–R69, R73: from the files of both libraries to a draw that anybody verifies and to its
// dispatch, with all posts.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { act, as, reads, typed, until } from '../hands.mjs';

/** @typedef {import('../journey.mjs').Trip} Trip */
/** @typedef {import('playwright-core').Page} Page */

const task = '特种设备使用单位联合抽查';

/**
 * @param {Trip} trip
 */
export default async function (trip) {
  await libraries(trip);
  const path = await approved(trip);
  await confirmed(trip, path);
  const batch = await announced(trip);
  await contributed(trip, batch);
  await verified(trip, batch);
  await dispatched(trip, batch);
}

/**
 * Departments bring their files; the market department's clerk says which objects
 * use special equipment.
 * @param {Trip} trip
 */
async function libraries(trip) {
  const clerk = await as(trip, 'scjg-jbr', '/office/imports/new');
  await brought(trip, clerk, '市场主体登记', 'objects.csv');
  await clerk.goto('/office/imports/new?noun=inspector');
  await brought(trip, clerk, '人事档案', 'scjg.csv');
  const other = await as(trip, 'yjj-jbr', '/office/imports/new?noun=inspector');
  await brought(trip, other, '人事档案', 'yjj.csv');

  await clerk.goto('/office/sublibraries?q=' + encodeURIComponent('特种设备'));
  await clerk.click('a:has-text("特种设备使用单位")');
  const library = clerk.url();
  await clerk.fill('[name=any]', '特种设备使用登记');
  await clerk.click('button:has-text("保存规则")');
  await clerk.click('a:has-text("试一试")');
  await clerk.click('button:has-text("提出为候选")');
  await clerk.goto(library.replace(/[?].*/, '') + '?size=100');
  if (await clerk.locator('#members input[name=objects]').count() === 0) await clerk.click('.views a:has-text("候选")');
  const boxes = clerk.locator('#members input[name=objects]');
  assert.ok(await boxes.count() > 10, 'the rule proposes objects');
  for (const box of await boxes.all()) await box.check();
  await clerk.click('button:has-text("确认勾选的候选")');
  await reads(clerk, /已办理：确认/);
}

/**
 * Brings one file through the wizard, to the end.
 * @param {Trip} trip
 * @param {Page} page
 * @param {string} source
 * @param {string} file
 */
async function brought(trip, page, source, file) {
  await page.fill('[name=source]', source);
  await page.fill('[name=sourced]', '2026-11-15');
  await page.setInputFiles('[name=file]', join(trip.facts.dir, file));
  await page.click('button:has-text("下一步")');
  await page.click('button:has-text("开始检查")');
  await page.waitForURL(/imports\/[0-9a-f-]{36}/);
  await until(page, 'section.grave button:has-text("确认导入"):enabled');
  await act(trip, page, 'section.grave button:has-text("确认导入")');
  await until(page, '.state:has-text("已导入")');
}

/**
 * The task: begun, agreed to, approved, filed.
 * @param {Trip} trip
 */
async function approved(trip) {
  const clerk = await as(trip, 'scjg-jbr', '/office/tasks');
  await clerk.click(`tr:has-text("${task}") button:has-text("发起任务")`);
  await clerk.waitForURL(/tasks\/[0-9a-f-]{36}/);
  const path = new URL(clerk.url()).pathname;
  await clerk.click('a:has-text("填写任务")');
  await clerk.fill('[name=from]', '2026-12-01');
  await clerk.fill('[name=until]', '2026-12-18');
  await clerk.fill('[name=reserve]', '2');
  await clerk.fill('[name=reason]', '名录库清理完成后开展');
  await clerk.click('#settings button:has-text("保存")');
  await clerk.goto(path);
  await act(trip, clerk, 'button:has-text("报审")');
  await reads(clerk, /待审批/);
  const partner = await as(trip, 'yjj-fgfzr', '/office');
  await trip.accessible(partner);
  await partner.click(`.job a.btn[aria-label*="参加检查：${task}"]`);
  await act(trip, partner, '#answer button.btn-primary');
  const leader = await as(trip, 'scjg-fgfzr', '/office');
  await leader.click(`.job a.btn[aria-label*="审批任务：${task}"]`);
  await act(trip, leader, '#answer button.btn-primary');
  await clerk.goto('/office');
  await clerk.click(`.job a.btn[aria-label*="备案：${task}"]`);
  await act(trip, clerk, 'button:has-text("备案")');
  await reads(clerk, /待抽取/);
  return path;
}

/**
 * Both departments confirm both libraries, from their first pages: R36.
 * @param {Trip} trip
 * @param {string} path
 */
async function confirmed(trip, path) {
  for (const name of ['scjg-jbr', 'yjj-jbr']) {
    const clerk = await as(trip, name, '/office');
    for (const library of ['检查对象名录库', '执法检查人员名录库']) {
      await clerk.goto('/office');
      await clerk.click(`.job a.btn[aria-label*="确认${library}：${task}"]`);
      await clerk.check('[name=signed]');
      await act(trip, clerk, 'button:has-text("确认")');
      await reads(clerk, /已确认/);
    }
  }
  const office = await as(trip, 'lhb-jbr', '/office/progress');
  assert.match(await office.innerText('#progress'), new RegExp(task));
  await trip.accessible(office);
  await trip.shot(office, 'progress');
  await office.goto(path);
  assert.match(await office.innerText('#gates'), /已全部具备/);
}

/**
 * The office settles a batch, announces and locks it. The contributors have made
 * their keys.
 * @param {Trip} trip
 */
async function announced(trip) {
  const clerk = await as(trip, 'lhb-jbr', '/office');
  await clerk.click('.job a.btn[aria-label*="尚未列入批次"]');
  await clerk.click('#begin button');
  await clerk.waitForURL(/batches\/.*\/edit/);
  const batch = new URL(clerk.url()).pathname.replace('/edit', '');
  await clerk.fill('[name=title]', '特种设备联合抽取');
  await clerk.check(`label:has-text("${task}") input`);
  await clerk.check('input[name=sources][value=urn6]');
  const now = Date.parse(await later(trip, '0s'));
  for (const [name, minutes] of /** @type {[string, number][]} */ ([['commit', 20], ['reveal', 25], ['event', 30], ['envelopes', 90]])) {
    await clerk.fill(`[name=${name}]`, new Date(now + (minutes + 480) * 60_000).toISOString().slice(0, 16));
  }
  for (const [i, [name, role, org, holder]] of contributors.entries()) {
    const key = run(trip, ['draw', 'secret', name, '-o', `${name}.secret`]).match(/[0-9a-f]{66,130}/)?.[0] ?? '';
    await clerk.locator('[name=name]').nth(i).fill(name);
    await clerk.locator('[name=role]').nth(i).selectOption(role);
    await clerk.locator('[name=key]').nth(i).fill(key);
    await clerk.locator('[name=holder]').nth(i).fill(holder);
    if (org) await clerk.locator('[name=org]').nth(i).selectOption({ label: org });
  }
  await clerk.click('button:has-text("保存")');
  await reads(clerk, /公证处/);
  const leader = await as(trip, 'lhb-fgfzr', '/office');
  await leader.click('.job a.btn[aria-label*="公告抽取"]');
  await typed(trip, leader);
  await clerk.goto('/office');
  await clerk.click('.job a.btn[aria-label*="锁定名单"]');
  await typed(trip, clerk);
  await reads(clerk, /名单已锁定/);
  return batch;
}

/** Name, role, department and holder of the envelope. */
const contributors = [
  ['公安局', 'open', '公安局', ''],
  ['市场监管局', 'open', '市场监管局', ''],
  ['公证处', 'sealed', '', '人大代表'],
  ['人大代表', 'sealed', '', '公证处'],
];

/**
 * Commitments, reveals, the event typed twice, envelopes: R67.
 * @param {Trip} trip
 * @param {string} batch
 */
async function contributed(trip, batch) {
  for (const [name, , org] of contributors) await handed(trip, batch, 'commit', name, org);
  for (const [name, role, org] of contributors) if (role === 'open') await handed(trip, batch, 'reveal', name, org);
  const happened = Date.parse(await later(trip, '32m')) - 60_000;
  const clerk = await as(trip, 'lhb-jbr', '/office');
  await clerk.click('.job a.btn[aria-label*="录入公开事件"]');
  await clerk.fill('#event [name=numbers]', '4 0 7 1 9 3');
  await clerk.fill('#event [name=issue]', '会议室');
  await clerk.fill('#event [name=time]', new Date(happened + 480 * 60_000).toISOString().slice(0, 16));
  await act(trip, clerk, '#event button');
  const second = await as(trip, 'jdk-jdy', '/office');
  await second.click('.job a.btn[aria-label*="复核公开事件"]');
  await second.fill('#confirm [name=numbers]', '4 0 7 1 9 2');
  await act(trip, second, '#confirm button');
  await reads(second, /两次录入不一致/);
  await second.fill('#confirm [name=numbers]', '4 0 7 1 9 3');
  await act(trip, second, '#confirm button');
  await reads(second, /待启封/);
  for (const [name, role, org] of contributors) if (role === 'sealed') await handed(trip, batch, 'reveal', name, org);
}

/**
 * A contributor makes its document with its own program, from what is public; its
 * clerk, or the office's, hands it in.
 * @param {Trip} trip
 * @param {string} batch
 * @param {'commit' | 'reveal'} what
 * @param {string} name
 * @param {string} org
 */
async function handed(trip, batch, what, name, org) {
  const clerk = await as(trip, { 公安局: 'gaj-jbr', 市场监管局: 'scjg-jbr' }[org] ?? 'lhb-jbr', batch);
  for (const file of ['manifest.json', 'lock.json', 'commits.json', 'reveals.json', 'event.json']) {
    const answer = await clerk.context().request.get(`${trip.base}${batch}/files/${file}`);
    if (answer.ok()) writeFileSync(join(trip.facts.dir, file), await answer.body());
  }
  run(trip, ['draw', what, `${name}.secret`, '-d', '.', '-o', `${name}.${what}.json`, '--time', await later(trip, '0s')]);
  await clerk.setInputFiles('#document [name=file]', join(trip.facts.dir, `${name}.${what}.json`));
  await act(trip, clerk, '#document button');
  await reads(clerk, /已办理/);
  await clerk.context().close();
}

/**
 * The platform draws by itself; a citizen takes the bundle and checks it twice: with
 * the program, and on the page: R55.
 * @param {Trip} trip
 * @param {string} batch
 */
async function verified(trip, batch) {
  const clerk = await as(trip, 'lhb-jbr', batch);
  await until(clerk, 'text=已公开');
  const number = (await clerk.innerText('main')).match(/370687-2026-p\d+/)?.[0] ?? '';
  await trip.shot(clerk, 'drawn');
  const citizen = await trip.reader('phone');
  await citizen.goto(`/draws/${number}`);
  await trip.accessible(citizen);
  await trip.fits(citizen);
  const bundle = join(trip.facts.dir, 'bundle.zip');
  const answer = await citizen.context().request.get(`${trip.base}/draws/${number}/bundle.zip`);
  assert.ok(answer.ok(), `the bundle: ${answer.status()}`);
  writeFileSync(bundle, await answer.body());
  assert.match(execFileSync(join(trip.facts.bin, 'suicha-verify'), [bundle], { encoding: 'utf8' }), /抽中 \d+ 户/);
  await citizen.goto('/verify.html');
  await citizen.setInputFiles('#file', bundle);
  await citizen.waitForSelector('#verdict:not(.busy)');
  assert.match(await citizen.innerText('#answer'), /查验通过/);
  await trip.shot(citizen, 'verified');
}

/**
 * The lead department puts the visits on days, the office dispatches, the departments
 * acknowledge: R69, R73.
 * @param {Trip} trip
 * @param {string} batch
 */
async function dispatched(trip, batch) {
  const clerk = await as(trip, 'scjg-jbr', '/office');
  await clerk.click('.job a.btn[aria-label*="安排检查日程"]');
  await clerk.click('a:has-text("安排全部")');
  await act(trip, clerk, 'button:has-text("按方案安排")');
  await reads(clerk, /各日户数/);
  const leader = await as(trip, 'lhb-fgfzr', '/office');
  await leader.click('.job a.btn[aria-label*="派发检查名单"]');
  await leader.fill('#dispatch [name=due]', '2026-11-27');
  const expect = await leader.inputValue('#dispatch [name=expect]');
  await leader.fill('#dispatch [name=confirm]', expect);
  await act(trip, leader, '#dispatch button.btn-grave');
  await reads(leader, /部门回执/);
  await trip.accessible(leader);
  await trip.shot(leader, 'dispatched');
  for (const name of ['scjg-jbr', 'yjj-jbr']) {
    const receiver = await as(trip, name, '/office');
    await receiver.click('.job a.btn[aria-label*="签收派发名单"]');
    await act(trip, receiver, 'button:has-text("签收派发名单")');
    await reads(receiver, /已办理/);
  }
  const office = await as(trip, 'lhb-jbr', '/office/progress');
  assert.match(await office.innerText('#progress'), /已派发/);
  const stranger = await trip.reader();
  await stranger.goto(`${batch}/teams`);
  assert.match(stranger.url(), /sign-in/, 'nobody else sees the teams');
}

/**
 * Puts the clock of the site forward and tells its time.
 * @param {Trip} trip
 * @param {string} by
 */
async function later(trip, by) {
  return (await fetch(`${trip.facts.clock}?by=${by}`)).text();
}

/**
 * Runs the program of a contributor in its folder.
 * @param {Trip} trip
 * @param {string[]} args
 */
function run(trip, args) {
  return execFileSync(join(trip.facts.bin, 'suicha'), args, { cwd: trip.facts.dir, encoding: 'utf8' });
}
