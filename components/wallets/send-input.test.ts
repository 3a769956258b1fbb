import { expect, test } from 'vitest';
import { EMPTY_SEND, OTHER, sendForm } from './send-input';

const TO = '0x71c20000000000000000000000000000000a9e04';
const TOKEN = '0x00000000000000000000000000000000000000aa';
const form = sendForm('EthereumSepolia', (assetId) => (assetId === 'native' ? 18 : 6));
const read = (typed: object) => {
  const { error, data } = form.safeParse({ ...EMPTY_SEND, ...typed });
  return error ? Object.fromEntries(error.issues.map((issue) => [issue.path.join('.'), issue.message])) : data;
};

test('a coin is sent in its base units', () => {
  expect(read({ to: ` ${TO} `, amount: '1.5' })).toEqual({ kind: 'Native', to: TO, amount: '1500000000000000000' });
});

test('a token is named by its contract, and an external id goes with it', () => {
  const body = { kind: 'Erc20', contract: TOKEN, to: TO, amount: '12000000', externalId: 'invoice 7' };
  expect(read({ assetId: TOKEN, to: TO, amount: '12', externalId: 'invoice 7' })).toEqual(body);
});

test('another token counts in the decimals that are typed', () => {
  const typed = { assetId: OTHER, contract: TOKEN, decimals: '2', to: TO, amount: '0.12' };
  expect(read(typed)).toMatchObject({ contract: TOKEN, amount: '12' });
  expect(read({ ...typed, amount: '0.123' })).toEqual({ amount: 'Type an amount with at most 2 decimals.' });
  expect(read({ ...typed, decimals: '' })).toEqual({ amount: 'Type an amount with at most ? decimals.' });
});

test('an amount that could mean two things is not sent', () => {
  expect(read({ to: TO, amount: '1,500' })).toEqual({
    amount: '“1,500” is 1500 to some and 1.5 to others. Write one of these.',
  });
  expect(read({ to: TO, amount: '1,5' })).toEqual({ amount: expect.stringContaining('decimal mark') });
});

test('every field that is wrong says so', () => {
  expect(read({ assetId: OTHER, to: '0x12' })).toEqual({
    contract: 'Type the address to send to.',
    to: expect.stringContaining('This is no address of EthereumSepolia'),
    amount: 'Type an amount with at most 18 decimals.',
  });
});

test('nothing of a coin may be sent, but nothing of a token may not', () => {
  expect(read({ to: TO, amount: '0' })).toMatchObject({ amount: '0' });
  expect(read({ assetId: TOKEN, to: TO, amount: '0' })).toEqual({ amount: 'Type an amount above zero.' });
});
