import type { LedgerPorts } from '@/lib/ledger/ports';
import { ASSERTIONS } from './assertions';
import type { Attack } from './attack';
import { BYTES, REENCODED } from './bytes';
import { CEREMONIES } from './ceremonies';
import { CREDENTIALS } from './credentials';
import { ENCODINGS } from './encodings';
import { END_USERS } from './end-users';
import { ENTRIES } from './entries';
import { LEDGER } from './ledger';
import { NODE_CERTIFICATES } from './node-certificates';
import { ORIGINS } from './origins';
import { POLICIES } from './policies';
import { PRICES } from './prices';
import { RECOVERIES } from './recoveries';
import { REMOVALS } from './removals';
import { RESTORES } from './restores';
import { SCENES, type SceneName } from './scenes';
import { SCREENINGS } from './screenings';
import { type Refusal, type Stage, startStage } from './stage';
import { RESIDUALS, STATEMENTS } from './statements';
import { TESTIMONIES } from './testimonies';
import { TOKENS } from './tokens';
import { TRACES } from './traces';
import { VOTES } from './votes';

export const ATTACKS: readonly Attack[] = [
  // First, while the stores that these copy and replay are small.
  ...RESTORES,
  ...BYTES,
  ...REENCODED,
  ...ENCODINGS,
  ...ASSERTIONS,
  ...ORIGINS,
  ...CREDENTIALS,
  ...END_USERS,
  ...RECOVERIES,
  ...VOTES,
  ...TOKENS,
  ...REMOVALS,
  ...POLICIES,
  ...PRICES,
  ...SCREENINGS,
  ...ENTRIES,
  ...LEDGER,
  ...TESTIMONIES,
  ...NODE_CERTIFICATES,
  ...TRACES,
  ...CEREMONIES,
  ...STATEMENTS,
];

export type Row = {
  readonly attack: Attack;
  readonly signed: boolean;
  /** Where it was refused and with which code, first cause first; the same refusal by several nodes once. */
  readonly refusedBy: readonly { readonly where: string; readonly code: string; readonly nodes: number }[];
  /** An attack that is neither signed nor refused proves nothing. */
  readonly failure?: string;
};
export type ControlRow = { readonly scene: SceneName; readonly signed: boolean; readonly failure?: string };
export type Outcome = {
  readonly controls: readonly ControlRow[];
  readonly rows: readonly Row[];
  /** What is documented not to be stopped; apart from the others. */
  readonly residuals: readonly Row[];
};

export const runAttack = async (stage: Stage, attack: Attack): Promise<Row> => {
  const before = stage.said.length;
  try {
    const { attempt, from } = await attack.run(stage);
    const signed = attempt.signature !== null;
    const refusedBy = summary(stage.said.slice(from));
    // A node that is not there has judged nothing.
    const isMute = !signed && refusedBy.every(({ code }) => code === 'signer.disconnected');
    return { attack, signed, refusedBy, ...(isMute ? { failure: 'Nobody refused and nothing was signed.' } : {}) };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { attack, signed: false, refusedBy: summary(stage.said.slice(before)), failure };
  }
};

const runControl = async (stage: Stage, scene: SceneName): Promise<ControlRow> => {
  try {
    const { signature, refusals } = await SCENES[scene].control(stage);
    const failure = refusals.map(({ node, where, code }) => `node ${node} at ${where}: ${code}`).join(', ');
    return { scene, signed: signature !== null, ...(signature ? {} : { failure }) };
  } catch (error) {
    return { scene, signed: false, failure: error instanceof Error ? error.message : String(error) };
  }
};

const summary = (said: readonly Refusal[]): Row['refusedBy'] => {
  const nodes = new Map<string, Set<number>>();
  for (const { node, where, code } of said) {
    const name = `${where} ${code}`;
    nodes.set(name, (nodes.get(name) ?? new Set()).add(node));
  }
  return [...nodes].map(([name, by]) => {
    const [where = '', code = ''] = name.split(' ');
    return { where, code, nodes: by.size };
  });
};

export type SuiteOptions = {
  readonly attacks?: readonly Attack[];
  readonly residuals?: readonly Attack[];
  readonly scenes?: readonly SceneName[];
  readonly ports?: LedgerPorts;
  readonly onControl?: (row: ControlRow) => void;
  readonly onRow?: (row: Row) => void;
};

/** Runs every control, then every attack, one after the other on the same nodes. */
export const runSuite = async (options: SuiteOptions = {}): Promise<Outcome> => {
  const {
    attacks = ATTACKS,
    residuals = RESIDUALS,
    scenes = Object.keys(SCENES) as SceneName[],
    onControl,
    onRow,
  } = options;
  const stage = await startStage({ ports: options.ports });
  try {
    const controls: ControlRow[] = [];
    for (const scene of scenes) {
      const row = await runControl(stage, scene);
      controls.push(row);
      onControl?.(row);
    }
    const all = async (list: readonly Attack[]): Promise<Row[]> => {
      const rows: Row[] = [];
      for (const item of list) {
        const row = await runAttack(stage, item);
        rows.push(row);
        onRow?.(row);
      }
      return rows;
    };
    return { controls, rows: await all(attacks), residuals: await all(residuals) };
  } finally {
    await stage.close();
  }
};
