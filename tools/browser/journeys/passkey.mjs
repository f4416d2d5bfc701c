// A passkey is registered, signs in, and is shown again before a grave act.
// The authenticator is the browser's own stand-in, behind the real WebAuthn.

import assert from 'node:assert/strict';

/**
 * @param {import('../journey.mjs').Trip} trip
 */
export default async function (trip) {
  const page = await trip.reader();
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const signed = async () => (await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials[0]?.signCount ?? -1;

  // Taken into possession with an invitation: a password, then the passkey.
  await page.goto('/invitation');
  await page.fill('[name=token]', trip.facts.token);
  await page.click('button:has-text("继续")');
  await page.fill('[name=new_password]', '石榴花开了三回又一回');
  await page.fill('[name=again]', '石榴花开了三回又一回');
  await page.click('button:has-text("下一步")');
  const make = page.locator('form[data-passkey=create]');
  await make.locator('[name=label]').fill('办公电脑');
  await trip.accessible(page);
  await make.locator('button').click();
  await page.locator('h1', { hasText: '账号已启用' }).waitFor();
  await page.click('a:has-text("进入系统")');
  await page.waitForURL('**/office');
  await page.goto('/account');
  assert.match(await page.innerText('main'), /办公电脑/, 'the account lists the passkey');
  await trip.shot(page, 'account');

  // Signs in without a password.
  await leave(page);
  const before = await signed();
  await page.goto('/sign-in?next=%2Foffice%2Fplans');
  await page.click('button:has-text("使用通行密钥登录")');
  await page.waitForURL('**/office/plans');
  assert.ok((await signed()) > before, 'the passkey was asked');

  // Shown again before a grave act, and nothing else is asked for.
  await page.goto('/step-up?next=%2Foffice');
  assert.equal(await page.locator('[name=password]').count(), 0, 'the password is no longer enough');
  await trip.accessible(page);
  await trip.shot(page, 'step-up');
  const again = await signed();
  await page.click('button:has-text("使用通行密钥验证")');
  await page.waitForURL('**/office');
  assert.ok((await signed()) > again, 'the passkey was asked again');

  // A person who turns away is told so, and can try again.
  await leave(page);
  await page.goto('/sign-in');
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.click('button:has-text("使用通行密钥登录")');
  await page.locator('.wrong-said', { hasText: '没有完成通行密钥验证' }).waitFor();
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.reload();
  await page.click('button:has-text("使用通行密钥登录")');
  await page.waitForURL('**/office');
}

/**
 * Signs out.
 * @param {import('playwright-core').Page} page
 */
async function leave(page) {
  await page.click('.side .me summary');
  await page.click('.side button:has-text("退出登录")');
  await page.waitForURL('**/sign-in');
}
