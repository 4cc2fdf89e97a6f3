// What a command is given, in memory.
import { PassThrough } from 'node:stream';
import type { CommandIo } from '../../src/cli/command.ts';

export interface MemoryIo extends CommandIo {
  out(): string;
  err(): string;
}

export function memoryIo(parts: Partial<Pick<CommandIo, 'env' | 'cwd' | 'home' | 'platform'>> & { terminal?: boolean } = {}): MemoryIo {
  const { terminal = false, ...rest } = parts;
  const stream = (): PassThrough & { isTTY?: boolean } => Object.assign(new PassThrough(), terminal ? { isTTY: true } : {});
  const stdout = stream();
  const stderr = stream();
  let out = '';
  let err = '';
  stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const stdin = new PassThrough();
  stdin.end();
  return { env: {}, cwd: '/nowhere', home: '/nowhere', platform: 'linux', ...rest, stdout, stderr, stdin, out: () => out, err: () => err };
}
