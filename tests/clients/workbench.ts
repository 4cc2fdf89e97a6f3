/**
 * What every client test stands on: a mock upstream, and a gateway process in front of it. With `CLIENTS_DIRECT=1` the
 * gateway is left out, which tells whether a failure is the gateway's or was there before.
 */
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startBuiltGateway } from '../support/built-gateway.ts';
import type { BuiltGateway } from '../support/built-gateway.ts';
import { startMockUpstream } from '../support/mock-upstream.ts';
import type { MockUpstream, RecordedRequest } from '../support/mock-upstream.ts';
import { within } from '../support/until.ts';

/** Invented; the mock takes any. */
const ANTHROPIC_KEY = 'invented-anthropic-key';
const OPENAI_KEY = 'invented-openai-key';

/** Set when the tests run against the mock alone; tests of the gateway's own answers skip themselves then. */
export const DIRECT: boolean = process.env['CLIENTS_DIRECT'] === '1';

/** Longest that one test may take. */
export const TEST_DEADLINE_MS = 15_000;

export interface Bench {
  mock: MockUpstream;
  /** Null when the tests run against the mock alone. */
  gateway: BuiltGateway | null;
  /** The base URL that register returned for the mock's `/v1`. */
  baseUrl: string;
  anthropic: Anthropic;
  openai: OpenAI;
  /** The mock's record of the last request. */
  lastRequest(): RecordedRequest;
  close(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const mock = await startMockUpstream({ strict: true });
  let gateway: BuiltGateway | null = null;
  // Without the gateway each family needs its own form of the base; with it, one does for both.
  let bases = { anthropic: mock.url, openai: `${mock.url}/v1` };
  try {
    if (!DIRECT) {
      gateway = await startBuiltGateway();
      const { baseUrl } = await gateway.register(`${mock.url}/v1`);
      bases = { anthropic: baseUrl, openai: baseUrl };
    }
  } catch (error) {
    await gateway?.stop();
    await mock.close();
    throw error;
  }
  return {
    mock,
    gateway,
    baseUrl: bases.openai,
    anthropic: anthropicAt(bases.anthropic),
    openai: openAiAt(bases.openai),
    lastRequest() {
      const last = mock.requests.at(-1);
      assert.ok(last, 'no request has reached the mock upstream');
      return last;
    },
    async close() {
      await gateway?.stop();
      await mock.close();
    },
  };
}

export function anthropicAt(baseURL: string, maxRetries = 0): Anthropic {
  return new Anthropic({ baseURL, apiKey: ANTHROPIC_KEY, maxRetries });
}

export function openAiAt(baseURL: string, maxRetries = 0): OpenAI {
  return new OpenAI({ baseURL, apiKey: OPENAI_KEY, maxRetries });
}

/** Waits for the end of an exchange at the upstream; fails by name when it does not come. */
export function endOf(record: RecordedRequest, deadlineMs = 3000): Promise<RecordedRequest['outcome']> {
  return within(`the end of the upstream's exchange for ${record.url}`, record.finished, deadlineMs);
}

/** The gateway's process, in tests that skip themselves without one. */
export function gatewayOf(bench: Bench): BuiltGateway {
  assert.ok(bench.gateway, 'this test needs a gateway');
  return bench.gateway;
}

/** What a call is rejected with, of the class that is expected. */
export async function rejection<E extends Error>(call: Promise<unknown>, kind: new (...args: never[]) => E): Promise<E> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof kind, `expected ${kind.name}, got ${String(error)}`);
    return error;
  }
  assert.fail(`expected ${kind.name}, but the call succeeded`);
}
