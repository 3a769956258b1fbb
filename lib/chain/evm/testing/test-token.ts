import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

type Output = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
};

/** Compiles the test token; the constructor's argument is the supply, all of it for the deployer. @returns creation bytecode with prefix. */
export const testTokenCode = (supply: bigint): `0x${string}` => {
  const solc = createRequire(import.meta.url)('solc') as { compile: (input: string) => string };
  const content = fs.readFileSync(path.resolve(import.meta.dirname, '../../../../e2e/contracts/TestToken.sol'), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { 'TestToken.sol': { content } },
    settings: { optimizer: { enabled: true, runs: 200 }, outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const object = output.contracts?.['TestToken.sol']?.TestToken?.evm.bytecode.object;
  if (!object)
    throw new Error(output.errors?.map((error) => error.formattedMessage).join('\n') ?? 'Nothing was compiled.');
  return `0x${object}${supply.toString(16).padStart(64, '0')}`;
};
