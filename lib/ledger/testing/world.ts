import { type Extension, emptyReplica, extendReplica, type ReplicaInMemory } from '../replay';
import { createChain, type WorldOptions } from './chain';
import { createPeople } from './people';
import { TEST_PORTS } from './ports';
import { createSigning } from './signing';

/**
 * One organisation in memory: its nodes, its people and one replica that follows the ledger. The server is as honest or as corrupt as
 * the test wants: `act` behaves, `place` puts anything into the chain.
 */
export const createWorld = (options: WorldOptions = {}) => {
  const chain = createChain(options);
  const people = createPeople(chain);
  return { ...chain, ...people, ...createSigning(chain, people) };
};
export type World = ReturnType<typeof createWorld>;

/** The id of the activity a request made; throws when the entry is void. */
export const activityIdOf = (extension: Extension): string => {
  if (extension.kind !== 'applied') throw new Error(`Not applied: ${JSON.stringify(extension)}`);
  return String(extension.entry.effects.activityId);
};

/** `applied`, or the code of the refusal that made the entry void, or `broken`. */
export const fate = (extension: Extension): string =>
  extension.kind === 'void' ? extension.refusal.code : extension.kind;

/** A follower that has seen the first `count` items. */
export const follow = (world: World, count = world.items.length): ReplicaInMemory => {
  const replica = emptyReplica(world.orgId);
  for (const { bytes, body } of world.items.slice(0, count)) extendReplica(replica, bytes, body, TEST_PORTS);
  return replica;
};

/** What two replicas of one chain have in common: everything but the functions that read it. */
export const pictureOf = ({ head, frontier, governedAt, touched, state }: ReplicaInMemory) => ({
  head,
  frontier,
  governedAt,
  touched,
  tables: state.tables,
});
