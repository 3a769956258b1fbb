import fs from 'node:fs';
import type { Page } from '@playwright/test';
import { findSystem } from '../support/system';
import { answerTo, approve, choose, openApproval, send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';

/** What a link saves. */
const download = async (page: Page, name: RegExp): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
  return fs.readFileSync(await file.path(), 'utf8');
};

test('every entry is there in words, can be found, and is verified in the browser', async ({ world }, testInfo) => {
  const { ada, bob, carol, wallet } = await world.acme();
  const { page } = ada;
  await send(ada, wallet.id, { to: RECIPIENT, ether: '1.25' });
  for (const person of [bob, carol]) {
    await person.go('/console');
    await openApproval(person, /Send 1\.25 ETH/);
    await approve(person);
  }
  await expect(page.getByRole('article').getByText('Confirmed', { exact: true }).first()).toBeVisible();

  await test.step('the rail and ⌘K lead to the list', async () => {
    await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Audit' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
    await expect(page.getByRole('table')).toContainText('Asked to send 1.25 ETH from “Treasury”');
    await expect(page.getByRole('table')).toContainText('Signers');
  });

  await test.step('person and kind narrow it down, and the link shows the same list', async () => {
    await choose(page, 'Kind', 'What people did');
    await choose(page, 'Person', bob.email);
    await expect(page).toHaveURL(/person=us-.+/);
    await expect(page.getByRole('table')).toContainText('Approved');
    await expect(page.getByRole('table')).not.toContainText('Asked to send');
    await page.reload();
    await expect(page.getByRole('table')).toContainText('Approved');
    await expect(page.getByRole('table')).not.toContainText('Asked to send');
  });

  await test.step('an entry is verified down to the signers’ signatures', async () => {
    await page
      .getByRole('table')
      .getByRole('link', { name: /^Approved/ })
      .first()
      .click();
    await expect(page.getByRole('heading', { level: 1, name: /^Approved/ })).toBeVisible();
    const checks = ada.section('Verified in this browser');
    await expect(checks).toContainText('This entry holds, and the signers have witnessed it.');
    await expect(checks).toContainText('signed exactly this request: method, path and body');
    await expect(checks).toContainText(/Signers \d, \d, \d.* signed that root; 3 of 4 are needed/);
    await expect(ada.section('What the hashes are over')).toContainText('"value": "Approved"');
    await page.getByRole('button', { name: 'Statement that was signed' }).click();
    await expect(ada.section('What the hashes are over')).toContainText('"serverNonce"');
  });

  await test.step('both files hold what the list holds', async () => {
    await ada.go('/console/audit');
    const ndjson = await download(page, /NDJSON/);
    const entries = ndjson
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries[0]).toMatchObject({ seq: 0, kind: 'genesis' });
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index));
    const csv = await download(page, /CSV/);
    expect(csv.split('\r\n')[0]).toContain('seq,hash,id,at');
    expect(csv).toContain('Asked to send 1.25 ETH from');
  });

  await test.step('it looks the same in both themes and fits a phone', async () => {
    const detail = page.url();
    const request = page
      .getByRole('table')
      .getByRole('link', { name: /^Asked to send/ })
      .first();
    const href = (await request.getAttribute('href')) ?? detail;
    for (const [name, path] of [
      ['audit', '/console/audit'],
      ['audit-detail', href],
    ] as const) {
      await ada.go(path);
      await expect(page.getByRole('status', { name: /Loading|Verifying/ })).toHaveCount(0);
      for (const width of [1440, 390])
        for (const theme of ['light', 'dark'] as const) {
          await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
          await page.emulateMedia({ colorScheme: theme });
          await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${theme}\\b`));
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(overflow, `${name} at ${width} px is wider than the screen`).toBeLessThanOrEqual(0);
          await page.screenshot({ path: testInfo.outputPath(`${name}-${width}-${theme}.png`) });
        }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
  });
});

test('an entry that the server changed is called out', async ({ world }) => {
  const { ada } = await world.acme();
  const { page } = ada;
  await page.route('**/x/audit/entries/1', async (route) => {
    const answer = await answerTo(route);
    const body = await answer.json();
    await route.fulfill({ response: answer, json: { ...body, entry: body.entry.replace(/"at":\d/, '"at":9') } });
  });
  await ada.go('/console/audit/1');
  await expect(ada.section('Verified in this browser')).toContainText('This entry does not hold');
  await page.unroute('**/x/audit/entries/1');
});

test('a transaction behind the ledger’s back is an alarm on the home page and at the signers', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const { anvilUrl } = findSystem(world.system.dataDir);
  const rpc = (method: string, ...params: readonly unknown[]) =>
    fetch(anvilUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
  await ada.go('/console');
  await expect(ada.page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible();
  await expect(ada.page.getByText('that the ledger does not know')).toHaveCount(0);
  await rpc('anvil_impersonateAccount', wallet.address);
  await rpc('eth_sendTransaction', { from: wallet.address, to: RECIPIENT, value: '0x1' });
  await rpc('anvil_stopImpersonatingAccount', wallet.address);
  for (const path of ['/console', '/console/signers']) {
    await ada.go(path);
    const alarm = ada.page
      .getByRole('alert')
      .filter({ hasText: '1 transaction on the chain that the ledger does not know' });
    await expect(alarm).toContainText('the ledger knows nothing of it');
  }
});

test('a person without the permission is told which one it takes', async ({ world }) => {
  const { bob } = await world.acme();
  bob.expectComplaint(/status of 403/);
  await bob.go('/console/audit');
  await expect(bob.page.getByRole('alert').filter({ hasText: 'You may not see the audit log' })).toContainText(
    'Auth:Logs:Read',
  );
  // Left open it would ask again at every entry of the stories that follow.
  await bob.go('/console');
});
