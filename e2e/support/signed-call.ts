import { type Person, signerOf } from './person';
import type { System } from './system';
import { call } from './world';

/** A user action over exactly this request, as the SDK would get it. @param payload The body's text. */
export const userActionFor = async (
  system: System,
  who: Person,
  method: string,
  path: string,
  payload: string,
): Promise<string> => {
  const init = await call(system, 'POST', '/auth/action/init', {
    token: who.token,
    body: {
      userActionPayload: payload,
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
  if (action.status !== 200) throw new Error(`No user action: ${JSON.stringify(action.body)}`);
  return String(action.body.userAction);
};

/** Calls an endpoint the SDK does not know, with a user action over exactly this request. */
export const signedCall = async (system: System, who: Person, method: string, path: string, body: object) => {
  const payload = JSON.stringify(body);
  const userAction = await userActionFor(system, who, method, path, payload);
  return call(system, method, path, { token: who.token, body: payload, headers: { 'x-dfns-useraction': userAction } });
};
