/** A whole request as an agent sends it: twenty headers and a body. */
import { requestBody } from './request-bodies.ts';

/** Of the shape that Claude Code sends: the count, the lengths and the mixed case matter, the values don't. */
const AGENT_HEADERS: readonly (readonly [string, string])[] = [
  ['Accept', 'application/json'],
  ['Content-Type', 'application/json'],
  ['User-Agent', 'claude-cli/2.1.330 (external, sdk-cli)'],
  ['X-Claude-Code-Session-Id', '5a0c2f0e-1111-4222-8333-944455556666'],
  ['X-Stainless-Arch', 'x64'],
  ['X-Stainless-Lang', 'js'],
  ['X-Stainless-OS', 'Linux'],
  ['X-Stainless-Package-Version', '0.128.0'],
  ['X-Stainless-Retry-Count', '0'],
  ['X-Stainless-Runtime', 'node'],
  ['X-Stainless-Runtime-Version', 'v24.21.0'],
  ['X-Stainless-Timeout', '600'],
  ['anthropic-beta', 'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27'],
  ['anthropic-dangerous-direct-browser-access', 'true'],
  ['anthropic-version', '2023-06-01'],
  ['x-api-key', 'invented-key-of-the-benchmark'],
  ['Connection', 'keep-alive'],
  ['Accept-Encoding', 'gzip, deflate, br, zstd'],
];

export interface RequestShape {
  readonly port: number;
  readonly basePath: string;
  readonly query: string;
  readonly bodyBytes: number;
  readonly secrets: number;
}

export function requestPath({ basePath, query }: Pick<RequestShape, 'basePath' | 'query'>): string {
  return `${basePath}/messages?${query}`;
}

/** The headers less those that name the target and the length. */
export function agentHeaders(): Record<string, string> {
  return Object.fromEntries(AGENT_HEADERS);
}

/** The bytes of the request; Host and Content-Length make it twenty headers. */
export function createRequest(shape: RequestShape): Buffer {
  const body = requestBody(shape.bodyBytes, shape.secrets);
  const lines = [
    `POST ${requestPath(shape)} HTTP/1.1`,
    `Host: 127.0.0.1:${shape.port}`,
    ...AGENT_HEADERS.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}
