import { type IdKind, isId } from '@/lib/domain/ids';
import { accepted, type Outcome, refused } from '@/lib/domain/refusal';
import { textEffect } from './decision';
import type { Effects } from './entry';
import type { RecordKind } from './records';
import { find, type OrgState } from './state';

/** A fresh id from the effects: well formed and never used before. A server that reuses one makes a void entry. */
export const freshId = (
  state: OrgState,
  effects: Effects,
  name: string,
  idKind: IdKind,
  recordKind: RecordKind,
): Outcome<string> => {
  const id = textEffect(effects, name);
  if (id === null || !isId(idKind, id))
    return refused(500, 'ledger.effects', `The effect "${name}" is not a well-formed id.`);
  if (find(state, recordKind, id)) return refused(409, 'ledger.id_used', `The id ${id} was used before.`, { id });
  return accepted(id);
};

export const notFound = (what: string, idName: string, id: string) =>
  refused(404, `${what}.not_found`, `${what} not found`, { [idName]: id });
