import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { type Sources, sourceHash, stampsOf, writeLatest, writeWhole } from './source-hash';

/** Everything that decides a verdict, and what shows it. */
const SOURCES: Sources = {
  paths: [
    ...['authentication', 'authorization', 'chain', 'contract', 'domain', 'evidence', 'ledger', 'mpc', 'policy'].map(
      (room) => `lib/${room}`,
    ),
    'lib/client/verify-page',
    'lib/compose/ledger-ports.ts',
    'lib/compose/verify-build.ts',
    'lib/compose/verify-command.ts',
    'tsconfig.json',
    'package-lock.json',
  ],
  except: /(\.test\.tsx?$|\/(testing|golden|__snapshots__)(\/|$))/,
};

/** What lies in `.build/verify/<hash of the sources>`; made there when it is missing. A build that others read never changes. */
const built = async (root: string, name: string, build: () => Promise<string>): Promise<string> => {
  const dir = path.join(root, '.build', 'verify', sourceHash(root, SOURCES).slice(0, 16));
  const file = path.join(dir, name);
  if (!fs.existsSync(file)) writeWhole(file, await build());
  return file;
};

/** Zod carries its messages in fifty languages; one is told here. */
const ONE_LANGUAGE: Plugin = {
  name: 'one-language',
  setup: (build) => {
    build.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

const bundle = async (root: string, entry: string, platform: 'node' | 'browser'): Promise<string> => {
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: platform === 'node' ? 'cjs' : 'iife',
    platform,
    target: platform === 'node' ? 'node20' : 'es2022',
    // A file in ASCII is read faster; the page is read by people and says its encoding.
    charset: platform === 'node' ? 'ascii' : 'utf8',
    logLevel: 'silent',
    plugins: [ONE_LANGUAGE],
  });
  return outputFiles[0]?.text ?? '';
};

/** The verify command as one JavaScript file: read from a hundred sources it takes longer to load than to verify. */
export const builtVerifier = async (root: string): Promise<string> => {
  const sources = stampsOf(root, SOURCES);
  const file = await built(root, 'verify.cjs', () => bundle(root, 'lib/compose/verify-command.ts', 'node'));
  writeLatest(path.join(root, '.build', 'verify'), { built: file, sources });
  return file;
};

const cspHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The page that verifies in a browser: one HTML file with everything in it. Its policy allows this script and this style by their
 * hashes and nothing else, so it can't reach any network.
 * @returns the path of the file.
 */
export const builtVerifyPage = (root: string): Promise<string> =>
  built(root, 'verify.html', async () => {
    const source = (name: string) => fs.readFileSync(path.join(root, 'lib/client/verify-page', name), 'utf8');
    const style = source('page.css');
    // A script in HTML ends at the first `</script`, also within a text.
    const script = (await bundle(root, 'lib/client/verify-page/main.ts', 'browser')).replaceAll(
      '</script',
      '<\\/script',
    );
    const policy = `default-src 'none'; script-src ${cspHash(script)}; style-src ${cspHash(style)}; base-uri 'none'; form-action 'none'`;
    const parts: Readonly<Record<string, string>> = {
      'content="policy"': `content="${policy}"`,
      '<!--style-->': `<style>${style}</style>`,
      '<!--script-->': `<script>${script}</script>`,
    };
    return source('page.html').replace(/content="policy"|<!--\w+-->/g, (mark) => parts[mark] ?? mark);
  });
