/**
 * One request's life: from the routed request to the last byte of its answer, or to whatever ends it before.
 *
 *   client ─ req ─► decoder? ─► Transform? ─► up ─► upstream
 *   client ◄─ res ─ Transform? ◄─ decoder? ◄─ upRes ◄─ upstream
 *
 * Streams are joined by `.pipe()`, or by a relay where no Transform is between them; what ends one of them ends all, by
 * the one teardown here. The client's side closing is the only place where an exchange is over: every other ending leads there.
 */
import type { ClientRequest, IncomingMessage, InformationEvent, ServerResponse } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { GatewayError, safeTrace } from '../errors.ts';
import { codingOf, createDecoder, READABLE_CODINGS, type Coding } from '../http/encoding.ts';
import { REQUEST_ID_HEADER, sendError } from '../http/error-response.ts';
import { requestHeaders, type Framing } from '../http/headers.ts';
import { firstHeader, joinedHeader } from '../http/raw-headers.ts';
import { hasBeenAnswered } from '../http/upstream.ts';
import { checkAnswer } from '../http/upstream-answer.ts';
import { errorCode, upstreamError } from '../http/upstream-error.ts';
import { upstreamTarget } from '../http/upstream-url.ts';
import type { Outcome } from '../observe/metrics.ts';
import { ExchangeNotes } from '../observe/notes.ts';
import type { TokenRoute } from '../router.ts';
import type { TokenEntry } from '../tokens/table.ts';
import type { FilterMode } from '../tokens/token.ts';
import { wireOf, type Wire } from '../wire/endpoint.ts';
import { account } from './account.ts';
import { sendDown } from './download.ts';
import { brokenOff, filterError } from './filter-error.ts';
import { compose, mediaTypeOf, StopWatch, timed, type ExchangeFilters, type Filter } from './filter.ts';
import { FilterTransform, UNCHANGED, type Taken } from './filter-transform.ts';
import { Information } from './information.ts';
import type { PipelineParts } from './pipeline.ts';
import { bodyTooLarge, createSizeLimit } from './size-limit.ts';
import { Traffic } from './traffic.ts';
import { Upload } from './upload.ts';

/** What the router and the token table have made of a request. */
export interface Call {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  readonly route: TokenRoute;
  readonly entry: TokenEntry;
  readonly mode: FilterMode;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
}

/** How a kept-alive connection shows that the other side had closed it meanwhile. */
const STALE_CODES = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
/**
 * Methods whose request without a body says nothing of a length (RFC 9110 section 8.6). With any other, Node would
 * announce a chunked body where no length is told.
 */
const BODILESS_METHODS = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);
const ignore = (): void => {};

export class Exchange {
  readonly #parts: PipelineParts;
  readonly #call: Call;
  readonly #wire: Wire;
  readonly #startedAt = performance.now();
  readonly #findings = new Set<string>();
  readonly #transforms: Transform[] = [];
  #filters: ExchangeFilters[] | undefined;
  #notes: ExchangeNotes | undefined;
  /** The time that filters take. */
  readonly #watch = new StopWatch();
  #up: ClientRequest | undefined;
  #upRes: IncomingMessage | undefined;
  readonly #upload: Upload;
  /** The request body's content coding is taken off on its way. */
  #takenOff = false;
  #retried = false;
  #continued = false;
  /** The teardown has begun: what streams still say is of no more interest. */
  #over = false;
  #outcome: Outcome = 'complete';
  /** Code of the error that the client was told. */
  #code: string | undefined;
  #firstByteMs: number | undefined;
  readonly #traffic = new Traffic();
  /** Where it stands in the pipeline's list of open ones. */
  place = 0;
  #download: { stop(): void } | undefined;
  #information: Information | undefined;
  #accounted = false;

  constructor(parts: PipelineParts, call: Call) {
    this.#parts = parts;
    this.#call = call;
    this.#wire = wireOf(call.route.rest);
    this.#upload = new Upload(call.req, parts.config.requestHoldBytes, (framing) => this.#open(framing));
  }

  start(): void {
    const { req, res, entry } = this.#call;
    this.#parts.metrics.exchangeStarted();
    this.#parts.observer.began(entry.fingerprint);
    res.on('close', () => this.#closed());
    res.on('error', ignore);
    req.on('error', ignore);
    try {
      this.#sendUp();
    } catch (error) {
      this.#fail(error);
    }
  }

  // ── Upwards ────────────────────────────────────────────────────────────────────────────────────────────────────

  #sendUp(): void {
    const { req, mode } = this.#call;
    const lengthText = firstHeader(req.rawHeaders, 'content-length');
    // What it may say has been judged: chunked.
    const transferEncoding = firstHeader(req.rawHeaders, 'transfer-encoding');
    if (transferEncoding === undefined && (lengthText === undefined || Number(lengthText) === 0)) {
      const tellsLength = lengthText !== undefined || !BODILESS_METHODS.has(req.method ?? '');
      this.#upload.whole([], tellsLength ? { kind: 'length', bytes: 0 } : { kind: 'none' });
      return;
    }
    const max = this.#parts.config.maxRequestBodyBytes;
    const length = transferEncoding === undefined ? Number(lengthText) : undefined;
    if (max > 0 && length !== undefined && length > max) throw bodyTooLarge(max);

    const mediaType = mediaTypeOf(firstHeader(req.rawHeaders, 'content-type'));
    const filtered = mode !== 'passthrough' && !mediaType.startsWith('multipart/');
    const coding = filtered ? codingOf(joinedHeader(req.rawHeaders, 'content-encoding')) : 'none';
    if (coding === 'unsupported') {
      throw new GatewayError(
        'unsupported_content_encoding',
        `The body's Content-Encoding can't be read here, so it can't be checked. Send it as it is or in ${READABLE_CODINGS}.`,
        'Content-Encoding',
      );
    }
    const filters: Filter[] = [];
    // A stated length was judged above and is enforced by Node's parser; what a decoder yields is anybody's guess.
    if (max > 0 && (length === undefined || coding !== 'none')) filters.push(createSizeLimit(max));
    if (filtered) {
      for (const source of this.#openFilters()) {
        const filter = source.request({ mediaType });
        if (filter !== undefined) filters.push(filter);
      }
    }

    if (this.#call.expectsContinue) {
      this.#call.res.writeContinue();
      this.#continued = true;
    }
    const filter = filters.length > 0 ? timed(compose(filters), this.#watch) : undefined;
    if (!filtered || (filter === undefined && coding === 'none' && length !== undefined)) {
      const framing: Framing = length === undefined ? { kind: 'chunked' } : { kind: 'length', bytes: length };
      if (filter === undefined) this.#upload.relayed(framing, this.#traffic.up);
      else this.#upload.piped(this.#join(req, new FilterTransform(filter, this.#traffic.up)), framing);
    } else if (filter !== undefined && coding === 'none' && length !== undefined && length <= this.#parts.config.requestHoldBytes) {
      this.#upload.gathered(filter, this.#traffic.up, this.#filterFailed);
    } else {
      this.#takenOff = coding !== 'none';
      const hold = this.#upload.held(filter ?? UNCHANGED, this.#takenOff ? undefined : this.#traffic.up);
      this.#join(this.#decoded(req, coding, this.#traffic.up), hold);
    }
  }

  #open(framing: Framing): ClientRequest {
    const { req, entry, route, mode } = this.#call;
    const { upstream } = entry;
    const up = this.#parts.upstreams.request(upstream, {
      method: req.method ?? 'GET',
      target: upstreamTarget(upstream, route.rest, route.query),
      rawHeaders: requestHeaders(req.rawHeaders, { host: upstream.hostHeader, framing, identity: mode !== 'passthrough', decoded: this.#takenOff }),
      fresh: this.#retried,
    });
    this.#up = up;
    up.on('information', (info) => this.#informed(up, info));
    up.on('response', (upRes) => this.#answered(up, upRes));
    up.on('error', (error) => this.#upFailed(up, error));
    up.on('close', () => this.#upGone(up));
    return up;
  }

  #informed(up: ClientRequest, info: InformationEvent): void {
    if (this.#over || up !== this.#up) return;
    // It has read the request: no stale connection, and nothing to be asked twice.
    this.#upload.settle();
    this.#traffic.moved();
    try {
      this.#information ??= new Information(this.#call);
      this.#information.pass(info);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Node ends some requests with neither an answer nor an error: a 101 that nobody asked for is one. */
  #upGone(up: ClientRequest): void {
    if (this.#over || up !== this.#up || this.#upRes !== undefined) return;
    this.#fail(upstreamError(undefined, this.#call.entry.upstream.hostHeader));
  }

  #upFailed(up: ClientRequest, error: Error): void {
    if (this.#over || up !== this.#up) return;
    if (this.#upRes !== undefined) {
      // An answer that ends with its connection would pass for complete: Node tells a reset from an orderly end only here.
      if (!this.#upRes.complete) this.#fail(brokenOff());
      return;
    }
    // One byte of an answer shows that the request was read: it may have been acted on.
    const stale = up.reusedSocket && STALE_CODES.has(errorCode(error) ?? '') && !hasBeenAnswered(up);
    if (stale && !this.#retried) {
      this.#retried = true;
      try {
        if (this.#upload.resend()) {
          this.#parts.metrics.retried();
          return;
        }
      } catch (fault) {
        this.#fail(fault);
        return;
      }
    }
    this.#fail(upstreamError(error, this.#call.entry.upstream.hostHeader));
  }

  /**
   * Ends an exchange in which nothing has moved for `limitMs`, with the error of the side that it waits for. Asked
   * from time to time by the pipeline: one timer for all exchanges instead of several for each.
   */
  endIfIdle(now: number, limitMs: number): void {
    if (this.#over || this.#traffic.idleMs(now) < limitMs) return;
    const { req, res } = this.#call;
    const up = this.#up;
    // The client does not read what is there: no fault of the upstream, and TCP tells when it is gone.
    if (res.writableNeedDrain) return;
    if (!req.complete && up?.writableNeedDrain !== true) {
      this.#fail(new GatewayError('request_timeout', 'The request\'s body stopped arriving.'));
      return;
    }
    this.#fail(new GatewayError('upstream_timeout', 'The upstream sent nothing for longer than AEGIS_UPSTREAM_IDLE_TIMEOUT_MS.'));
  }

  // ── Downwards ──────────────────────────────────────────────────────────────────────────────────────────────────

  #answered(up: ClientRequest, upRes: IncomingMessage): void {
    if (this.#over || up !== this.#up) {
      upRes.destroy();
      return;
    }
    this.#upRes = upRes;
    this.#upload.settle();
    this.#traffic.moved();
    this.#firstByteMs = performance.now() - this.#startedAt;
    upRes.on('error', ignore);
    upRes.on('close', () => {
      if (!upRes.complete) this.#fail(brokenOff());
    });
    try {
      checkAnswer(upRes);
      this.#passDown(upRes);
    } catch (error) {
      this.#fail(error instanceof GatewayError ? error : upstreamError(error, this.#call.entry.upstream.hostHeader));
    }
  }

  #passDown(upRes: IncomingMessage): void {
    const { req, res, mode } = this.#call;
    const status = upRes.statusCode ?? 502;
    const bodiless = req.method === 'HEAD' || status === 204 || status === 304;
    const mediaType = mediaTypeOf(firstHeader(upRes.rawHeaders, 'content-type'));
    const filters: Filter[] = [];
    let coding: Coding = 'none';
    if (mode !== 'passthrough' && !bodiless) {
      for (const source of this.#openFilters()) {
        const filter = source.response({ status, mediaType });
        if (filter !== undefined) filters.push(filter);
      }
      coding = codingOf(joinedHeader(upRes.rawHeaders, 'content-encoding'));
      if (coding === 'unsupported') {
        if (filters.length > 0) {
          throw new GatewayError('upstream_unreachable', 'The upstream answered in a Content-Encoding that was not asked for and can\'t be read, so it can\'t be checked.');
        }
        coding = 'none';
      }
    }
    this.#download = sendDown({
      req, res, upRes, status, bodiless,
      source: this.#decoded(upRes, coding, this.#traffic.down),
      decoded: coding !== 'none',
      filter: filters.length > 0 ? timed(compose(filters), this.#watch) : undefined,
      failed: this.#filterFailed,
      taken: coding === 'none' ? this.#traffic.down : undefined,
      added: () => this.#addedHeaders(),
      join: (source, transform) => this.#join(source, transform),
    });
  }

  #addedHeaders(): string[] {
    const added = [REQUEST_ID_HEADER, this.#call.requestId];
    if (this.#findings.size > 0) added.push('x-aegis-findings', [...this.#findings].join(', '));
    if (this.#parts.draining()) added.push('Connection', 'close');
    return added;
  }

  // ── Both ways ──────────────────────────────────────────────────────────────────────────────────────────────────

  #openFilters(): ExchangeFilters[] {
    if (this.#filters === undefined) {
      const { entry, mode, requestId } = this.#call;
      // Only asked where the mode filters.
      const context = {
        entry,
        mode: mode === 'redact' ? mode : 'full',
        level: entry.level ?? this.#parts.config.securityLevel,
        wire: this.#wire,
        requestId,
        findings: this.#findings,
        notes: (this.#notes = new ExchangeNotes()),
      } as const;
      this.#filters = this.#parts.filterSources.map((source) => source(context));
    }
    return this.#filters;
  }

  /** Takes the coding off. @param taken is told of what came, which nobody behind the decoder can count. */
  #decoded(source: Readable, coding: Coding, taken: Taken): Readable {
    if (coding === 'none' || coding === 'unsupported') return source;
    source.on('data', (chunk: Buffer) => taken(chunk.length));
    return this.#join(source, createDecoder(coding));
  }

  /** Pipes into a Transform that belongs to this exchange: its error is the exchange's, and it goes with it. */
  #join(source: Readable, transform: Transform): Transform {
    this.#transforms.push(transform);
    transform.on('error', this.#filterFailed);
    return source.pipe(transform);
  }

  readonly #filterFailed = (error: Error): void => {
    if (!this.#over) this.#fail(filterError(error, this.#upRes !== undefined));
  };

  /** Ends the exchange with an error: as an answer where none has begun, as a break otherwise. */
  #fail(error: unknown): void {
    const { res, requestId } = this.#call;
    if (this.#over) return;
    if (res.headersSent || res.destroyed) {
      this.#break();
      return;
    }
    if (!(error instanceof GatewayError)) {
      const { name, code, at } = safeTrace(error);
      this.#parts.log.error('exchange failed', { id: requestId, error: name, code, at });
    }
    const told = error instanceof GatewayError ? error : new GatewayError('internal_error', 'The gateway failed on this request; its log has the place under this request id.');
    this.#outcome = 'refused';
    this.#code = told.code;
    this.#teardown();
    this.#parts.metrics.refused(told.code);
    // A client that still waits for leave to send its body must not take the next answer for it.
    const unasked = this.#call.expectsContinue && !this.#continued;
    sendError(res, told, requestId, unasked || this.#parts.draining() ? ['Connection', 'close'] : []);
  }

  /** Lets the client see that the answer is not complete. */
  #break(): void {
    if (this.#over) return;
    const { req, res } = this.#call;
    this.#outcome = 'upstream_broken';
    this.#teardown();
    // Where only the connection's end tells the body's, an orderly end would pass for a complete one.
    if (req.httpVersion === '1.0') req.socket.resetAndDestroy();
    else res.destroy();
  }

  /** The client's side is closed, for whatever reason: the end of every exchange. */
  #closed(): void {
    if (this.#accounted) return;
    this.#accounted = true;
    const { req, res } = this.#call;
    if (!this.#over && !res.writableFinished) this.#outcome = 'client_closed';
    this.#teardown();
    account(this.#parts, this.#call, {
      wire: this.#wire, method: req.method ?? '', status: res.headersSent ? res.statusCode : 0, outcome: this.#outcome, code: this.#code, retried: this.#retried, durationMs: performance.now() - this.#startedAt,
      requestBytes: this.#traffic.requestBytes, responseBytes: this.#traffic.responseBytes, firstByteMs: this.#firstByteMs, filterMs: this.#watch.ms, notes: this.#notes,
    });
    this.#parts.ended(this, this.#call.entry.token);
  }

  /** Takes everything apart that is not yet at its end. May be called at any moment, any number of times. */
  #teardown(): void {
    this.#over = true;
    this.#upload.stop();
    this.#download?.stop();
    const { req } = this.#call;
    const up = this.#up;
    // Complete both ways: its connection has gone back to the agent.
    if (up !== undefined && !(up.writableFinished && this.#upRes?.complete === true)) up.destroy();
    for (const transform of this.#transforms) if (!transform.destroyed) transform.destroy();
    if (!req.complete && !req.destroyed) req.resume();
  }
}
