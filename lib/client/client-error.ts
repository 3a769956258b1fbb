import { isObject } from './is-object';

/** What the API answered instead of a result, or that it could not be reached (`status` 0). */
export class ClientError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly options: {
      readonly code?: string;
      readonly details?: Readonly<Record<string, unknown>>;
      /** To be quoted to an operator. */
      readonly requestId?: string;
    } = {},
  ) {
    super(message);
    this.name = 'ClientError';
  }
}

/** The person closed the passkey prompt, or it timed out. Nothing was signed. */
export class PasskeyDismissedError extends Error {
  constructor() {
    super('The passkey prompt was closed. Nothing was signed and nothing was sent.');
    this.name = 'PasskeyDismissedError';
  }
}

/** What the server says of single members of a body it refused (contract §1.6); a list's items count as the list. */
export const fieldErrorsOf = (error: unknown): readonly { readonly field: string; readonly message: string }[] => {
  const errors = error instanceof ClientError ? error.options.details?.['errors'] : undefined;
  return (Array.isArray(errors) ? errors : [])
    .filter(isObject)
    .map(({ path, message }) => ({ field: String(path).split('.')[0] ?? '', message: `The server says: ${message}.` }));
};

/** Reads the dialect's error body (contract §1.6). */
export const toClientError = (response: { status: number; requestId: string | null }, body: unknown): ClientError => {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const message = [error['message'], isObject(body) ? body['message'] : undefined].find(
    (text) => typeof text === 'string',
  );
  const id = typeof error['id'] === 'string' ? error['id'] : response.requestId;
  const code = error['code'];
  return new ClientError(
    response.status,
    typeof message === 'string' ? message : `The server answered ${response.status} without saying why.`,
    {
      ...(typeof code === 'string' && { code }),
      ...(isObject(error['details']) && { details: error['details'] }),
      ...(id && { requestId: id }),
    },
  );
};
