import type { Submitted } from '@/lib/activity/ports';
import { isEnabledNetwork } from '@/lib/contract/networks';
import { refused } from '@/lib/domain/refusal';
import { type Answer, type ApiRequest, callerOf, orRefuse, refuse } from './handler';
import type { Views } from './registry';
import type { Services } from './services';

/** Hands a signed request to the ledger and answers with the record it led to. */
export const submitSigned = async (request: ApiRequest, services: Services, views: Views): Promise<Answer> => {
  const { status, result } = await submit(request, services);
  const view = views[result.kind];
  if (!view) throw new Error(`No view of ${result.kind}, which ${request.operation.id} leads to.`);
  if (request.operation.answers === 'empty' && status === 200) return { status: 204, body: null };
  return { status, body: await view(result.id, request, services) };
};

/**
 * Hands a signed request to the ledger.
 * @param more Unsigned facts that go into the entry's effects, e.g. the challenge of a new credential.
 */
export const submit = async (
  request: ApiRequest,
  services: Services,
  more: Readonly<Record<string, string>> = {},
): Promise<Submitted> => {
  await requireEnabledNetwork(request, services);
  if (!request.signed) throw new Error(`${request.operation.id} carries no user action.`);
  const query = Object.fromEntries(Object.entries(request.query).map(([name, value]) => [name, String(value)]));
  return orRefuse(
    await services.ledger.submit({
      orgId: callerOf(request).org.id,
      operationId: request.operation.id,
      ...request.signed,
      body: request.bytes,
      query: { ...query, ...more },
    }),
  );
};

/** Mainnets need the operator's switch (design §6), whatever the ledger holds: signer nodes refuse them by their own. */
const requireEnabledNetwork = async (request: ApiRequest, services: Services): Promise<void> => {
  const { operation, params, body } = request;
  if (operation.governs !== 'activity' && operation.id !== 'wallets.createWallet') return;
  const { mainnet } = services.settings;
  if (mainnet === 'experimental') return;
  const wallet =
    params.walletId === undefined
      ? null
      : await services.getRecord(callerOf(request).org.id, 'wallet', params.walletId);
  const network = wallet?.network ?? (body as { network?: string }).network;
  if (network === undefined || isEnabledNetwork(network, mainnet)) return;
  refuse(refused(400, 'network.not_enabled', `network not enabled: ${network}`));
};
