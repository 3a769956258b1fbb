import { approve, choose, openApproval, send } from './acts';
import { expect, test } from './world';

const RECIPIENT = '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720';

test('a policy escalates and lets requests wait; a deputy decides for Bob by both names; the request is withdrawn and asked for again', async ({
  world,
}) => {
  const { ada, bob, carol, wallet } = await world.acme();
  const { page } = ada;
  await test.step('Ada makes a policy with an escalation and a delay', async () => {
    await ada.go('/console/policies/new?start=approval');
    await page.getByLabel('Name', { exact: true }).fill('Late shift');
    await page.getByLabel('Group', { exact: true }).fill('Night');
    await page.getByRole('checkbox', { name: 'Anybody in the organisation' }).uncheck();
    await page.getByRole('checkbox', { name: bob.email }).check();
    await page.getByRole('checkbox', { name: 'Ask more people after a time' }).check();
    await page.getByLabel('Minutes until they are asked').fill('90');
    const later = page.getByRole('group', { name: 'People asked later' });
    await expect(later.getByRole('checkbox', { name: bob.email })).toHaveCount(0);
    await later.getByRole('checkbox', { name: carol.email }).check();
    await page.getByRole('checkbox', { name: 'Let it wait before it is signed' }).check();
    await page.getByLabel('Minutes from request to signature at least').fill('45');
    await expect(ada.section('In words')).toContainText(
      `Night: 1 of ${bob.email}; after 90 minutes also ${carol.email}`,
    );
    await expect(page.getByLabel('Policy as JSON')).toHaveValue(/"minimumDelay": 45/);
    await page.getByRole('button', { name: 'Create with passkey' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Late shift' })).toBeVisible();
    await expect(page.getByRole('article')).toContainText('45 minutes from the request to its signature at least');
  });

  await test.step('Bob hands his seats over to Carol', async () => {
    await bob.go('/console/settings');
    await bob.page.getByRole('button', { name: 'Hand over my seats' }).click();
    await choose(bob.page, 'To', carol.email);
    await bob.page.getByRole('button', { name: 'Hand over with passkey' }).click();
    await expect(bob.page.getByText('Seats handed over', { exact: true })).toBeVisible();
    await expect(bob.section('Seats in approvals handed over').getByRole('listitem')).toContainText('In force');
  });

  const requestId = await test.step('Ada asks, and reads from when it can execute', async () => {
    const id = await send(ada, wallet.id, { to: RECIPIENT, ether: '0.75' });
    await expect(page.getByText(/^Can execute from .* CES?T$/)).toBeVisible();
    await expect(ada.section('Who decides')).toContainText(`${carol.email} for ${bob.email}`);
    await expect(ada.section('Who decides')).toContainText('then also asks');
    return id;
  });

  await test.step('Carol decides in Bob’s seat and in her own', async () => {
    await carol.go('/console');
    await openApproval(carol, /Send 0\.75 ETH/);
    await expect(carol.page.getByRole('article')).toContainText(`You decide for ${bob.email}`);
    await approve(carol);
    await expect(ada.section('Timeline')).toContainText(`Approved by ${carol.email} for ${bob.email}`);
    const seat = ada.section('Who decides').getByRole('listitem').filter({ hasText: 'approved' });
    await expect(seat.filter({ hasText: `${carol.email} for ${bob.email}` })).toHaveCount(1);
  });

  await test.step('Bob fills the last seat, and what all agreed to waits', async () => {
    await bob.go('/console');
    await openApproval(bob, /Send 0\.75 ETH/);
    await approve(bob);
    await ada.go('/console/approvals?view=ready');
    await expect(page.getByRole('row', { name: /Send 0\.75 ETH/ })).toContainText(/Can execute from .*CES?T/);
  });

  await test.step('Ada withdraws it, asks again, and withdraws that too', async () => {
    const withdraw = async () => {
      await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
      await page.getByRole('button', { name: 'Withdraw with passkey' }).click();
      await expect(ada.section('Timeline')).toContainText('Withdrawn by');
    };
    await page
      .getByRole('link', { name: /Send 0\.75 ETH/ })
      .first()
      .click();
    await withdraw();
    await page.getByRole('button', { name: 'Ask again' }).click();
    await page.getByRole('button', { name: 'Ask again with passkey' }).click();
    await page.waitForURL(/\/console\/activity\/.+/);
    await expect(ada.section('What it does').getByRole('link', { name: 'a former request' })).toHaveAttribute(
      'href',
      `/console/activity/${requestId}`,
    );
    await withdraw();
  });

  await test.step('Bob takes his seats back, and Ada archives the policy', async () => {
    await bob.go('/console/settings');
    await bob.section('Seats in approvals handed over').getByRole('button', { name: 'Take back' }).click();
    await bob.page.getByRole('button', { name: 'Take back with passkey' }).click();
    await expect(bob.page.getByText('Seats are back', { exact: true })).toBeVisible();
    await ada.go('/console/policies');
    await page.getByRole('table').getByRole('link', { name: 'Late shift' }).first().click();
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByRole('button', { name: 'Archive with passkey' }).click();
    await expect(page.getByRole('article').getByText('Archived', { exact: true }).first()).toBeVisible();
  });
});
