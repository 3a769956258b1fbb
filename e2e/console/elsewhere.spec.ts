import { send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';

test('on a phone, in another language and zone, a request is read to the last digit and approved by touch', async ({
  world,
}) => {
  const { ada, bob, wallet, orgId } = await world.acme();
  await send(ada, wallet.id, { to: RECIPIENT, ether: '1.25' });
  const phone = await world.seat('Bob', { isPhone: true, locale: 'de-DE', timezoneId: 'America/Los_Angeles' });
  await bob.passkeys.moveTo(phone.passkeys);
  const { page } = phone;
  await phone.go(`/console/sign-in?org=${orgId}&user=${encodeURIComponent(phone.email)}`);
  await expect(page.getByLabel('User name')).toHaveValue(phone.email);
  await page.getByRole('button', { name: 'Sign in with passkey' }).tap();
  await phone
    .section('Waiting for you')
    .getByRole('link', { name: /Send 1,25 ETH/ })
    .first()
    .tap();
  await expect(page.getByRole('heading', { level: 1, name: /Send 1,25 ETH/ })).toBeVisible();
  await expect(phone.section('What changes')).toContainText('3.750,00 USD');

  await test.step('what is exact is a touch away', async () => {
    await phone.section('What changes').getByRole('button', { name: '1,25 ETH' }).first().tap();
    await expect(page.getByRole('tooltip')).toContainText('1250000000000000000 base units');
    await page
      .locator('header')
      .getByRole('button', { name: /^(vor|jetzt|just now)/ })
      .last()
      .tap();
    await expect(page.getByRole('tooltip')).toContainText(/GMT-[78]/);
  });

  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await page.getByRole('button', { name: 'Approve with passkey' }).tap();
  await expect(page.getByText('You approved', { exact: true })).toBeVisible();

  await test.step('the queue has its filters and saved views', async () => {
    await phone.go('/console/approvals?view=waiting');
    await expect(page.getByRole('table')).toContainText('Send 1,25 ETH');
    await expect(page.getByRole('combobox', { name: 'Kind of request' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Saved views' })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  });
  await phone.passkeys.moveTo(bob.passkeys);
  await phone.context.close();
});
