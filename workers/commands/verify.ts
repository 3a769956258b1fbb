import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtVerifier, builtVerifyPage } from '@/lib/compose/verify-build';

/** `npm run verify -- FILE [--genesis FINGERPRINT]`: offline; exits 0 when the evidence is proven, 1 when not. */
const root = path.resolve(import.meta.dirname, '../..');
type Command = typeof import('@/lib/compose/verify-command');
const { readVerifyArguments, runVerify } = (await import(pathToFileURL(await builtVerifier(root)).href)) as Command;

const print = (line: string) => process.stdout.write(`${line}\n`);
const asked = readVerifyArguments(process.argv.slice(2));
switch (asked.do) {
  case 'verify':
    process.exitCode = runVerify(asked, print);
    break;
  case 'page':
    fs.copyFileSync(await builtVerifyPage(root), asked.file);
    print(`wrote ${asked.file}: one page that verifies evidence in a browser, without any network`);
    break;
  case 'usage':
    process.stderr.write(`${asked.words}\n`);
    process.exitCode = 2;
}
