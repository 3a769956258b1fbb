import type { PersonAtConsole } from '../support/person-at-console';
import { send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0x976EA74026E726554dB657fA54763abd0C3a0aa9';

const REQUESTS = 10;

/** Small requests, one after the other, the largest last. */
const askForMany = async (person: PersonAtConsole, walletId: string): Promise<void> => {
  for (let at = 1; at <= REQUESTS; at += 1) await send(person, walletId, { to: RECIPIENT, ether: String(at / 100) });
};

/** Moves the focus by Tab until it stands on what has that name. */
const tabTo = async ({ page }: PersonAtConsole, name: string | RegExp): Promise<void> => {
  const target = page.getByRole('button', { name }).or(page.getByRole('link', { name })).first();
  await expect(target).toBeEnabled();
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach “${name}”.`);
};

test('from the sign-in to the tenth approval nothing but the keyboard is needed', async ({ world }) => {
  const { ada, bob, wallet, orgId } = await world.acme();
  await askForMany(ada, wallet.id);
  const { page } = bob;
  await page.goto(`/console/sign-in?org=${orgId}&user=${encodeURIComponent(bob.email)}`);
  await expect(page.getByLabel('User name')).toHaveValue(bob.email);
  await tabTo(bob, 'Sign in with passkey');
  await page.keyboard.press('Enter');
  await expect(bob.section('Waiting for you')).toContainText('Send 0.1 ETH');
  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.waitForURL(/\/console\/approvals$/);
  const rows = page.getByRole('table').locator('tbody tr');
  await expect(rows.first()).toContainText('Send 0.1 ETH');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  const heading = page.getByRole('article').getByRole('heading', { level: 1 });
  await expect(heading).toContainText('Send 0.1 ETH');
  await tabTo(bob, 'Skip to the decision');
  await page.keyboard.press('Enter');
  await tabTo(bob, 'Approve with passkey');
  await page.keyboard.press('Enter');
  // The list is ordered from the newest; from here on it is worked off from the oldest.
  await expect(heading).toContainText('Send 0.09 ETH');
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await tabTo(bob, 'Start reviewing');
  await page.keyboard.press('Enter');
  await expect(rows.first()).toHaveAttribute('data-selected', 'true');
  // What is left of other stories waits longer; the filter leaves it out, and so does what comes next.
  await page.keyboard.press('/');
  await page.keyboard.type('0x976ea7');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/sort=at&q=0x976ea7$/);
  await page.keyboard.press('k');
  for (let done = 1; done < REQUESTS; done += 1) {
    const amount = `${done / 100} ETH`;
    // Whatever waits next has slid in.
    await expect(heading).toContainText(`Send ${amount}`);
    await expect(page.getByRole('button', { name: 'Approve with passkey' })).toBeEnabled();
    if (done === 1) {
      await page.keyboard.press('e');
      await expect(page.getByRole('dialog', { name: 'Evidence' })).toContainText('Activity digest');
      await page.keyboard.press('Escape');
    }
    await page.keyboard.press('a');
    await expect(page.getByText(`Send ${amount} to`).last()).toBeVisible();
  }
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Filter');
  await page.keyboard.press('Escape');
});

test('in an editor Enter saves and letters choose, and the list behind it hears neither', async ({ world }) => {
  const { ada, policyId } = await world.acme();
  const { page } = ada;
  const message = 'That is no change.';
  await page.route('**/auth/action/init', (route) => route.fulfill({ status: 400, json: { error: { message } } }), {
    times: 1,
  });
  ada.expectComplaint(/status of 400/);
  await ada.go(`/console/policies/${policyId}/edit`);
  await expect(page.getByRole('heading', { level: 1, name: /^Edit/ })).toBeVisible();
  const anybody = page.getByRole('checkbox', { name: 'Anybody in the organisation' });
  await anybody.focus();
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(anybody).toBeFocused();
  await tabTo(ada, 'Save with passkey');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article')).toContainText(message);
  await expect(page).toHaveURL(/\/edit$/);
});

test('keys of one character can be switched off, and what is exact is told to whoever gets there by Tab', async ({
  world,
}) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  const rail = page.getByRole('navigation', { name: 'Console' });
  await ada.go('/console');
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Single keys do things' }).uncheck();
  await page.keyboard.press('Escape');
  for (const key of ['g', 'w', '?']) await page.keyboard.press(key);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await tabTo(ada, 'Settings');
  await page.keyboard.press('Enter');
  await ada.section('Keyboard').getByRole('checkbox', { name: 'Single keys do things' }).check();
  await page.keyboard.press('Tab');
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(rail.getByRole('link', { name: 'Wallets' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByRole('table')).toContainText('Treasury');
  await expect(page.getByRole('table').getByRole('button', { name: /ago|now/ })).toHaveCount(0);
  await ada.go(`/console/wallets/${wallet.id}`);
  await tabTo(ada, /^[\d.]+ ETH/);
  await expect(page.getByRole('tooltip')).toContainText(/^\d{18,} base units/);
});

test('Enter sends a form, and what is wrong with it stands at the field, whoever says so', async ({ world }) => {
  const { ada } = await world.acme();
  const { page } = ada;
  await ada.go('/console/wallets');
  await page.getByRole('button', { name: 'Create wallet' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create wallet' });
  const [name, tags] = [drawer.getByLabel('Name'), drawer.getByLabel('Tags')];
  await expect(drawer.getByRole('button', { name: 'Create with passkey' })).toBeEnabled();
  await tags.fill('eu, ünfit');
  await tags.press('Enter');
  await expect(drawer).toContainText('Give it a name people will recognise');
  await expect(drawer).toContainText('“ünfit” may hold letters');
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await tags.fill('eu');
  await expect(drawer).not.toContainText('may hold letters');
  const message = 'is a tag that nobody may give';
  const details = { errors: [{ path: 'tags.0', message }] };
  const body = { error: { status: 400, message, details }, message };
  await page.route('**/auth/action/init', (route) => route.fulfill({ status: 400, json: body }), { times: 1 });
  ada.expectComplaint(/status of 400/);
  await name.fill('Second');
  await name.press('Enter');
  await expect(drawer).toContainText(`The server says: ${message}.`);
  await expect(tags).toBeFocused();
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
