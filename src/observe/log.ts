/**
 * A structured log: one line an event, JSON or readable, written in batches so that no exchange waits for it.
 *
 * Callers pass names and numbers of their own making. Nothing that came from outside (tokens, keys, header values,
 * query values, bodies) is ever a field.
 */
import { writeSync } from 'node:fs';
import type { LogFormat, LogLevel } from '../config.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Whether `info` is written: lets the hot path skip building the fields. */
  readonly writesInfo: boolean;
  /** Writes out what is pending, at once; called at the end of the process. */
  flush(): void;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40, silent: 50 };

/** Lines wait at most this long for company. */
const BATCH_DELAY_MS = 50;
/** A sink that takes nothing (full disk, stuck terminal) costs at most this much memory; then lines are dropped and counted. */
const MAX_PENDING_CHARS = 1_048_576;

/** Where finished text goes; `done` is called when more may be written, with an error where the text was lost. */
export interface LogSink {
  write(text: string, done: (error?: Error | null) => void): void;
  writeNow(text: string): void;
}

/** Standard error, kept apart from the one line that the start prints on standard output. */
export const stderrSink: LogSink = {
  write(text, done) {
    process.stderr.write(text, done);
  },
  writeNow(text) {
    try {
      writeSync(2, text);
    } catch {
      // Nobody reads it: nothing is left that could be told, nor whom.
    }
  },
};

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly sink?: LogSink;
  readonly now?: () => Date;
}

export function createLog({ level, format, sink = stderrSink, now = () => new Date() }: LogOptions): Log {
  const least = RANK[level];
  const print = format === 'json' ? jsonLine : prettyLine;
  let pending = '';
  let pendingLines = 0;
  let dropped = 0;
  let scheduled = false;
  let writing = false;

  function takePending(): string {
    let text = pending;
    if (dropped > 0) text += print(now(), 'warn', 'log lines dropped', { lines: dropped });
    pending = '';
    pendingLines = 0;
    dropped = 0;
    return text;
  }

  function drain(): void {
    scheduled = false;
    if (writing || pending === '') return;
    writing = true;
    const lines = dropped + pendingLines;
    sink.write(takePending(), (error) => {
      writing = false;
      // A full disk: what was lost is told once there is room again.
      if (error) dropped += lines;
      if (pending !== '') schedule();
    });
  }

  function schedule(): void {
    if (scheduled || writing) return;
    scheduled = true;
    setTimeout(drain, BATCH_DELAY_MS).unref();
  }

  function write(name: LogLevel, message: string, fields: LogFields): void {
    if (RANK[name] < least) return;
    if (pending.length > MAX_PENDING_CHARS) {
      dropped++;
      return;
    }
    pending += print(now(), name, message, fields);
    pendingLines++;
    schedule();
  }

  return {
    debug: (message, fields = {}) => write('debug', message, fields),
    info: (message, fields = {}) => write('info', message, fields),
    warn: (message, fields = {}) => write('warn', message, fields),
    error: (message, fields = {}) => write('error', message, fields),
    writesInfo: RANK.info >= least,
    flush() {
      if (pending !== '') sink.writeNow(takePending());
    },
  };
}

function jsonLine(time: Date, level: LogLevel, message: string, fields: LogFields): string {
  return `${JSON.stringify({ time: time.toISOString(), level, msg: message, ...fields })}\n`;
}

/** What JSON leaves as it is and a terminal acts on: C1 controls, line separators, bidirectional overrides. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function prettyLine(time: Date, level: LogLevel, message: string, fields: LogFields): string {
  let line = `${time.toTimeString().slice(0, 8)} ${level.padEnd(5)} ${message}`;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    // Quoted as JSON where needed: no value can break the line or move the cursor.
    const text = typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value).replace(UNPRINTABLE, escaped);
    line += ` ${key}=${text}`;
  }
  return `${line}\n`;
}
