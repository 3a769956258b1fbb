import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isKnownOperation } from './permission-operations';
import { getOperation, matchOperation, OPERATIONS } from './table';

const match = (method: string, pathname: string) => {
  const found = matchOperation(method, pathname);
  return found && 'operation' in found ? found : null;
};

describe('the operation table', () => {
  test('holds each id and each method with its path once', () => {
    expect(new Set(OPERATIONS.map((operation) => operation.id)).size).toBe(OPERATIONS.length);
    const shapes = OPERATIONS.map((operation) => `${operation.method} ${operation.path.replace(/:\w+/g, ':')}`);
    expect(new Set(shapes).size).toBe(OPERATIONS.length);
  });

  test('gives every built operation a response schema and every built mutation a body schema', () => {
    for (const operation of OPERATIONS.filter((candidate) => candidate.built)) {
      expect(operation.response, operation.id).toBeDefined();
      expect(operation.body !== undefined, operation.id).toBe(operation.method !== 'GET');
    }
  });

  test('asks for a user action wherever governed state changes, but for a registration', () => {
    const without = OPERATIONS.filter(
      (operation) => (operation.governs === 'governance' || operation.governs === 'activity') && !operation.userAction,
    ).map((operation) => operation.id);
    expect(without.sort()).toEqual([
      'auth.createCredentialWithCode',
      'auth.recover',
      'auth.register',
      'auth.registerEndUser',
      'payouts.createPayoutQuote',
      'swaps.createSwapQuote',
      'wallets.cantonLedgerApiProxy',
    ]);
  });

  test('never asks for a user action of somebody without a bearer token', () => {
    expect(OPERATIONS.filter((operation) => operation.userAction && operation.access !== 'bearer')).toEqual([]);
  });

  test('names only permission operations that exist', () => {
    const named = OPERATIONS.flatMap((operation) => operation.permission ?? []);
    expect(named.filter((operation) => !isKnownOperation(operation))).toEqual([]);
  });

  test('refuses an unknown property in the body of every built mutation', () => {
    for (const operation of OPERATIONS.filter((candidate) => candidate.built && candidate.body)) {
      const issues = operation.body?.safeParse({ surprise: true }).error?.issues ?? [];
      const isNamed = issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes('surprise'));
      const isUnknownKind = issues.some((issue) => issue.code === 'invalid_union');
      expect(isNamed || isUnknownKind, operation.id).toBe(true);
    }
  });
});

describe('finding an operation', () => {
  test('lets a static segment win over a parameter', () => {
    expect(match('POST', '/keys/import')?.operation.id).toBe('keys.importKey');
    expect(match('POST', '/wallets/import')?.operation.id).toBe('wallets.importWallet');
    expect(match('GET', '/wallets/all/history')?.operation.id).toBe('wallets.listOrgWalletHistory');
    expect(match('GET', '/networks/fees')?.operation.id).toBe('networks.getFees');
    expect(match('POST', '/auth/credentials/code')?.operation.id).toBe('auth.createCredentialCode');
    expect(matchOperation('GET', '/keys/import')).toEqual({ methodNotAllowed: ['POST'] });
  });

  test('falls back to the parameter where the static branch leads nowhere', () => {
    expect(match('GET', '/wallets/all/transfers')?.params).toEqual({ walletId: 'all' });
  });

  test('decodes parameters and keeps them raw beside', () => {
    const found = match('DELETE', '/auth/pats/to-1%2F%C3%A9');
    expect(found?.operation.id).toBe('auth.archivePersonalAccessToken');
    expect(found?.params).toEqual({ tokenId: 'to-1/é' });
    expect(found?.rawParams).toEqual({ tokenId: 'to-1%2F%C3%A9' });
  });

  test('names the allowed methods of a known path', () => {
    const found = matchOperation('PATCH', '/wallets/wa-1');
    expect(found).toEqual({ methodNotAllowed: expect.arrayContaining(['GET', 'PUT']) });
  });

  test.each([
    '/wallets/',
    '/wallets//transfers',
    '//wallets',
    'wallets',
    '/',
    '',
    '/w%61llets',
    '/Wallets',
    '/unknown',
    '/wallets/%zz',
  ])('knows nothing at %j', (pathname) => {
    expect(matchOperation('GET', pathname)).toBeNull();
  });

  test('is not fooled by names every object has', () => {
    expect(matchOperation('GET', '/constructor')).toBeNull();
    expect(matchOperation('constructor', '/wallets')).toHaveProperty('methodNotAllowed');
    expect(match('GET', '/wallets/__proto__')?.params.walletId).toBe('__proto__');
  });

  test('throws for an id nobody wrote', () => {
    expect(() => getOperation('wallets.nothing')).toThrow('wallets.nothing');
  });
});

type Row = {
  domain: string;
  sdkMethod: string;
  method: string;
  path: string;
  userAction: boolean;
  inScope: boolean;
  aliasOf?: string;
};
const file = path.resolve(import.meta.dirname, '../../../shared/contract-endpoints.json');
const isPresent = existsSync(file);

describe(
  isPresent ? 'against the list of endpoints' : `against the list of endpoints (absent: ${path.basename(file)})`,
  () => {
    const rows: readonly Row[] = isPresent ? JSON.parse(readFileSync(file, 'utf8')) : [];

    test.skipIf(!isPresent)('every method and path of the SDK is served with the same user-action flag', () => {
      const inScope = new Set(rows.filter((row) => row.inScope).map((row) => `${row.method} ${row.path}`));
      expect(inScope.size).toBe(122);
      const signed = new Set(
        rows.filter((row) => row.inScope && row.userAction).map((row) => `${row.method} ${row.path}`),
      );
      expect(signed.size).toBe(60);
      for (const row of rows) {
        const operation = OPERATIONS.find(
          (candidate) => candidate.method === row.method && candidate.path === row.path,
        );
        expect(operation, `${row.method} ${row.path}`).toBeDefined();
        expect(operation?.userAction, `${row.method} ${row.path}`).toBe(row.userAction);
      }
    });

    test.skipIf(!isPresent)('ids are the names of the SDK', () => {
      for (const row of rows.filter((candidate) => !candidate.aliasOf && candidate.domain !== 'baseAuthApi')) {
        const operation = OPERATIONS.find(
          (candidate) => candidate.method === row.method && candidate.path === row.path,
        );
        expect(operation?.id).toBe(`${row.domain}.${row.sdkMethod}`);
      }
    });

    test.skipIf(!isPresent)('nothing else is served but /x/, and the older form of one call', () => {
      const known = new Set(rows.map((row) => `${row.method} ${row.path}`));
      const others = OPERATIONS.filter((operation) => !known.has(`${operation.method} ${operation.path}`));
      const unknown = others.filter((operation) => !operation.path.startsWith('/x/'));
      expect(unknown.map(({ method, path: own }) => `${method} ${own}`)).toEqual(['PUT /auth/recover/user/code']);
    });

    test.skipIf(!isPresent)('products outside this platform answer 501', () => {
      for (const row of rows.filter((candidate) => !candidate.inScope)) {
        const operation = OPERATIONS.find(
          (candidate) => candidate.method === row.method && candidate.path === row.path,
        );
        expect(operation?.built).toBe(false);
      }
    });
  },
);
