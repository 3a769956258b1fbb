import path from 'node:path';
import type { PersonAtConsole } from '../support/person-at-console';
import { answerTo } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x976EA74026E726554dB657fA54763abd0C3a0aa9';
const TOKEN = '0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238';

/** Asks for a transaction as a program at this console would: with the session and the passkey of the page. */
const askForCall = async ({ page }: PersonAtConsole, walletId: string, body: object): Promise<string> =>
  page.evaluate(
    async ([url, payload]) => {
      const bytes = (text: string) =>
        Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
      const text = (buffer: ArrayBuffer) =>
        btoa(String.fromCharCode(...new Uint8Array(buffer)))
          .replaceAll('+', '-')
          .replaceAll('/', '_')
          .replaceAll('=', '');
      const post = (to: string, sent: string, userAction?: string) =>
        fetch(to, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(userAction && { 'x-dfns-useraction': userAction }) },
          body: sent,
        });
      const init = { userActionPayload: payload, userActionHttpMethod: 'POST', userActionHttpPath: url };
      const challenge = await (
        await post('/auth/action/init', JSON.stringify({ ...init, userActionServerKind: 'Api' }))
      ).json();
      const held = await navigator.credentials.get({
        publicKey: {
          challenge: new TextEncoder().encode(challenge.challenge),
          userVerification: 'required',
          allowCredentials: challenge.allowCredentials.webauthn.map(({ id }: { id: string }) => ({
            id: bytes(id),
            type: 'public-key',
          })),
        },
      });
      if (!(held instanceof PublicKeyCredential) || !(held.response instanceof AuthenticatorAssertionResponse))
        return 0;
      const { clientDataJSON, authenticatorData, signature } = held.response;
      const credentialAssertion = {
        credId: held.id,
        clientData: text(clientDataJSON),
        authenticatorData: text(authenticatorData),
        signature: text(signature),
      };
      const { challengeIdentifier } = challenge;
      const signed = await post(
        '/auth/action',
        JSON.stringify({ challengeIdentifier, firstFactor: { kind: 'Fido2', credentialAssertion } }),
      );
      return (await (await post(url, payload, (await signed.json()).userAction)).json()).id;
    },
    [`/wallets/${walletId}/transactions`, JSON.stringify(body)] as const,
  );

/** Looks at the page as people see it; kept with the run's other output. */
const look = async ({ page }: PersonAtConsole, name: string): Promise<void> => {
  for (const [view, width, scheme] of [
    ['light', 1440, 'light'],
    ['dark', 1440, 'dark'],
    ['phone', 390, 'light'],
  ] as const) {
    await page.setViewportSize({ width, height: 1000 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: path.join(test.info().outputDir, `${name}-${view}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};

test('a policy’s form and its JSON stay one, and nothing typed is lost without a question', async ({ world }) => {
  const { ada } = await world.acme();
  const { page } = ada;
  await ada.go('/console/policies/new?start=limit');
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Above the limit');
  const limit = page.getByLabel('Limit in USD');
  await limit.fill('10.000');
  await expect(page.getByText('“10.000” is 10000 to some and 10 to others')).toBeVisible();
  await limit.fill('10,000.50');
  await expect(page.getByText('= 10,000.5 USD')).toBeVisible();
  await expect(ada.section('In words')).toContainText('10,000.5 USD');

  const json = page.getByLabel('Policy as JSON');
  const definition = JSON.parse(await json.inputValue());
  expect(definition.rule.configuration.limit).toBe(10_000.5);
  await json.fill(JSON.stringify({ ...definition, filters: { walletTags: { hasAny: ['nobody-has-it'] } } }));
  const tags = page.getByLabel(/^Any of these tags/);
  await expect(tags).toHaveValue('nobody-has-it');
  const save = page.getByRole('button', { name: 'Create with passkey' });
  await json.fill('{');
  await expect(page.getByText('This can’t be saved: the JSON is no policy yet')).toBeVisible();
  await expect(save).toBeDisabled();
  await page.getByRole('button', { name: 'Take the form’s' }).click();
  await expect(save).toBeEnabled();
  await tags.fill('nobody-has-it nor-this');
  await expect(json).toHaveValue(/nor-this/);

  const question = page.getByRole('dialog', { name: 'Throw away what you typed?' });
  await page.getByRole('article').getByRole('button', { name: 'Close' }).click();
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name: 'Wallets' }).click();
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect(name).toHaveValue('Above the limit');
  await look(ada, 'policy');
  await save.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Above the limit' })).toBeVisible();

  // A colleague's change, as this page would hear of it: what is signed is still for the version that was opened.
  const policyId = page.url().split('/').at(-1) ?? '';
  await ada.go(`/console/policies/${policyId}/edit`);
  await name.fill('Above the new limit');
  await page.route(`**/policies/${policyId}`, async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const answer = await answerTo(route);
    await route.fulfill({ response: answer, json: { ...(await answer.json()), name: 'By a colleague' } });
  });
  const notice = page.getByRole('status').filter({ hasText: 'Changed meanwhile' });
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await expect(notice).toBeVisible({ timeout: 1000 });
  }).toPass();
  await notice.getByRole('button', { name: 'What they changed' }).click();
  await expect(notice).toContainText('By a colleague');
  await page.unroute(`**/policies/${policyId}`);
  await page.getByRole('button', { name: 'Save with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Above the new limit' })).toBeVisible();
});

test('an amount says how it was understood, and a stray Escape keeps it', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  await ada.go(`/console/wallets/${wallet.id}`);
  await page.getByRole('article').getByRole('button', { name: 'Send', exact: true }).click();
  const drawer = page.getByRole('dialog', { name: 'Send' });
  const amount = drawer.getByLabel(/^Amount in /);
  await amount.fill('1,500');
  await expect(drawer).toContainText('“1,500” is 1500 to some and 1.5 to others');
  await amount.fill('1,5');
  await expect(drawer).toContainText('writes “.” as the decimal mark');
  await amount.fill('0.75');
  await expect(drawer).toContainText('= 0.75 ETH · 2,250.00 USD');
  await drawer
    .getByLabel('To', { exact: true })
    .fill(`${wallet.address.slice(0, 8)}${'0'.repeat(26)}${wallet.address.slice(-8)}`.toLowerCase());
  await expect(drawer.getByRole('alert')).toContainText(wallet.address.toLowerCase());
  await look(ada, 'send');
  await page.keyboard.press('Escape');
  const question = page.getByRole('dialog', { name: 'Throw away what you typed?' });
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect(amount).toHaveValue('0.75');
  await page.keyboard.press('Escape');
  await question.getByRole('button', { name: 'Throw it away' }).click();
  await expect(drawer).toHaveCount(0);
});

test('a request shows the calls in its bytes, and an unlimited approval for what it is', async ({ world }) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  await ada.go('/console');
  const data = `0x095ea7b3${RECIPIENT.slice(2).toLowerCase().padStart(64, '0')}${'f'.repeat(64)}`;
  const id = await askForCall(ada, wallet.id, { kind: 'Evm', to: TOKEN, value: '0', data });
  await ada.go(`/console/activity/${id}`);
  await expect(
    page.getByRole('heading', { level: 1, name: /Call contract 0x1c7d4b…9c7238 from Treasury/i }),
  ).toBeVisible();
  const calls = page.getByRole('region', { name: 'Decoded calls' });
  await expect(calls).toContainText('approve');
  await expect(calls).toContainText(new RegExp(RECIPIENT, 'i'));
  await expect(calls).toContainText('Unlimited approval');
  await expect(ada.section('What it does')).toContainText(new RegExp(TOKEN, 'i'));
  await expect(
    ada
      .section('Timeline')
      .getByRole('link', { name: /^ledger entry/ })
      .first(),
  ).toBeVisible();
  await look(ada, 'call');
});
