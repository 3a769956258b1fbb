import { NotRunningError } from '@/lib/run-file';
import { newKeyCredential } from './key-credential';
import { codeFor } from './outbox';
import { clientFor, register } from './person';
import { createOrganisation, findSystem, fund, type System, until } from './system';

const RECIPIENT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const ETHER = 10n ** 18n;

type Timeline = {
  readonly timeline: readonly {
    readonly at: string;
    readonly what: string;
    readonly seq?: number;
    readonly by?: string;
  }[];
};

const timelineOf = async (system: System, token: string, activityId: string): Promise<Timeline> => {
  const response = await fetch(new URL(`/x/activities/${activityId}`, system.baseUrl), {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`GET /x/activities/${activityId}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Timeline;
};

const assertReady = async ({ baseUrl, dataDir }: System): Promise<void> => {
  const response = await fetch(new URL('/health/ready', baseUrl)).catch(() => null);
  if (response?.status !== 200)
    throw new NotRunningError(`The system on ${dataDir} is not ready yet: wait until npm start says ready.`);
};

/**
 * The whole main job through the unmodified SDK: an organisation, two people, a role, a service account, a policy, a wallet, a transfer
 * that waits for its approval, and its confirmation on the local chain.
 */
export const runDemo = async (dataDir: string, print: (line: string) => void): Promise<void> => {
  const system = findSystem(dataDir);
  const { baseUrl } = system;
  await assertReady(system);
  const stamp = Date.now().toString(36);
  const invitation = await createOrganisation(system, `Demo ${stamp}`, `ada-${stamp}@example.org`);
  const ada = await register(baseUrl, invitation);
  print(`organisation   ${ada.orgId}, first admin ${ada.username} signed in with a P-256 key`);

  const invited = `bob-${stamp}@example.org`;
  await ada.client.auth.createUser({ body: { email: invited, kind: 'CustomerEmployee' } });
  const bob = await register(
    baseUrl,
    { orgId: ada.orgId, username: invited, registrationCode: await codeFor(dataDir, invited) },
    'Ed25519',
  );
  const approvers = await ada.client.permissions.createPermission({
    body: {
      name: `Approvers ${stamp}`,
      operations: ['Policies:Approvals:Approve', 'Policies:Approvals:Read', 'Wallets:Read'],
    },
  });
  await ada.client.permissions.createAssignment({ permissionId: approvers.id, body: { identityId: bob.userId } });
  print(`role           ${approvers.name} held by ${bob.username}, who registered an Ed25519 key`);

  const robot = newKeyCredential();
  const payers = await ada.client.permissions.createPermission({
    body: {
      name: `Payments ${stamp}`,
      operations: ['Wallets:Read', 'Wallets:Transfers:Create', 'Wallets:Transfers:Read'],
    },
  });
  const account = await ada.client.auth.createServiceAccount({
    body: { name: `payments-${stamp}`, publicKey: robot.publicKey, permissionId: payers.id },
  });
  const access = account.accessTokens[0];
  if (!access?.accessToken || !access.credId) throw new Error('The service account came without its access token.');
  const payments = clientFor(baseUrl, {
    orgId: ada.orgId,
    token: access.accessToken,
    credential: { ...robot, credId: access.credId },
  });
  print(`service acct.  ${account.userInfo.userId} may create transfers`);

  const wallet = await until(
    () =>
      ada.client.wallets
        .createWallet({ body: { network: 'EthereumSepolia', name: 'Treasury' } })
        .catch((error: Error) => error),
    (value) => !(value instanceof Error),
    120_000,
  );
  if (wallet instanceof Error || !wallet.address) throw wallet;
  print(`wallet         ${wallet.address}, key made by all signer nodes, whole nowhere`);
  await fund(system, wallet.address, 2n * ETHER);

  const policy = await ada.client.policies.createPolicy({
    body: {
      name: 'Every payment needs Bob',
      activityKind: 'Wallets:Sign',
      rule: { kind: 'AlwaysTrigger', configuration: {} },
      action: {
        kind: 'RequestApproval',
        approvalGroups: [{ name: 'Approvers', quorum: 1, approvers: { userId: { in: [bob.userId] } } }],
      },
    },
  } as Parameters<typeof ada.client.policies.createPolicy>[0]);
  print(`policy         ${policy.name}`);

  const asked = Date.now();
  const transfer = await payments.wallets.transferAsset({
    walletId: wallet.id,
    body: { kind: 'Native', to: RECIPIENT, amount: String(ETHER / 2n) },
  });
  if (!transfer.approvalId) throw new Error(`The transfer is ${transfer.status} without an approval.`);
  print(`transfer       ${transfer.id} of 0.5 ETH to ${RECIPIENT} is ${transfer.status}`);
  await bob.client.policies.createApprovalDecision({
    approvalId: transfer.approvalId,
    body: { value: 'Approved', reason: 'invoice 42' },
  });
  print('approval       Approved by Bob');
  const final = await until(
    () => payments.wallets.getTransfer({ walletId: wallet.id, transferId: transfer.id }),
    (value) => value.status === 'Confirmed' || value.status === 'Failed' || value.status === 'Rejected',
    120_000,
  );
  print(
    `result         ${final.status} ${final.txHash ?? final.reason ?? ''} after ${((Date.now() - asked) / 1000).toFixed(1)} s`,
  );
  print('timeline');
  for (const step of (await timelineOf(system, ada.token, transfer.id)).timeline)
    print(
      `  ${step.at}  ${step.what}${step.by ? ` by ${step.by}` : ''}${step.seq === undefined ? '' : `  (ledger entry ${step.seq})`}`,
    );
  if (final.status !== 'Confirmed')
    throw new Error(`The transfer ended as ${final.status}: ${final.reason ?? 'no reason'}`);
};
