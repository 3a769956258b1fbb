import { parseJson } from '@/lib/contract/json';
import { fromBase64Url, toBase64Url, utf8ToBytes } from '@/lib/domain/hash';

/** What a check of client data found: the bytes that were signed, or what is wrong with them, in one sentence. */
export type ClientDataCheck =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly origin?: string }
  | { readonly ok: false; readonly reason: string };

export type ClientDataExpectation = {
  readonly kind: 'Key' | 'Fido2';
  readonly ceremony: 'create' | 'get';
  /** The challenge string that was issued, verbatim. */
  readonly challenge: string;
  /** Origins that count; looked at for passkeys only. */
  readonly origins: readonly string[];
};

/**
 * Reads client data (base64url of JSON) and compares type, challenge and origin (contract §2.4).
 * Keys may repeat the challenge verbatim or in base64url; passkeys always encode its UTF-8 bytes.
 */
export const checkClientData = (clientData: string, expected: ClientDataExpectation): ClientDataCheck => {
  const bytes = fromBase64Url(clientData);
  if (bytes === null) return wrong('The client data is not base64url.');
  const parsed = parseJson(bytes);
  const value = parsed.ok ? parsed.value : null;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong('The client data is not a JSON object.');
  const data = value as Readonly<Record<string, unknown>>;
  const isPasskey = expected.kind === 'Fido2';
  if (data.type !== `${isPasskey ? 'webauthn' : 'key'}.${expected.ceremony}`)
    return wrong('The client data has another type.');
  const encoded = toBase64Url(utf8ToBytes(expected.challenge));
  if (data.challenge !== encoded && (isPasskey || data.challenge !== expected.challenge)) {
    return wrong('The client data answers another challenge.');
  }
  if (!isPasskey) return { ok: true, bytes };
  if (typeof data.origin !== 'string' || !expected.origins.includes(data.origin))
    return wrong('The origin is not one of the organisation.');
  if (data.crossOrigin !== undefined && data.crossOrigin !== false)
    return wrong('The passkey was used inside a foreign page.');
  if (data.topOrigin !== undefined) return wrong('The passkey was used inside another page.');
  return { ok: true, bytes, origin: data.origin };
};

const wrong = (reason: string): ClientDataCheck => ({ ok: false, reason });
