// The one shape of the gateway's own errors.
import assert from 'node:assert/strict';

interface Envelope {
  readonly type: string;
  readonly error: { readonly type: string; readonly code: string; readonly message: string; readonly param: string | null };
  readonly request_id: string;
}

/** What is expected of an error answer; its type only where it matters. */
export interface ExpectedError {
  readonly status: number;
  readonly code: string;
  readonly type?: string;
}

/** Checks that a body is the envelope and nothing else, and returns it. */
export function checkEnvelope(body: unknown, code: string): Envelope {
  const envelope = body as Envelope;
  assert.deepEqual(Object.keys(envelope).sort(), ['error', 'request_id', 'type'], JSON.stringify(body));
  assert.deepEqual(Object.keys(envelope.error).sort(), ['code', 'message', 'param', 'type']);
  assert.equal(envelope.type, 'error');
  assert.equal(envelope.error.code, code, envelope.error.message);
  assert.match(envelope.error.type, /^[a-z_]+$/);
  assert.ok(envelope.error.message.length > 10, 'it says what to do');
  assert.ok(envelope.error.param === null || typeof envelope.error.param === 'string');
  assert.match(envelope.request_id, /^req_[0-9a-f]{32}$/);
  return envelope;
}

/** Checks status, headers and body of an error answer. */
export async function checkError(response: Response, { status, code, type }: ExpectedError): Promise<Envelope> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  const envelope = checkEnvelope(JSON.parse(text), code);
  assert.equal(response.headers.get('x-aegis-request-id'), envelope.request_id);
  if (type !== undefined) assert.equal(envelope.error.type, type);
  return envelope;
}
