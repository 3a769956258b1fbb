import { approve, choose, openApproval, send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65';

test('a block names its policy and the values it compared', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  await ada.go('/console/policies/new?start=limit');
  await page.getByLabel('Name', { exact: true }).fill('Nothing above 9,000 USD');
  await page.getByLabel('Limit in USD').fill('9000');
  await choose(page, 'When it triggers', 'Block');
  await expect(ada.section('In words')).toContainText('9,000 USD');
  const dryRun = ada.section('Dry run');
  await dryRun.getByLabel('Amount in ETH').fill('4');
  await dryRun.getByLabel('Recipient').fill(RECIPIENT);
  await expect(dryRun).toContainText('It would be blocked');
  await dryRun.getByLabel('Amount in ETH').fill('2');
  await expect(dryRun).toContainText('It would wait for approval');
  await page.getByRole('button', { name: 'Create with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Nothing above 9,000 USD' })).toBeVisible();
  ada.expectComplaint(/status of 403/);
  await ada.go(`/console/wallets/${wallet.id}`);
  await page.getByRole('article').getByRole('button', { name: 'Send', exact: true }).click();
  const drawer = page.getByRole('dialog', { name: 'Send' });
  await drawer.getByLabel('To', { exact: true }).fill(RECIPIENT);
  await drawer.getByLabel(/^Amount in /).fill('4');
  await drawer.getByRole('button', { name: 'Send 4 ETH with passkey' }).click();
  await expect(drawer).toContainText('Blocked by “Nothing above 9,000 USD”');
  await expect(drawer).toContainText(/12,?000/);
  await expect(drawer).toContainText(/9,?000/);
});

test('a frozen organisation sends nothing, and goes on once it is unfrozen', async ({ world }) => {
  const { ada, bob, carol, wallet } = await world.acme();
  const { page } = ada;
  const rail = page.getByRole('navigation', { name: 'Console' });
  await ada.go('/console');
  await rail.getByRole('button', { name: 'Freeze the organisation' }).click();
  await page.getByRole('button', { name: 'Freeze organisation with passkey' }).click();
  await expect(rail.getByRole('button', { name: 'Organisation is frozen' })).toContainText('Frozen');

  ada.expectComplaint(/status of 4\d\d/);
  await ada.go(`/console/wallets/${wallet.id}`);
  await expect(page.getByRole('article').getByText('Frozen', { exact: true }).first()).toBeVisible();
  await page.getByRole('article').getByRole('button', { name: 'Send', exact: true }).click();
  const drawer = page.getByRole('dialog', { name: 'Send' });
  await drawer.getByLabel('To', { exact: true }).fill(RECIPIENT);
  await drawer.getByLabel(/^Amount in /).fill('0.125');
  await drawer.getByRole('button', { name: 'Send 0.125 ETH with passkey' }).click();
  await expect(drawer.getByText('The server refused')).toBeVisible();
  await expect(drawer).toContainText(/frozen/i);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Throw it away' }).click();

  await rail.getByRole('button', { name: 'Organisation is frozen' }).click();
  await page.getByRole('button', { name: 'Unfreeze organisation with passkey' }).click();
  await expect(rail.getByRole('button', { name: 'Freeze the organisation' })).toBeVisible();
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.125' });
  for (const person of [bob, carol]) {
    await person.go('/console');
    await openApproval(person, /Send 0\.125 ETH/);
    await approve(person);
  }
  await expect(page.getByRole('article').getByText('Confirmed', { exact: true }).first()).toBeVisible({
    timeout: 60_000,
  });
});

test('a view that a role does not cover names the missing permission and who can give it', async ({ world }) => {
  const { bob } = await world.acme();
  bob.expectComplaint(/status of 403/);
  await bob.go('/console/roles');
  const problem = bob.page.getByRole('alert').filter({ hasText: 'You may not see the roles' });
  await expect(problem).toContainText('Permissions:Read');
  await expect(problem).toContainText('Permissions:Assign');
});

test('signing out ends the session, and the page that was open is behind the sign-in again', async ({ world }) => {
  const { carol, orgId } = await world.acme();
  const { page } = carol;
  await carol.go('/console/settings');
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/console\/sign-in/);
  carol.expectComplaint(/status of 401/);
  const answer = await carol.context.request.get('/wallets', { headers: { 'sec-fetch-site': 'same-origin' } });
  expect(answer.status()).toBe(401);
  await carol.go('/console/wallets?q=Treasury');
  await page.waitForURL(/\/console\/sign-in\?next=/);
  await expect(page.getByLabel('User name')).toHaveValue(carol.email);
  await expect(page.getByLabel('Organisation')).toHaveValue(orgId);
  await page.getByRole('button', { name: 'Sign in with passkey' }).click();
  await page.waitForURL(/\/console\/wallets\?q=Treasury$/);
  await expect(page.getByRole('heading', { name: 'Wallets' })).toBeVisible();
});
