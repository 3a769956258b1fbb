import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { anvilSpec } from '@/lib/compose/anvil';

/** A chain of its own for one test file. `rpc` speaks to it directly, also in anvil's own words. */
export type TestChain = {
  readonly url: string;
  rpc<T = unknown>(method: string, ...params: readonly unknown[]): Promise<T>;
  stop(): Promise<void>;
};

/** Starts anvil as the local chain is started, on a free port and without keeping its state. */
export const startAnvil = async (): Promise<TestChain> => {
  const port = await freePort();
  const spec = anvilSpec({ dataDir: path.join(os.tmpdir(), `countersign-anvil-${port}`), port });
  const stateless = spec.args.filter(
    (argument, index) => !/^--state/.test(argument) && !/^--state/.test(spec.args[index - 1] ?? ''),
  );
  const child = spawn(spec.command, stateless, { stdio: 'ignore', env: spec.env });
  const url = `http://127.0.0.1:${port}`;
  const rpc = async <T>(method: string, ...params: readonly unknown[]): Promise<T> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const answer = (await response.json()) as { result: T; error?: { message: string } };
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  };
  await until(() => rpc('eth_chainId').then(() => true));
  return { url, rpc, stop: () => end(child) };
};

/** Waits until the check is true; errors count as not yet. @throws after 20 s. */
export const until = async (check: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 20_000;
  for (;;) {
    if (await check().catch(() => false)) return;
    if (Date.now() > deadline) throw new Error('Waited 20 s in vain.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
