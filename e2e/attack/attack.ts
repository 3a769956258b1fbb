import type { SignResult } from './ceremony';
import { type Opened, SCENES, type SceneName } from './scenes';
import type { Stage } from './stage';

/** What came of a forgery: a signature over what the attacker wanted, or who refused on the way. */
export type Attempt = SignResult;

export type Attack = {
  readonly name: string;
  readonly group: string;
  /** Beside the server, its API, database, queue, relay and clock, which every attacker has. */
  readonly holds: string;
  readonly scene: SceneName;
  readonly run: (stage: Stage) => Promise<{ readonly attempt: Attempt; readonly from: number }>;
};

type Run<S extends SceneName> = (opened: Opened<S>) => Promise<Attempt>;

/** One forgery, in a scene of its own. Refusals count from the moment the honest part of the scene is over. */
export const attack = <S extends SceneName>(scene: S, name: string, holds: string, run: Run<S>) => ({
  name,
  holds,
  scene,
  run: async (stage: Stage) => {
    const opened = (await SCENES[scene].open(stage)) as Opened<S>;
    const from = stage.said.length;
    return { attempt: await run(opened), from };
  },
});

export const group = (name: string, attacks: readonly Omit<Attack, 'group'>[]): Attack[] =>
  attacks.map((item) => ({ ...item, group: name }));

export const NOTHING = 'nothing more';
