import { expect, test } from './world';

test('taking away a tag says which policies then no longer apply, and a tag no policy goes by is taken away without a word', async ({
  world,
}, testInfo) => {
  const { ada, wallet } = await world.acme();
  const { page } = ada;
  const dialog = page.getByRole('dialog', { name: 'Edit Treasury' });
  const openWallet = async () => {
    await ada.go(`/console/wallets/${wallet.id}`);
    await page.getByRole('article').getByRole('button', { name: 'Edit' }).click();
  };
  await test.step('Ada tags the wallet twice', async () => {
    await openWallet();
    for (const tag of ['cold', 'eu']) {
      await dialog.getByLabel('New tag').fill(tag);
      await dialog.getByRole('button', { name: 'Add' }).click();
      await expect(dialog.getByRole('button', { name: `Remove tag ${tag} with passkey` })).toBeVisible();
    }
    await expect(dialog).not.toContainText('no longer applies');
  });
  await test.step('a policy goes by one of them', async () => {
    await ada.go('/console/policies/new?start=approval');
    await page.getByLabel('Name', { exact: true }).fill('Cold wallets ask');
    await page.getByLabel('Any of these tags').fill('cold');
    await page.getByRole('button', { name: 'Create with passkey' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Cold wallets ask' })).toBeVisible();
    await expect(page.getByRole('article')).toContainText('wallets tagged any of cold');
  });
  await test.step('Ada reads what taking it away means, and does', async () => {
    await openWallet();
    await expect(dialog).toContainText('Without cold “Cold wallets ask” no longer applies to this wallet.');
    await expect(dialog).not.toContainText('Without eu');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: testInfo.outputPath(`tags-${colorScheme}.png`) });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    for (const tag of ['eu', 'cold']) {
      await dialog.getByRole('button', { name: `Remove tag ${tag} with passkey` }).click();
      await expect(dialog.getByRole('button', { name: `Remove tag ${tag} with passkey` })).toHaveCount(0);
    }
    await expect(dialog).toContainText('None.');
  });
});

test('a key is renamed, and its name is what lists show', async ({ world }, testInfo) => {
  const { ada } = await world.acme();
  const { page } = ada;
  await ada.go('/console/keys');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('button', { name: 'Rename' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rename key' });
  await expect(dialog.getByRole('button', { name: 'Rename with passkey' })).toBeDisabled();
  await dialog.getByLabel('Name').fill('Treasury key');
  await page.screenshot({ path: testInfo.outputPath('rename.png') });
  await dialog.getByRole('button', { name: 'Rename with passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Treasury key' })).toBeVisible();
  await ada.go('/console/keys');
  await expect(page.getByRole('table').getByRole('link', { name: 'Treasury key' }).first()).toBeVisible();
});
