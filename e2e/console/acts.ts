import { type APIResponse, expect, type Page, type Route } from '@playwright/test';
import type { PersonAtConsole } from '../support/person-at-console';

/** Chooses an option of one of the console's list boxes. */
export const choose = async (page: Page, label: string | RegExp, option: string | RegExp): Promise<void> => {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
};

/** Signs in with the passkey of the page. */
export const signIn = async (person: PersonAtConsole, orgId: string): Promise<void> => {
  const { page } = person;
  await person.go(`/console/sign-in?org=${orgId}&user=${encodeURIComponent(person.email)}`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByLabel('User name')).toHaveValue(person.email);
  await page.getByRole('button', { name: 'Sign in with passkey' }).click();
  await expect(page.getByRole('navigation', { name: 'Console' })).toBeVisible();
};

export type Sending = { readonly to: string; readonly ether: string };

/** Sends native coin from a wallet's page. @returns the id of the request, whose page is then open. */
export const send = async (person: PersonAtConsole, walletId: string, { to, ether }: Sending): Promise<string> => {
  const { page } = person;
  await person.go(`/console/wallets/${walletId}`);
  await page.getByRole('article').getByRole('button', { name: 'Send', exact: true }).click();
  const drawer = page.getByRole('dialog', { name: 'Send' });
  await drawer.getByLabel('To', { exact: true }).fill(to);
  await drawer.getByLabel(/^Amount in /).fill(ether);
  await drawer.getByRole('button', { name: `Send ${ether} ETH with passkey` }).click();
  await page.waitForURL(/\/console\/activity\/.+/);
  return page.url().split('/').at(-1) ?? '';
};

/** Opens an approval from the rail and the list, as somebody who was told that something waits. */
export const openApproval = async (person: PersonAtConsole, sentence: string | RegExp): Promise<void> => {
  const { page } = person;
  await page
    .getByRole('navigation', { name: 'Console' })
    .getByRole('link', { name: /^Approvals/ })
    .click();
  await page.getByRole('table').getByRole('link', { name: sentence }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: sentence })).toBeVisible();
};

/** Approves what is open. */
export const approve = async ({ page }: PersonAtConsole): Promise<void> => {
  await page.getByRole('button', { name: 'Approve with passkey' }).click();
  await expect(page.getByText('You approved', { exact: true })).toBeVisible();
};

/** What the server answers to a request that a story is about to alter. The cookie of the console counts only with the header a browser adds. */
export const answerTo = (route: Route): Promise<APIResponse> =>
  route.fetch({ headers: { ...route.request().headers(), 'sec-fetch-site': 'same-origin' } });
