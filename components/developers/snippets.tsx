'use client';

import Link from 'next/link';
import { CodeBlock } from '@/components/ui/code-block';
import { Notice } from '@/components/ui/notice';
import { Section } from '@/components/ui/section';
import { useIsInBrowser } from '@/components/ui/use-is-in-browser';
import { useOrganisation } from '@/lib/client/organisation';
import { useWallets } from '@/lib/client/wallets';

const snippets = (baseUrl: string, orgId: string, walletId: string, genesis: string) => [
  {
    title: 'Install',
    note: 'The unmodified SDK works against this server; only the base URL differs.',
    code: 'npm install @dfns/sdk @dfns/sdk-keysigner',
  },
  {
    title: 'Connect with a service account',
    note: 'The token and the private key are shown once, when the service account is made. Keep both in a secret store.',
    code: `import { DfnsApiClient } from '@dfns/sdk';
import { AsymmetricKeySigner } from '@dfns/sdk-keysigner';

const signer = new AsymmetricKeySigner({
  credId: process.env.CRED_ID,
  privateKey: process.env.PRIVATE_KEY,
});
export const client = new DfnsApiClient({
  baseUrl: '${baseUrl}',
  orgId: '${orgId}',
  authToken: process.env.AUTH_TOKEN,
  signer,
});`,
  },
  {
    title: 'Send, and follow it',
    note: 'externalId makes a repeated call the same request. Amounts are base units, as text.',
    code: `const transfer = await client.wallets.transferAsset({
  walletId: '${walletId}',
  body: {
    kind: 'Native',
    to: '0x…',
    amount: '10000000000000000',
    externalId: 'invoice-4711',
  },
});
// Pending while people are asked, then Executing, Broadcasted, Confirmed.
const { status } = await client.wallets.getTransfer({
  walletId: transfer.walletId,
  transferId: transfer.id,
});`,
  },
  {
    title: 'List what waits for approval',
    note: 'A service account may only approve where a group of a policy says so.',
    code: `const { items } = await client.policies.listApprovals({
  query: { status: 'Pending' },
});`,
  },
  {
    title: 'Believe no server',
    note: 'The wrapper compares what each call means with what the server asks to have signed, and refuses to sign if they differ.',
    code: `import { verifying } from '@/lib/verifying-client/verifying';

const checked = verifying(client, signer, {
  genesis: '${genesis}',
});`,
  },
];

/** How a program begins, with the values of this organisation filled in. */
export const Snippets = () => {
  const organisation = useOrganisation().data;
  const wallet = useWallets().table.rows[0];
  const baseUrl = useIsInBrowser() ? window.location.origin : '';
  return (
    <div className="thin-scroll min-h-0 flex-1 overflow-y-auto">
      <div className="max-w-3xl space-y-4 p-4 sm:p-6">
        <Notice title="You need a service account or a personal access token">
          <Link href="/console/people?account=1" className="underline">
            Create a service account
          </Link>{' '}
          for a program, or a personal access token under{' '}
          <Link href="/console/settings?token=1" className="underline">
            Settings
          </Link>{' '}
          for yourself. Its role says what it may do; the policies apply to it as to people.
        </Notice>
        {snippets(baseUrl, organisation?.id ?? 'or-…', wallet?.id ?? 'wa-…', organisation?.genesis ?? '…').map(
          ({ title, note, code }) => (
            <Section key={title} title={title}>
              <div className="space-y-2">
                <p className="text-muted">{note}</p>
                <CodeBlock text={code} label={`${title} snippet`} />
              </div>
            </Section>
          ),
        )}
      </div>
    </div>
  );
};
