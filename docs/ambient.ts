import fs from 'node:fs';
import path from 'node:path';

/** The rooms whose decisions signers repeat: the same input must give the same answer on every machine, at any time. */
const PURE_ROOMS = ['domain', 'policy', 'authorization', 'ledger', 'evidence', 'mpc', 'verifying'];
const AMBIENT =
  /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|crypto\.(getRandomValues|randomUUID)\(|process\.(env|hrtime)|fetch\()/;

/** Finds calls in pure rooms that depend on the machine or the moment. Tests may make them. */
export const findAmbient = (root: string): { file: string; line: number; text: string }[] =>
  PURE_ROOMS.flatMap((room) => sourceFiles(path.join(root, 'lib', room))).flatMap((file) =>
    withoutComments(fs.readFileSync(file, 'utf8'))
      .split('\n')
      .flatMap((text, index) =>
        AMBIENT.test(text) ? [{ file: path.relative(root, file), line: index + 1, text: text.trim() }] : [],
      ),
  );

const sourceFiles = (dir: string): string[] =>
  fs.existsSync(dir)
    ? fs
        .readdirSync(dir, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !/(\.test\.tsx?$|(^|\/)testing\/)/.test(name))
        .map((name) => path.join(dir, name))
    : [];

/** Blanks comments but keeps the lines, so that line numbers stay true. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/[^\n]*/g, '$1');
