import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findAmbient } from './ambient';

/** Rule, file that breaks it, its text; some need a second file on the way. */
const PLANTS: readonly (readonly [
  rule: string,
  file: string,
  text: string,
  more?: Readonly<Record<string, string>>,
])[] = [
  [
    'no-cycles',
    'lib/domain/leak-a.ts',
    `import { b } from '@/lib/domain/leak-b';\nexport const a = b;\n`,
    {
      'lib/domain/leak-b.ts': `import { a } from '@/lib/domain/leak-a';\nexport const b = a;\n`,
    },
  ],
  ['everything-resolves', 'lib/domain/leak-c.ts', `import { x } from '@/lib/domain/nowhere';\nexport const y = x;\n`],
  ['domain-knows-nobody', 'lib/domain/leak-d.ts', use('lib/policy/target')],
  ['contract-and-jobs-are-schemas', 'lib/contract/leak.ts', use('lib/policy/target')],
  ['contract-and-jobs-are-schemas', 'lib/jobs/leak.ts', use('lib/activity/target')],
  ['rooms-do-not-know-each-other', 'lib/policy/leak-a.ts', use('lib/authorization/target')],
  ['rooms-do-not-know-each-other', 'lib/mpc/leak-a.ts', use('lib/chain/target')],
  ['rooms-do-not-know-each-other', 'lib/authentication/leak-a.ts', use('lib/policy/target')],
  ['ledger-and-evidence-read-pure-files', 'lib/ledger/leak.ts', use('lib/db/target')],
  ['ledger-and-evidence-read-pure-files', 'lib/evidence/leak.ts', use('lib/transport/target')],
  ['verifying-reads-pure-files', 'lib/verifying/leak-a.ts', use('lib/client/target')],
  ['nobody-decides-by-verifying', 'lib/ledger/leak-d.ts', use('lib/verifying/target')],
  ['nobody-decides-by-verifying', 'lib/http/leak-e.ts', use('lib/verifying-client/target')],
  ['verifying-client-stands-alone', 'lib/verifying-client/leak-a.ts', use('lib/http/target')],
  [
    'pure-rooms-have-no-io',
    'lib/policy/leak-b.ts',
    `import { readFileSync } from 'node:fs';\nexport const y = readFileSync;\n`,
  ],
  [
    'pure-rooms-have-no-io',
    'lib/mpc/leak-b.ts',
    `import { randomBytes } from 'node:crypto';\nexport const y = randomBytes;\n`,
  ],
  [
    'pure-rooms-have-no-io',
    'lib/authentication/leak-b.ts',
    `import { verify } from 'node:crypto';\nexport const y = verify;\n`,
  ],
  ['pure-rooms-have-no-io', 'lib/chain/evm/leak-b.ts', `import net from 'node:net';\nexport const y = net;\n`],
  ['crypto-doors-use-crypto-only', 'lib/mpc/primitives.ts', `import fs from 'node:fs';\nexport const leak = fs;\n`],
  ['pure-rooms-few-packages', 'lib/mpc/leak-c.ts', `import { http } from 'viem';\nexport const y = http;\n`],
  ['node-verifier-is-plugged-in', 'lib/ledger/leak-b.ts', use('lib/authentication/node-verifier')],
  ['chains-are-strangers', 'lib/chain/bitcoin/leak.ts', use('lib/chain/evm/target')],
  ['only-chain-clients-dial', 'lib/chain/evm/leak.ts', use('lib/chain/evm/client')],
  ['no-dealer-outside-tests', 'lib/activity/leak-a.ts', use('lib/mpc/simulation')],
  [
    'prisma-lives-in-db',
    'lib/activity/leak-b.ts',
    `import { PrismaClient } from '@/lib/generated/prisma/client';\nexport const y = PrismaClient;\n`,
  ],
  ['prisma-lives-in-db', 'lib/compose/leak-b.ts', `import pg from 'pg';\nexport const y = pg;\n`],
  ['db-implements-ports', 'lib/db/leak-a.ts', use('lib/policy/target')],
  ['activity-knows-no-adapter', 'lib/activity/leak-c.ts', use('lib/db/target')],
  [
    'activity-uses-no-framework',
    'lib/activity/leak-d.ts',
    `import { NextResponse } from 'next/server';\nexport const y = NextResponse;\n`,
  ],
  ['transport-carries-bytes', 'lib/transport/leak.ts', use('lib/mpc/target')],
  ['the-node-stands-alone', 'lib/signer/leak.ts', use('lib/db/target')],
  ['only-its-composition-imports-the-node', 'lib/compose/leak-c.ts', use('lib/signer/target')],
  [
    'web-never-reaches-a-share',
    'lib/compose/web-leak.ts',
    use('lib/db/leak-d'),
    { 'lib/db/leak-d.ts': use('lib/signer/target') },
  ],
  [
    'web-never-reaches-a-share',
    'app/leak/page.tsx',
    use('lib/http/leak-d'),
    { 'lib/http/leak-d.ts': use('lib/signer/target') },
  ],
  [
    'web-never-reaches-a-share',
    'components/leak-d.tsx',
    use('lib/client/leak-d'),
    { 'lib/client/leak-d.ts': use('lib/signer/target') },
  ],
  [
    'web-never-reaches-a-share',
    'workers/server.ts',
    use('lib/compose/leak-e'),
    { 'lib/compose/leak-e.ts': use('lib/signer/target') },
  ],
  ['http-is-the-front-door', 'lib/http/leak-a.ts', use('lib/db/target')],
  [
    'next-at-the-edge',
    'lib/db/leak-b.ts',
    `import { NextResponse } from 'next/server';\nexport const y = NextResponse;\n`,
  ],
  ['thin-routes', 'app/leak/route.ts', use('lib/db/target')],
  ['components-see-contracts', 'components/leak-a.tsx', use('lib/db/target')],
  ['browser-code-is-pure', 'lib/client/leak-a.ts', use('lib/activity/target')],
  ['browser-code-has-no-node', 'lib/client/leak-b.ts', `import fs from 'node:fs';\nexport const y = fs;\n`],
  ['workers-are-doors', 'lib/activity/leak-e.ts', use('workers/start')],
  ['workers-stay-small', 'workers/leak.ts', use('lib/policy/target')],
  ['only-compose-sees-everything', 'lib/broadcast/leak.ts', use('lib/compose/target')],
  [
    'tests-are-leaves',
    'lib/policy/leak-c.ts',
    `import '@/lib/policy/leak.test';\n`,
    { 'lib/policy/leak.test.ts': 'export const x = 1;\n' },
  ],
  ['tests-are-leaves', 'lib/compose/leak-f.ts', use('lib/db/testing/postgres')],
  ['e2e-from-outside', 'e2e/leak.spec.ts', use('lib/db/target')],
];

function use(target: string): string {
  return `import * as x from '@/${target}';\nexport const y = x;\n`;
}

/** A target is an empty file of a room, so that plants don't depend on what the rooms hold today. */
const TARGETS = [
  ...'policy authorization chain activity db mpc transport signer http client compose verifying verifying-client'
    .split(' ')
    .map((room) => `lib/${room}/target.ts`),
  'lib/chain/evm/target.ts',
  'lib/chain/evm/client.ts',
  'lib/mpc/simulation.ts',
];

const ROOT = path.resolve(import.meta.dirname, '..');
let copy: string;
let found: Set<string>;

beforeAll(async () => {
  copy = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'house-rules-')));
  for (const name of [
    'lib',
    'app',
    'components',
    'workers',
    'prisma',
    'e2e',
    'tsconfig.json',
    'package.json',
    '.dependency-cruiser.cjs',
  ]) {
    if (fs.existsSync(path.join(ROOT, name)))
      fs.cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  }
  fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  for (const file of TARGETS) write(file, 'export const x = 1;\n');
  for (const [, file, text, more] of PLANTS) {
    write(file, text);
    for (const [name, content] of Object.entries(more ?? {})) write(name, content);
  }
  found = await violations(copy);
});
afterAll(() => fs.rmSync(copy, { recursive: true, force: true }));

const write = (file: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
  fs.writeFileSync(path.join(copy, file), text);
};

/** Every violation as `rule file`. */
const violations = async (cwd: string): Promise<Set<string>> => {
  const cli = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [
    cli,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    'lib',
    'app',
    'components',
    'workers',
    'prisma',
    'e2e',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, maxBuffer: 512 * 1024 * 1024 }).catch(
    (error: { stdout: string }) => error, // its exit code is the number of violations
  );
  const report = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return new Set(report.summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`));
};

describe('a planted violation is caught', () => {
  test.each(PLANTS.map(([rule, file]) => [rule, file]))('%s in %s', (rule, file) => {
    expect(found).toContain(`${rule} ${file}`);
  });

  test('no rule is without a plant', () => {
    const text = fs.readFileSync(path.join(ROOT, '.dependency-cruiser.cjs'), 'utf8');
    const rules = [...text.matchAll(/rule\(\s*'([a-z0-9-]+)'/g)].map((match) => match[1]);
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((rule) => !PLANTS.some(([planted]) => planted === rule))).toEqual([]);
  });
});

describe('pure rooms take time and randomness as arguments', () => {
  test('no file of a pure room asks the machine', () => {
    expect(findAmbient(ROOT)).toEqual([]);
  });

  test.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'performance.now()',
    'crypto.getRandomValues(x)',
    'process.env.X',
    'fetch(url)',
  ])('%s is caught', (call) => {
    write('lib/policy/ambient.ts', `/** Date.now() in a comment is no call. */\nexport const x = () => ${call};\n`);
    expect(findAmbient(copy).map(({ file, line }) => `${file}:${line}`)).toContain('lib/policy/ambient.ts:2');
  });
});
