/**
 * The house rules: which room may import which, in the order a request travels. lib/README.md has the map.
 * `npm run check` applies them; docs/house-rules.test.ts plants one violation of each and proves that it is caught.
 */
const ROOMS = ['authentication', 'authorization', 'policy', 'mpc', 'chain', 'broadcast'];
/** No clock, no network, no disk, no database, no randomness of their own. */
const PURE = [
  'domain',
  'contract',
  'authentication',
  'authorization',
  'policy',
  'mpc',
  'chain',
  'ledger',
  'evidence',
  'verifying',
];
const PURE_NPM = ['zod', '@noble/curves', '@noble/hashes', '@noble/ciphers'];

const rooms = ROOMS.join('|');
const pure = PURE.join('|');
const TEST = '(\\.test(-d)?\\.tsx?$|/testing/)';
const OURS = '^(lib|app|components|workers|prisma|e2e)/';
const npm = (...names) => names.map((name) => `(^|/)node_modules/${name}(/|$)`);

/** Files of other rooms that any room may see: port types, the shape of chain adapters and of facts, the JSON parser, the names of operations. */
const SHARED = [
  '/ports\\.ts$',
  '^lib/chain/adapter\\.ts$',
  '^lib/policy/facts\\.ts$',
  '^lib/contract/(json|permission-operations)\\.ts$',
  '^lib/domain/',
];

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      'Two files that import each other are one file.',
      { pathNot: '^lib/generated/' },
      { circular: true },
    ),
    rule(
      'everything-resolves',
      'A typo in an import must not pass silently.',
      { path: OURS },
      { couldNotResolve: true },
    ),

    rule(
      'domain-knows-nobody',
      'The shared nouns depend on no room.',
      { path: '^lib/domain/', pathNot: TEST },
      { path: OURS, pathNot: '^lib/domain/' },
    ),
    rule(
      'contract-and-jobs-are-schemas',
      'What crosses a process boundary depends on nouns only.',
      { path: '^lib/(contract|jobs)/', pathNot: TEST },
      { path: OURS, pathNot: '^lib/(contract|jobs|domain)/' },
    ),
    rule(
      'rooms-do-not-know-each-other',
      'Rooms meet only in the ledger, the evidence, the activity corridor and the composition.',
      { path: `^lib/(${rooms})/`, pathNot: TEST },
      { path: OURS, pathNot: ['^lib/$1/', ...SHARED] },
    ),
    rule(
      'ledger-and-evidence-read-pure-files',
      'Replay and evidence use what the rooms decide, never what stores, sends or serves.',
      { path: '^lib/(ledger|evidence)/', pathNot: TEST },
      { path: OURS, pathNot: `^lib/(ledger|evidence|${pure})/` },
    ),
    rule(
      'verifying-reads-pure-files',
      'What checks a server shares the signers’ pure files and nothing that serves.',
      { path: '^lib/verifying/', pathNot: TEST },
      { path: OURS, pathNot: `^lib/(${pure})/` },
    ),
    rule(
      'nobody-decides-by-verifying',
      'Clients check what servers and signers say; neither of those asks a client’s check.',
      { path: OURS, pathNot: ['^lib/(verifying|verifying-client|client)/', '^(components|e2e|workers|bench)/', TEST] },
      { path: '^lib/verifying' },
    ),
    rule(
      'verifying-client-stands-alone',
      'The SDK wrapper and the approver’s commands run on machines that have neither server nor node.',
      { path: '^lib/verifying-client/', pathNot: TEST },
      { path: OURS, pathNot: `^lib/(verifying-client|${pure})/` },
    ),
    rule(
      'pure-rooms-have-no-io',
      'They get facts, randomness and time as arguments. mpc/primitives.ts hashes and compares, node-verifier.ts is a port, a chain client dials.',
      {
        path: `^lib/(${pure})/`,
        pathNot: [
          TEST,
          '^lib/mpc/primitives\\.ts$',
          '^lib/authentication/node-verifier\\.ts$',
          '^lib/chain/[^/]+/client\\.ts$',
        ],
      },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'crypto-doors-use-crypto-only',
      'The two files that may use Node for cryptography may use it for nothing else.',
      { path: ['^lib/mpc/primitives\\.ts$', '^lib/authentication/node-verifier\\.ts$'] },
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    rule(
      'pure-rooms-few-packages',
      'A new package in a pure room needs a decision record.',
      { path: `^lib/(${pure})/`, pathNot: [TEST, '^lib/chain/', '^lib/authentication/tokens\\.ts$'] },
      { path: '(^|/)node_modules/', pathNot: npm(...PURE_NPM) },
    ),
    rule(
      'node-verifier-is-plugged-in',
      'Which verifier checks signatures is decided where processes are composed; the browser has none of node:crypto.',
      { pathNot: [TEST, '^lib/(compose|signer)/'] },
      { path: '^lib/authentication/node-verifier\\.ts$' },
    ),
    rule(
      'chains-are-strangers',
      'A chain family never imports another; they share the files at the top of lib/chain.',
      { path: '^lib/chain/([^/]+)/', pathNot: TEST },
      { path: '^lib/chain/[^/]+/', pathNot: '^lib/chain/$1/' },
    ),
    rule(
      'only-chain-clients-dial',
      'Only <family>/client.ts may reach the network; decoding and encoding stay pure.',
      { path: '^lib/chain/', pathNot: ['/client\\.ts$', TEST] },
      { path: [...npm('undici', 'ws'), '^lib/chain/[^/]+/client\\.ts$'] },
    ),
    rule(
      'no-dealer-outside-tests',
      'A simulation holds all parties of a protocol at once.',
      { pathNot: [TEST, '^bench/', '/simulation\\.ts$'] },
      { path: '/simulation\\.ts$' },
    ),
    rule(
      'prisma-lives-in-db',
      'SQL and Prisma sit in lib/db.',
      { pathNot: ['^(lib/db|lib/generated|prisma)/', '^prisma\\.config\\.ts$', TEST] },
      { path: ['^lib/generated/prisma', ...npm('@prisma', 'prisma', 'pg')] },
    ),
    rule(
      'db-implements-ports',
      'lib/db sees the rooms only through their types, and the ledger, whose records and formats it stores.',
      { path: '^lib/db/', pathNot: TEST },
      {
        path: OURS,
        pathNot: ['^lib/(db|domain|jobs|generated|ledger)/', '/ports\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'activity-knows-no-adapter',
      'The corridor speaks to ports; lib/compose plugs things in.',
      { path: '^lib/activity/', pathNot: TEST },
      { path: OURS, pathNot: `^lib/(activity|ledger|evidence|jobs|${pure}|broadcast)/` },
    ),
    rule(
      'activity-uses-no-framework',
      'Neither the database nor the web framework reaches the corridor.',
      { path: '^lib/(activity|ledger|evidence|broadcast)/', pathNot: TEST },
      { path: npm('next', 'react', 'hono', 'pg', '@prisma') },
    ),
    rule(
      'transport-carries-bytes',
      'It seals and delivers; what a message means is known at its two ends.',
      { path: '^lib/transport/', pathNot: TEST },
      { path: OURS, pathNot: '^lib/(transport|domain)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'the-node-stands-alone',
      'A signer node has its own store and sees nothing that serves the web process.',
      { path: '^lib/signer/', pathNot: TEST },
      { path: '^(lib/(db|http|client|activity|broadcast|compose|jobs|generated)|app|components|workers|prisma)/' },
    ),
    rule(
      'only-its-composition-imports-the-node',
      'What opens key shares is plugged in by lib/compose/signer alone.',
      { path: OURS, pathNot: ['^lib/signer/', '^lib/compose/signer', '^e2e/attack/', TEST] },
      { path: '^lib/signer/' },
    ),
    rule(
      'web-never-reaches-a-share',
      'No chain of imports leads from the web process to code that loads or opens a key share.',
      { path: ['^(app|components)/', '^lib/compose/web', '^workers/server\\.ts$'] },
      { path: '^lib/signer/', reachable: true },
    ),
    rule(
      'http-is-the-front-door',
      'lib/http asks who and whether and shows records; it never stores, signs or broadcasts.',
      { path: '^lib/http/', pathNot: TEST },
      {
        path: OURS,
        pathNot: [
          '^lib/(http|contract|domain|authentication|authorization|activity|ledger|policy)/',
          '^lib/(env|logger)\\.ts$',
          '/ports\\.ts$',
        ],
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'next-at-the-edge',
      'Only what faces the browser knows the web framework.',
      { path: '^lib/', pathNot: ['^lib/(http|client)/', '^lib/compose/(web|server)', TEST] },
      { path: npm('next', 'next-auth', 'react', 'react-dom', '@tanstack', 'wagmi') },
    ),
    rule(
      'thin-routes',
      'A page or handler names a contract and hands over.',
      { path: '^app/', pathNot: TEST },
      { path: '^(lib|workers|prisma|e2e)/', pathNot: ['^lib/(http|contract|client|domain)/', '^lib/compose/web'] },
    ),
    rule(
      'components-see-contracts',
      'Components see contracts, hooks, nouns and what was checked: never a secret, never a database.',
      { path: '^components/', pathNot: TEST },
      {
        path: OURS,
        pathNot: '^(components|lib/(client|contract|domain|verifying))/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    rule(
      'browser-code-is-pure',
      'The client checks statements with the pure files that the signers use, and knows nothing else of the platform.',
      { path: '^lib/client/', pathNot: TEST },
      { path: OURS, pathNot: `^lib/(client|${pure})/` },
    ),
    rule(
      'browser-code-has-no-node',
      'What runs in a browser can use nothing of Node.',
      { path: '^(components|lib/client)/', pathNot: TEST },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'workers-are-doors',
      'Nothing imports a worker.',
      { pathNot: ['^(workers|e2e)/', TEST] },
      { path: '^workers/' },
    ),
    rule(
      'workers-stay-small',
      'Work is in lib; workers/ starts and stops it.',
      { path: '^workers/', pathNot: TEST },
      {
        path: OURS,
        pathNot: [
          '^lib/(compose|jobs|verifying-client)/',
          '^lib/(env|logger|run-file)\\.ts$',
          '^workers/',
          '^e2e/support/demo\\.ts$',
          '^e2e/attack/command\\.ts$',
        ],
      },
    ),
    rule(
      'only-compose-sees-everything',
      'Rooms do not reach for the composition.',
      { path: '^lib/', pathNot: ['^lib/compose/', TEST] },
      { path: '^lib/compose/' },
    ),
    rule(
      'tests-are-leaves',
      'Nobody imports a test or its support.',
      { pathNot: [TEST, '^bench/', '^e2e/', '^vitest'] },
      { path: TEST },
    ),
    rule(
      'e2e-from-outside',
      'Stories know the contract and the commands, nothing inside; attackers of nodes and database stand where the server does.',
      { path: '^e2e/', pathNot: ['^e2e/attack/', '^e2e/survival/testing/thief\\.ts$'] },
      {
        path: '^(lib|app|components|prisma)/',
        pathNot: [
          '^lib/(contract|domain|client|verifying|verifying-client)/',
          '^lib/authentication/statement\\.ts$',
          '^lib/run-file\\.ts$',
          '^lib/(chain/evm|ledger)/testing/',
        ],
      },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)\\.next/' },
  },
};
