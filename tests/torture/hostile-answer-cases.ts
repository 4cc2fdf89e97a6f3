// Answers that are none, or whose end two readers may see in different places, each with what is to become of it.

export interface HostileAnswer {
  readonly what: string;
  /** What the upstream writes, as latin1. */
  readonly bytes: string;
  /** Whether the upstream closes its side behind it; left open where not said. */
  readonly closes?: true;
  readonly method?: 'GET' | 'HEAD';
  /**
   * `refused`: the client gets a 502. `never whole`: a 502 or a break. Otherwise the status and body that the client
   * gets: what is there is one answer, whatever stands behind it.
   */
  readonly verdict: 'refused' | 'never whole' | { readonly status: number; readonly body: string };
}

/** A whole answer that nobody has asked for: it must not become anybody's. */
const STOLEN = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen';

const STATUS_LINES: readonly string[] = [
  'HTTP/2.0 200 OK', 'HTTP/3 200 OK', 'HTTP/0.9 200 OK', 'HTTP/1.2 200 OK', 'HTTP/1.10 200 OK', 'HTTP/1 200 OK', 'HTTP/1.1200 OK', 'HTTP/1.1\t200 OK', 'HTTP 200 OK', 'HTTP/ 1.1 200 OK', 'http/1.1 200 OK',
  'ICY 200 OK', 'SIP/2.0 200 OK', '200 OK', 'OK', '', 'HTTP/1.1 20 OK', 'HTTP/1.1 2 OK', 'HTTP/1.1 2000 OK', 'HTTP/1.1 -20 OK', 'HTTP/1.1 +20 OK', 'HTTP/1.1 0xC8 OK', 'HTTP/1.1 2OO OK',
  'HTTP/1.1 099 Odd', 'HTTP/1.1 000 Odd', 'HTTP/1.1 OK 200', 'HTTP/1.1 200 O\x00K', 'HTTP/1.1 200 O\rK', 'HTTP/1.1 200\x00', 'HTTP/1.1 200 \x1b[2J', 'HTTP/1.1 200 \x7f', '\x00HTTP/1.1 200 OK', ' HTTP/1.1 200 OK', '<html>', '{"error":"no"}',
  'GET / HTTP/1.1', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket', 'HTTP/1.1 101 Switching Protocols',
];

const HEADER_LINES: readonly string[] = [
  'nonsense', ': x', ' : x', 'x : y', 'x\t: y', 'x y: z', 'x\x00: y', 'x: \x00', 'x: y\x00z', 'x: a\rb', 'x: a\nb: c', 'x: a\r\r\nb: c', '\x0bx: y', '(x): y', '"x": y', 'x@y: z', '\xe9: y',
  'x: a\x01b', 'x: \x7f', 'x: \x1b[2J', 'Content-Length : 6', 'Content-Length\x0b: 6',
];

const CODINGS: readonly string[] = [
  'Transfer-Encoding: gzip, chunked', 'Transfer-Encoding: identity, chunked', 'Transfer-Encoding: chunked, chunked', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: x\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunkedx', 'Transfer-Encoding: identity', 'Transfer-Encoding: gzip', 'Transfer-Encoding: chunked, identity', 'Transfer-Encoding: chunked, gzip', 'Transfer-Encoding:',
  'Transfer-Encoding: "chunked"', 'Transfer-Encoding: chunked;q=1', 'Transfer-Encoding: ,chunked', 'Transfer-Encoding: chunked,', 'Transfer-Encoding: \x0bchunked',
  'Content-Length: 5\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 5', 'Content-Length: 0\r\nTransfer-Encoding: chunked', 'Transfer-Encoding: chunked\r\nContent-Length: 10',
];

const LENGTHS: readonly string[] = [
  '5, 5', '5,5', '5, 6', '5\r\nContent-Length: 5', '5\r\nContent-Length: 6', '+5', '-5', '-0', '0x5', '5.0', '5e0', '5 5', '5;', '5,', '"5"', 'five', '5h', '\x0b5', '5\x0b', '5\x00', '', ' ', '18446744073709551616',
  '18446744073709551621', '99999999999999999999999999999999', '\xd9\xa5',
];

const CHUNKS: readonly (readonly [what: string, body: string])[] = [
  ['a size in words', 'five\r\nhello\r\n0\r\n\r\n'],
  ['a size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
  ['a size with a plus', '+5\r\nhello\r\n0\r\n\r\n'],
  ['a size with a minus', '-5\r\nhello\r\n0\r\n\r\n'],
  ['a space before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
  ['a NUL behind the size', '5\x00\r\nhello\r\n0\r\n\r\n'],
  ['no size', '\r\nhello\r\n0\r\n\r\n'],
  ['a size beyond 64 bits', '10000000000000005\r\nhello\r\n0\r\n\r\n'],
  ['a size ended by LF', '5\nhello\r\n0\r\n\r\n'],
  ['a size ended by CR', '5\rhello\r\n0\r\n\r\n'],
  ['an LF in an extension', '5;x\ny\r\nhello\r\n0\r\n\r\n'],
  ['a chunk longer than its size', '3\r\nhello\r\n0\r\n\r\n'],
  ['a chunk shorter than its size', '7\r\nhello\r\n0\r\n\r\n'],
  ['a chunk ended by LF', '5\r\nhello\n0\r\n\r\n'],
  ['a chunk without an end', '5\r\nhello0\r\n\r\n'],
  ['a last chunk ended by LF', '5\r\nhello\r\n0\n\n'],
  ['a bad second chunk', '5\r\nhello\r\nzz\r\n'],
  ['a trailer without a colon', '5\r\nhello\r\n0\r\nnonsense\r\n\r\n'],
  ['a length as a trailer', '5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n'],
  ['a trailer with a NUL', '5\r\nhello\r\n0\r\nx: \x00\r\n\r\n'],
  ['extensions without end', `5;${'x=y;'.repeat(50_000)}\r\nhello\r\n0\r\n\r\n`],
  ['trailers without end', `5\r\nhello\r\n0\r\n${`x: ${'y'.repeat(100)}\r\n`.repeat(4_000)}\r\n`],
  ['no end', '5\r\nhello\r\n'],
  ['no chunks', ''],
];

const head = (lines: string, status = '200 OK'): string => `HTTP/1.1 ${status}\r\n${lines}\r\n\r\n`;
const refused = (what: string, bytes: string): HostileAnswer => ({ what, bytes, closes: true, verdict: 'refused' });
const neverWhole = (what: string, bytes: string): HostileAnswer => ({ what, bytes, closes: true, verdict: 'never whole' });
const passes = (what: string, bytes: string, status: number, body: string, more: Pick<HostileAnswer, 'closes' | 'method'> = {}): HostileAnswer => ({ what, bytes, verdict: { status, body }, ...more });
const hints = (count: number): string => 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(count);

export const HOSTILE_ANSWERS: readonly HostileAnswer[] = [
  ...STATUS_LINES.map((line) => refused(`status line ${JSON.stringify(line)}`, `${line}\r\nContent-Length: 6\r\n\r\nstolen`)),
  ...HEADER_LINES.map((line) => refused(`header ${JSON.stringify(line)}`, `${head(`Content-Length: 6\r\n${line}`)}stolen`)),
  refused('lines that end with LF', 'HTTP/1.1 200 OK\nContent-Length: 6\n\nstolen'),
  refused('a status line that ends with LF', 'HTTP/1.1 200 OK\nContent-Length: 6\r\n\r\nstolen'),
  refused('a header that ends with LF', 'HTTP/1.1 200 OK\r\nContent-Length: 6\n\r\nstolen'),
  refused('a head that ends with LF', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\nstolen'),
  ...CODINGS.map((lines) => refused(JSON.stringify(lines), `${head(lines)}5\r\nhello\r\n0\r\n\r\n`)),
  refused('chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
  ...LENGTHS.map((value) => refused(`length ${JSON.stringify(value)}`, `${head(`Content-Length: ${value}`)}hello`)),
  ...CHUNKS.map(([what, body]) => neverWhole(`chunks: ${what}`, `${head('Transfer-Encoding: chunked')}${body}`)),
  neverWhole('a body shorter than its length', `${head('Content-Length: 6')}hello`),
  neverWhole('no body though a length', head('Content-Length: 6')),
  refused('a header larger than the limit', `${head(`x: ${'y'.repeat(200_000)}\r\nContent-Length: 6`)}stolen`),
  refused('more headers than the limit', `${head(`${`x: ${'y'.repeat(100)}\r\n`.repeat(3_000)}Content-Length: 6`)}stolen`),
  refused('a reason longer than the limit', `HTTP/1.1 200 ${'O'.repeat(300_000)}K\r\nContent-Length: 6\r\n\r\nstolen`),
  refused('an interim response with a fault', `HTTP/1.1 103 Early Hints\r\nx: a\rb\r\n\r\n${STOLEN}`),
  refused('an interim response with a NUL in its reason', `HTTP/1.1 103 Early\x00Hints\r\n\r\n${STOLEN}`),
  refused('only interim responses', hints(3)),
  refused('interim responses beyond count', `${hints(30_000)}${STOLEN}`),
  refused('interim responses beyond count, all of them 100', `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(30_000)}${STOLEN}`),
  // One answer, whatever else there is.
  passes('a hundred interim responses', `${hints(100)}${head('Content-Length: 5')}hello`, 200, 'hello'),
  passes('a hundred leaves to go on', `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)}${head('Content-Length: 5')}hello`, 200, 'hello'),
  passes('another answer behind it', `${head('Content-Length: 5')}hello${STOLEN}`, 200, 'hello'),
  passes('another answer behind the last chunk', `${head('Transfer-Encoding: chunked')}5\r\nhello\r\n0\r\n\r\n${STOLEN}`, 200, 'hello'),
  passes('half an answer behind it', `${head('Content-Length: 5')}hello${STOLEN.slice(0, 30)}`, 200, 'hello'),
  passes('ten answers behind it', `${head('Content-Length: 5')}hello${STOLEN.repeat(10)}`, 200, 'hello'),
  passes('an interim response behind it', `${head('Content-Length: 5')}hello${hints(1)}`, 200, 'hello'),
  passes('a body longer than its length', `${head('Content-Length: 5')}hello, world`, 200, 'hello'),
  passes('a line behind it', `${head('Content-Length: 5')}hello\r\n`, 200, 'hello'),
  passes('a NUL behind it', `${head('Content-Length: 5')}hello\x00`, 200, 'hello'),
  passes('a body behind 204', `${head('x: y', '204 No Content')}${STOLEN}`, 204, ''),
  passes('a length and a body behind 204', `${head('Content-Length: 6', '204 No Content')}stolen`, 204, ''),
  passes('chunks behind 204', `${head('Transfer-Encoding: chunked', '204 No Content')}6\r\nstolen\r\n0\r\n\r\n`, 204, ''),
  passes('a body behind 304', `${head('Content-Length: 6', '304 Not Modified')}stolen`, 304, ''),
  passes('a body behind the answer to HEAD', `${head('Content-Length: 6')}stolen`, 200, '', { method: 'HEAD' }),
  passes('an answer behind the answer to HEAD', `${head('Content-Length: 5')}${STOLEN}`, 200, '', { method: 'HEAD' }),
  passes('a status that nobody knows', `${head('Content-Length: 5', '799 Odd')}hello`, 799, 'hello'),
  passes('an error of its own', `${head('Content-Length: 5', '503 Busy')}hello`, 503, 'hello'),
  // Node's parser takes RTSP's name for HTTP's and does not tell: read as HTTP/1.0, it is one answer all the same.
  passes('RTSP', 'RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', 200, 'hello'),
  passes('no reason', 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello', 200, 'hello'),
  passes('a redirect', `${head('Location: http://169.254.169.254/\r\nContent-Length: 5', '302 Found')}hello`, 302, 'hello'),
  passes('zeros before the length', `${head('Content-Length: 0000000005')}hello`, 200, 'hello'),
  passes('an extension', `${head('Transfer-Encoding: chunked')}5;x="y"\r\nhello\r\n0;z\r\n\r\n`, 200, 'hello'),
  passes('2,000 headers', `${head(`${'x: y\r\n'.repeat(2_000)}Content-Length: 5`)}hello`, 200, 'hello'),
  passes('no framing, and the end of the connection', `${head('x: y')}hello`, 200, 'hello', { closes: true }),
  passes('close, and more behind it', `${head('Connection: close\r\nContent-Length: 5')}hello${STOLEN}`, 200, 'hello'),
];
