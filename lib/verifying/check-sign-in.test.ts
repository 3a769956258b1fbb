import { expect, test } from 'vitest';
import { loginChallenge, type Statement, statementChallenge } from '@/lib/authentication/statement';
import { checkSignIn } from './check-sign-in';

const nonce = 'A'.repeat(43);
const what = (challenge: Parameters<typeof checkSignIn>[0]) => checkSignIn(challenge).map((one) => one.what);

test('a challenge derived from its nonce is a login’s', () => {
  expect(what({ challenge: loginChallenge(nonce), nonce })).toEqual([]);
});

test('the challenge of a user action is not signed as a sign-in, whatever nonce stands beside it', () => {
  const challenge = statementChallenge({ v: 1, orgId: 'or-1', method: 'POST' } as unknown as Statement);
  for (const beside of [{}, { nonce }, { nonce: challenge }, { nonce: null }])
    expect(what({ challenge, ...beside })).toEqual(['sign-in challenge']);
});
