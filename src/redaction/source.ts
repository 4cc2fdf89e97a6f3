/**
 * Redaction as the pipeline asks for it: for each exchange the redactor of its request and the restorer of its
 * answer, each only where there is something for it to do.
 */
import type { SecurityLevel } from '../config.ts';
import type { Engine } from '../detect/engine.ts';
import { classesAt } from '../detect/classes.ts';
import type { Policy } from '../detect/user-rules.ts';
import { GatewayError } from '../errors.ts';
import type { KeyPath } from '../json/key-path.ts';
import { JsonSyntaxError } from '../json/scanner.ts';
import type { Audit } from '../observe/audit.ts';
import type { Emit, ExchangeFilters, Filter, FilterContext, FilterSource, RequestHead, ResponseHead } from '../pipeline/filter.ts';
import type { TokenEntry } from '../tokens/table.ts';
import { isOpaque, restoreDepth } from '../wire/opaque.ts';
import type { KnownValues } from './known-values.ts';
import type { Placeholders } from './placeholder.ts';
import { createRedactor, type Redaction } from './redactor.ts';
import { createJsonRestorer, createSseRestorer } from './restorer.ts';
import type { Memory, Vault } from './vault.ts';

export interface RedactionParts {
  /** The engine that finds what a level redacts. */
  engine(level: SecurityLevel): Engine;
  readonly placeholders: Placeholders;
  readonly vault: Vault;
  /** The values of AEGIS_SECRET_FILES, as they are now. */
  secrets(): KnownValues;
  /** What the user has switched off or lets pass for a token. */
  policy(entry: TokenEntry): Policy;
  readonly audit: Audit;
  /** Counts a finding, by rule and action. */
  count(rule: string, action: string): void;
}

const JSON_TYPE = /^(?:application\/(?:json|x-ndjson|ndjson|jsonl|x-jsonlines|json-seq)|text\/json|[^/]+\/[^/]+\+json)$/;
/** White space, and the first byte of a byte order mark, may stand before a body's first bracket. */
const SKIPPED = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
/** Bodies that are not JSON and not looked at: said so in the documentation. */
const NOT_SCANNED = /^(?:multipart\/|application\/x-www-form-urlencoded$)/;

export function createRedactionSource(parts: RedactionParts): FilterSource {
  return (context) => {
    const memory = parts.vault.memory(context.entry.token);
    return {
      request: (head) => requestFilter(parts, context, memory, head),
      response: (head) => responseFilter(memory, head),
    } satisfies ExchangeFilters;
  };
}

function requestFilter(parts: RedactionParts, context: FilterContext, memory: Memory, { mediaType }: RequestHead): Filter | undefined {
  if (NOT_SCANNED.test(mediaType)) return undefined;
  const json = (): Filter => jsonFilter(parts, context, memory);
  return JSON_TYPE.test(mediaType) ? json() : byFirstByte(json);
}

function jsonFilter(parts: RedactionParts, context: FilterContext, memory: Memory): Filter {
  const { entry, findings } = context;
  const policy = parts.policy(entry);
  const records = new Map<string, Record>();
  const redactor = createRedactor({
    engine: parts.engine(context.level),
    classes: classesAt(context.level),
    placeholders: parts.placeholders,
    known: [memory.known, parts.secrets()],
    opaque: isOpaque,
    depth: (path) => restoreDepth(path) || 1,
    allowed: (rule, value) => (rule !== undefined && policy.disabled.has(rule.id)) || policy.allows(value),
    remember: memory.remember,
    onRedaction(redaction) {
      findings.add(`${redaction.rule}=redact`);
      parts.count(redaction.rule, 'redact');
      note(records, redaction);
    },
  });
  return {
    push: (chunk, emit) => refusing(() => redactor.push(chunk, emit)),
    end(emit) {
      refusing(() => redactor.end(emit));
      for (const { count, rule, kind, place, id } of records.values()) {
        parts.audit.write({
          id: context.requestId, token: entry.fingerprint, wire: context.wire,
          rule, kind, action: 'redact', place, fingerprint: id, count,
        });
      }
    },
  };
}

interface Record extends Pick<Redaction, 'rule' | 'kind' | 'id'> {
  readonly place: string;
  count: number;
}

/** Distinct findings of one request that are recorded one by one; agents send the same ones again with every turn. */
const MAX_RECORDS = 1000;

function note(records: Map<string, Record>, { rule, kind, path, id }: Redaction): void {
  const place = placeOf(path);
  const key = `${rule} ${id} ${place}`;
  const record = records.get(key);
  if (record !== undefined) record.count++;
  else if (records.size < MAX_RECORDS) records.set(key, { rule, kind, id, place, count: 1 });
}

/** The nearest keys, outermost first. A key that does not look like a field's name may be somebody's text. */
function placeOf(path: KeyPath): string {
  const keys: string[] = [];
  for (let up = Math.min(path.depth, 5) - 1; up >= 0; up--) {
    const key = path.at(up);
    keys.push(key !== undefined && /^[A-Za-z_]{1,32}$/.test(key) ? key : '*');
  }
  return keys.join('.');
}

function refusing(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new GatewayError(
      'invalid_parameters',
      `The request's body is not valid JSON: ${error.message}. It can't be checked, so it was not sent on.`,
      'body',
    );
  }
}

/** For a body whose type says nothing: JSON if it begins as JSON does, else it passes. */
function byFirstByte(json: () => Filter): Filter {
  let chosen: Filter | undefined;
  let waiting: Buffer[] = [];
  const pass: Filter = { push: (chunk, emit) => emit(chunk), end() {} };

  function choose(filter: Filter, emit: Emit): Filter {
    chosen = filter;
    const pieces = waiting;
    waiting = [];
    for (const piece of pieces) filter.push(piece, emit);
    return filter;
  }

  return {
    push(chunk, emit) {
      if (chosen !== undefined) {
        chosen.push(chunk, emit);
        return;
      }
      waiting.push(chunk);
      const first = chunk.find((byte) => !SKIPPED.has(byte));
      if (first === undefined) return;
      choose(first === 0x7b || first === 0x5b ? json() : pass, emit);
    },
    end(emit) {
      (chosen ?? choose(pass, emit)).end(emit);
    },
  };
}

function responseFilter(memory: Memory, { mediaType }: ResponseHead): Filter | undefined {
  // Nothing was ever replaced for this token: there is nothing to put back.
  if (memory.empty) return undefined;
  const options = { lookup: memory.lookup };
  if (mediaType === 'text/event-stream') return createSseRestorer(options);
  return JSON_TYPE.test(mediaType) ? createJsonRestorer(options) : undefined;
}
