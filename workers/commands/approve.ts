import os from 'node:os';
import readline from 'node:readline/promises';
import { approveCommand } from '@/lib/verifying-client/approve';

const ask = async (question: string): Promise<string | null> => {
  if (!process.stdin.isTTY) return null;
  const prompt = readline.createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await prompt.question(question);
  } finally {
    prompt.close();
  }
};

process.exitCode = await approveCommand(
  process.argv.slice(2),
  { home: os.homedir() },
  {
    print: (text) => process.stdout.write(`${text}\n`),
    warn: (text) => process.stderr.write(`${text}\n`),
    ask,
  },
);
