import { expect, test } from '@playwright/test';
import { codeFor } from '../support/outbox';
import type { PersonAtConsole, SeatOptions } from '../support/person-at-console';
import type { StartedSystem } from '../support/start-system';
import { findSystem, fund } from '../support/system';
import { choose, signIn } from './acts';

/** An empty system: its set-up link, and seats for people. */
export type Beginning = {
  readonly system: StartedSystem;
  /** The one-time link that the first start printed. */
  readonly setupUrl: string;
  readonly seat: (name: string, options?: SeatOptions) => Promise<PersonAtConsole>;
};

export type Acme = {
  readonly orgId: string;
  readonly ada: PersonAtConsole;
  readonly bob: PersonAtConsole;
  readonly carol: PersonAtConsole;
  readonly wallet: { readonly id: string; readonly address: string };
  /** The approvers' role that Bob and Carol hold. */
  readonly roleId: string;
  /** The policy that asks both. */
  readonly policyId: string;
};

const ETHER = 10n ** 18n;
const OF_APPROVERS = [
  'Auth:Users:Read',
  'Policies:Approvals:Approve',
  'Policies:Approvals:Read',
  'Policies:Read',
  'Wallets:Read',
  'Wallets:Transfers:Read',
];

/** An organisation from the set-up link on, without any call beside the console: what a first day looks like. */
export const found = async (world: Beginning): Promise<Acme> => {
  const [ada, bob, carol] = [await world.seat('Ada'), await world.seat('Bob'), await world.seat('Carol')];
  await test.step('Ada sets up the organisation with two passkeys', () => setUp(world, ada));
  let orgId = '';
  for (const person of [bob, carol]) {
    const link = await test.step(`Ada invites ${person.name}`, () => invite(ada, person));
    orgId = link.searchParams.get('org') ?? '';
    const shown = await test.step(`${person.name} registers a passkey`, () => register(world, person, link));
    await test.step(`${person.name} can sign in and read, but not act`, () => readOnly(person, orgId, shown));
    await test.step(`Ada vouches for ${person.name}`, () => vouch(ada, person, shown));
  }
  const roleId = await test.step('Ada makes a role and gives it', () => makeRole(ada, [bob, carol]));
  const policyId = await test.step('Ada makes a policy that asks Bob and Carol', () => makePolicy(ada, [bob, carol]));
  const wallet = await test.step('Ada creates a wallet, and it is funded', () => makeWallet(world, ada));
  return { orgId, ada, bob, carol, wallet, roleId, policyId };
};

const setUp = async (world: Beginning, ada: PersonAtConsole): Promise<void> => {
  const { page, passkeys } = ada;
  await page.goto(world.setupUrl);
  await page.getByLabel('Name of the organisation').fill('Acme');
  await page.getByLabel('Your e-mail').fill(ada.email);
  await page.getByRole('button', { name: 'Create organisation' }).click();
  await page.getByRole('button', { name: 'Make first passkey' }).click();
  await expect(page.getByText('losing the first one would lock everybody out')).toBeVisible();
  expect(await passkeys.count()).toBe(1);
  await passkeys.takeSecurityKey();
  await page.getByRole('button', { name: 'Make second passkey' }).click();
  await expect(page.getByText('This is the fingerprint of your organisation’s genesis.')).toBeVisible();
  expect(await passkeys.count()).toBe(2);
  const fingerprint = ((await page.locator('main p.font-mono').textContent()) ?? '').trim();
  expect(fingerprint).toMatch(/^([0-9a-f]{4} ){7}[0-9a-f]{4}$/);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await ada.go('/console/settings');
  await expect(ada.section('Organisation')).toContainText(fingerprint);
  await expect(ada.section('Organisation')).toContainText('signed by the first administrator');
  await expect(ada.section('Organisation')).toContainText('vouched');
  await expect(ada.section('Your passkeys').getByRole('listitem')).toHaveCount(2);
};

/** @returns the registration link that Ada can pass on; the code is not in it. */
export const invite = async ({ page, go }: PersonAtConsole, person: PersonAtConsole): Promise<URL> => {
  await go('/console/people');
  await page.getByRole('button', { name: 'Invite person' }).click();
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByRole('button', { name: 'Invite with passkey' }).click();
  const dialog = page.getByRole('dialog', { name: `Invited ${person.email}` });
  await expect(dialog).toContainText('Then somebody vouches');
  const link = new URL((await dialog.locator('pre').textContent()) ?? '');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('row', { name: new RegExp(`${person.email}.*Invited`) })).toBeVisible();
  return link;
};

/** @returns the fingerprint of the new passkey, as the person reads it. */
export const register = async (world: Beginning, person: PersonAtConsole, link: URL): Promise<string> => {
  const { page } = person;
  const code = await codeFor(world.system.dataDir, person.email);
  await page.goto(link.href);
  await expect(page.getByLabel('User name')).toHaveValue(person.email);
  await page.getByLabel('Registration code').fill(code);
  await page.getByRole('button', { name: 'Make passkey' }).click();
  await expect(page.getByRole('heading', { name: 'Your passkey is made' })).toBeVisible();
  const fingerprint = /SHA256:[A-Za-z0-9+/]{43}=?/.exec((await page.locator('main').textContent()) ?? '')?.[0];
  if (!fingerprint) throw new Error('No fingerprint is shown after registration.');
  return fingerprint;
};

const readOnly = async (person: PersonAtConsole, orgId: string, fingerprint: string): Promise<void> => {
  const { page } = person;
  await signIn(person, orgId);
  await expect(page.getByRole('heading', { name: 'Home' })).toBeVisible();
  await person.go('/console/settings');
  await expect(person.section('Your passkeys')).toContainText(fingerprint);
  await expect(person.section('Organisation')).toContainText('Acme');
  person.expectComplaint(/status of 403/);
  await person.passkeys.takeSecurityKey();
  await page.getByRole('button', { name: 'Add passkey' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add passkey' });
  await dialog.getByLabel('Name').fill('Too early');
  await dialog.getByRole('button', { name: 'Add passkey' }).click();
  await expect(dialog).toContainText('not vouched for yet');
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await person.passkeys.dropSecurityKey();
  await expect(person.section('Your passkeys').getByRole('listitem')).toHaveCount(1);
};

export const vouch = async (ada: PersonAtConsole, person: PersonAtConsole, fingerprint: string): Promise<void> => {
  const { page } = ada;
  await ada.go('/console/people');
  await page.getByRole('link', { name: person.email }).first().click();
  await page.getByRole('button', { name: 'Vouch', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Vouch for ${person.email}` });
  const another = fingerprint.replace(/:(.)/, (_, first: string) => `:${first === 'A' ? 'B' : 'A'}`);
  ada.expectComplaint(/status of 4\d\d/);
  await dialog.getByLabel('Fingerprint').fill(another);
  await dialog.getByRole('button', { name: 'Vouch with passkey' }).click();
  await expect(dialog.getByText('The server refused')).toBeVisible();
  await dialog.getByLabel('Fingerprint').fill(fingerprint);
  await dialog.getByRole('button', { name: 'Vouch with passkey' }).click();
  await expect(page.getByText(`You vouched for ${person.email}`)).toBeVisible();
};

const makeRole = async (ada: PersonAtConsole, people: readonly PersonAtConsole[]): Promise<string> => {
  const { page } = ada;
  await ada.go('/console/roles');
  await page.getByRole('button', { name: 'Create role' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create role' });
  await drawer.getByLabel('Name').fill('Treasury approver');
  for (const operation of OF_APPROVERS)
    await drawer.getByRole('checkbox', { name: new RegExp(`^${operation}(?![:\\w])`) }).check();
  await expect(drawer).toContainText(`${OF_APPROVERS.length} chosen`);
  await drawer.getByRole('button', { name: 'Create with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Treasury approver' })).toBeVisible();
  for (const person of people) {
    await choose(page, 'Person or service account', person.email);
    await page.getByRole('button', { name: 'Give role' }).click();
    await expect(ada.section('Held by').getByRole('listitem').filter({ hasText: person.email })).toBeVisible();
  }
  return page.url().split('/').at(-1) ?? '';
};

/** @returns the policy's id. */
const makePolicy = async (ada: PersonAtConsole, people: readonly PersonAtConsole[]): Promise<string> => {
  const { page } = ada;
  await ada.go('/console/policies/new?start=approval');
  await page.getByLabel('Name', { exact: true }).fill('Two of treasury');
  await page.getByLabel('Group', { exact: true }).fill('Treasury');
  await page.getByLabel('Quorum', { exact: true }).fill('2');
  await page.getByRole('checkbox', { name: 'Anybody in the organisation' }).uncheck();
  for (const person of people) await page.getByRole('checkbox', { name: person.email }).check();
  await page.getByRole('button', { name: 'Create with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Two of treasury' })).toBeVisible();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
};

const makeWallet = async (world: Beginning, ada: PersonAtConsole): Promise<Acme['wallet']> => {
  const { page } = ada;
  await ada.go('/console/wallets');
  await page.getByRole('button', { name: 'Create wallet' }).first().click();
  const drawer = page.getByRole('dialog', { name: 'Create wallet' });
  await drawer.getByLabel('Name').fill('Treasury');
  await drawer.getByRole('button', { name: 'Create with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Treasury' })).toBeVisible({ timeout: 90_000 });
  const address = /0x[0-9a-fA-F]{40}/.exec((await ada.section('Wallet').textContent()) ?? '')?.[0];
  if (!address) throw new Error('The wallet shows no address.');
  await fund(findSystem(world.system.dataDir), address, 20n * ETHER);
  await page.reload();
  await expect(page.locator('main')).toContainText('20 ETH');
  await expect(page.locator('main')).toContainText('60,000');
  return { id: page.url().split('/').at(-1) ?? '', address };
};
