import { answerTo, openApproval, send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const ANOTHER = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';

test('a rejected request says who rejected it and why', async ({ world }) => {
  const { ada, bob, wallet } = await world.acme();
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.25' });
  await bob.go('/console');
  await openApproval(bob, /Send 0\.25 ETH/);
  await bob.page.getByRole('button', { name: 'Reject' }).click();
  const dialog = bob.page.getByRole('dialog', { name: 'Reject this request?' });
  await expect(dialog.getByRole('button', { name: 'Reject with passkey' })).toBeDisabled();
  await dialog.getByLabel('Reason').fill('No invoice names this address.');
  await dialog.getByRole('button', { name: 'Reject with passkey' }).click();
  await expect(bob.page.getByText('You rejected', { exact: true })).toBeVisible();
  await expect(ada.page.getByRole('article').getByText('Rejected', { exact: true }).first()).toBeVisible();
  await expect(ada.section('Who decides')).toContainText(`${bob.email} rejected`);
  await expect(ada.section('Who decides')).toContainText('“No invoice names this address.”');
});

test('a statement about another recipient than the screen shows takes the approve button away', async ({ world }) => {
  const { ada, bob, wallet } = await world.acme();
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.5' });
  await bob.go('/console');
  await openApproval(bob, /Send 0\.5 ETH/);
  // A server that lies: what it shows stays, what it wants signed is another request.
  await bob.page.route('**/auth/action/init', async (route) => {
    const answer = await answerTo(route);
    const challenge = await answer.json();
    challenge.statement.context.activityDigest = 'f'.repeat(64);
    await route.fulfill({ response: answer, json: challenge });
  });
  await bob.page.getByRole('button', { name: 'Approve with passkey' }).click();
  const notice = bob.page.getByText('Refused to sign: the server asked for something else than this page shows');
  await expect(notice).toBeVisible();
  await expect(bob.page.getByRole('contentinfo').or(bob.page.locator('footer'))).toContainText('activityDigest');
  await expect(bob.page.getByRole('button', { name: 'Approve with passkey' })).toHaveCount(0);
  await bob.page.keyboard.press('a');
  await expect(notice).toBeVisible();
  await bob.page.unroute('**/auth/action/init');
  await expect(bob.section('Who decides')).toContainText('0 of 2');
});

test('a server that wants a send to somebody else signed gets no signature', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  let signatures = 0;
  await page.route('**/auth/action/init', async (route) => {
    const asked = route.request().postDataJSON();
    const userActionPayload = asked.userActionPayload.replace(RECIPIENT, ANOTHER);
    await route.continue({ postData: JSON.stringify({ ...asked, userActionPayload }) });
  });
  page.on('request', (request) => {
    if (request.url().endsWith('/auth/action')) signatures += 1;
  });
  await ada.go(`/console/wallets/${wallet.id}`);
  await page.getByRole('article').getByRole('button', { name: 'Send', exact: true }).click();
  const drawer = page.getByRole('dialog', { name: 'Send' });
  await drawer.getByLabel('To', { exact: true }).fill(RECIPIENT);
  await drawer.getByLabel(/^Amount in /).fill('0.75');
  await drawer.getByRole('button', { name: 'Send 0.75 ETH with passkey' }).click();
  await expect(drawer).toContainText('Refused to sign: the server asked for something else than this page shows');
  await expect(drawer.getByRole('listitem').filter({ hasText: 'body' })).toBeVisible();
  expect(signatures).toBe(0);
  await page.unroute('**/auth/action/init');
});

test('facts that the browser decodes otherwise than the server are called out before anybody approves', async ({
  world,
}) => {
  const { ada, bob, wallet } = await world.acme();
  const { page } = bob;
  await send(ada, wallet.id, { to: RECIPIENT, ether: '0.6' });
  await page.route('**/x/activities/*', async (route) => {
    const answer = await answerTo(route);
    const detail = await answer.json();
    if (detail.facts) detail.facts.recipient = ANOTHER;
    await route.fulfill({ response: answer, json: detail });
  });
  await bob.go('/console/approvals');
  await page
    .getByRole('table')
    .getByRole('link', { name: /Send 0\.6 ETH/ })
    .first()
    .click();
  await expect(page.getByText('The server describes this request wrongly. Don’t approve it.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve with passkey' })).toHaveCount(0);
  await page.unroute('**/x/activities/*');
});
