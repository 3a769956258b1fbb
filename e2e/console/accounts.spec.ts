import { codeFor } from '../support/outbox';
import type { PersonAtConsole } from '../support/person-at-console';
import { choose, signIn } from './acts';
import { violations } from './axe';
import { invite, register, vouch } from './founding';
import { expect, test } from './world';

const addPasskey = async (person: PersonAtConsole, name: string): Promise<void> => {
  const { page } = person;
  await person.passkeys.takeSecurityKey();
  await person.section('Your passkeys').getByRole('button', { name: 'Add passkey' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add passkey' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Add passkey' }).click();
  await expect(page.getByText('Passkey added', { exact: true })).toBeVisible();
};

/** @returns the code as it was shown. */
const makeRecoveryCode = async (person: PersonAtConsole): Promise<string> => {
  const { page } = person;
  await person.section('Your passkeys').getByRole('button', { name: 'Make recovery code' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make recovery code' });
  const code = ((await dialog.locator('pre').textContent()) ?? '').trim();
  await expect(dialog.getByRole('button', { name: 'Save with passkey' })).toBeDisabled();
  await dialog.getByRole('checkbox', { name: 'I have written it down' }).check();
  await dialog.getByRole('button', { name: 'Save with passkey' }).click();
  await expect(page.getByText('Recovery code made', { exact: true })).toBeVisible();
  return code;
};

test('somebody is invited, gets keys and a role, loses the keys, recovers, and is removed', async ({ world }) => {
  test.skip(!process.env.E2E_LONG, 'A story of minutes: npm run test:long.');
  const { ada, orgId } = await world.acme();
  const dora = await world.seat('Dora');
  const link = await test.step('Ada invites Dora', () => invite(ada, dora));
  const fingerprint = await test.step('Dora registers', () => register(world, dora, link));
  await test.step('the dialog in which Ada vouches has no fault that axe finds', async () => {
    const { page } = ada;
    await ada.go('/console/people');
    await page.getByRole('link', { name: dora.email }).first().click();
    await page.getByRole('button', { name: 'Vouch', exact: true }).click();
    await expect(page.getByRole('dialog', { name: `Vouch for ${dora.email}` })).toBeVisible();
    expect(await violations(ada)).toEqual([]);
  });
  await test.step('Ada vouches', () => vouch(ada, dora, fingerprint));

  const code = await test.step('Dora adds a second passkey and a recovery code', async () => {
    // Without a role Home may read nothing yet.
    dora.expectComplaint(/status of 403/);
    await signIn(dora, orgId);
    await dora.go('/console/settings');
    await addPasskey(dora, 'Key in the safe');
    return makeRecoveryCode(dora);
  });

  await test.step('Ada gives a role, and sees what it allows and who else may', async () => {
    const { page } = ada;
    await ada.go('/console/roles');
    await page.getByRole('table').getByRole('link', { name: 'Treasury approver' }).first().click();
    await choose(page, 'Person or service account', dora.email);
    await page.getByRole('button', { name: 'Give role' }).click();
    await expect(ada.section('Held by').getByRole('listitem').filter({ hasText: dora.email })).toBeVisible();
    await ada.go('/console/people');
    await page.getByRole('link', { name: dora.email }).first().click();
    await ada
      .section('May do, and why')
      .getByRole('button', { name: /^Wallets/ })
      .click();
    await expect(ada.section('May do, and why')).toContainText('Wallets:Transfers:Read');
    await expect(ada.section('May do, and why')).toContainText('Treasury approver');
    await ada.go('/console/roles?who=1');
    const drawer = page.getByRole('dialog', { name: 'Who can …' });
    await choose(page, 'Operation', 'Policies:Approvals:Approve');
    await expect(drawer.getByRole('link', { name: dora.email })).toBeVisible();
  });

  await test.step('Dora takes her first passkey away, and it signs no more', async () => {
    await dora.go('/console/settings');
    await dora.section('Your passkeys').getByRole('button', { name: 'Deactivate First passkey' }).click();
    await dora.page.getByRole('dialog').getByRole('button', { name: 'Deactivate with passkey' }).click();
    await expect(dora.page.getByText('Deactivated “First passkey”')).toBeVisible();
    await expect(
      dora.section('Your passkeys').getByRole('listitem').filter({ hasText: 'First passkey' }),
    ).toContainText('Inactive');
  });

  const anew = await test.step('Dora loses everything and recovers on another device', async () => {
    const device = await world.seat('Dora');
    const { page } = device;
    await device.go(`/console/recover?org=${orgId}&user=${encodeURIComponent(device.email)}`);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByLabel('Code from the e-mail').fill(await codeFor(world.system.dataDir, device.email, /recover/));
    await page.getByLabel('Recovery code').fill(`${code.slice(0, -1)}U`);
    await page.getByRole('button', { name: 'Make new passkey' }).click();
    await expect(page.getByText('This is not a recovery code')).toBeVisible();
    await page.getByLabel('Recovery code').fill(code.toLowerCase());
    await page.getByRole('button', { name: 'Make new passkey' }).click();
    await expect(page.getByRole('heading', { name: 'Recovered' })).toBeVisible();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign in with passkey' }).click();
    await expect(page.getByRole('navigation', { name: 'Console' })).toBeVisible();
    return device;
  });

  await test.step('the former sign-in is over, and the new passkey is the only one that signs', async () => {
    dora.expectComplaint(/status of 401/);
    await dora.go('/console/settings');
    await expect(dora.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    await anew.go('/console/settings');
    const passkeys = anew.section('Your passkeys').getByRole('listitem');
    await expect(passkeys.filter({ hasText: 'Counts' })).toHaveCount(1);
    await expect(passkeys.filter({ hasText: 'Counts' })).toContainText('New passkey');
  });

  await test.step('Ada removes Dora, whose sign-in ends at once', async () => {
    const { page } = ada;
    await ada.go('/console/people');
    await page.getByRole('link', { name: dora.email }).first().click();
    await page.getByRole('button', { name: `More about ${dora.email}` }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove with passkey' }).click();
    await expect(page.getByText(`Removed ${dora.email}`)).toBeVisible();
    await expect(page.getByRole('row', { name: new RegExp(dora.email) })).toHaveCount(0);
    anew.expectComplaint(/status of 40\d/);
    await anew.go('/console');
    await expect(anew.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  });
});
