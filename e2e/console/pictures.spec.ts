import path from 'node:path';
import type { PersonAtConsole } from '../support/person-at-console';
import { openApproval, send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720';
const FOLDER = path.resolve(import.meta.dirname, '../../docs/pictures');
const VIEWS = { light: [1440, 900], dark: [1440, 900], phone: [390, 844] } as const;

const photograph = async (
  { page }: PersonAtConsole,
  name: string,
  views: readonly (keyof typeof VIEWS)[] = ['light'],
): Promise<void> => {
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
  for (const view of views) {
    const [width, height] = VIEWS[view];
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: view === 'dark' ? 'dark' : 'light' });
    await expect(page.locator('html')).toHaveClass(view === 'dark' ? /\bdark\b/ : /\blight\b/);
    await page.screenshot({ path: path.join(FOLDER, `${name}-${view}.png`) });
  }
};

// Pictures of the documentation: taken again by E2E_PICTURES=1 npx playwright test pictures, and by nothing else.
if (process.env.E2E_PICTURES)
  test('the documentation shows the console as it is', async ({ world }) => {
    const { ada, bob, wallet } = await world.acme();
    await send(ada, wallet.id, { to: RECIPIENT, ether: '2' });
    await bob.go('/console');
    await openApproval(bob, /Send 2 ETH/);
    await expect(bob.page.getByRole('button', { name: 'Approve with passkey' })).toBeEnabled();
    await expect(bob.section('What changes')).toContainText('Balance now');
    await photograph(bob, 'approval', ['light', 'dark', 'phone']);
    await bob.go('/console/approvals');
    await expect(bob.page.getByRole('table')).toContainText('Send 2 ETH');
    await photograph(bob, 'approvals');
    await ada.go('/console');
    await expect(ada.page.getByRole('heading', { name: 'Home' })).toBeVisible();
    await photograph(ada, 'home');
    await ada.go('/console/policies/new?start=limit');
    await expect(ada.page.getByRole('heading', { name: 'New policy' })).toBeVisible();
    await photograph(ada, 'policy-editor');
    await ada.go('/console/developers');
    await expect(ada.page.getByRole('heading', { name: 'wallets.transferAsset' })).toBeVisible();
    await photograph(ada, 'developers');
  });
