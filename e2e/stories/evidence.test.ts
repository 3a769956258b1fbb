import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/person';
import { until } from '../support/system';
import { newPayer, type Payer, settled } from '../support/transfers';
import { call, invite, theSystem } from '../support/world';

const system = theSystem();
const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-evidence-'));
let payer: Payer;
let bob: Person;
let transferId = '';
beforeAll(async () => {
  payer = await newPayer(system);
  bob = await invite(system, payer.admin, ['Policies:Approvals:Approve', 'Policies:Approvals:Read']);
  const group = { name: 'Bob', quorum: 1, approvers: { userId: { in: [bob.userId] } } };
  const policy = {
    name: 'Bob agrees to everything that leaves',
    activityKind: 'Wallets:Sign',
    rule: { kind: 'AlwaysTrigger', configuration: {} },
    action: { kind: 'RequestApproval', approvalGroups: [group] },
  };
  await payer.admin.client.policies.createPolicy({ body: policy as never });
  const asked = await payer.admin.client.wallets.transferAsset({
    walletId: payer.walletId,
    body: { kind: 'Native', to: RECIPIENT, amount: '1000' },
  });
  transferId = asked.id;
  await bob.client.policies.createApprovalDecision({
    approvalId: asked.approvalId ?? '',
    body: { value: 'Approved', reason: 'as agreed' },
  });
  expect((await settled(payer, { transferId, recipient: RECIPIENT, amount: 1000n })).status).toBe('Confirmed');
});
afterAll(() => fs.rmSync(dir, { recursive: true }));

const evidence = async (token: string): Promise<Response> =>
  fetch(new URL(`/x/activities/${transferId}/evidence`, system.baseUrl), {
    headers: { authorization: `Bearer ${token}` },
  });

/** An auditor's command: it knows the file and what is typed, nothing of the system. */
const verify = (text: string, ...args: string[]): Promise<{ readonly code: number; readonly said: string }> => {
  const file = path.join(dir, 'evidence.json');
  fs.writeFileSync(file, text);
  return new Promise((resolve) => {
    const env = { NODE_ENV: 'production', PATH: process.env.PATH, HOME: process.env.HOME } as const;
    execFile('npm', ['run', '--silent', 'verify', '--', file, ...args], { env }, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, said: stdout }),
    );
  });
};

test('evidence of a confirmed transfer is proven offline: request, policy, approval, signature, transaction', async () => {
  // The nodes witness what was written since their last checkpoint within seconds: then nothing is left to the server's word.
  const text = await until(
    async () => (await evidence(payer.admin.token)).text(),
    (content) => {
      const { entries } = JSON.parse(content) as { entries: { entry: string }[] };
      return JSON.parse(entries.at(-1)?.entry ?? '{}').kind === 'checkpoint';
    },
  );
  const { fingerprint } = (await call(system, 'GET', '/x/organisation', { token: payer.admin.token })).body;
  const { code, said } = await verify(text, '--genesis', String(fingerprint));
  const transfer = await payer.admin.client.wallets.getTransfer({ walletId: payer.walletId, transferId });
  expect(said).toContain(`of ${payer.admin.username} (${payer.admin.userId})`);
  expect(said).toContain('Policy “Bob agrees to everything that leaves”');
  expect(said).toMatch(new RegExp(`Approved with the key .* of ${bob.username} .* saying “as agreed”`));
  expect(said).toContain(`Send 0.000000000000001 ETH to ${RECIPIENT}`);
  expect(said).toContain(`its hash is ${transfer.txHash}`);
  expect(said).toMatch(/\nPROVEN: /);
  expect(code).toBe(0);

  const altered = await verify(text.replaceAll('as agreed', 'as agreec'));
  expect(altered).toMatchObject({ code: 1 });
  expect(altered.said).toMatch(/NOT PROVEN: The body beside entry \d+ \(userAction\) is not the one/);
  const retold = await verify(text.replace('"says":"Send 0.', '"says":"Send 1.'));
  expect(retold).toMatchObject({ code: 1 });
  expect(retold.said).toMatch(/NOT PROVEN: The file says “request.says” is "Send 1\.0/);
});

test('evidence is the whole ledger: an approver without Auth:Logs:Read and another organisation get none', async () => {
  expect((await evidence(bob.token)).status).toBe(403);
  const stranger = await newPayer(system);
  expect((await evidence(stranger.admin.token)).status).toBe(404);
});

test('the server hands out the page that verifies in a browser', async () => {
  const page = await fetch(new URL('/verify.html', system.baseUrl));
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain('sandbox');
  expect(await page.text()).toContain('<title>Verify evidence');
});
