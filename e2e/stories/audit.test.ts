import { beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/person';
import { until } from '../support/system';
import { newPayer, type Payer, pay, settled } from '../support/transfers';
import { call, invite, theSystem } from '../support/world';

const system = theSystem();
let payer: Payer;
let admin: Person;
beforeAll(async () => {
  payer = await newPayer(system);
  admin = payer.admin;
});

const window = () => ({
  startTime: new Date(Date.now() - 3_600_000).toISOString(),
  endTime: new Date(Date.now() + 3_600_000).toISOString(),
});
const raw = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(new URL(path, system.baseUrl), {
    headers: { authorization: `Bearer ${admin.token}`, ...headers },
  });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
};

test('the unmodified SDK lists the log and reads one action of it', async () => {
  await admin.client.wallets.createWallet({ body: { network: 'EthereumSepolia', name: 'Audited' } });
  const line = await until(
    async () => {
      const csv = await admin.client.auth.listAuditLogs({ query: window() });
      expect(csv.split('\n')[0]).toBe(
        'Date Performed,Audit Log ID,User ID,Username,Primary Credential ID,Action Path,Summary',
      );
      return csv.split('\n').find((one) => one.includes('“Audited”')) ?? '';
    },
    (found) => found !== '',
  );
  const [date, id, userId, , credentialId, action] = line.split(',');
  const log = await admin.client.auth.getAuditLog({ id: id ?? '' });
  expect(log).toMatchObject({ id, action, userId, datePerformed: date });
  expect(action).toBe('POST /wallets');
  expect(log.firstFactorCredential).toMatchObject({ id: credentialId, kind: 'Key' });
  const clientData = log.firstFactorCredential.assertion?.clientData ?? '';
  expect(JSON.parse(Buffer.from(clientData, 'base64url').toString()).challenge).toBe(log.actionToken);
});

test('the log can be asked for one user, and only by those who may read it', async () => {
  const reader = await invite(system, admin, ['Auth:Logs:Read']);
  const nobody = await invite(system, admin, ['Wallets:Read']);
  const own = await reader.client.auth.listAuditLogs({ query: { ...window(), userId: admin.userId } });
  expect(own.trim().split('\n').length).toBeGreaterThan(2);
  await expect(nobody.client.auth.listAuditLogs({ query: window() })).rejects.toMatchObject({ httpStatus: 403 });
  const { startTime } = window();
  const endTime = new Date(Date.parse(startTime) + 8 * 86_400_000).toISOString();
  await expect(admin.client.auth.listAuditLogs({ query: { startTime, endTime } })).rejects.toMatchObject({
    httpStatus: 400,
  });
});

test('the same entries come as NDJSON with their bytes, and as CSV', async () => {
  const ndjson = await raw('/x/audit/entries?format=ndjson&from=0&to=3');
  expect(ndjson.type).toContain('application/x-ndjson');
  const lines = ndjson.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map((line) => line.seq)).toEqual([0, 1, 2, 3]);
  expect(lines.slice(1).map((line) => JSON.parse(line.entry).prev)).toEqual(
    lines.slice(0, -1).map((line) => line.hash),
  );
  const csv = await raw('/x/audit/entries?format=csv&from=0&to=3');
  expect(csv.type).toContain('text/csv');
  expect(csv.text.trim().split('\r\n')).toHaveLength(5);
});

const rpc = async (method: string, params: readonly unknown[]): Promise<void> => {
  const answer = await fetch(system.anvilUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const { error } = (await answer.json()) as { error?: { message: string } };
  if (error) throw new Error(error.message);
};
const alarms = async () => {
  const { body } = await call(system, 'GET', '/x/audit/chain-alarms', { token: admin.token });
  return body.items as readonly { readonly walletId: string; readonly nonce: number; readonly reason: string }[];
};

test('a transfer through the platform raises no alarm, one behind its back does, and health says so', async () => {
  const payment = await pay(payer);
  await settled(payer, payment);
  // Longer than a round of the comparison.
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  expect(await alarms()).toEqual([]);
  await rpc('anvil_impersonateAccount', [payer.address]);
  await rpc('eth_sendTransaction', [{ from: payer.address, to: payment.recipient, value: '0x1' }]);
  expect(await until(alarms, (found) => found.length > 0, 30_000)).toMatchObject([
    { walletId: payer.walletId, nonce: 1, reason: 'unknown' },
  ]);
  const health = await call(system, 'GET', '/health/ready');
  expect(health.status).toBe(200);
  expect(health.body.alarms).toMatchObject({ transactionsUnknownToLedger: expect.any(Number) });
  expect((health.body.alarms as { transactionsUnknownToLedger: number }).transactionsUnknownToLedger).toBeGreaterThan(
    0,
  );
});
