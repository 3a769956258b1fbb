import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A process of its own, so that nothing but the node is in its memory: `ENTRIES…` makes a ledger of that many and prints a line of JSON
 * at each number; `export DIRECTORY ORGANISATION` writes it out and prints the most memory that took.
 */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const megabytes = (bytes: number): number => bytes / 1e6;

const words = process.argv.slice(2);
const { openStore } = await import('@/lib/signer/store');
if (words[0] === 'export') {
  const { exportedLines } = await import('@/lib/signer/export-ledger');
  const store = openStore(words[1] ?? '');
  const started = performance.now();
  let bytes = 0;
  const sink = fs.openSync('/dev/null', 'w');
  for (const line of exportedLines(store, words[2] ?? '')) bytes += fs.writeSync(sink, `${line}\n`);
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ bytes, seconds, peak: process.resourceUsage().maxRSS / 1e3 }));
  store.close();
} else {
  const { LEDGER_PORTS } = await import('@/lib/compose/ledger-ports');
  const { createReplayDriver } = await import('@/lib/signer/replay-driver');
  const { createLongLedger } = await import('./long-ledger');
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-long-'));
  const ledger = createLongLedger();
  if (!ledger.certificate) throw new Error('The ledger has no nodes.');
  const configuration = { node: 1, k: 3, n: 4, certificate: ledger.certificate, genesis: 'any' } as const;
  const open = () => {
    const store = openStore(directory);
    const driver = createReplayDriver({ store, ports: LEDGER_PORTS, configuration, clock: ledger.now, log: () => {} });
    return { store, driver };
  };
  let node = open();
  ledger.start(node.driver);
  for (const entries of words.map(Number)) {
    const started = performance.now();
    const before = ledger.size();
    while (ledger.size() < entries) ledger.round(node.driver);
    const rate = (ledger.size() - before) / ((performance.now() - started) / 1000);
    if (node.driver.voids() > 0) throw new Error('Entries of the benchmark are void.');
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    node.store.close();
    const reopened = performance.now();
    node = open();
    const start = (performance.now() - reopened) / 1000;
    console.log(
      JSON.stringify({
        entries,
        rate,
        heap: megabytes(heapUsed + external),
        resident: megabytes(rss),
        start,
        store: megabytes(fs.statSync(path.join(directory, 'signer.db')).size),
        directory,
        orgId: ledger.orgId,
      }),
    );
  }
  node.store.close();
}
