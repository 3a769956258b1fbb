import { whileNothingIsMined } from '../support/chain-history';
import { findSystem } from '../support/system';
import { approve, openApproval, send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const SENTENCE = /Send 0\.25 ETH to 0x90F7.+93b906 from Treasury/;

test('a transfer that waits to be mined is sped up from its page: its replacement is confirmed, and it says by what it was replaced', async ({
  world,
}, testInfo) => {
  const { ada, bob, carol, wallet } = await world.acme();
  const { page } = ada;
  const status = (words: string) => page.getByRole('article').getByText(words, { exact: true }).first();
  let transferId = '';
  await whileNothingIsMined(findSystem(world.system.dataDir), async () => {
    transferId = await send(ada, wallet.id, { to: RECIPIENT, ether: '0.25' });
    for (const approver of [bob, carol]) {
      await approver.go('/console');
      await openApproval(approver, SENTENCE);
      await approve(approver);
    }
    await expect(page.getByRole('button', { name: 'Cancel transaction' })).toBeVisible();
    await page.getByRole('button', { name: 'Speed up' }).click();
    const dialog = page.getByRole('dialog', { name: 'Speed this transaction up?' });
    for (const fact of ['Fee now, at most', 'New fee, at most about', 'Fee ceiling'])
      await expect(dialog.locator('dl > div').filter({ hasText: fact })).toContainText('ETH');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: testInfo.outputPath(`speed-up-${colorScheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await dialog.getByRole('button', { name: 'Speed up with passkey' }).click();
    await page.waitForURL(/\/console\/activity\/tx-.+/);
    await expect(page.getByRole('heading', { level: 1, name: /^Speed up: send 0\.25 ETH/ })).toBeVisible();
  });
  await expect(status('Confirmed')).toBeVisible({ timeout: 90_000 });
  await page.screenshot({ path: testInfo.outputPath('replacement.png'), fullPage: true });
  await ada.go(`/console/activity/${transferId}`);
  await expect(status('Failed')).toBeVisible();
  await expect(page.getByRole('article')).toContainText('did the same at a higher fee');
  await expect(page.getByRole('button', { name: 'Speed up' })).toHaveCount(0);
  await page.screenshot({ path: testInfo.outputPath('replaced.png'), fullPage: true });
});
