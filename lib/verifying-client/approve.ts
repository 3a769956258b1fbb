import { StatementDiffersError } from '@/lib/verifying/difference';
import type { Read } from '@/lib/verifying/read';
import { type ReadDecision, readDecision } from '@/lib/verifying/read-decision';
import type { Approval, Organisation } from '@/lib/verifying/shapes';
import { type Api, ApiError, reader } from './api';
import { APPROVE_USAGE, type ApproveArguments, readArguments } from './arguments';
import { type CredentialSigner, UsageError } from './credential';
import { fido2Signer } from './fido2';
import { pinGenesis } from './genesis-pins';
import { isOpenToOthers, keySigner, readKeyFile } from './key-file';
import { decide, signIn } from './session';
import { decisionWords, differenceWords, printable } from './words';

/** The terminal of the person who decides. */
export type Terminal = {
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
  /** Asks a question; null when nobody can be asked. */
  readonly ask: (question: string) => Promise<string | null>;
};

const signerOf = (given: ApproveArguments, terminal: Terminal): CredentialSigner => {
  const { keyFile } = given;
  if (keyFile === undefined)
    return fido2Signer({ origin: given.origin, ...(given.device && { device: given.device }) });
  const key = readKeyFile(keyFile);
  if (isOpenToOthers(keyFile)) terminal.warn(`Others on this machine may read ${keyFile}; set its mode to 600.`);
  return keySigner(key);
};

type Session = {
  readonly api: Api;
  readonly read: Read;
  readonly signer: CredentialSigner;
  readonly caller: { readonly orgId: string; readonly userId: string; readonly genesis: string };
};

const open = async (given: ApproveArguments, terminal: Terminal): Promise<Session> => {
  const signer = signerOf(given, terminal);
  const { orgId, username, baseUrl } = given;
  const { api, userId } = await signIn(baseUrl, { orgId, username }, signer);
  const read = reader(api);
  const { genesis, id } = (await read('x.getOrganisation')) as Organisation;
  if (id !== orgId) throw new UsageError(`The server answers for the organisation ${id}, not ${orgId}.`);
  const { isFirstUse, fingerprint } = pinGenesis(given.pinFile, orgId, genesis, new Date());
  if (isFirstUse)
    terminal.warn(
      `First use of ${orgId} here. Its fingerprint is ${fingerprint}; compare it with another administrator. It is kept in ${given.pinFile}.`,
    );
  return { api, read, signer, caller: { orgId, userId, genesis } };
};

const pendingFor = async ({ read, caller }: Session): Promise<readonly Approval[]> => {
  const found: Approval[] = [];
  let paginationToken: string | undefined;
  do {
    const page = (await read('policies.listApprovals', {
      query: { status: 'Pending', approverId: caller.userId, limit: 100, paginationToken },
    })) as { readonly items: readonly Approval[]; readonly nextPageToken?: string };
    found.push(...page.items);
    paginationToken = page.nextPageToken;
  } while (paginationToken);
  return found;
};

const list = async (session: Session, terminal: Terminal): Promise<number> => {
  const approvals = await pendingFor(session);
  if (approvals.length === 0) terminal.print('Nothing waits for you.');
  let misstated = 0;
  for (const approval of approvals) {
    const decision = await readDecision(approval.id, session.caller, session.read, approval);
    if (decision.ok) {
      const [, sentence = ''] = decisionWords(decision.value).split('\n');
      const voted = approval.decisions.some((vote) => vote.userId === session.caller.userId);
      terminal.print(`${decision.value.approval.id}  ${sentence}${voted ? '  (you have decided)' : ''}`);
    } else {
      misstated += 1;
      terminal.print(`${approval.id}  The server’s words differ from the ledger entry:`);
      terminal.print(differenceWords(decision.differences));
    }
  }
  return misstated > 0 ? 3 : 0;
};

/** @throws {StatementDiffersError} when what the server says differs from the entry. */
const look = async (id: string, session: Session): Promise<ReadDecision> => {
  const decision = await readDecision(id, session.caller, session.read);
  if (!decision.ok) throw new StatementDiffersError(decision.differences);
  return decision.value;
};

const confirmed = async (question: string, given: ApproveArguments, terminal: Terminal): Promise<boolean> => {
  if (given.yes) return true;
  const answer = await terminal.ask(`${question} Type yes to sign: `);
  if (answer === null) throw new UsageError('Nobody can be asked here; use --yes in scripts. Nothing was signed.');
  return answer.trim().toLowerCase() === 'yes';
};

const run = async (given: ApproveArguments, terminal: Terminal): Promise<number> => {
  const session = await open(given, terminal);
  const { command } = given;
  if (command.kind === 'list') return list(session, terminal);
  const decision = await look(command.id, session);
  terminal.print(decisionWords(decision));
  if (command.kind === 'show') return 0;
  const value = command.kind === 'approve' ? 'Approved' : 'Denied';
  if (!(await confirmed(value === 'Approved' ? 'Approve this?' : 'Reject this?', given, terminal))) {
    terminal.print('Not signed.');
    return 4;
  }
  const { api, caller, signer } = session;
  const reason = command.kind === 'reject' ? command.reason : undefined;
  const after = await decide({ api, caller, signer, decision, value, ...(reason && { reason }) });
  terminal.print(`${value === 'Approved' ? 'Approved' : 'Rejected'}. The approval is now ${after.status}.`);
  return 0;
};

/**
 * The approver's command: lists, decodes, shows and decides approvals without trusting the server's text.
 * @returns the exit code: 0 done, 1 the server or the network refused, 2 wrong usage, 3 the server's words differ from what is
 * signed or was read (nothing was signed), 4 the person said no.
 */
export const approveCommand = async (
  args: readonly string[],
  environment: { readonly home: string },
  terminal: Terminal,
): Promise<number> => {
  const safe: Terminal = {
    print: (text) => terminal.print(printable(text)),
    warn: (text) => terminal.warn(printable(text)),
    ask: terminal.ask,
  };
  try {
    const given = readArguments(args, environment.home);
    if (given === 'help') {
      safe.print(APPROVE_USAGE);
      return 0;
    }
    return await run(given, safe);
  } catch (cause) {
    if (cause instanceof StatementDiffersError) {
      safe.warn('REFUSED: what the server says or asks for differs from what this machine reads. Nothing was signed.');
      safe.warn(differenceWords(cause.differences));
      return 3;
    }
    if (cause instanceof UsageError) {
      safe.warn(cause.message);
      return 2;
    }
    if (cause instanceof ApiError) {
      safe.warn(`${cause.message}${cause.code ? ` (${cause.code})` : ''}`);
      return 1;
    }
    throw cause;
  }
};
