import { answerTo } from './acts';
import { expect, test } from './world';

test('how long sign-ins last is changed with a passkey, and stands in the ledger', async ({ world }) => {
  const { ada } = await world.acme();
  const { page } = ada;
  const change = async (minutes: string, shown: string | RegExp) => {
    await ada.go('/console/settings');
    await ada.section('Rules').getByRole('button', { name: 'Change settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings of the organisation' });
    const minutesField = dialog.getByLabel('Minutes a sign-in lasts');
    await minutesField.fill('1.5');
    await minutesField.press('Tab');
    await expect(dialog.getByRole('alert')).toContainText('whole number from 5 to 43,200');
    await minutesField.fill(minutes);
    await dialog.getByRole('button', { name: 'Save with passkey' }).click();
    await expect(page.getByText('Changed the settings', { exact: true })).toBeVisible();
    await expect(ada.section('Rules')).toContainText(shown);
  };
  await change('600', '600 minutes');
  await ada.go('/console/audit');
  await expect(page.getByRole('row', { name: /Asked for other settings: not strict/ }).first()).toBeVisible();
  await change('', /A sign-in lasts\s*the operator’s limit/);
});

test('where a registration code is enough, every page warns, and the step to vouching is signed and can’t be taken twice', async ({
  world,
}) => {
  const { ada } = await world.acme();
  const { page } = ada;
  // The organisation vouches already; this page is told that it does not.
  await page.route('**/x/organisation', async (route) => {
    const answer = await answerTo(route);
    await route.fulfill({ response: answer, json: { ...(await answer.json()), enrolment: 'server' } });
  });
  await ada.go('/console');
  await expect(page.getByText('The server alone decides whose keys count')).toBeVisible();
  await page.getByRole('link', { name: 'Ask for vouching' }).click();
  await page.getByRole('button', { name: 'Require vouching' }).click();
  const dialog = page.getByRole('dialog', { name: 'Require vouching for new keys?' });
  await expect(dialog).toContainText('There is no way back.');
  ada.expectComplaint(/status of 409/);
  await dialog.getByRole('button', { name: 'Require vouching with passkey' }).click();
  await expect(dialog).toContainText('enrols by vouching already');
  await page.unroute('**/x/organisation');
  await ada.go('/console/settings');
  await expect(ada.section('Enrolment')).toContainText('This can’t be undone.');
});

test('a fork that a signer kept evidence of, and a signer that stopped, are alarms with the evidence beside them', async ({
  world,
}) => {
  const { ada } = await world.acme();
  const { page } = ada;
  await page.route('**/x/ledger/checkpoints*', async (route) => {
    const answer = await answerTo(route);
    const evidence = { seq: 7, mine: 'aa'.repeat(32), theirs: 'bb'.repeat(32) };
    const at = new Date().toISOString();
    const fork = { node: 2, code: 'ledger.fork', subject: '7', message: 'two histories share entry 6', at, evidence };
    await route.fulfill({ response: answer, json: { ...(await answer.json()), alarms: [fork] } });
  });
  await page.route('**/x/signers', async (route) => {
    const answer = await answerTo(route);
    const body = await answer.json();
    const items = body.items.map((node: { node: number }) =>
      node.node === 2 ? { ...node, stopped: true, stopReason: 'the ledger forked at entry 7' } : node,
    );
    await route.fulfill({ response: answer, json: { ...body, items } });
  });
  await ada.go('/console/signers');
  const alarm = page.getByRole('alert').filter({ hasText: 'Signers hold evidence about this ledger' });
  await alarm.getByText('Signer 2: two histories share entry 6').click();
  await expect(alarm).toContainText('bb'.repeat(32));
  await expect(page.getByRole('alert').filter({ hasText: 'Signer 2 stopped following this ledger' })).toContainText(
    'the ledger forked at entry 7',
  );
  await expect(page.getByRole('row', { name: /Signer 2/ }).first()).toContainText('Stopped');
  await page.unrouteAll();
});

test('a key names who made it and every request that it signed', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  await ada.go(`/console/wallets/${wallet.id}`);
  await ada.section('Wallet').getByRole('link', { name: /^key-/ }).click();
  await expect(ada.section('Key')).toContainText('all 4 signers; any 3 sign');
  const ceremonies = ada.section('Ceremonies');
  await expect(ceremonies).toContainText('Made and confirmed by signers 1, 2, 3, 4');
  await ceremonies.getByRole('link', { name: /^ledger entry/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /made the key/ })).toBeVisible();
  await expect(ada.section('Verified in this browser')).toContainText('This entry holds');
});
