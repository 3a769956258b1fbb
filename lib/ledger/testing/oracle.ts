import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { priceHash, type SignedPrice } from '@/lib/evidence/checkpoint';

/** An oracle with a key of its own: 3000 US dollars for one native coin, whatever is asked. */
export const testOracle = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const oracleKey = publicKey.export({ type: 'spki', format: 'der' }).subarray(12).toString('hex');
  const price = (network: string, at: number, usd = '3000'): SignedPrice => {
    const fact = { network, asset: 'native', decimals: 18, usd, at };
    return { ...fact, oracleKey, signature: sign(null, priceHash(fact), privateKey).toString('hex') };
  };
  /** Answers `GET /price` on a port of its own. */
  const serve = async () => {
    const server = createServer((request, response) => {
      const network = new URL(request.url ?? '/', 'http://oracle').searchParams.get('network') ?? '';
      response.setHeader('content-type', 'application/json').end(JSON.stringify(price(network, Date.now())));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };
  return { publicKey: oracleKey, price, serve };
};
