import { expect, test } from 'vitest';
import { createLogger } from '@/lib/logger';

const logged = (write: (log: ReturnType<typeof createLogger>) => void): string => {
  const lines: string[] = [];
  write(createLogger({ name: 'test', destination: { write: (line) => lines.push(line) } }));
  return lines.join('');
};

test('secret fields are not written at any depth', () => {
  const text = logged((log) =>
    log.info({ secretShare: 'aaa', body: [{ token: 'bbb', headers: { Authorization: 'ccc' }, kept: 'ddd' }] }, 'hello'),
  );
  for (const secret of ['aaa', 'bbb', 'ccc']) expect(text).not.toContain(secret);
  expect(text).toContain('ddd');
});
test('secret fields of a child logger and of an error are not written', () => {
  const text = logged((log) => {
    log.child({ password: 'eee' }).info('x');
    log.error({ err: Object.assign(new Error('broken'), { privateKey: 'fff' }) }, 'y');
  });
  expect(text).not.toMatch(/eee|fff/);
  expect(text).toContain('broken');
});
test('a password inside a URL is not written', () => {
  const text = logged((log) => log.info({ url: 'postgresql://app:hunter2@127.0.0.1/x' }, 'at smtp://a:hunter3@host'));
  expect(text).not.toMatch(/hunter/);
});
