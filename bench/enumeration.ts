import { randomBytes, randomInt } from 'node:crypto';
import { softwarePasskey, toFirstFactor } from '@/lib/authentication/testing/software-credentials';
import { REGISTRY } from '@/lib/compose/registry';
import { type Connection, createApi } from '@/lib/http/app';
import { aMember } from '@/lib/http/testing/people';
import { anOrganisation, type TestPerson, type TestPlatform } from '@/lib/http/testing/platform';
import { type Difference, differenceOf } from './difference';
import type { Figure } from './figure';
import { onPlatform } from './platform';

const PAIRS = 500;
const WARM_UP = 60;
/** Answers that wait for a fixed time leave the processor idle: so many are asked for at once. */
const AT_ONCE = 20;
/** One in a hundred runs would find a difference that is not there, whatever the number of ways in. */
const CHANCE = 0.01;

type Ask = { readonly path: string; readonly body: object };
/** A way to ask about a name. What it needs first is not timed. */
type Way = {
  readonly name: string;
  readonly ask: (username: string, address: string) => Promise<Ask> | Ask;
  readonly isDelayed?: true;
};

const waysInto = ({ services }: TestPlatform, person: TestPerson, send: Send): readonly Way[] => {
  const { orgId } = person;
  const passkey = softwarePasskey({ rpId: services.settings.rpId, origin: services.settings.publicUrl });
  /** What waits at whoever asked for a code; the other one's is made too, so that both leave the database alike. */
  const codeWaits = async (purpose: 'login' | 'recovery', username: string): Promise<void> => {
    const found = await services.identity.findPersonByUsername(orgId, username);
    const userId = found?.userId ?? `us-nobody-${randomBytes(8).toString('hex')}`;
    const [id, hash] = [`ch-${randomBytes(12).toString('hex')}`, randomBytes(32).toString('hex')];
    await services.identity.createCode({ id, purpose, orgId, userId, hash, expiresAt: new Date(Date.now() + 900_000) });
  };
  return [
    { name: 'sign-in asked for', ask: (username) => ({ path: '/auth/login/init', body: { orgId, username } }) },
    {
      name: 'sign-in answered wrongly',
      ask: async (username, address) => {
        const { body } = await send({ path: '/auth/login/init', body: { orgId, username } }, address);
        const [shown] = body.allowCredentials.webauthn;
        const firstFactor = toFirstFactor({ ...passkey.assert(body.challenge), credId: shown.id });
        return { path: '/auth/login', body: { challengeIdentifier: body.challengeIdentifier, firstFactor } };
      },
    },
    {
      name: 'registration with a wrong code',
      ask: (username) => ({
        path: '/auth/registration/init',
        body: { orgId, username, registrationCode: 'aaaa-aaaa-aaaa-aaaa' },
      }),
    },
    {
      name: 'sign-in with a wrong code while one waits',
      isDelayed: true,
      ask: async (username) => {
        await codeWaits('login', username);
        return { path: '/auth/login/init', body: { orgId, username, loginCode: 'aaaa-aaaa-aaaa-aaaa' } };
      },
    },
    {
      name: 'recovery with a wrong code while one waits',
      isDelayed: true,
      ask: async (username) => {
        await codeWaits('recovery', username);
        const verificationCode = 'aaaa-aaaa-aaaa-aaaa';
        return {
          path: '/auth/recover/user/init',
          body: { orgId, username, verificationCode, credentialId: 'AAAA' },
        };
      },
    },
    ...(['/auth/login/code', '/auth/recover/user/code', '/auth/registration/code'] as const).map(
      (path): Way => ({
        name: `a mail asked for at ${path}`,
        isDelayed: true,
        ask: (username) => ({ path, body: { orgId, username } }),
      }),
    ),
  ];
};

// biome-ignore lint/suspicious/noExplicitAny: an answer holds whatever it holds.
type Send = (ask: Ask, address: string) => Promise<{ readonly ms: number; readonly body: any }>;

/** Each request from an address of its own: nobody is locked out, and nobody's failures pile up. */
const sender = (platform: TestPlatform): Send => {
  const app = createApi(platform.services, REGISTRY, (env) => env as Connection);
  return async ({ path, body }, remoteAddress) => {
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', body: JSON.stringify(body), headers };
    const started = performance.now();
    const reply = await app.request(`http://localhost:3000${path}`, request, { remoteAddress });
    const text = await reply.text();
    const ms = performance.now() - started;
    if (reply.status === 429 || reply.status >= 500) throw new Error(`${path} answered ${reply.status}: ${text}`);
    return { ms, body: JSON.parse(text) };
  };
};

/** One known and one unknown name, in random order, each in its turn. */
const pairOf = async (way: Way, known: string, send: Send): Promise<readonly [number, number]> => {
  const unknown = known.replace(/^[^@]+/, (name) => randomBytes(name.length).toString('hex').slice(0, name.length));
  const isKnownFirst = randomInt(2) === 0;
  const times = new Map<string, number>();
  for (const username of isKnownFirst ? [known, unknown] : [unknown, known]) {
    const address = randomBytes(8).toString('hex');
    const ask = await way.ask(username, address);
    times.set(username, (await send(ask, address)).ms);
  }
  return [times.get(known) ?? Number.NaN, times.get(unknown) ?? Number.NaN];
};

const compare = async (way: Way, known: string, send: Send): Promise<Difference> => {
  const pairs: (readonly [number, number])[] = [];
  const lanes = way.isDelayed ? AT_ONCE : 1;
  const each = Math.ceil((PAIRS + WARM_UP) / lanes);
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let i = 0; i < each; i += 1) pairs.push(await pairOf(way, known, send));
    }),
  );
  return differenceOf(pairs.slice(-PAIRS));
};

const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(3)}`;

/** Whether the time of an answer tells who exists: each public way to ask about a name, for a known and an unknown one. */
export const benchEnumeration = ({ print }: { readonly print: (line: string) => void }): Promise<Figure[]> =>
  onPlatform('enumeration', async (platform) => {
    const admin = await anOrganisation(platform);
    const { rpId, publicUrl } = platform.services.settings;
    const person = await aMember(platform, admin, { key: softwarePasskey({ rpId, origin: publicUrl }) });
    const send = sender(platform);
    const ways = waysInto(platform, person, send);
    const figures: Figure[] = [];
    for (const way of ways) {
      print(`enumeration: ${way.name} …`);
      const { median, from, to, p } = await compare(way, person.username, send);
      figures.push({
        name: `${way.name}: unknown against known, ${signed(median)} ms (99 %: ${signed(from)} to ${signed(to)}), same distribution`,
        value: p,
        unit: 'p',
        target: CHANCE / ways.length,
        isFloor: true,
      });
    }
    return figures;
  });
