// R76–R94, R100–R102, INV-10, INV-12, INV-13: from the teams that were dispatched to results that are public and
// corrected: two departments at one visit, a party that signs and one that refuses, an object that nobody reaches.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { act, as, done, reads, typed } from '../hands.mjs';

/** @typedef {import('../journey.mjs').Trip} Trip */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {{team: string, name: string, code: string, lead: string[], other: string[]}} Visit */

/**
 * @param {Trip} trip
 */
export default async function (trip) {
  const [first, second] = /** @type {Visit[]} */ (trip.facts.visits);
  const crew = new Map();
  for (const name of [...first.lead, ...first.other]) crew.set(name, await as(trip, name, '/office/visits'));
  await begun(trip, crew, first);
  await found(trip, crew, first);
  const code = await signed(trip, crew, first);
  await papers(trip, crew.get(first.lead[0]), first);
  await unreachable(trip, crew, second);
  for (const page of crew.values()) await page.context().close();
  const results = await decided(trip, first, second);
  await corrected(trip, results[0]);
  await readers(trip, first, second, results, code);
}

/** @param {Visit} v */
const pathOf = (v) => `/office/visits/${v.team}`;

/**
 * Opens a part of a page that is folded, if it is.
 * @param {Page} page
 * @param {string} summary
 */
async function open(page, summary) {
  const details = page.locator('details', { has: page.locator(`:scope > summary:has-text("${summary}")`) }).last();
  if ((await details.getAttribute('open')) === null) await details.locator(':scope > summary').click();
}

/**
 * The team takes note of its visits, looks up what is known, tells the party, and comes.
 * @param {Trip} trip
 * @param {Map<string, Page>} crew
 * @param {Visit} v
 */
async function begun(trip, crew, v) {
  for (const page of crew.values()) {
    await done(trip, page, 'main form:has(button:has-text("签收")) >> nth=0 >> button');
    await reads(page, /去检查/);
  }
  const leader = /** @type {Page} */ (crew.get(v.lead[0]));
  await trip.accessible(leader);
  await leader.goto('/office');
  await leader.goto(pathOf(v));
  await trip.accessible(leader);
  await done(trip, leader, '#precheck button.btn-primary');
  await reads(leader, /重新确认/);
  await leader.check('#notice [name=channel][value=phone]');
  await leader.fill('#notice [name=recipient]', '刘店长');
  await leader.fill('#notice [name=text]', '请准备营业执照、许可证和进货台账。');
  await done(trip, leader, '#notice button:has-text("登记告知")');
  await reads(leader, /重新登记告知/);
  await open(leader, '开始现场检查');
  await leader.fill('#begin [name=present]', '刘店长');
  await leader.fill('#begin [name=role]', '负责人');
  await act(trip, leader, '#begin button:has-text("开始检查")');
  await reads(leader, /须先出示执法证件|出示/);
  assert.equal(await leader.inputValue('#begin [name=present]'), '刘店长', 'what was typed is kept');
  await leader.check('#begin [name=shown]');
  await leader.check('#begin [name=told]');
  await done(trip, leader, '#begin button:has-text("开始检查")');
  await reads(leader, /形成结论还缺/);
  await trip.accessible(leader);
  await trip.shot(leader, 'begun');
}

/**
 * Each department brings its evidence, one with the script and one without, and fills in
 * its own items: R78.
 * @param {Trip} trip
 * @param {Map<string, Page>} crew
 * @param {Visit} v
 */
async function found(trip, crew, v) {
  const leader = /** @type {Page} */ (crew.get(v.lead[0]));
  await brought(trip, leader, ['photo1.jpg']);
  await plainly(trip, v);

  await leader.click('#items tr:has-text("专项事项") a.btn');
  await leader.check('[name=codes][value=no_problem]');
  await done(trip, leader, 'button:has-text("保存检查情况")');
  await leader.click('#items tr:has-text("待填写") a.btn:has-text("填写")');
  await leader.check('[name=codes][value=problem_ordered_to_correct]');
  await act(trip, leader, 'button:has-text("保存检查情况")');
  await reads(leader, /发现的问题/);
  await trip.accessible(leader);
  await leader.fill('[name=problem]', '进货台账记录不全。');
  await leader.fill('[name=handling]', '责令限期改正。');
  await done(trip, leader, 'button:has-text("保存检查情况")');
  await reads(leader, /尚未登记责令改正措施和期限/);
  await open(leader, '登记措施');
  await leader.check('#measures [name=kind][value=rectify]');
  await leader.check('#measures [name=manner][value=written]');
  await leader.fill('#measures [name=text]', '补全近三个月的进货台账。');
  await leader.fill('#measures [name=basis]', '《中华人民共和国食品安全法》第一百二十六条');
  await leader.fill('#measures [name=due]', '2026-12-31');
  await done(trip, leader, '#measures button:has-text("登记措施")');
  await reads(leader, /补全近三个月的进货台账/);

  const police = /** @type {Page} */ (crew.get(v.other[0]));
  await police.goto(pathOf(v));
  assert.equal(await police.locator('#conclude').count(), 0, 'who does not lead does not conclude');
  await police.click('#items a.btn:has-text("填写")');
  await police.check('[name=codes][value=no_problem]');
  await done(trip, police, 'button:has-text("保存检查情况")');
  await reads(police, /未发现问题/);
}

/**
 * Brings files with the script, and makes each evidence of the visit.
 * @param {Trip} trip
 * @param {Page} page
 * @param {string[]} names
 */
async function brought(trip, page, names) {
  await open(page, '上传照片');
  await page.setInputFiles('#upload [name=file]', names.map((n) => join(trip.facts.dir, n)));
  const parts = page.waitForResponse((r) => /\/office\/uploads\/[0-9a-f]{32}[?]/.test(r.url()));
  await page.click('#upload button');
  assert.ok((await parts).ok(), 'the script sends the file in parts');
  await page.waitForURL(/[?&]file=/);
  for (const name of names) {
    assert.equal(await page.inputValue('#evidence form.note [name=name]'), name);
    await done(trip, page, '#evidence form.note button:has-text("登记证据")');
    await page.locator('#evidence a[download]', { hasText: name }).waitFor();
  }
}

/**
 * Somebody of the other department brings a photograph from a telephone without script.
 * @param {Trip} trip
 * @param {Visit} v
 */
async function plainly(trip, v) {
  const page = await as(trip, v.other[1], pathOf(v), 'phone', { javaScriptEnabled: false });
  await open(page, '上传照片');
  await page.setInputFiles('#upload [name=file]', join(trip.facts.dir, 'photo2.jpg'));
  await page.click('#upload button');
  await page.waitForURL(/[?&]file=/);
  await trip.fits(page);
  await page.click('#evidence form.note button:has-text("登记证据")');
  await page.locator('#evidence a[download]', { hasText: 'photo2.jpg' }).waitFor();
  await page.locator('#evidence img.thumb').first().waitFor();
  await page.context().close();
}

/**
 * The leader concludes; the party signs by hand. A slip is put right, which voids the
 * signature; now the party refuses, and all members sign: R85–R89, INV-10. Returns the
 * inspection code.
 * @param {Trip} trip
 * @param {Map<string, Page>} crew
 * @param {Visit} v
 */
async function signed(trip, crew, v) {
  const leader = /** @type {Page} */ (crew.get(v.lead[0]));
  await leader.goto(pathOf(v));
  await leader.fill('#conclude [name=text]', '责令改正一项。');
  await done(trip, leader, '#conclude button');
  await reads(leader, /请被检查单位阅读汇总表/);
  await open(leader, '在屏幕上手写');
  const pad = leader.locator('.sign-pad');
  await pad.scrollIntoViewIfNeeded();
  const box = /** @type {{x: number, y: number, width: number, height: number}} */ (await pad.boundingBox());
  await leader.mouse.move(box.x + 30, box.y + 40);
  await leader.mouse.down();
  for (let i = 1; i <= 12; i++) await leader.mouse.move(box.x + 30 + 20 * i, box.y + 40 + (i % 2) * 60);
  await leader.mouse.up();
  await done(trip, leader, '#signatures form[data-signing] button.btn-primary');
  await reads(leader, /不是可靠电子签名/);
  await trip.accessible(leader);

  await open(leader, '退回补充检查');
  await leader.fill('#reopen [name=reason]', '结论有笔误');
  await done(trip, leader, '#reopen button');
  await reads(leader, /检查中/);
  await leader.fill('#conclude [name=text]', '责令改正一项，其余未发现问题。');
  await done(trip, leader, '#conclude button');
  await reads(leader, /已失效/);
  assert.equal(await leader.locator('section.grave .btn-grave:enabled').count(), 0, 'members sign after the party');
  await open(leader, '拒绝签字或者盖章');
  await leader.fill('#signatures [name=statement]', '经说明后，负责人仍拒绝签字。');
  await act(trip, leader, 'button:has-text("登记拒绝签字")');
  await reads(leader, /见证人/);
  await leader.fill('#signatures [name=witness]', '物业王某');
  await done(trip, leader, 'button:has-text("登记拒绝签字")');
  await reads(leader, /被检查单位拒绝签字/);
  await all(trip, crew, v);
  await leader.reload();
  await reads(leader, /检查完成/);
  await trip.accessible(leader);
  await trip.shot(leader, 'signed');
  return (await leader.innerText('main')).match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)?.[0] ?? '';
}

/**
 * Every member signs.
 * @param {Trip} trip
 * @param {Map<string, Page>} crew
 * @param {Visit} v
 */
async function all(trip, crew, v) {
  for (const name of [...v.lead, ...v.other]) {
    const page = /** @type {Page} */ (crew.get(name));
    await page.goto(pathOf(v));
    await done(trip, page, 'section.grave button.btn-grave');
    await reads(page, /本人再次验证身份后签字/);
  }
}

/**
 * The papers of the visit, each as PDF and as Word.
 * @param {Trip} trip
 * @param {Page} page
 * @param {Visit} v
 */
async function papers(trip, page, v) {
  await page.goto(pathOf(v));
  for (const [kind, magic] of [['.pdf', '%PDF-'], ['.docx', 'PK']]) {
    const links = await page.locator(`aside a[href$="${kind}"]`).evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
    assert.ok(links.length >= 5, `${links.length} papers as ${kind}`);
    for (const link of links) {
      const answer = await page.context().request.get(trip.base + link);
      assert.equal((await answer.body()).subarray(0, magic.length).toString(), magic, link);
    }
  }
}

/**
 * The object of the other visit cannot be reached: R100.
 * @param {Trip} trip
 * @param {Map<string, Page>} crew
 * @param {Visit} v
 */
async function unreachable(trip, crew, v) {
  const leader = /** @type {Page} */ (crew.get(v.lead[0]));
  await leader.goto(pathOf(v));
  await open(leader, '无法联系，或者不予配合');
  await leader.check('#aside [name=kind][value=unreachable_at_registered_address]');
  await leader.fill('#aside [name=tried]', '两次到登记的住所，大门紧锁，电话停机。');
  await done(trip, leader, '#aside button:has-text("登记")');
  await reads(leader, /至少登记两份证据/);
  await brought(trip, leader, ['photo3.jpg', 'photo4.jpg']);
  await leader.goto(pathOf(v));
  await leader.fill('#conclude [name=text]', '通过登记的住所无法联系。');
  await done(trip, leader, '#conclude button');
  await reads(leader, /待签字/);
  assert.equal(await leader.locator('.sign-pad').count(), 0, 'there is nobody to sign for the party');
  await all(trip, crew, v);
  await leader.reload();
  await reads(leader, /检查完成/);
}

/**
 * Both departments enter, approve and publish their own parts; one is returned first.
 * Returns the ids of the results of the market department.
 * @param {Trip} trip
 * @param {Visit} first
 * @param {Visit} second
 */
async function decided(trip, first, second) {
  const li = await as(trip, 'li', '/office');
  assert.ok(await li.locator('.job a.btn[aria-label*="录入检查结果"]').count() === 1, 'the first page leads to the results');
  const wang = await as(trip, 'wang', '/office');
  const id = await entered(trip, li, first, 'rectify');
  await wang.goto('/office');
  await wang.click('.job a.btn[aria-label*="审批检查结果"]');
  await trip.accessible(wang);
  await wang.fill('#return [name=opinion]', '请核对改正期限');
  await done(trip, wang, '#return button');
  await li.goto('/office');
  await li.goto(`/office/results/${id}`);
  await reads(li, /请核对改正期限/);
  await entered(trip, li, first, 'rectify');
  const other = await entered(trip, li, second, 'daily');
  for (const result of [id, other]) await published(trip, wang, li, result);
  await trip.shot(li, 'published');
  const sun = await as(trip, 'sun', '/office');
  const hu = await as(trip, 'hu', '/office');
  await published(trip, hu, sun, await entered(trip, sun, first, 'none'));
  return [id, other];
}

/**
 * A clerk enters what follows and hands the result in. Returns its id.
 * @param {Trip} trip
 * @param {Page} clerk
 * @param {Visit} v
 * @param {string} follow
 */
async function entered(trip, clerk, v, follow) {
  await clerk.goto('/office/results?view=all&q=' + encodeURIComponent(v.name));
  for (const href of await clerk.locator('#results a.name').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''))) {
    await clerk.goto(href);
    if (await clerk.locator('#put').count() > 0) break;
  }
  for (const box of await clerk.locator('#put [name=follow]:checked').all()) await box.uncheck();
  await clerk.check(`#put [name=follow][value=${follow}]`);
  await done(trip, clerk, '#put button:has-text("保存")');
  await clerk.locator('#submit').waitFor();
  await done(trip, clerk, '#submit button');
  await reads(clerk, /待审批/);
  return clerk.url().match(/results\/([0-9a-f-]{36})/)?.[1] ?? '';
}

/**
 * A leader approves exactly what will be public; a clerk publishes it.
 * @param {Trip} trip
 * @param {Page} leader
 * @param {Page} clerk
 * @param {string} id
 */
async function published(trip, leader, clerk, id) {
  await leader.goto(`/office/results/${id}`);
  await leader.fill('section.grave [name=opinion]', '同意');
  await done(trip, leader, 'section.grave button:has-text("批准")');
  await reads(leader, /待公示/);
  await clerk.goto(`/office/results/${id}`);
  await typed(trip, clerk);
  await reads(clerk, /已公示/);
}

/**
 * A clerk finds a mistake; the principal leader signs its correction: R102.
 * @param {Trip} trip
 * @param {string} id
 */
async function corrected(trip, id) {
  const li = await as(trip, 'li', `/office/results/${id}`);
  await li.click('a:has-text("更正或者撤下")');
  await trip.accessible(li);
  await li.check('[name=kind][value=correct]');
  await li.fill('[name=ground]', '核对后确认录入有误');
  await li.uncheck('[name=codes][value="1:problem_ordered_to_correct"]');
  await li.check('[name=codes][value="1:problem_pending"]');
  await done(trip, li, 'button:has-text("报主要负责人签字")');
  await reads(li, /待签字的更正/);
  const qin = await as(trip, 'qin', '/office');
  await qin.click('.job a.btn[aria-label*="签发更正"]');
  await qin.fill('section.grave [name=opinion]', '属实，同意更正');
  await trip.accessible(qin);
  await done(trip, qin, 'section.grave button.btn-grave');
  await reads(qin, /第 2 版（更正）/);
  await trip.shot(qin, 'corrected');
}

/**
 * Anybody reads the results, on a telephone and without script.
 * @param {Trip} trip
 * @param {Visit} first
 * @param {Visit} second
 * @param {string[]} results
 * @param {string} code
 */
async function readers(trip, first, second, results, code) {
  const citizen = await trip.reader('phone', { javaScriptEnabled: false });
  const script = await trip.reader('phone');
  for (const [path, pattern] of /** @type {[string, RegExp][]} */ ([
    ['/results', /已更正/],
    [`/results?q=${second.code}`, /无法联系/],
    [`/results/${results[0]}`, /第 2 版（更正）[\s\S]*责令立即改正/],
    [`/results/${results[1]}`, /无法联系/],
    [`/enterprises/${first.code}`, new RegExp(first.name)],
    ['/results/statistics', /待后续调查处理/],
    ['/results/guide', /一分钟/],
    [`/check/${code}`, /这是一次真实的检查/],
    ['/', /最新检查结果/],
  ])) {
    await citizen.goto(path);
    assert.match(await citizen.innerText('main'), pattern, path);
    await trip.fits(citizen);
    await script.goto(path);
    await trip.accessible(script);
  }
  await citizen.goto('/check');
  await citizen.fill('main [name=code]', code.toLowerCase().replaceAll('-', ''));
  await citizen.click('main button.btn-primary');
  assert.match(await citizen.innerText('main'), new RegExp(first.name));
  await trip.shot(citizen, 'code');
  await citizen.goto(`/enterprises/${first.code}`);
  await trip.shot(citizen, 'enterprise');
  for (const path of ['/results.csv', '/results.json', '/results.atom', '/results.xlsx', `/results/${results[0]}.json`]) {
    const answer = await citizen.context().request.get(trip.base + path);
    assert.ok(answer.ok(), `${path}: ${answer.status()}`);
    if (!path.endsWith('.xlsx')) assert.match(await answer.text(), new RegExp(first.name), path);
  }
}
