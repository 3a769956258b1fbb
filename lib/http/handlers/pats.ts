import { parsePublicKey } from '@/lib/authentication/pem';
import { refused } from '@/lib/domain/refusal';
import type { TokenRecord } from '@/lib/ledger/records';
import { find } from '@/lib/ledger/state';
import { requirePermission } from '../authorization';
import { type ApiRequest, callerOf, type Handler, type Handlers, orRefuse } from '../handler';
import { submit } from '../submit';
import { tokenView } from '../views/identities';

/** Personal access tokens of the caller: to everybody else they are not there. */
const ownTokens = (request: ApiRequest): TokenRecord[] => {
  const { state, user } = callerOf(request);
  return state.tables.token.by('userId', user.id).filter((item) => item.kind === 'Pat' && !item.isArchived);
};

const listPats: Handler = async (request) => {
  const { state } = callerOf(request);
  return { body: { items: ownTokens(request).map((token) => tokenView(state, token)) } };
};

const getPat: Handler = async (request) => {
  const { state } = callerOf(request);
  const tokenId = request.params.tokenId ?? '';
  const token = ownTokens(request).find((item) => item.id === tokenId);
  return token
    ? { body: tokenView(state, token) }
    : orRefuse(refused(404, 'token.not_found', 'token not found', { tokenId }));
};

/** The token stands in the ledger first; what bears it is minted after, shown once and kept nowhere. */
const createPat: Handler = async (request, services) => {
  const { org, user } = callerOf(request);
  const { publicKey, permissionId } = request.body as { publicKey: string; permissionId?: string };
  if (parsePublicKey(publicKey) === null)
    orRefuse(
      refused(
        400,
        'credential.public_key',
        'publicKey: must be P-256, P-384, P-521, secp256k1, Ed25519 or RSA from 2048 bits.',
      ),
    );
  if (permissionId !== undefined) requirePermission(request, 'Permissions:Assign');
  const { result } = await submit(request, services);
  const state = await services.loadGovernance(org.id);
  const token = find(state, 'token', result.id);
  if (!token) throw new Error(`The token ${result.id} was not written.`);
  const accessToken = await services.tokens.mint(
    { kind: 'Pat', orgId: org.id, userId: user.id, tokenId: token.id },
    { issuedAt: services.now(), expiresAt: token.expiresAt },
  );
  return { body: tokenView(state, token, accessToken) };
};

/** Applications are no longer part of the dialect: there are none (contract §2.1). */
const listApplications: Handler = async () => ({ body: { items: [] } });
const getApplication: Handler = async (request) =>
  orRefuse(refused(404, 'application.not_found', 'application not found', { appId: request.params.appId ?? '' }));

export const PAT_HANDLERS: Handlers = {
  'auth.listPersonalAccessTokens': listPats,
  'auth.getPersonalAccessToken': getPat,
  'auth.createPersonalAccessToken': createPat,
  'auth.listApplications': listApplications,
  'auth.getApplication': getApplication,
};
