/**
 * Redaction and guards as the pipeline asks for them: for each exchange the filter of its request and that of its answer,
 * each only where there is something for it to do.
 */
import type { Engine } from '../detect/engine.ts';
import type { FindingClass } from '../detect/rule.ts';
import { GatewayError, RequestBlockedError } from '../errors.ts';
import { createJsonGuard, createSseGuard, type AnswerJudge } from '../guards/answer/answer-guard.ts';
import { createCallJudge } from '../guards/call-judge.ts';
import type { Policy, SecurityLevel } from '../guards/policy.ts';
import { RequestGuard } from '../guards/request-guard.ts';
import type { Exceptions } from '../guards/rules-file.ts';
import { JsonSyntaxError } from '../json/scanner.ts';
import type { Audit } from '../observe/audit.ts';
import { isPlainName } from '../observe/client-name.ts';
import { compose, type ExchangeFilters, type Filter, type FilterContext, type FilterSource, type RequestHead, type ResponseHead } from '../pipeline/filter.ts';
import type { ClearedTexts } from '../redaction/cleared.ts';
import type { KnownValues } from '../redaction/known-values.ts';
import type { Placeholders } from '../redaction/placeholder.ts';
import { Redactor } from '../redaction/redactor.ts';
import { createJsonRestorer, createSseRestorer } from '../redaction/restorer.ts';
import type { Memory, Vault } from '../redaction/vault.ts';
import type { TokenEntry } from '../tokens/table.ts';
import type { Wire } from '../wire/endpoint.ts';
import { isOpaque, restoreDepth } from '../wire/opaque.ts';
import { ToolDeclarations } from '../wire/tool-declarations.ts';
import { byFirstByte, isJsonType, isScanned } from './body-type.ts';
import { placeOf, Records } from './records.ts';

/** With what the texts of requests are searched for what a policy looks for. */
export interface Search {
  readonly engine: Engine;
  readonly classes: ReadonlySet<FindingClass>;
  /** The texts in which that engine, and a guard of the policy, have found nothing. */
  readonly cleared: ClearedTexts;
}

export interface ProtectionParts {
  /** @param guarded the engine tells the guards' signals as well. */
  search(policy: Policy, guarded: boolean): Search;
  readonly placeholders: Placeholders;
  readonly vault: Vault;
  /** The values of AEGIS_SECRET_FILES, as they are now. */
  secrets(): KnownValues;
  /** What the user has decided for a token. */
  exceptions(entry: TokenEntry): Exceptions;
  policy(level: SecurityLevel, exceptions: Exceptions): Policy;
  readonly audit: Audit;
  /** Counts a finding, by rule and action. */
  count(rule: string, action: string): void;
}

/** One exchange, as both its directions see it. */
interface Scene {
  readonly parts: ProtectionParts;
  readonly context: FilterContext;
  readonly memory: Memory;
  readonly policy: Policy;
  readonly exceptions: Exceptions;
  readonly records: Records;
  /** Undefined where there are no guards. */
  readonly declarations: ToolDeclarations | undefined;
}

/** Endpoints whose answers hold no words of a model. */
const WORDLESS: ReadonlySet<Wire> = new Set<Wire>(['models', 'openai-embeddings', 'anthropic-count-tokens']);

export function createProtection(parts: ProtectionParts): FilterSource {
  return (context) => {
    const { entry, level, mode, wire, requestId, findings, notes } = context;
    const exceptions = parts.exceptions(entry);
    const scene: Scene = {
      parts,
      context,
      memory: parts.vault.memory(entry.token),
      policy: parts.policy(level, exceptions),
      exceptions,
      records: new Records({ audit: parts.audit, count: parts.count, findings, requestId, token: entry.fingerprint, wire, notes }),
      declarations: mode === 'full' ? new ToolDeclarations() : undefined,
    };
    return {
      request: (head) => requestFilter(scene, head),
      response: (head) => responseFilter(scene, head),
    } satisfies ExchangeFilters;
  };
}

function requestFilter(scene: Scene, { mediaType }: RequestHead): Filter | undefined {
  if (!isScanned(mediaType)) return undefined;
  const json = (): Filter => jsonFilter(scene);
  return isJsonType(mediaType) ? json() : byFirstByte(json);
}

function jsonFilter(scene: Scene): Filter {
  const { parts, context, memory, policy, exceptions, records, declarations } = scene;
  const { placeholders } = parts;
  const { engine, classes, cleared } = parts.search(policy, declarations !== undefined);
  const redactor = new Redactor({
    engine,
    classes,
    cleared,
    placeholders,
    known: [memory.known, parts.secrets()],
    opaque: isOpaque,
    depth: (path) => restoreDepth(path) || 1,
    decide(rule, value) {
      const action = policy.of(rule?.class ?? 'exact', rule?.id);
      return action !== 'off' && exceptions.allows(value) ? 'off' : action;
    },
    remember: memory.remember,
    onFinding({ rule, kind, class: topic, path, id, value }, action) {
      records.note({ rule, kind, action, place: placeOf(path), fingerprint: id }, { topic, direction: 'request', value });
      if (action === 'block') throw blocked(scene, `The rule ${rule} refused this request: it holds what the rule finds. Set another action for it under "policy" in the file of AEGIS_RULES_PATH.`);
    },
    onModel(model) {
      if (isPlainName(model)) context.notes.model = model;
    },
    guard: declarations === undefined ? undefined : requestGuard(scene, declarations),
  });
  const checked = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      records.write();
      throw error instanceof JsonSyntaxError ? unreadable(error) : error;
    }
  };
  return {
    push: (chunk, emit) => checked(() => redactor.push(chunk, emit)),
    end(emit) {
      checked(() => redactor.end(emit));
      records.write();
    },
  };
}

function requestGuard(scene: Scene, declarations: ToolDeclarations): RequestGuard {
  const { parts, policy, exceptions, records } = scene;
  return new RequestGuard({
    policy,
    declarations,
    allowed: exceptions.allows,
    blocked: (message) => blocked(scene, message),
    onFinding({ rule, topic, action, path, passage }) {
      records.note({ rule, kind: topic, action, place: placeOf(path), fingerprint: parts.placeholders.idOf(passage) }, { topic, direction: 'request', value: passage });
    },
  });
}

function blocked({ context }: Scene, message: string): Error {
  return new RequestBlockedError(message, context.wire.startsWith('anthropic'));
}

function unreadable(error: JsonSyntaxError): GatewayError {
  return new GatewayError('invalid_parameters', `The request's body is not valid JSON: ${error.message}. It can't be checked, so it was not sent on.`, 'body');
}

function responseFilter(scene: Scene, head: ResponseHead): Filter | undefined {
  const { memory } = scene;
  const isStream = head.mediaType === 'text/event-stream';
  if (!isStream && !isJsonType(head.mediaType)) return undefined;
  const filters: Filter[] = [];
  const judge = answerJudge(scene, head);
  if (judge !== undefined) filters.push(isStream ? createSseGuard(judge) : createJsonGuard(judge));
  // Where nothing was ever replaced for this token there is nothing to put back.
  if (!memory.empty) filters.push(isStream ? createSseRestorer({ lookup: memory.lookup }) : createJsonRestorer({ lookup: memory.lookup }));
  return filters.length === 0 ? undefined : compose(filters);
}

function answerJudge({ parts, context, memory, policy, exceptions, records, declarations }: Scene, { status }: ResponseHead): AnswerJudge | undefined {
  if (declarations === undefined || status >= 400 || WORDLESS.has(context.wire)) return undefined;
  return createCallJudge({
    policy,
    declarations,
    isKnown: (id) => memory.lookup(id) !== undefined,
    allowsHost: exceptions.allowsHost,
    onFinding({ rule, topic, action, place, passage }) {
      records.note({ rule, kind: topic, action, place, fingerprint: parts.placeholders.idOf(passage) }, { topic, direction: 'response', value: passage });
      // An answer may break off: what was found in it is told at once.
      records.write();
    },
  });
}
