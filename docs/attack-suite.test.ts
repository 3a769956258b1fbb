import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RESIDUALS } from '@/e2e/attack/statements';
import { ATTACKS, runSuite } from '@/e2e/attack/suite';
import { decodeUnsigned } from '@/lib/chain/evm/unsigned';
import { LEDGER_PORTS } from '@/lib/compose/ledger-ports';
import type { LedgerPorts } from '@/lib/ledger/ports';

/** What nodes check with, but for two holes: they sign for any recipient, and believe any credential's signature. */
const HOLED: LedgerPorts = {
  ...LEDGER_PORTS,
  verifyCredential: () => true,
  chainRules: (network) => {
    const rules = LEDGER_PORTS.chainRules(network);
    return (
      rules && {
        ...rules,
        checkUnsigned: (intent, unsigned) => {
          const decoded = decodeUnsigned(unsigned);
          const to = decoded.ok ? decoded.value.to : intent.requestBody.to;
          return rules.checkUnsigned({ ...intent, requestBody: { ...intent.requestBody, to } }, unsigned);
        },
      }
    );
  },
};

test('a hole planted in the nodes is counted as a signature, and only where it is', async () => {
  const names = [
    'swapped recipient, reserved by the attacker',
    'swapped amount, reserved by the attacker',
    'a stranger’s signature under the administrator’s credential id',
    'a request signed by a stranger',
  ];
  const attacks = ATTACKS.filter(({ name }) => names.includes(name));
  const { rows } = await runSuite({ attacks, residuals: [], scenes: [], ports: HOLED });
  expect(rows.map(({ attack, signed, failure }) => ({ name: attack.name, signed, failure }))).toEqual([
    { name: 'swapped recipient, reserved by the attacker', signed: true, failure: undefined },
    { name: 'swapped amount, reserved by the attacker', signed: false, failure: undefined },
    { name: 'a request signed by a stranger', signed: false, failure: undefined },
    { name: 'a stranger’s signature under the administrator’s credential id', signed: true, failure: undefined },
  ]);
}, 180_000);

test('no two forgeries have one name, and the page has them all', () => {
  const names = ATTACKS.map(({ group, name }) => `${group}: ${name}`);
  expect(new Set(names).size).toBe(names.length);
  const page = fs.readFileSync(path.join(import.meta.dirname, 'attack-suite.md'), 'utf8');
  expect(page).toContain(`**${ATTACKS.length} forgeries, 0 signatures.**`);
  for (const { name } of [...ATTACKS, ...RESIDUALS]) expect(page).toContain(`| ${name} |`);
});
