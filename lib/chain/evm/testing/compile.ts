import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

type Output = {
  errors?: { severity: string; formattedMessage: string }[];
  contracts?: Record<string, Record<string, { evm: { bytecode: { object: string } } }>>;
};

/** Compiles a contract of e2e/contracts, named as its file. @returns creation bytecode with prefix. */
export const contractCode = (name: string): `0x${string}` => {
  const solc = createRequire(import.meta.url)('solc') as { compile: (input: string) => string };
  const file = `${name}.sol`;
  const content = fs.readFileSync(path.resolve(import.meta.dirname, '../../../../e2e/contracts', file), 'utf8');
  const input = {
    language: 'Solidity',
    sources: { [file]: { content } },
    settings: { optimizer: { enabled: true, runs: 200 }, outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as Output;
  const object = output.contracts?.[file]?.[name]?.evm.bytecode.object;
  if (!object)
    throw new Error(output.errors?.map((error) => error.formattedMessage).join('\n') ?? 'Nothing was compiled.');
  return `0x${object}`;
};
