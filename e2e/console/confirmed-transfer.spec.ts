import { approve, openApproval, send } from './acts';
import { expect, test } from './world';

/** The console's cookie counts only with the header a browser adds. */
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

test('from an empty database to a confirmed transfer that two people agreed to', async ({ world, browser }) => {
  const { ada, bob, carol, wallet } = await world.acme();
  const sentence = /Send 1\.5 ETH to 0x7099.+dc79C8 from Treasury on Ethereum Sepolia/;

  await test.step('Ada sends, and it waits', async () => {
    await send(ada, wallet.id, { to: RECIPIENT, ether: '1.5' });
    await expect(ada.page.getByRole('heading', { level: 1, name: sentence })).toBeVisible();
    await expect(ada.page.getByRole('article').getByText('Pending', { exact: true }).first()).toBeVisible();
    await expect(ada.section('Who decides')).toContainText('2 seats open');
    await expect(ada.section('Who decides')).toContainText(bob.email);
    await expect(ada.section('Who decides')).toContainText(carol.email);
  });

  await test.step('Bob sees what he is asked and approves', async () => {
    await bob.go('/console');
    await expect(bob.section('Waiting for you')).toContainText('Send 1.5 ETH');
    await openApproval(bob, sentence);
    const changes = bob.section('What changes');
    await expect(changes).toContainText(RECIPIENT);
    await expect(changes).toContainText('4,500.00');
    await expect(changes).toContainText('Fee ceiling');
    await expect(changes).toContainText('18.5 ETH');
    await expect(bob.section('Why it is here')).toContainText('Two of treasury asks for approval');
    await expect(bob.section('Who decides')).toContainText('0 of 2');
    await approve(bob);
    await expect(bob.section('Who decides')).toContainText('1 of 2');
    await expect(bob.section('Who decides')).toContainText(/\(you\) approved/);
    await expect(bob.page.getByText('You approved this. It waits for the others.')).toBeVisible();
  });

  await test.step('Carol approves as the second', async () => {
    await carol.go('/console');
    await openApproval(carol, sentence);
    await expect(carol.section('Who decides')).toContainText(`1 seat open, waiting on ${carol.email}`);
    await approve(carol);
  });

  await test.step('Ada sees it confirmed, with its whole story', async () => {
    await expect(ada.page.getByRole('article').getByText('Confirmed', { exact: true }).first()).toBeVisible({
      timeout: 60_000,
    });
    const timeline = ada.section('Timeline');
    for (const step of [/request/i, /approv/i, /sign/i, /broadcast/i, /confirm/i])
      await expect(timeline.getByRole('listitem').filter({ hasText: step }).first()).toBeVisible();
    await expect(timeline).toContainText('ledger entry');
    await expect(ada.section('What it does')).toContainText('Fee paid');
  });

  await test.step('Ada takes evidence of it, and the page that verifies proves it in another browser', async () => {
    await ada.page.getByRole('button', { name: 'Evidence' }).click();
    const download = ada.page.waitForEvent('download');
    await ada.page.getByRole('button', { name: 'Download evidence' }).click();
    const file = await (await download).path();
    const { fingerprint } = (await (
      await ada.page.request.get('/x/organisation', { headers: SAME_ORIGIN })
    ).json()) as {
      readonly fingerprint: string;
    };
    await ada.page.keyboard.press('Escape');
    const context = await browser.newContext();
    const auditor = await context.newPage();
    await auditor.goto(`${world.system.baseUrl}/verify.html`);
    await auditor.getByLabel('Fingerprint of the organisation').fill(fingerprint);
    await auditor.locator('#file').setInputFiles(file);
    await expect(auditor.locator('#words')).toHaveText(/^PROVEN: xfr-.+ was signed by the rules of organisation/);
    await expect(auditor.locator('#checks')).toContainText(`of ${bob.email}`);
    await expect(auditor.locator('#unproven')).toContainText('is what the server saw');
    await context.close();
  });

  await test.step('The wallet holds that much less', async () => {
    await ada.go(`/console/wallets/${wallet.id}`);
    await expect(ada.page.locator('main')).toContainText('18.4');
  });
});

/** A wallet extension as pages see one: it says yes to everything and keeps what it was asked. */
const installExtension = () => {
  const asked: { method: string; params: unknown }[] = [];
  const listeners = new Set<(chainId: string) => void>();
  let chainId = '0x1';
  const answers: Readonly<Record<string, (params: never) => unknown>> = {
    eth_requestAccounts: () => ['0x90F79bf6EB2c4f870365E785982E1f101E93b906'],
    eth_accounts: () => ['0x90F79bf6EB2c4f870365E785982E1f101E93b906'],
    eth_chainId: () => chainId,
    wallet_switchEthereumChain: ([wanted]: [{ chainId: string }]) => {
      chainId = wanted.chainId;
      for (const listener of listeners) listener(chainId);
      return null;
    },
    eth_sendTransaction: () => `0x${'ab'.repeat(32)}`,
  };
  Object.assign(window, {
    asked,
    ethereum: {
      on: (event: string, listener: (chainId: string) => void) => event === 'chainChanged' && listeners.add(listener),
      removeListener: () => undefined,
      request: async ({ method, params }: { method: string; params: never }) => {
        asked.push({ method, params });
        return answers[method]?.(params) ?? null;
      },
    },
  });
};

test('a wallet extension of the browser pays into a wallet, on its network and to its address', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const page = await ada.context.newPage();
  await page.addInitScript(installExtension);
  await page.goto(`/console/wallets/${wallet.id}`);
  await page.getByRole('article').getByRole('button', { name: 'Receive' }).click();
  const dialog = page.getByRole('dialog', { name: 'Receive to Treasury' });
  await expect(dialog.getByRole('img', { name: /QR code/ })).toBeVisible();
  await dialog.getByLabel('Amount in ETH').fill('0.5');
  await dialog.getByRole('button', { name: 'Ask the extension' }).click();
  await expect(dialog).toContainText('Sent by the extension');
  const asked = await page.evaluate(() =>
    JSON.stringify(Object.entries(window).find(([name]) => name === 'asked')?.[1]),
  );
  expect(asked).toContain('"chainId":"0xaa36a7"');
  expect(asked).toContain(`"to":"${wallet.address.toLowerCase()}","value":"0x6f05b59d3b20000"`);
  await page.close();
});
