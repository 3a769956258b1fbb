import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NotRunningError, readRunFile, readRunningSystem, writeRunFile } from '@/lib/run-file';

let dataDir: string;
beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'run-file-'));
});
afterEach(() => fs.rmSync(dataDir, { recursive: true }));

const SERVER_URL = 'http://localhost:3000';
/** No process has this id: the largest that Linux gives out is 2^22. */
const NOBODY = 2 ** 22 + 1;

test('a system runs while its supervisor does', () => {
  writeRunFile(dataDir, { serverUrl: SERVER_URL, pids: { start: process.pid } });
  expect(readRunningSystem(dataDir).serverUrl).toBe(SERVER_URL);
});

test.each([
  ['that never ran', undefined],
  ['that was stopped', {}],
  ['that was killed', { start: NOBODY }],
])('a system %s is not taken for a running one, whatever its file still says', (_how, pids) => {
  if (pids) writeRunFile(dataDir, { serverUrl: SERVER_URL, pids });
  expect(() => readRunningSystem(dataDir)).toThrow(NotRunningError);
  expect(() => readRunningSystem(dataDir)).toThrow(/^No system runs on .*: start it with npm start first\.$/);
  expect(readRunFile(dataDir).serverUrl).toBe(pids && SERVER_URL);
});
