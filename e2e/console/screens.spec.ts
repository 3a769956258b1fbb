import type { Page } from '@playwright/test';
import type { PersonAtConsole } from '../support/person-at-console';
import { openApproval, send } from './acts';
import { violations } from './axe';
import type { Acme } from './founding';
import { expect, test } from './world';

const RECIPIENT = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720';
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
type View = readonly [width: number, theme: Theme];
const EVERY_VIEW = [1440, 1024, 390].flatMap((width) => THEMES.map((theme): View => [width, theme]));
const IN_TURN: readonly View[] = [
  [1440, 'light'],
  [390, 'dark'],
];
/** One view a screen, in turn the desktop's and the phone's; E2E_EVERY_WIDTH takes all of all screens. */
const viewsOf = (place: number): readonly View[] =>
  process.env.E2E_EVERY_WIDTH ? EVERY_VIEW : IN_TURN.slice(place % 2, (place % 2) + 1);
const EVERY_VIEW_MS = 1_800_000;
/** Every how many screens one is looked at, but for E2E_EVERY_WIDTH; an odd number takes both views. */
const SAMPLE = 7;

type Shot = {
  readonly name: string;
  readonly path: string;
  readonly shows: string | RegExp;
  readonly button?: string;
  /** What is done there before one looks. */
  readonly act?: (page: Page) => Promise<void>;
};

const screensOf = ({ wallet, roleId, policyId, orgId, bob }: Acme, activityId: string): readonly Shot[] => [
  { name: 'home', path: '/console', shows: 'Home' },
  { name: 'approvals', path: '/console/approvals', shows: 'Approvals' },
  { name: 'approvals-waiting', path: '/console/approvals?view=waiting', shows: 'Approvals' },
  { name: 'activity', path: '/console/activity', shows: 'Activity' },
  { name: 'activity-detail', path: `/console/activity/${activityId}`, shows: /^Send 2 ETH/ },
  { name: 'wallets', path: '/console/wallets', shows: 'Wallets' },
  { name: 'wallet-detail', path: `/console/wallets/${wallet.id}`, shows: 'Treasury' },
  { name: 'wallet-send', path: `/console/wallets/${wallet.id}`, shows: 'Treasury', button: 'Send' },
  { name: 'wallet-receive', path: `/console/wallets/${wallet.id}`, shows: 'Treasury', button: 'Receive' },
  { name: 'wallet-new', path: '/console/wallets?new=1', shows: 'Create wallet' },
  { name: 'keys', path: '/console/keys', shows: 'Keys' },
  { name: 'policies', path: '/console/policies', shows: 'Policies' },
  { name: 'policy-templates', path: '/console/policies/new', shows: 'New policy' },
  { name: 'policy-new', path: '/console/policies/new?start=approval', shows: 'New policy' },
  { name: 'policy-detail', path: `/console/policies/${policyId}`, shows: 'Two of treasury' },
  { name: 'roles', path: '/console/roles', shows: 'Roles' },
  { name: 'role-detail', path: `/console/roles/${roleId}`, shows: 'Treasury approver' },
  { name: 'role-new', path: '/console/roles?new=1', shows: 'Create role' },
  { name: 'roles-matrix', path: '/console/roles?view=matrix', shows: 'Roles' },
  { name: 'roles-who-can', path: '/console/roles?who=1', shows: 'Who can …' },
  { name: 'people', path: '/console/people', shows: 'People' },
  { name: 'audit', path: '/console/audit', shows: 'Audit' },
  { name: 'audit-detail', path: '/console/audit/3', shows: /./ },
  { name: 'signers', path: '/console/signers', shows: 'Signers' },
  { name: 'developers', path: '/console/developers', shows: 'wallets.transferAsset' },
  { name: 'developers-requests', path: '/console/developers?tab=requests', shows: 'No token has called anything yet' },
  { name: 'developers-sdk', path: '/console/developers?tab=sdk', shows: 'Send, and follow it' },
  { name: 'settings', path: '/console/settings', shows: 'Settings' },
  { name: 'settings-recovery', path: '/console/settings?recovery=1', shows: 'Make recovery code' },
  { name: 'settings-token', path: '/console/settings?token=1', shows: 'Create personal access token' },
  { name: 'set-up', path: '/console/setup', shows: 'Set up Countersign' },
  { name: 'sign-in', path: `/console/sign-in?org=${orgId}`, shows: 'Sign in' },
  { name: 'recover', path: `/console/recover?org=${orgId}`, shows: 'Recover' },
  { name: 'register', path: `/console/register?org=${orgId}`, shows: 'Register' },
  { name: 'settings-seats', path: '/console/settings?seats=1', shows: 'Hand over my seats' },
  {
    name: 'person-detail',
    path: '/console/people',
    shows: 'People',
    act: async (page) => {
      await page.getByRole('table').getByRole('link', { name: bob.email }).first().click();
      await expect(page.getByRole('heading', { level: 1, name: bob.email })).toBeVisible();
    },
  },
  {
    name: 'key-detail',
    path: `/console/wallets/${wallet.id}`,
    shows: 'Treasury',
    act: async (page) => {
      await page.getByRole('article').getByRole('link', { name: /^key-/ }).click();
      await expect(page.getByRole('heading', { name: 'Ceremonies' })).toBeVisible();
    },
  },
  {
    name: 'palette',
    path: '/console',
    shows: 'Home',
    act: async (page) => {
      await page.keyboard.press('ControlOrMeta+k');
      await expect(page.getByRole('dialog', { name: 'Find, go to, act' })).toBeVisible();
    },
  },
];

/** Pictures of what is open, in every view; nothing may be wider than the screen, and axe finds nothing in either theme. */
const photograph = async (
  person: PersonAtConsole,
  name: string,
  file: (name: string) => string,
  views: readonly View[],
): Promise<void> => {
  const { page } = person;
  const themes = new Set<Theme>();
  for (const [width, theme] of views) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveClass(new RegExp(`\\b${theme}\\b`));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect.soft(overflow, `${name} at ${width} px is wider than the screen`).toBeLessThanOrEqual(0);
    if (!themes.has(theme)) expect.soft(await violations(person), `${name} at ${width} px, ${theme}`).toEqual([]);
    themes.add(theme);
    await page.screenshot({ path: file(`${name}-${width}-${theme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
};

test('screens render in both themes, fit a phone, have no fault that axe finds, and leave nothing in the console of the browser', async ({
  world,
}, testInfo) => {
  if (process.env.E2E_EVERY_WIDTH) testInfo.setTimeout(EVERY_VIEW_MS);
  const acme = await world.acme();
  const { ada, bob, wallet } = acme;
  const file = (name: string) => testInfo.outputPath(name);
  const activityId = await send(ada, wallet.id, { to: RECIPIENT, ether: '2' });
  await bob.go('/console');
  await openApproval(bob, /Send 2 ETH/);
  await expect(bob.section('What changes')).toContainText('6,000.00');
  await expect(bob.section('What changes')).toContainText('Balance now');
  await expect(bob.page.getByRole('button', { name: 'Approve with passkey' })).toBeEnabled();
  await photograph(bob, 'approval', file, viewsOf(0));
  for (const [key, dialog] of [
    ['e', 'Evidence'],
    ['r', 'Reject this request?'],
  ] as const) {
    await bob.page.keyboard.press(key);
    await expect(bob.page.getByRole('dialog', { name: dialog })).toBeVisible();
    expect.soft(await violations(bob), dialog).toEqual([]);
    await bob.page.keyboard.press('Escape');
    await expect(bob.page.getByRole('dialog')).toHaveCount(0);
  }
  bob.expectComplaint(/status of 403/);
  await bob.go('/console/roles');
  await expect(bob.page.getByRole('alert').filter({ hasText: 'You may not see the roles' })).toBeVisible();
  expect.soft(await violations(bob), 'forbidden').toEqual([]);
  for (const [place, { name, path, shows, button, act }] of screensOf(acme, activityId).entries()) {
    if (!process.env.E2E_EVERY_WIDTH && place % SAMPLE !== 0) continue;
    await ada.go(path);
    await expect(ada.page.getByRole('heading', { name: shows }).first()).toBeVisible();
    if (button) await ada.page.getByRole('article').getByRole('button', { name: button, exact: true }).click();
    await act?.(ada.page);
    await expect(ada.page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
    await photograph(ada, name, file, viewsOf(place + 1));
  }
});
