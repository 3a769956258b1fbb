import { send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x976EA74026E726554dB657fA54763abd0C3a0aa9';

test('approvals are worked through with the keyboard alone', async ({ world }) => {
  const { ada, bob, wallet } = await world.acme();
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.01' });
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.02' });
  const { page } = bob;
  await bob.go('/console');
  await expect(bob.section('Waiting for you')).toContainText('Send 0.02 ETH');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.waitForURL(/\/console\/approvals$/);
  const rows = page.getByRole('table').locator('tbody tr');
  await expect(rows.first()).toContainText('Send 0.02 ETH');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: /Send 0\.02 ETH/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve with passkey' })).toBeEnabled();
  await page.keyboard.press('a');
  await expect(page.getByText('You approved', { exact: true })).toBeVisible();
  // Whatever waits next slides in.
  await expect(page.getByRole('heading', { level: 1, name: /Send 0\.02 ETH/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Approve with passkey' })).toBeEnabled();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Approve with passkey');
  await page.keyboard.press('Escape');
});

test('the palette finds a wallet by its address', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  await ada.go('/console');
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Find, go to, act' }).fill(wallet.address);
  const found = page.getByRole('option', { name: /^Treasury/ });
  await expect(found).toBeVisible();
  await expect(found).toHaveAttribute('data-selected', 'true');
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`/console/wallets/${wallet.id}$`));
});
