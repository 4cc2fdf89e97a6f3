/** The headers of whatever the console answers, and the answers that are not JSON. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { firstHeader } from '../http/raw-headers.ts';
import type { Asset } from './assets.ts';

/**
 * No script but the page's own files, none inline, nothing from or to elsewhere, in nobody's frame.
 * https://www.w3.org/TR/CSP3/, https://w3c.github.io/trusted-types/dist/spec/
 */
const PAGE_POLICY = [
  'default-src \'none\'', 'script-src \'self\'', 'style-src \'self\'', 'img-src \'self\'', 'connect-src \'self\'', 'font-src \'none\'',
  'base-uri \'none\'', 'form-action \'self\'', 'frame-ancestors \'none\'', 'require-trusted-types-for \'script\'',
].join('; ');
const DATA_POLICY = 'default-src \'none\'; frame-ancestors \'none\'';

/** Set before anything is decided, so that refusals have them as well. */
export function setCommonHeaders(res: ServerResponse): void {
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Content-Security-Policy', DATA_POLICY);
}

/** A file of the page; 304 to one who has it (RFC 9110 section 13.1.2). It is asked for anew each time: no version is kept beyond an update. */
export function sendAsset(req: IncomingMessage, res: ServerResponse, { bytes, type, etag }: Asset): void {
  const headers = ['ETag', etag, 'Cache-Control', 'no-cache', 'Cross-Origin-Resource-Policy', 'same-origin', 'Content-Security-Policy', PAGE_POLICY];
  const known = (firstHeader(req.rawHeaders, 'if-none-match') ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  if (known) {
    res.writeHead(304, headers);
    res.end();
    return;
  }
  res.writeHead(200, [...headers, 'Content-Type', type, 'Content-Length', String(bytes.length)]);
  res.end(bytes);
}
