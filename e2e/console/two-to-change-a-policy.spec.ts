import { answerTo, approve, choose, openApproval } from './acts';
import { expect, test } from './world';

test('a governed change of a policy waits, is read from its ledger entry, and holds once another person agreed', async ({
  world,
}) => {
  const { ada, bob, carol } = await world.acme();
  const { page } = ada;
  await test.step('Ada makes a policy on changes of policies', async () => {
    await ada.go('/console/policies/new?start=approval');
    await page.getByLabel('Name', { exact: true }).fill('Bob or Carol sees every change');
    await choose(page, 'Looks at', /changing policies/);
    await page.getByRole('checkbox', { name: 'Anybody in the organisation' }).uncheck();
    await page.getByRole('checkbox', { name: bob.email }).check();
    // A group that only Bob could fill is a dead end: who decides, when Bob is the one who asks?
    ada.expectComplaint(/status of 409/);
    await page.getByRole('button', { name: 'Create with passkey' }).click();
    await expect(
      page.getByText('The policy “Bob or Carol sees every change” would have 0 of the 1 people'),
    ).toBeVisible();
    await page.getByRole('checkbox', { name: carol.email }).check();
    await page.getByRole('button', { name: 'Create with passkey' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Bob or Carol sees every change' })).toBeVisible();
  });

  await test.step('Ada lowers a quorum, and it waits', async () => {
    await ada.go('/console/policies');
    await page.getByRole('table').getByRole('link', { name: 'Two of treasury' }).first().click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Quorum', { exact: true }).fill('1');
    await page.getByRole('button', { name: 'Save with passkey' }).click();
    await expect(page.getByText('Waiting for approval', { exact: true })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: 'Two of treasury' })).toBeVisible();
    await expect(page.getByRole('article')).toContainText('2 of');
  });

  await test.step('a server that describes another change gets no approval', async () => {
    await bob.go('/console');
    await bob.page.route('**/x/change-requests/*', async (route) => {
      const answer = await answerTo(route);
      const detail = await answer.json();
      detail.change.body.name = 'Nothing to see here';
      await route.fulfill({ response: answer, json: detail });
    });
    await openApproval(bob, /Change policy “Two of treasury”/);
    await expect(bob.page.getByText('The server describes this request wrongly. Don’t approve it.')).toBeVisible();
    await expect(bob.page.getByRole('button', { name: 'Approve with passkey' })).toHaveCount(0);
    await bob.page.unroute('**/x/change-requests/*');
  });

  await test.step('Bob sees before and after, and approves', async () => {
    await bob.go('/console');
    await openApproval(bob, /Change policy “Two of treasury”/);
    await expect(bob.section('What changes').getByRole('definition')).toHaveText(/2\s*1/);
    await expect(bob.section('What changes')).toContainText('Group 1: quorum');
    await expect(bob.section('Why it is here')).toContainText('Bob or Carol sees every change');
    await approve(bob);
  });

  await expect(page.getByRole('article')).toContainText('1 of', { timeout: 60_000 });
});
