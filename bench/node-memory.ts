import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { NodeConfiguration } from '@/lib/signer/acceptable-genesis';
import type { FeedEntry } from '@/lib/signer/entry-taking';

/**
 * Processes of their own, so that nothing but what is measured is in their memory; each prints lines of JSON. `grow DECIDED… fill FILLED…`
 * makes stores of so many entries, and beside each the entries that follow; `follow`, `remake` and `export` take one of them.
 */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const megabytes = (bytes: number): number => bytes / 1e6;
const peak = (): number => (process.resourceUsage().maxRSS * 1024) / 1e6;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const say = (line: object): void => console.log(JSON.stringify(line));

/** Entries that follow a stored ledger, for a node that starts there. */
const FOLLOWING_ROUNDS = 2;
const FEED = 50;

/** What lies beside each store. */
type Beside = {
  readonly orgId: string;
  readonly now: number;
  readonly configuration: NodeConfiguration;
  readonly items: readonly { readonly seq: number; readonly bytes: string; readonly body: string }[];
};

const { openStore } = await import('@/lib/signer/store');
const { LEDGER_PORTS } = await import('@/lib/compose/ledger-ports');
const { createReplayDriver } = await import('@/lib/signer/replay-driver');
const log = (): void => {};

const grow = async (words: readonly string[]): Promise<void> => {
  const { createLongLedger } = await import('./long-ledger');
  const base = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-long-'));
  const directory = path.join(base, 'growing');
  let following: FeedEntry[] = [];
  const ledger = createLongLedger((items) => following.push(...items));
  if (!ledger.certificate) throw new Error('The ledger has no nodes.');
  const configuration = { node: 1, k: 3, n: 4, certificate: ledger.certificate, genesis: 'any' } as const;
  const open = () => {
    const store = openStore(directory);
    return { store, driver: createReplayDriver({ store, ports: LEDGER_PORTS, configuration, clock: ledger.now, log }) };
  };
  let node = open();
  ledger.start(node.driver);
  let isFilled = false;
  for (const word of words) {
    if (word === 'fill') {
      isFilled = true;
      continue;
    }
    const started = performance.now();
    const before = ledger.size();
    if (isFilled) ledger.fill(node.store, Number(word));
    else while (ledger.size() < Number(word)) ledger.round(node.driver);
    if (node.driver.voids() > 0) throw new Error('Entries of the benchmark are void.');
    const rate = (ledger.size() - before) / ((performance.now() - started) / 1000);
    const entries = ledger.size();
    node.store.close();
    const copy = path.join(base, String(entries));
    fs.mkdirSync(copy, { mode: 0o700 });
    fs.copyFileSync(path.join(directory, 'signer.db'), path.join(copy, 'signer.db'));
    node = open();
    following = [];
    for (let round = 0; round < FOLLOWING_ROUNDS; round += 1) ledger.round(node.driver);
    if (node.driver.voids() > 0) throw new Error('Entries of the benchmark are void.');
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const items = following.map(({ seq, bytes, body }) => ({ seq, bytes: hex(bytes), body: hex(body) }));
    const beside: Beside = { orgId: ledger.orgId, now: ledger.now(), configuration, items };
    fs.writeFileSync(path.join(copy, 'beside.json'), JSON.stringify(beside));
    say({
      entries,
      rate,
      isFilled,
      store: megabytes(fs.statSync(path.join(copy, 'signer.db')).size),
      directory: copy,
      orgId: ledger.orgId,
    });
  }
  node.store.close();
  fs.rmSync(directory, { recursive: true });
};

/** A node's start over a stored ledger: its own process does nothing else before. */
const startOver = (directory: string) => {
  const { orgId, now, configuration, items } = JSON.parse(
    fs.readFileSync(path.join(directory, 'beside.json'), 'utf8'),
  ) as Beside;
  const store = openStore(directory);
  const started = performance.now();
  const driver = createReplayDriver({ store, ports: LEDGER_PORTS, configuration, clock: () => now, log });
  const seconds = (performance.now() - started) / 1000;
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
  return {
    store,
    driver,
    seconds,
    orgId,
    items: items.map((item) => ({ seq: item.seq, bytes: bytes(item.bytes), body: bytes(item.body) })),
  };
};

const follow = async (directory: string): Promise<void> => {
  const { store, driver, seconds, orgId, items } = startOver(directory);
  const taking = performance.now();
  for (let from = 0; from < items.length; from += FEED) {
    const outcome = driver.extend(orgId, items.slice(from, from + FEED));
    if (!outcome.ok) throw new Error(outcome.refusal.message);
    await turn();
  }
  const rate = items.length / ((performance.now() - taking) / 1000);
  if (driver.voids() > 0) throw new Error('Entries of the benchmark are void.');
  const most = peak();
  collect();
  await turn();
  const { heapUsed, external, rss } = process.memoryUsage();
  say({ start: seconds, rate, heap: megabytes(heapUsed + external), resident: megabytes(rss), peak: most });
  store.close();
};

const remake = (directory: string): void => {
  const before = openStore(directory);
  before.run('UPDATE state_head SET version = 0');
  before.close();
  const { store, seconds } = startOver(directory);
  say({ start: seconds, peak: peak() });
  store.close();
};

const write = async (directory: string, orgId: string): Promise<void> => {
  const { exportedLines } = await import('@/lib/signer/export-ledger');
  const store = openStore(directory);
  const started = performance.now();
  let bytes = 0;
  const sink = fs.openSync('/dev/null', 'w');
  for (const line of exportedLines(store, orgId)) bytes += fs.writeSync(sink, `${line}\n`);
  say({ bytes, seconds: (performance.now() - started) / 1000, peak: peak() });
  store.close();
};

const [verb = '', ...words] = process.argv.slice(2);
const [directory = '', orgId = ''] = words;
if (verb === 'grow') await grow(words);
else if (verb === 'follow') await follow(directory);
else if (verb === 'remake') remake(directory);
else if (verb === 'export') await write(directory, orgId);
else throw new Error(`There is no ${verb}.`);
