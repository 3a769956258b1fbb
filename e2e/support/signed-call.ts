import { type Person, signerOf } from './person';
import type { System } from './system';
import { call } from './world';

/** Calls an endpoint the SDK does not know, with a user action over exactly this request. */
export const signedCall = async (system: System, who: Person, method: string, path: string, body: object) => {
  const init = await call(system, 'POST', '/auth/action/init', {
    token: who.token,
    body: {
      userActionPayload: JSON.stringify(body),
      userActionHttpMethod: method,
      userActionHttpPath: path,
      userActionServerKind: 'Api',
    },
  });
  const firstFactor = await signerOf(who.credential).sign(init.body as never);
  const action = await call(system, 'POST', '/auth/action', {
    token: who.token,
    body: { challengeIdentifier: init.body.challengeIdentifier, firstFactor },
  });
  return call(system, method, path, {
    token: who.token,
    body,
    headers: { 'x-dfns-useraction': String(action.body.userAction) },
  });
};
