import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Starts `npm run verify`: the built command if no source changed since it was built, else `verify.ts`, which builds it. Plain
 * JavaScript, for loading what reads TypeScript takes as long as verifying.
 */
const root = path.resolve(import.meta.dirname, '../..');

/** The built file, or null when a source changed, came or went. */
const fresh = () => {
  try {
    const { file, sources } = JSON.parse(fs.readFileSync(path.join(root, '.build/verify/latest.json'), 'utf8'));
    const isUnchanged = sources.every(([source, size, changedMs]) => {
      const found = fs.statSync(path.join(root, source));
      return found.size === size && found.mtimeMs === changedMs;
    });
    return isUnchanged && path.dirname(path.dirname(file)) === path.join(root, '.build/verify') ? file : null;
  } catch {
    return null;
  }
};

const words = process.argv.slice(2);
const file = fresh();
const command = file && (await import(pathToFileURL(file).href));
const asked = command?.readVerifyArguments(words);
if (asked?.do === 'verify') process.exitCode = command.runVerify(asked, (line) => process.stdout.write(`${line}\n`));
else {
  const source = path.join(import.meta.dirname, 'verify.ts');
  process.exitCode =
    spawnSync(process.execPath, ['--import', 'tsx', source, ...words], { stdio: 'inherit' }).status ?? 1;
}
