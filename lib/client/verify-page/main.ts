import { verifyCredentialSignatureInBrowser, verifyEd25519InBrowser } from '@/lib/authentication/noble-verifier';
import { chainRulesFor } from '@/lib/chain/rules';
import type { Verdict } from '@/lib/evidence/activity-evidence/verdict';
import { verifyEvidence } from '@/lib/evidence/activity-evidence/verify';
import { verifyEcdsa } from '@/lib/evidence/verify-ecdsa';
import type { LedgerPorts } from '@/lib/ledger/ports';

/** The page of `npm run verify -- --page`: the verifier with its verdict in words, in a file of its own. */
const PORTS: LedgerPorts = {
  verifyCredential: verifyCredentialSignatureInBrowser,
  verifyEd25519: verifyEd25519InBrowser,
  verifyEcdsa,
  chainRules: chainRulesFor,
};

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
};
const [input, genesis] = [element('file') as HTMLInputElement, element('genesis') as HTMLInputElement];
const drop = element('drop');
const result = element('result');

/** Text only: what a file says never becomes markup. */
const item = (className: string, words: string): HTMLLIElement => {
  const line = document.createElement('li');
  line.className = className;
  line.textContent = words;
  return line;
};

const show = (verdict: Verdict, source: string): void => {
  const words = element('words');
  words.textContent = verdict.words;
  words.className = verdict.ok ? 'good' : 'bad';
  element('source').textContent = source;
  element('checks').replaceChildren(...verdict.checks.map((one) => item(one.ok ? 'held' : 'failed', one.words)));
  element('unproven').replaceChildren(...verdict.notChecked.map((one) => item('open', one)));
  element('rest').hidden = verdict.notChecked.length === 0;
  result.hidden = false;
  result.focus();
};

let last: { readonly name: string; readonly bytes: Uint8Array } | null = null;

const verify = (): void => {
  if (!last) return;
  const started = performance.now();
  const given = genesis.value.trim();
  const verdict = verifyEvidence(last.bytes, PORTS, given === '' ? {} : { genesis: given });
  show(verdict, `${last.name}, checked here in ${Math.round(performance.now() - started)} ms`);
};

const take = async (file: File | null | undefined): Promise<void> => {
  if (!file) return;
  last = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  verify();
};

input.addEventListener('change', () => void take(input.files?.[0]));
genesis.addEventListener('change', verify);
element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  verify();
});
for (const kind of ['dragover', 'dragleave', 'drop'] as const)
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle('over', kind === 'dragover');
    if (kind === 'drop') void take(event.dataTransfer?.files[0]);
  });
