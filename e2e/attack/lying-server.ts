import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DfnsApiClient } from '@dfns/sdk';
import { AsymmetricKeySigner } from '@dfns/sdk-keysigner';
import type { Assertion, Statement } from '@/lib/authentication/statement';
import { genesisHash } from '@/lib/ledger/genesis';
import type { Scene } from './scene';

/** What the SDK asks a challenge for. */
export type Asked = { readonly method: string; readonly path: string; readonly payload: string };
/** What the server answers: a challenge, and the statement it says was behind it. */
export type Offer = (asked: Asked) => { readonly challenge: string; readonly statement?: Statement };
export type Client = InstanceType<typeof DfnsApiClient>;
export type KeySigner = InstanceType<typeof AsymmetricKeySigner>;

/**
 * A server that shows an unmodified SDK of the administrator whatever challenge it likes, and keeps what comes back.
 * @returns the assertion of the call, or null when nothing was signed; and why the client refused.
 */
export const seduce = async (
  { world, publicKeyOf }: Scene,
  walletId: string,
  offer: Offer,
  call: (client: Client, signer: KeySigner) => Promise<unknown>,
): Promise<{ readonly assertion: Assertion | null; readonly refusal: unknown }> => {
  const wallet = world.state.tables.wallet.get(walletId);
  let assertion: Assertion | null = null;
  const organisation = {
    id: world.orgId,
    genesis: genesisHash(world.genesis),
    name: 'Org',
    fingerprint: '',
    confirmed: true,
    enrolment: 'server',
    strict: false,
    rpId: world.genesis.rpId,
    origins: [...world.genesis.origins],
    signers: world.genesis.n,
    threshold: world.genesis.k,
    profile: 'single-machine',
    mainnet: false,
    frozen: false,
    frozenWalletIds: [],
    sessions: { lifeMinutes: null, idleMinutes: null },
  };
  const shownWallet = {
    id: walletId,
    network: wallet?.network,
    address: wallet?.address,
    status: 'Active',
    dateCreated: '2026-01-01T00:00:00.000Z',
    custodial: true,
    imported: false,
    exported: false,
    tags: [],
    signingKey: { id: wallet?.keyId, scheme: 'ECDSA', curve: 'secp256k1', publicKey: publicKeyOf(walletId) },
  };
  const { credential, userId } = world.admin;
  const answerOf = (url: string, method: string, text: string): object => {
    if (url === '/x/organisation') return organisation;
    if (method === 'GET') return shownWallet;
    const sent = JSON.parse(text || '{}');
    if (url === '/auth/action/init') {
      const { userActionHttpMethod, userActionHttpPath, userActionPayload } = sent;
      const asked = { method: userActionHttpMethod, path: userActionHttpPath, payload: userActionPayload ?? '' };
      const allowCredentials = { key: [{ type: 'public-key', id: credential.credId }], webauthn: [] };
      return { challengeIdentifier: 'ch', allowCredentials, ...offer(asked) };
    }
    const { kind, credentialAssertion } = sent.firstFactor ?? {};
    if (credentialAssertion) assertion = { kind, ...credentialAssertion };
    return { userAction: 'token', id: 'done' };
  };
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = answerOf(request.url ?? '', request.method ?? '', Buffer.concat(chunks).toString());
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const privateKey = credential.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const signer = new AsymmetricKeySigner({ credId: credential.credId, privateKey });
  const claims = { 'https://custom/app_metadata': { orgId: world.orgId, userId, tokenId: 'to-1', tokenKind: 'Token' } };
  const authToken = `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  try {
    const refusal = await call(new DfnsApiClient({ baseUrl, authToken, signer }), signer).then(
      () => null,
      (cause: unknown) => cause,
    );
    return { assertion, refusal };
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
