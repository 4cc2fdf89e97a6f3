/** The log of a process, and what keeps the process alive and its last lines from being lost. */
import type { Config } from '../config.ts';
import { safeTrace } from '../errors.ts';
import { createLog, stderrSink, type Log, type LogSink } from './log.ts';

/** POSIX lets no other writer come between the bytes of a write of so many to a pipe (PIPE_BUF, at the least 512; Linux: 4096). */
const WHOLE_WRITE_BYTES = 4096;

/** For processes that write to one standard error: pieces of whole lines, small enough to stay in one piece. */
export function wholeLines(sink: LogSink): LogSink {
  return {
    write(text, done) {
      const pieces = piecesOf(text);
      pieces.forEach((piece, i) => sink.write(piece, i === pieces.length - 1 ? done : () => {}));
    },
    writeNow(text) {
      for (const piece of piecesOf(text)) sink.writeNow(piece);
    },
  };
}

function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let bytes = Infinity;
  for (const line of text.split(/(?<=\n)/)) {
    const more = Buffer.byteLength(line);
    if (bytes + more > WHOLE_WRITE_BYTES) {
      pieces.push('');
      bytes = 0;
    }
    pieces[pieces.length - 1] += line;
    bytes += more;
  }
  return pieces;
}

/** Opens the log of this process. An unexpected error is told there, and does not end the process. */
export function openProcessLog({ logLevel, logFormat, workers }: Pick<Config, 'logLevel' | 'logFormat' | 'workers'>): Log {
  const log = createLog({
    level: logLevel,
    format: logFormat ?? (process.stderr.isTTY ? 'pretty' : 'json'),
    sink: workers > 1 ? wholeLines(stderrSink) : stderrSink,
  });
  // A log reader that went away must not take the gateway with it.
  process.stderr.on('error', () => {});
  process.stdout.on('error', () => {});
  process.on('uncaughtException', (error) => {
    const { name, code, at } = safeTrace(error);
    log.error('unexpected error, the gateway goes on', { error: name, code, at });
  });
  process.on('exit', () => log.flush());
  return log;
}
