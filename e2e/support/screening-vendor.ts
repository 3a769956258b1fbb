import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the stand-in behaves from now on. `slow` never says that it has looked; `late` says so at the third time it is asked. */
export type VendorMood =
  | 'clean'
  | 'hit'
  | 'empty'
  | 'refused'
  | 'unsupportedNetwork'
  | 'unsupportedAsset'
  | 'html'
  | 'busy'
  | 'broken'
  | 'garbage'
  | 'redirect'
  | 'silent'
  | 'late'
  | 'slow';

type Reply = { readonly status: number; readonly body: unknown; readonly type?: string };

/** What another process tells the stand-in, by `POST /stand-in`: the answer is what the stand-in saw so far. */
export type Told = { readonly listed?: readonly string[]; readonly failing?: readonly string[] };

/** One request as the vendor saw it. */
export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
};

/** A vendor's servers, spoken to over real HTTP: KYT below `/kyt`, the sanctions API, and the two bridges. */
export const startVendor = async () => {
  let mood: VendorMood = 'clean';
  const listed = new Set<string>();
  const failing = new Set<string>();
  let alert: { alertLevel: string; category: string; categoryId: number | null } = {
    alertLevel: 'SEVERE',
    category: 'sanctions',
    categoryId: 3,
  };
  let exposure: { category: string; categoryId: number } | null = null;
  let known: { categoryName: string; categoryId: number } | null = null;
  let riskScore = 0;
  let message = { state: 'accepted', since: new Date(0).toISOString() };
  let polls = 0;
  const addressOf = new Map<string, string>();
  const seen: Seen[] = [];
  const isHit = (address: string | undefined): boolean =>
    mood === 'hit' || (address !== undefined && listed.has(address.toLowerCase()));

  const fill = (set: Set<string>, addresses: readonly string[] | undefined): void => {
    if (!addresses) return;
    set.clear();
    for (const address of addresses) set.add(address.toLowerCase());
  };
  const tell = ({ listed: hits, failing: failures }: Told): void => {
    fill(listed, hits);
    fill(failing, failures);
  };
  const kyt = (method: string, path: string, body: Record<string, unknown> | null): Reply => {
    if (method === 'POST') {
      const externalId = `attempt-${seen.length}`;
      const reference = String(body?.transferReference ?? '');
      const address = String(body?.address ?? reference.split(':')[1]);
      if (failing.has(address.toLowerCase())) return { status: 500, body: { message: 'we are sorry' } };
      addressOf.set(externalId, address);
      polls = 0;
      return { status: 202, body: { externalId, updatedAt: null } };
    }
    const [, id = '', part] = /^\/(?:withdrawal-attempts|transfers)\/([^/]+)(?:\/(.+))?$/.exec(path) ?? [];
    const hit = isHit(addressOf.get(id));
    switch (part) {
      case undefined: {
        polls += 1;
        const isLooked = mood !== 'slow' && (mood !== 'late' || polls >= 3);
        return { status: 200, body: { externalId: id, updatedAt: isLooked ? new Date(0).toISOString() : null } };
      }
      case 'alerts':
        return { status: 200, body: { alerts: hit ? [{ ...alert, exposureType: 'DIRECT' }] : [] } };
      case 'exposures':
        return { status: 200, body: { direct: exposure ?? {}, indirect: {} } };
      case 'high-risk-addresses':
        return { status: 200, body: { chainalysisIdentifications: known ? [known] : [], customAddresses: [] } };
      default:
        return { status: 404, body: { message: 'not found' } };
    }
  };

  const reply = (method: string, path: string, body: Record<string, unknown> | null): Reply => {
    switch (mood) {
      case 'empty':
        return { status: 200, body: '' };
      case 'refused':
        return { status: 400, body: { message: 'address is malformed' } };
      case 'unsupportedNetwork':
        return { status: 400, body: { message: 'Network is not supported' } };
      case 'unsupportedAsset':
        return { status: 400, body: { message: 'Asset is not supported' } };
      case 'html':
        return { status: 403, type: 'text/html', body: '<html><body>Forbidden</body></html>' };
      case 'busy':
        return { status: 429, body: { message: 'slow down' } };
      case 'broken':
        return { status: 500, body: { message: 'we are sorry' } };
      case 'garbage':
        return { status: 200, body: '{"externalId": 7, "identifications": "none", "riskScore": "low"' };
      default:
        break;
    }
    if (path.startsWith('/kyt')) return kyt(method, path.slice(4), body);
    const address = /^\/api\/v1\/address\/(.+)$/.exec(path)?.[1];
    if (address) return { status: 200, body: { identifications: isHit(address) ? [{ category: 'sanctions' }] : [] } };
    if (path === '/global-ledger') return { status: 200, body: { riskScore } };
    if (path === '/notabene') return { status: 200, body: message };
    return { status: 404, body: { message: 'not found' } };
  };

  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const { method = 'GET', url: path = '/', headers } = request;
      const body = text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
      if (path === '/stand-in') {
        tell(body as Told);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen));
        return;
      }
      seen.push({ method, path, headers, body });
      if (mood === 'silent') return;
      if (mood === 'redirect') {
        response.writeHead(302, { location: `${url}/elsewhere` }).end();
        return;
      }
      const answer = reply(method, path, body);
      response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    seen,
    be: (next: VendorMood): void => {
      mood = next;
    },
    /** Addresses that are a hit whatever the mood, while the vendor answers at all. */
    list: (...addresses: readonly string[]): void => fill(listed, addresses),
    alertAs: (next: typeof alert): void => {
      alert = next;
    },
    exposeTo: (next: typeof exposure): void => {
      exposure = next;
    },
    knowAs: (next: typeof known): void => {
      known = next;
    },
    score: (next: number): void => {
      riskScore = next;
    },
    carry: (next: typeof message): void => {
      message = next;
    },
    stop: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
export type Vendor = Awaited<ReturnType<typeof startVendor>>;
