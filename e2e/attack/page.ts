import { SCENES } from './scenes';
import type { Outcome, Row } from './suite';

const WHERE: { readonly [where: string]: string } = {
  replay: 'replay',
  feed: 'feed',
  checkpoint: 'witnessing',
  accept: 'ACCEPT',
  begin: 'start of the ceremony',
  ceremony: 'before the last message',
  abandon: 'promise to abandon',
  wrapper: 'the SDK’s wrapper',
};

/** Who refused, and with which code, in the order it happened. */
export const wordsOf = ({ refusedBy }: Row): string =>
  refusedBy
    .map(({ where, code, nodes }) =>
      where === 'wrapper'
        ? `${WHERE[where]}: ${code.replaceAll('_', ' ')}`
        : `${WHERE[where] ?? where} of ${nodes}: ${code}`,
    )
    .join('; ');

const tableOf = (rows: readonly Row[]): string =>
  [
    '| forgery | the attacker also holds | refused by, with code |',
    '|---|---|---|',
    ...rows.map((row) => {
      const verdict = row.signed ? '**signed**' : wordsOf(row);
      return `| ${row.attack.name} | ${row.attack.holds} | ${verdict} |`;
    }),
  ].join('\n');

const signed = (rows: readonly Row[]): number => rows.filter((row) => row.signed).length;

/** The summary that `npm run attack -- --write` leaves in `docs/`. The same every time nothing changed: no times, no names of machines. */
export const pageOf = ({ controls, rows, residuals }: Outcome): string => {
  const groups = [...new Set(rows.map(({ attack }) => attack.group))];
  return `# Attack suite

\`npm run attack\` gives an attacker the server, its API, database, queue, relay and clock, and four real signer nodes (3 of 4) that run the
real key generation and the real signing protocol. Each forgery is fed to the nodes and driven through the whole ceremony, with every
quorum of nodes. It counts as a signature only if a valid ECDSA signature over what the attacker wanted came out.

**${rows.length} forgeries, ${signed(rows)} signatures.** Written by \`npm run attack -- --write\`.

"replay of 4" says that four nodes found the entry void by their own replay; "ACCEPT of 3" that three nodes refused to take part. What
is refused first is named first: after it the attacker went on all the same, to the end.

## Controls

Each scene is also run without any forgery. It must be signed, or the run fails: nodes that sign nothing prove nothing.

| scene | what it is | without a forgery |
|---|---|---|
${controls.map((row) => `| ${row.scene} | ${SCENES[row.scene].words} | ${row.signed ? 'signed' : 'NOT SIGNED'} |`).join('\n')}

## Forgeries

${groups.map((group) => `### ${group}\n\n${tableOf(rows.filter(({ attack }) => attack.group === group))}`).join('\n\n')}

## The residual, apart

A credential used through an unwrapped SDK trusts the server for its own authority: it signs the challenge it is shown. The same lies as
under "statements", told to the unmodified SDK without \`verifying(client, signer)\`. They are not counted above. Approvals by other
people, policies and limits still hold for what was signed in this way.

${tableOf(residuals)}

## Not in the table

- k nodes that never saw an entry can't heed it: a server may withhold what it accepted. What k nodes have witnessed it can't.

## How to add an attack

1. Choose the file of its subject in \`e2e/attack/\`, or add one and list it in \`suite.ts\`.
2. Write \`attack(scene, name, holds, run)\`. The scene (\`scenes.ts\`) is the honest part: an organisation with a wallet, its people and
   policies. \`holds\` says what the attacker has beside the server. The test keys of the scene stand for people: use one only if \`holds\`
   says so.
3. In \`run\`, change the ledger as you like: \`world.act\`, \`world.vote\` and \`world.append\` write entries, \`enter\` any request you forged,
   \`scene.show\` shows a node any entry at any place, \`scene.witness\` has a head witnessed by whoever would.
4. End with \`take(activityId, wish)\` or \`demand(activityId, head, wish)\`: they reserve, ask every quorum and run the ceremony. \`wish\` is
   what the attacker wants to be signed. Return what they return; \`pay\` is for honest requests on the way, and fails if one is not signed.
5. \`npm run attack -- --only NAME\`. A forgery that is neither refused nor signed fails too: it never reached a node.
6. If it is signed, mend the rule in the room it belongs to, with a test there; keep the attack.
7. \`npm run attack -- --write\`.

A new scene needs a control in \`SCENES\`. \`docs/attack-suite.test.ts\` plants holes in the nodes' own checks and proves that the suite counts
the signatures that come out.
`;
};
