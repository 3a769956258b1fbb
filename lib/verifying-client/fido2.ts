import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type CredentialSigner, UsageError } from './credential';

const TOOLS = ['fido2-assert', 'fido2-token'] as const;
type Tool = (typeof TOOLS)[number];

const isRunnable = (file: string): boolean => {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const findTool = (name: Tool, searchPath: string): string | null =>
  searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isRunnable) ?? null;

/** The tools of libfido2 on this machine. @throws {UsageError} saying which one is absent and how to get it. */
const findTools = (searchPath: string): { readonly [K in Tool]: string } => {
  const [assert, token] = TOOLS.map((name) => findTool(name, searchPath));
  if (!assert || !token)
    throw new UsageError(
      `--fido2 needs libfido2’s tools, and ${assert ? TOOLS[1] : TOOLS[0]} is not on this machine’s PATH. Install them (Debian and Ubuntu: fido2-tools; Fedora: fido2-tools; macOS: libfido2), or use --key FILE.`,
    );
  return { 'fido2-assert': assert, 'fido2-token': token };
};

/** Runs a tool; the person answers its PIN prompt and touches the key, so its terminal and its complaints are theirs. */
const run = (file: string, args: readonly string[], input = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once('error', reject);
    child.stdin.on('error', () => undefined);
    child.once('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new UsageError(`${path.basename(file)} ended with ${code}. Nothing was signed.`)),
    );
    child.stdin.end(input);
  });

/** `fido2-token -L` prints `/dev/hidraw0: vendor=0x…, …`, one key a line. */
const onlyDevice = async (tool: string): Promise<string> => {
  const devices = (await run(tool, ['-L']))
    .split('\n')
    .map((line) => line.split(': ')[0]?.trim() ?? '')
    .filter((device) => device !== '');
  const [device, second] = devices;
  if (!device) throw new UsageError('No security key is plugged in.');
  if (second)
    throw new UsageError(`Several security keys are plugged in (${devices.join(', ')}); name one with --device.`);
  return device;
};

/** libfido2 prints authenticator data as a CBOR byte string (RFC 8949 §3.1); WebAuthn carries the bytes inside. */
export const unwrapAuthenticatorData = (bytes: Buffer): Buffer => {
  const [head = 0, one = 0, two = 0] = bytes;
  const [start, length] = head === 0x58 ? [2, one] : head === 0x59 ? [3, one * 256 + two] : [0, bytes.length];
  return bytes.length === start + length ? bytes.subarray(start) : bytes;
};

export type Fido2Options = {
  /** The origin that the organisation knows, e.g. `https://wallets.example.org`. */
  readonly origin: string;
  readonly device?: string;
  readonly searchPath?: string;
};

/**
 * Signs with a security key through libfido2's `fido2-assert`, with user verification, over client data as a browser makes them
 * (WebAuthn level 2, section 5.8.1).
 * @throws {UsageError} when the tools or the key are absent, or the person does not confirm.
 */
export const fido2Signer = ({
  origin,
  device,
  searchPath = process.env.PATH ?? '',
}: Fido2Options): CredentialSigner => {
  const tools = findTools(searchPath);
  return {
    sign: async ({ challenge, rp, allowCredentials }) => {
      const rpId = rp?.id ?? new URL(origin).hostname;
      const clientData = Buffer.from(
        JSON.stringify({
          type: 'webauthn.get',
          challenge: Buffer.from(challenge).toString('base64url'),
          origin,
          crossOrigin: false,
        }),
      );
      const hash = crypto.createHash('sha256').update(clientData).digest('base64');
      const used = device ?? (await onlyDevice(tools['fido2-token']));
      if (allowCredentials.webauthn.length === 0)
        throw new UsageError('The server knows no passkey of this person, or nobody has vouched for it.');
      let failure: unknown;
      for (const { id } of allowCredentials.webauthn) {
        const input = `${hash}\n${rpId}\n${Buffer.from(id, 'base64url').toString('base64')}\n`;
        try {
          const lines = (await run(tools['fido2-assert'], ['-G', '-v', used], input)).split('\n');
          const [authenticatorData = '', signature = ''] = lines.slice(2);
          return {
            kind: 'Fido2',
            credentialAssertion: {
              credId: id,
              clientData: clientData.toString('base64url'),
              authenticatorData: unwrapAuthenticatorData(Buffer.from(authenticatorData, 'base64')).toString(
                'base64url',
              ),
              signature: Buffer.from(signature, 'base64').toString('base64url'),
            },
          };
        } catch (cause) {
          // The key may hold another of the person's credentials.
          failure = cause;
        }
      }
      throw failure;
    },
  };
};
