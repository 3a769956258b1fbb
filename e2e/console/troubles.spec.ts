import { answerTo, approve, choose, openApproval, send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x976EA74026E726554dB657fA54763abd0C3a0aa9';

test('a decision without a connection is told at once, and nothing is sent once the connection is back', async ({
  world,
}) => {
  const { ada, bob, wallet } = await world.acme();
  const { page, context } = bob;
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.15' });
  await bob.go('/console');
  await openApproval(bob, /Send 0\.15 ETH/);
  await expect(page.getByRole('button', { name: 'Approve with passkey' })).toBeEnabled();
  bob.expectComplaint(/ERR_INTERNET_DISCONNECTED/);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') asked.push(request.url());
  });
  await context.setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await page.getByRole('button', { name: 'Approve with passkey' }).click();
  await expect(page.locator('footer')).toContainText('The server can’t be reached.');
  const before = asked.length;
  const current = page.waitForResponse(/\/v2\/policy-approvals\//);
  await context.setOffline(false);
  await expect(page.getByText('You are offline.')).toHaveCount(0);
  await current;
  await expect(bob.section('Who decides')).toContainText('0 of 2');
  expect(asked.slice(before)).toEqual([]);
  await approve(bob);
});

test('a list shows rows to come, what failed at the server with what to do, and the rows once it is tried again', async ({
  world,
}) => {
  const { ada } = await world.acme();
  const { page } = ada;
  const isKeys = ({ pathname }: URL) => pathname === '/keys';
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // Not among the answers that come with the page.
  const message = 'The database did not answer.';
  await page.route(isKeys, async (route) => {
    await held;
    await route.fulfill({ status: 500, headers: { 'x-request-id': 'rq-1' }, json: { error: { message }, message } });
  });
  ada.expectComplaint(/status of 500/);
  await ada.go('/console/keys');
  await expect(page.getByRole('main').getByRole('status', { name: 'Loading' })).toBeVisible();
  answer();
  const problem = page.getByRole('alert').filter({ hasText: 'The server could not show the keys' });
  await expect(problem).toContainText(message);
  await expect(problem).toContainText('Nothing was changed. Try again in a moment');
  await expect(problem).toContainText('rq-1');
  await page.unroute(isKeys);
  await problem.getByRole('button', { name: 'Try again' }).click();
  await expect(
    page
      .getByRole('table')
      .getByRole('link', { name: /Treasury/ })
      .first(),
  ).toBeVisible();
});

test('without its live stream a page asks by itself, and takes the stream up again', async ({ world }) => {
  const { ada, bob, wallet } = await world.acme();
  const { page } = bob;
  bob.expectComplaint(/status of 503/);
  await page.route('**/x/events', (route) => route.fulfill({ status: 503, body: 'restarting' }));
  await bob.go('/console/approvals');
  await page.getByRole('link', { name: /^Signers: / }).focus();
  await expect(page.getByRole('tooltip')).toContainText('The live connection is down');
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.16' });
  await expect(page.getByRole('table').getByRole('link', { name: /Send 0\.16 ETH/ })).toBeVisible();
  await page.unroute('**/x/events');
  await expect(page.getByRole('tooltip')).toContainText('This page is updated live.');
});

test('an address of the console that no page has is told as a page, and people find the page that verifies', async ({
  world,
}) => {
  const { ada } = await world.acme();
  ada.expectComplaint(/status of 404/);
  await ada.go('/console/wallets-of-old/7');
  await expect(ada.page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await expect(ada.page.getByRole('navigation', { name: 'Console' })).toBeVisible();
  const answer = await ada.context.request.get('/verify', { maxRedirects: 0 });
  expect([answer.status(), answer.headers().location]).toEqual([308, '/verify.html']);
});

test('filter, order and view stay in the address while forms open and close', async ({ world }) => {
  const { ada } = await world.acme();
  const { page } = ada;
  for (const [list, button] of [
    ['wallets', 'Create wallet'],
    ['people', 'Invite person'],
    ['roles', 'Who can …'],
  ] as const) {
    await ada.go(`/console/${list}?q=a&sort=-name`);
    await page.getByRole('button', { name: button }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`/console/${list}\\?q=a&sort=-name$`));
  }
  await ada.go('/console/policies');
  await choose(page, 'Which policies', 'All');
  await expect(page).toHaveURL(/\/console\/policies\?view=All$/);
  await page.getByRole('table').getByRole('link', { name: 'Two of treasury' }).first().click();
  await expect(page).toHaveURL(/\/console\/policies\/.+\?view=All$/);
});

test('a click on what the desktop told opens the approval', async ({ world }) => {
  const { ada, bob, wallet } = await world.acme();
  const { page } = bob;
  await bob.go('/console/activity');
  await expect(page.getByRole('table')).toBeVisible();
  await page.evaluate(() => {
    const told: object[] = [];
    class Told {
      static permission = 'granted';
      onclick = () => {};
      constructor() {
        told.push(this);
      }
      close() {}
    }
    Object.assign(window, { Notification: Told, told });
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
    localStorage.setItem('countersign.notify', 'on');
  });
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.17' });
  const click = () =>
    page.evaluate(() => {
      const [first] = Reflect.get(window, 'told');
      first?.onclick();
      return first !== undefined;
    });
  await expect.poll(click).toBe(true);
  await expect(page.getByRole('heading', { level: 1, name: /Send 0\.17 ETH/ })).toBeVisible();
  await page.evaluate(() => localStorage.removeItem('countersign.notify'));
});

test('a cancel that can’t be signed because the wallet is unread says so, and can be once it is read', async ({
  world,
}) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  const id = await send(ada, wallet.id, { to: RECIPIENT, ether: '0.18' });
  await page.route(`**/x/activities/${id}`, async (route) => {
    const answer = await answerTo(route);
    await route.fulfill({ response: answer, json: { ...(await answer.json()), status: 'Broadcasted' } });
  });
  const isWallet = ({ pathname }: URL) => pathname === `/wallets/${wallet.id}`;
  await page.route(isWallet, (route) => route.fulfill({ status: 500, json: { message: 'No answer.' } }));
  ada.expectComplaint(/status of 500/);
  await ada.go(`/console/activity/${id}`);
  await page.getByRole('button', { name: 'Cancel transaction' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel this transaction?' });
  await expect(dialog).toContainText('The wallet could not be read');
  await expect(dialog.getByRole('button', { name: 'Cancel transaction with passkey' })).toBeDisabled();
  await page.unroute(isWallet);
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog.getByRole('button', { name: 'Cancel transaction with passkey' })).toBeEnabled();
  await page.unrouteAll();
});
