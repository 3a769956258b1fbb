import { describe, expect, test } from 'vitest';
import { createPermissionBody, updatePermissionBody } from './permissions';
import { getOperation } from './table';

const PEM = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----`;
const info = { credId: 'Y3JlZA', clientData: 'e30', attestationData: 'e30' };
const assertion = { credId: 'Y3JlZA', clientData: 'e30', signature: 'c2ln' };
const issues = (operationId: string, body: unknown) =>
  getOperation(operationId)
    .body?.safeParse(body)
    .error?.issues.map((issue) => issue.message);

describe('registration', () => {
  const key = { credentialKind: 'Key', credentialInfo: info };

  test('takes a key or a passkey, with or without a recovery key', () => {
    const recoveryCredential = { credentialKind: 'RecoveryKey', credentialInfo: info, encryptedPrivateKey: 'opaque' };
    expect(issues('auth.register', { firstFactorCredential: key })).toBeUndefined();
    expect(issues('auth.register', { firstFactorCredential: { ...key, credentialKind: 'Fido2' } })).toBeUndefined();
    expect(issues('auth.register', { firstFactorCredential: key, recoveryCredential })).toBeUndefined();
  });

  test.each(['Password', 'Totp', 'RecoveryKey', 'Nonsense'])('refuses %s as first factor', (credentialKind) => {
    const body = { firstFactorCredential: { credentialKind, credentialInfo: info } };
    expect(issues('auth.register', body)).toEqual(['unsupported credential kind']);
  });

  test('takes a key under a password only with it', () => {
    const firstFactorCredential = { ...key, credentialKind: 'PasswordProtectedKey' };
    const encryptedPrivateKey = 'opaque';
    expect(
      issues('auth.register', { firstFactorCredential: { ...firstFactorCredential, encryptedPrivateKey } }),
    ).toBeUndefined();
    expect(issues('auth.register', { firstFactorCredential })).toBeDefined();
  });

  test('refuses a second factor', () => {
    const message = issues('auth.register', { firstFactorCredential: key, secondFactorCredential: key });
    expect(message).toEqual(['"secondFactorCredential" is not supported: unsupported credential kind']);
  });

  test('begins with organisation, user and code', () => {
    const body = { orgId: 'or-1', username: 'a@example.com', registrationCode: 'ABCD-1234' };
    expect(issues('auth.createRegistrationChallenge', body)).toBeUndefined();
    expect(issues('auth.createRegistrationChallenge', { ...body, registrationCode: undefined })).toBeDefined();
  });
});

describe('login and user actions', () => {
  const answer = { challengeIdentifier: 'jwt', firstFactor: { kind: 'Key', credentialAssertion: assertion } };

  test.each(['auth.login', 'auth.createUserActionSignature'])('%s takes the answer of a key or a passkey', (id) => {
    const credentialAssertion = { ...assertion, authenticatorData: 'YXV0aA' };
    expect(issues(id, answer)).toBeUndefined();
    expect(issues(id, { ...answer, firstFactor: { kind: 'Fido2', credentialAssertion } })).toBeUndefined();
    expect(issues(id, { ...answer, firstFactor: { kind: 'Fido2', credentialAssertion: assertion } })).toBeDefined();
  });

  test.each(['auth.login', 'auth.createUserActionSignature'])('%s refuses other kinds and second factors', (id) => {
    expect(issues(id, { ...answer, firstFactor: { kind: 'Password', password: 'x' } })).toEqual([
      'unsupported credential kind',
    ]);
    expect(issues(id, { ...answer, firstFactor: { kind: 'RecoveryKey', credentialAssertion: assertion } })).toEqual([
      'unsupported credential kind',
    ]);
    expect(issues(id, { ...answer, secondFactor: { kind: 'Totp', otpCode: '1' } })?.[0]).toContain(
      'unsupported credential kind',
    );
  });

  test('a missing payload counts as the empty one', () => {
    const body = { userActionHttpMethod: 'DELETE', userActionHttpPath: '/v2/policies/plc-1' };
    const parsed = getOperation('auth.createUserActionChallenge').body?.safeParse(body);
    expect(parsed?.data).toMatchObject({ userActionPayload: '' });
  });

  test('a user action is for one of four methods and an absolute path', () => {
    const body = {
      userActionPayload: '{}',
      userActionHttpMethod: 'POST',
      userActionHttpPath: '/wallets',
      userActionServerKind: 'Api',
    };
    expect(issues('auth.createUserActionChallenge', body)).toBeUndefined();
    expect(issues('auth.createUserActionChallenge', { ...body, userActionHttpMethod: 'PATCH' })).toBeDefined();
    expect(issues('auth.createUserActionChallenge', { ...body, userActionHttpPath: 'wallets' })).toBeDefined();
  });

  test('a user name is not needed to log in', () => {
    expect(issues('auth.createLoginChallenge', { orgId: 'or-1' })).toBeUndefined();
  });
});

describe('credentials', () => {
  test.each(['Password', 'Totp'])('a %s can not be added', (kind) => {
    expect(issues('auth.createCredentialChallenge', { kind })).toEqual(['unsupported credential kind']);
  });

  test('an added credential has a name and answers a challenge', () => {
    const body = { credentialKind: 'Key', credentialInfo: info, credentialName: 'Laptop', challengeIdentifier: 'jwt' };
    expect(issues('auth.createCredential', body)).toBeUndefined();
    expect(issues('auth.createCredential', { ...body, credentialName: '' })).toBeDefined();
    expect(issues('auth.createCredential', { ...body, encryptedPrivateKey: 'x' })).toEqual([
      '"encryptedPrivateKey" is not supported',
    ]);
  });
});

describe('people and machines', () => {
  test('employees are invited by e-mail, end users are not', () => {
    expect(issues('auth.createUser', { email: 'a@example.com', kind: 'CustomerEmployee' })).toBeUndefined();
    expect(issues('auth.createUser', { email: 'a@example.com', kind: 'EndUser' })).toEqual([
      'must be "CustomerEmployee"',
    ]);
    expect(issues('auth.createUser', { email: 'nobody', kind: 'CustomerEmployee' })).toEqual([
      'must be an e-mail address',
    ]);
  });

  test('single sign-on may be made mandatory', () => {
    const body = { email: 'a@example.com', kind: 'CustomerEmployee', isSSORequired: true };
    expect(issues('auth.createUser', body)).toBeUndefined();
  });

  test.each([
    ['ends without a line break', PEM],
    ['ends with one', `${PEM}\n`],
    ['has Windows line ends', PEM.replaceAll('\n', '\r\n')],
  ])('a service account takes a PEM that %s', (_name, publicKey) => {
    expect(issues('auth.createServiceAccount', { name: 'bot', publicKey })).toBeUndefined();
  });

  test.each([
    ['a private key', PEM.replaceAll('PUBLIC', 'PRIVATE')],
    ['a certificate', PEM.replaceAll('PUBLIC KEY', 'CERTIFICATE')],
    ['text in front', `x${PEM}`],
    ['text behind', `${PEM}\nx`],
    ['nothing inside', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----'],
  ])('a service account refuses %s', (_name, publicKey) => {
    expect(issues('auth.createServiceAccount', { name: 'bot', publicKey })).toEqual(['must be a PEM public key']);
  });

  test('a token lives 1 to 730 days', () => {
    for (const daysValid of [1, 730]) {
      expect(issues('auth.createServiceAccount', { name: 'bot', publicKey: PEM, daysValid })).toBeUndefined();
    }
    for (const daysValid of [0, 731, 1.5, '30']) {
      expect(issues('auth.createServiceAccount', { name: 'bot', publicKey: PEM, daysValid })).toBeDefined();
    }
  });

  test('a person is vouched for over a credential and its fingerprint', () => {
    const body = { credentialUuid: 'cr-1', fingerprint: `SHA256:${'A'.repeat(43)}=` };
    expect(issues('x.vouchUser', body)).toBeUndefined();
    expect(issues('x.vouchUser', { ...body, fingerprint: 'A'.repeat(43) })).toBeDefined();
    expect(issues('x.vouchUser', { credentialUuid: 'cr-1' })).toBeDefined();
  });
});

describe('a permission', () => {
  test('has a name of 1 to 100 characters and at least one operation', () => {
    const body = { name: 'Treasury', operations: ['Wallets:Read'] };
    expect(createPermissionBody.safeParse(body).success).toBe(true);
    expect(createPermissionBody.safeParse({ ...body, name: 'x'.repeat(101) }).success).toBe(false);
    expect(createPermissionBody.safeParse({ ...body, name: 'a\u0000b' }).success).toBe(false);
    expect(createPermissionBody.safeParse({ ...body, operations: [] }).success).toBe(false);
  });

  test('refuses an unknown operation by name', () => {
    const parsed = createPermissionBody.safeParse({ name: 'x', operations: ['Wallets:Read', 'Wallets:Steal'] });
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual(['"Wallets:Steal" is not a known operation']);
  });

  test('keeps what was sent, aliases included', () => {
    const operations = ['Permissions:Delete', 'Wallets:Sign', 'Swaps:Create'];
    expect(createPermissionBody.parse({ name: 'x', operations }).operations).toEqual(operations);
  });

  test('is changed in its name, its operations or both', () => {
    expect(updatePermissionBody.safeParse({ name: 'y' }).success).toBe(true);
    expect(updatePermissionBody.safeParse({}).success).toBe(false);
    expect(updatePermissionBody.safeParse({ name: 'y', isImmutable: false }).success).toBe(false);
  });
});
