// R43, R44, R46, R47: from drafting to the public page, as people do it.

import assert from 'node:assert/strict';

/**
 * @param {import('../journey.mjs').Trip} trip
 */
export default async function (trip) {
  const clerk = await signedIn(trip, 'fgj-jbr');
  await trip.accessible(clerk);

  // The clerk begins the plan and fills in a task, first with a mistake.
  await clerk.goto('/office/plans');
  await clerk.selectOption('[name=kind]', 'own');
  await clerk.selectOption('[name=year]', '2027');
  await clerk.click('button:has-text("开始编制")');
  assert.match(await clerk.innerText('main'), /还没有任务/, 'the new plan opens');
  const plan = clerk.url().replace(/[?].*/, '');
  await clerk.click('a:has-text("添加任务")');
  await clerk.fill('[name=name]', '粮食流通抽查');
  await clerk.fill('[name=field]', '粮食流通');
  await clerk.check('label:has-text("粮食流通经营行为") input');
  await clerk.fill('[name=scope]', '粮食收购和储存企业');
  await clerk.fill('[name=pool]', '47');
  await clerk.fill('[name=frequency]', '1');
  await clerk.fill('[name=ratio]', '一半');
  await clerk.click('.month:has-text("7月")');
  await clerk.click('button:has-text("保存任务")');
  assert.match(await clerk.innerText('main'), /看不懂抽查比例中的“一半”/);
  assert.equal(await clerk.inputValue('[name=scope]'), '粮食收购和储存企业', 'what was typed is kept');
  await trip.accessible(clerk);
  await trip.shot(clerk, 'mistake');

  // Reloading loses nothing; the address alone leads back to the form.
  await clerk.reload();
  assert.equal(await clerk.inputValue('[name=scope]'), '粮食收购和储存企业', 'a reload keeps what was typed');
  const other = await clerk.context().newPage();
  await other.goto(clerk.url());
  assert.match(await other.innerText('main'), /没有办理任何事项/);
  assert.equal(await other.locator('[name=scope]').count(), 1, 'the page of the form is shown');
  assert.ok(!other.url().includes('/act/') && !other.url().includes('unsent'), other.url());
  await trip.accessible(other);
  await other.close();
  await clerk.fill('[name=ratio]', '10%');
  await clerk.click('button:has-text("保存任务")');
  assert.match(await clerk.innerText('#lines'), /粮食流通抽查/, 'saving leads back to the plan');
  await clerk.click('button:has-text("报审")');
  await agree(clerk);
  assert.match(await clerk.innerText('main'), /待审批/);

  // The leader approves, after showing who it is.
  const leader = await signedIn(trip, 'fgj-fgfzr');
  await leader.goto(plan);
  await leader.click('button:has-text("批准")');
  await provedIn(trip, leader);
  await leader.click('button:has-text("批准")');
  assert.match(await leader.innerText('main'), /已办理：批准/);
  await trip.accessible(leader);

  // The clerk reports it to the office; the leader publishes it.
  await clerk.goto(plan);
  await clerk.click('button:has-text("报送联席会议办公室")');
  assert.match(await clerk.innerText('main'), /已报送/);
  await leader.goto(plan);
  await leader.fill('.grave [name=confirm]', '370687-2026-fgj');
  await leader.click('.grave button');
  await agree(leader);
  assert.match(await leader.innerText('main'), /不一致/);
  await leader.fill('.grave [name=confirm]', '370687-2027-fgj');
  await leader.click('.grave button');
  await agree(leader);
  assert.match(await leader.innerText('main'), /已公布/);
  await trip.shot(leader, 'published');

  // Anybody reads it, on a phone and without script.
  const citizen = await trip.reader('phone', { javaScriptEnabled: false });
  await citizen.goto('/plans/370687-2027-fgj');
  assert.match(await citizen.innerText('main'), /粮食流通抽查/);
  await trip.fits(citizen);
  await trip.shot(citizen, 'public');
}

/**
 * Signs a person of the demonstration in.
 * @param {import('../journey.mjs').Trip} trip
 * @param {string} name
 */
async function signedIn(trip, name) {
  const page = await trip.reader();
  await page.goto('/office');
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', trip.facts.password);
  await page.click('button:has-text("登录")');
  await page.waitForURL('**/office');
  return page;
}

/**
 * Confirms the question that a script asks before an act, if it asks.
 * @param {import('playwright-core').Page} page
 */
async function agree(page) {
  const yes = page.locator('[data-ask-yes]');
  if (await yes.isVisible().catch(() => false)) await yes.click();
  await page.waitForLoadState();
}

/**
 * Shows the second factor again, in the window that the page offers.
 * @param {import('../journey.mjs').Trip} trip
 * @param {import('playwright-core').Page} page
 */
async function provedIn(trip, page) {
  const [window] = await Promise.all([page.context().waitForEvent('page'), page.click('a:has-text("验证")')]);
  await window.fill('[name=password]', trip.facts.password);
  await window.click('main button.btn-primary');
  await window.waitForLoadState();
  await window.close();
}
