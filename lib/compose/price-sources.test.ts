import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPriceSources } from './price-sources';

const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-prices-')), 'prices.json');
const NOW = Date.UTC(2026, 10, 27, 12);
let body = '{}';
let status = 200;
const server = http.createServer((_request, response) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const TOKEN = '0x00000000000000000000000000000000000000CC';
const sources = (inFile: unknown, overHttp?: unknown, answer = 200) => {
  status = answer;
  body = typeof overHttp === 'string' ? overHttp : JSON.stringify(overHttp ?? {});
  if (inFile !== undefined) fs.writeFileSync(file, typeof inFile === 'string' ? inFile : JSON.stringify(inFile));
  return createPriceSources(
    {
      ...(inFile === undefined ? {} : { pricesFile: file }),
      pricesUrls: overHttp === undefined ? [] : [url],
      pricesMaxAgeMs: 3_600_000,
    },
    () => NOW,
  );
};
const native = (usd: string, more: object = {}) => ({ ...more, EthereumSepolia: { native: usd } });
const usd = (...given: Parameters<typeof sources>) => sources(...given).usd('EthereumSepolia', 'native');

test('a file and an HTTP source each give prices, tokens in any letter case', async () => {
  expect(await usd(native('3000'))).toBe('3000');
  expect(await usd(undefined, native('3001.5'))).toBe('3001.5');
  expect(await sources({ EthereumSepolia: { [TOKEN]: '1' } }).usd('EthereumSepolia', TOKEN.toLowerCase())).toBe('1');
});
test('sources that agree within two hundredths give the higher price, others none', async () => {
  expect(await usd(native('3000'), native('3060'))).toBe('3060');
  expect(await usd(native('3060'), native('3000'))).toBe('3060');
  expect(await usd(native('3000'), native('3060.01'))).toBeNull();
  expect(await usd(native('0'), native('3000'))).toBeNull();
});
test('an asset that one source alone knows has its price', async () => {
  expect(await usd({}, native('3000'))).toBe('3000');
  expect(await usd({}, {})).toBeNull();
});
test.each([
  ['a broken file', '{', native('3000'), 200],
  ['an HTTP error', native('3000'), native('3000'), 500],
  ['an HTML page', native('3000'), '<html></html>', 200],
  ['a price that is no number', native('3000'), native('-1'), 200],
  ['a list', native('3000'), [], 200],
] as const)('with %s nobody knows a price', async (_what, inFile, overHttp, answer) => {
  expect(await usd(inFile, overHttp, answer)).toBeNull();
});
test('prices that say when they were made count for an hour', async () => {
  const at = (ago: number) => new Date(NOW - ago).toISOString();
  expect(await usd(native('3000', { at: at(3_599_000) }))).toBe('3000');
  const stale = sources(native('3000', { at: at(3_601_000) }));
  expect(await stale.usd('EthereumSepolia', 'native')).toBeNull();
  expect(stale.health()).toEqual([{ name: 'PRICES_FILE', state: 'stale' }]);
});
test('without a source there is no price', async () => {
  expect(await usd(undefined)).toBeNull();
});
