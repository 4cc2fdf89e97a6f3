// Requests whose end two readers may see in different places, or that are no requests at all. Each is written out with
// what RFC 9112 makes of it: refused, with the connection closed, or taken as the one request that it is.

/** A request that would be run by a reader who sees the end of the one around it too early. */
export interface Places {
  /** A target on the token's route, this case's own. */
  readonly target: string;
  /** A whole request to another target of the same token. */
  readonly hidden: string;
}

export interface SmugglingCase {
  readonly what: string;
  /** All that the client sends, as latin1. */
  text(places: Places): string;
  /** `refused`: an error envelope, the connection closed, nothing upstream. Otherwise the body that goes upstream. */
  readonly verdict: 'refused' | { readonly body: (places: Places) => string };
}

/** A request with these header lines, whatever their faults, and the hidden request behind a body that both readers could see the end of. */
function withHead(lines: string, body: (places: Places) => string, method = 'POST', version = 'HTTP/1.1'): SmugglingCase['text'] {
  return (places) => `${method} ${places.target} ${version}\r\nHost: localhost\r\n${lines}\r\n\r\n${body(places)}`;
}

const hiddenBehindLastChunk = ({ hidden }: Places): string => `0\r\n\r\n${hidden}`;
const hiddenInFive = ({ hidden }: Places): string => `hello${hidden}`;

/** Header lines that make the framing ambiguous or faulty: with chunks in the body. */
const FAULTY_CODINGS: readonly (readonly [what: string, lines: string])[] = [
  ['CL.TE', 'Content-Length: 6\r\nTransfer-Encoding: chunked'],
  ['TE.CL', 'Transfer-Encoding: chunked\r\nContent-Length: 5'],
  ['CL.TE, the length 0', 'Content-Length: 0\r\nTransfer-Encoding: chunked'],
  ['CL.TE, in capitals', 'CONTENT-LENGTH: 6\r\nTRANSFER-ENCODING: CHUNKED'],
  ['CL.TE, the coding obfuscated by x', 'Content-Length: 6\r\nTransfer-Encoding: xchunked'],
  ['CL.TE, the coding on a line of its own', 'Content-Length: 6\r\nTransfer-Encoding:\r\n chunked'],
  ['TE.TE, chunked and identity', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity'],
  ['TE.TE, identity and chunked', 'Transfer-Encoding: identity\r\nTransfer-Encoding: chunked'],
  ['TE.TE, chunked and x', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: x'],
  ['TE.TE, x and chunked', 'Transfer-Encoding: x\r\nTransfer-Encoding: chunked'],
  ['TE.TE, chunked twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'],
  ['chunked, chunked', 'Transfer-Encoding: chunked, chunked'],
  ['identity, chunked', 'Transfer-Encoding: identity, chunked'],
  ['chunked, identity', 'Transfer-Encoding: chunked, identity'],
  ['gzip, chunked', 'Transfer-Encoding: gzip, chunked'],
  ['chunked, gzip', 'Transfer-Encoding: chunked, gzip'],
  ['identity', 'Transfer-Encoding: identity'],
  ['gzip', 'Transfer-Encoding: gzip'],
  ['a comma behind', 'Transfer-Encoding: chunked,'],
  ['a comma before', 'Transfer-Encoding: ,chunked'],
  ['a parameter', 'Transfer-Encoding: chunked;q=1'],
  ['quotes', 'Transfer-Encoding: "chunked"'],
  ['single quotes', 'Transfer-Encoding: \'chunked\''],
  ['an empty coding', 'Transfer-Encoding:'],
  ['a space within', 'Transfer-Encoding: chun ked'],
  ['a vertical tab before', 'Transfer-Encoding: \x0bchunked'],
  ['a vertical tab behind', 'Transfer-Encoding: chunked\x0b'],
  ['a form feed before', 'Transfer-Encoding: \x0cchunked'],
  ['a NUL behind', 'Transfer-Encoding: chunked\x00'],
  ['a no-break space behind', 'Transfer-Encoding: chunked\xa0'],
  ['a DEL behind', 'Transfer-Encoding: chunked\x7f'],
  ['a CR within', 'Transfer-Encoding: chu\rnked'],
  ['a space before the colon', 'Transfer-Encoding : chunked'],
  ['a tab before the colon', 'Transfer-Encoding\t: chunked'],
  ['a NUL in the name', 'Transfer-Encoding\x00: chunked'],
  ['a NUL before the name', '\x00Transfer-Encoding: chunked'],
  ['a vertical tab before the name', '\x0bTransfer-Encoding: chunked'],
  ['a byte order mark before the name', '\xef\xbb\xbfTransfer-Encoding: chunked'],
  ['a folded coding', 'Transfer-Encoding: chunked\r\n foo'],
  ['a folded coding, begun empty', 'Transfer-Encoding:\r\n\tchunked'],
  ['a bare LF before it', 'Content-Length: 6\r\nX: y\nTransfer-Encoding: chunked'],
  ['a bare CR before it', 'Content-Length: 6\r\nX: y\rTransfer-Encoding: chunked'],
  ['LF CR before it', 'Content-Length: 6\r\nX: y\n\rTransfer-Encoding: chunked'],
  ['a bare LF behind', 'Transfer-Encoding: chunked\nX: y'],
];

/** Values of Content-Length that are none, or that another reader may read differently. The body begins with "hello". */
const FAULTY_LENGTHS: readonly string[] = [
  '5, 5', '5,5', '5, 6', '5\r\nContent-Length: 5', '5\r\nContent-Length: 6', '6\r\ncontent-length: 5', '+5', '-5', '-0', '+0', '0x5', '0x05', '5.0', '5e0', '5 5', '1 0', '5;', '5,', ',5', '5_0', '_5',
  '"5"', '\'5\'', 'five', '5h', 'h5', '\x0b5', '5\x0b', '5\x00', '\x005', '5\x0c', '\xd9\xa5', '\xef\xbc\x95', '', ' ', '5\r', '\r5', '5\n', '5\r\n 0', '\r\n 5', '18446744073709551616', '18446744073709551621',
  '99999999999999999999999999999999', `${'0'.repeat(20)}x`,
];

/** Names that are nearly Content-Length's: no field names, so that the whole head is none. */
const FAULTY_NAMES: readonly string[] = ['Content-Length ', 'Content-Length\t', 'Content Length', 'Content-Length\x00', 'Content-Length\x0b', 'Content-Length\r', '(Content-Length)', 'Content-Length:', '"Content-Length"', 'Content\xadLength', '', ' ', '@'];

/** Chunked bodies with a fault, the hidden request behind. */
const FAULTY_CHUNKS: readonly (readonly [what: string, body: string])[] = [
  ['a size in decimal words', 'five\r\nhello\r\n0\r\n\r\n'],
  ['a size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
  ['a size with a plus', '+5\r\nhello\r\n0\r\n\r\n'],
  ['a size with a minus', '-5\r\nhello\r\n0\r\n\r\n'],
  ['a space before the size', ' 5\r\nhello\r\n0\r\n\r\n'],
  ['a tab before the size', '\t5\r\nhello\r\n0\r\n\r\n'],
  ['a tab behind the size', '5\t\r\nhello\r\n0\r\n\r\n'],
  ['a NUL behind the size', '5\x00\r\nhello\r\n0\r\n\r\n'],
  ['an underscore in the size', '0_5\r\nhello\r\n0\r\n\r\n'],
  ['a comma behind the size', '5,\r\nhello\r\n0\r\n\r\n'],
  ['no size', '\r\nhello\r\n0\r\n\r\n'],
  ['only an extension', ';x=1\r\nhello\r\n0\r\n\r\n'],
  ['a size beyond 64 bits', '10000000000000005\r\nhello\r\n0\r\n\r\n'],
  ['a size far beyond 64 bits', 'ffffffffffffffffffffffff\r\nhello\r\n0\r\n\r\n'],
  ['a size ended by LF', '5\nhello\r\n0\r\n\r\n'],
  ['a size ended by CR', '5\rhello\r\n0\r\n\r\n'],
  ['a size ended by CR CR LF', '5\r\r\nhello\r\n0\r\n\r\n'],
  ['an LF in an extension', '5;x\ny\r\nhello\r\n0\r\n\r\n'],
  ['a bare LF as an extension', '5;\nhello\r\n0\r\n\r\n'],
  ['a CR in an extension', '5;x\ry\r\nhello\r\n0\r\n\r\n'],
  ['a NUL in an extension', '5;x=\x00\r\nhello\r\n0\r\n\r\n'],
  ['a chunk longer than its size', '3\r\nhello\r\n0\r\n\r\n'],
  ['a chunk shorter than its size', '7\r\nhello\r\n0\r\n\r\n'],
  ['a chunk ended by LF', '5\r\nhello\n0\r\n\r\n'],
  ['a chunk ended by CR', '5\r\nhello\r0\r\n\r\n'],
  ['a chunk without an end', '5\r\nhello0\r\n\r\n'],
  ['a last chunk ended by LF', '5\r\nhello\r\n0\n\n'],
  ['a last chunk ended by CR LF LF', '5\r\nhello\r\n0\r\n\n'],
  ['a length as a trailer', '5\r\nhello\r\n0\r\nContent-Length: 99\r\n\r\n'],
  ['a coding as a trailer', '5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['a trailer without a colon', '5\r\nhello\r\n0\r\nnonsense\r\n\r\n'],
  ['a trailer with a space before the colon', '5\r\nhello\r\n0\r\nx : y\r\n\r\n'],
  ['a trailer ended by LF', '5\r\nhello\r\n0\r\nx: y\n\r\n'],
  ['a trailer with a NUL', '5\r\nhello\r\n0\r\nx: \x00\r\n\r\n'],
  ['extensions without end', `5;${'x=y;'.repeat(10_000)}\r\nhello\r\n0\r\n\r\n`],
  ['trailers without end', `5\r\nhello\r\n0\r\n${'x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(4_000)}\r\n`],
];

/** Request lines that are none, or that ask for what a gateway does not do. */
const FAULTY_LINES: readonly (readonly [what: string, line: (target: string) => string])[] = [
  ['HTTP/0.9', (target) => `GET ${target}`],
  ['HTTP/0.9 by name', (target) => `GET ${target} HTTP/0.9`],
  ['HTTP/1.2', (target) => `GET ${target} HTTP/1.2`],
  ['HTTP/1.10', (target) => `GET ${target} HTTP/1.10`],
  ['HTTP/01.1', (target) => `GET ${target} HTTP/01.1`],
  ['HTTP/1.1.1', (target) => `GET ${target} HTTP/1.1.1`],
  ['HTTP/1', (target) => `GET ${target} HTTP/1`],
  ['HTTP/2.0', (target) => `GET ${target} HTTP/2.0`],
  ['http in small letters', (target) => `GET ${target} http/1.1`],
  ['another protocol', (target) => `GET ${target} ICY/1.1`],
  ['a tab behind the method', (target) => `GET\t${target} HTTP/1.1`],
  ['a tab behind the target', (target) => `GET ${target}\tHTTP/1.1`],
  ['a space before the method', (target) => ` GET ${target} HTTP/1.1`],
  ['a space behind the version', (target) => `GET ${target} HTTP/1.1 `],
  ['a NUL in the target', (target) => `GET ${target}\x00 HTTP/1.1`],
  ['a CR in the target', (target) => `GET ${target}\r HTTP/1.1`],
  ['a line feed in the target', (target) => `GET ${target}\n HTTP/1.1`],
  ['a method in small letters', (target) => `get ${target} HTTP/1.1`],
  ['a method that nobody knows', (target) => `SMUGGLE ${target} HTTP/1.1`],
  ['no method', (target) => `${target} HTTP/1.1`],
  ['no target', () => 'GET HTTP/1.1'],
  ['a line ended by LF', (target) => `GET ${target} HTTP/1.1\nX: y`],
  ['a line ended by CR', (target) => `GET ${target} HTTP/1.1\rX: y`],
  ['the HTTP/2 preface', () => 'PRI * HTTP/2.0'],
  ['RTSP', (target) => `DESCRIBE rtsp://localhost${target} RTSP/1.0`],
];

function refused(what: string, text: SmugglingCase['text']): SmugglingCase {
  return { what, text, verdict: 'refused' };
}

function taken(what: string, text: SmugglingCase['text'], body: (places: Places) => string): SmugglingCase {
  return { what, text, verdict: { body } };
}

/** A chunk that holds the hidden request. */
const hiddenAsChunk = ({ hidden }: Places): string => `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
const onlyHidden = ({ hidden }: Places): string => hidden;
const nothing = (): string => '';

/** Header lines that are odd and yet leave no doubt: the hidden request is the body. */
const ODD_CODINGS: readonly (readonly [what: string, lines: string])[] = [
  ['a coding in capitals', 'TRANSFER-ENCODING: CHUNKED'],
  ['a coding without a space', 'Transfer-Encoding:chunked'],
  ['a coding with spaces around', 'Transfer-Encoding:    chunked   '],
  ['a coding with a tab before', 'Transfer-Encoding:\tchunked'],
  ['a coding that Connection names', 'Connection: transfer-encoding\r\nTransfer-Encoding: chunked'],
  ['an offer of trailers', 'TE: trailers\r\nConnection: TE\r\nTransfer-Encoding: chunked'],
  ['h2c', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nTransfer-Encoding: chunked'],
];

const ODD_LENGTHS: readonly (readonly [what: string, lines: (length: number) => string])[] = [
  ['a length with spaces around', (length) => `Content-Length:   ${length}   `],
  ['a length with a tab before', (length) => `Content-Length:\t${length}`],
  ['a length without a space', (length) => `Content-Length:${length}`],
  ['a length in capitals', (length) => `CONTENT-LENGTH: ${length}`],
  ['a length that Connection names', (length) => `Connection: content-length\r\nContent-Length: ${length}`],
  ['a host that Connection names', (length) => `Connection: host, close\r\nContent-Length: ${length}`],
  ['a coding with an underscore', (length) => `Transfer_Encoding: chunked\r\nContent-Length: ${length}`],
  ['a coding of another name', (length) => `X-Transfer-Encoding: chunked\r\nContent-Length: ${length}`],
  ['a length of another name', (length) => `X-Content-Length: 0\r\nContent_Length: 0\r\nContent-Length: ${length}`],
  ['an expectation that nobody knows', (length) => `Expect: y 100-continue\r\nContent-Length: ${length}`],
  ['h2c', (length) => `Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nContent-Length: ${length}`],
  ['TLS by upgrade', (length) => `Connection: Upgrade\r\nUpgrade: TLS/1.0\r\nContent-Length: ${length}`],
  ['a target elsewhere in X-Original-URL', (length) => `X-Original-URL: /admin\r\nX-Rewrite-URL: /admin\r\nContent-Length: ${length}`],
];

/** Chunked bodies that are odd and yet leave no doubt: "hello". */
const ODD_CHUNKS: readonly (readonly [what: string, body: string])[] = [
  ['zeros before the size', '0000005\r\nhello\r\n0\r\n\r\n'],
  ['an extension', '5;x=y\r\nhello\r\n0\r\n\r\n'],
  ['an extension in quotes', '5;x="y;z"\r\nhello\r\n0;last\r\n\r\n'],
  ['many extensions', `5${';x=y'.repeat(200)}\r\nhello\r\n0\r\n\r\n`],
  ['one byte a chunk', '1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n'],
  ['a last chunk of many zeros', '5\r\nhello\r\n0000\r\n\r\n'],
  ['trailers', '5\r\nhello\r\n0\r\nx: y\r\nz: \xe9\r\n\r\n'],
  ['a Host and hop-by-hop fields as trailers', '5\r\nhello\r\n0\r\nHost: evil.example\r\nConnection: close\r\nTE: trailers\r\n\r\n'],
];

export const SMUGGLING_CASES: readonly SmugglingCase[] = [
  ...FAULTY_CODINGS.map(([what, lines]) => refused(`coding: ${what}`, withHead(lines, hiddenBehindLastChunk))),
  ...FAULTY_CODINGS.slice(0, 8).map(([what, lines]) => refused(`coding with GET: ${what}`, withHead(lines, hiddenBehindLastChunk, 'GET'))),
  refused('coding: chunked in HTTP/1.0', withHead('Transfer-Encoding: chunked', hiddenBehindLastChunk, 'POST', 'HTTP/1.0')),
  refused('coding: chunked in HTTP/1.0, kept alive', withHead('Connection: keep-alive\r\nTransfer-Encoding: chunked', hiddenBehindLastChunk, 'POST', 'HTTP/1.0')),
  ...FAULTY_LENGTHS.map((value) => refused(`length: ${JSON.stringify(value.slice(0, 40))}`, withHead(`Content-Length: ${value}`, hiddenInFive))),
  ...FAULTY_NAMES.map((name) => refused(`name: ${JSON.stringify(name)}`, withHead(`${name}: 5`, hiddenInFive))),
  refused('a folded field before the first', ({ target, hidden }) => `POST ${target} HTTP/1.1\r\n Content-Length: 5\r\nHost: localhost\r\n\r\nhello${hidden}`),
  ...['\x01', '\x1b[2J', '\x7f', '\x00', '\x0b'].map((text) => refused(`a field with ${JSON.stringify(text)}`, withHead(`X: a${text}b\r\nContent-Length: 5`, hiddenInFive))),
  refused('a line that begins with a space', withHead('X: y\r\n Content-Length: 5', hiddenInFive)),
  refused('a line that begins with a tab', withHead('X: y\r\n\tContent-Length: 5', hiddenInFive)),
  ...FAULTY_CHUNKS.map(([what, body]) => refused(`chunks: ${what}`, withHead('Transfer-Encoding: chunked', ({ hidden }) => `${body}${hidden}`))),
  ...FAULTY_LINES.map(([what, line]) => refused(`line: ${what}`, ({ target, hidden }) => `${line(target)}\r\nHost: localhost\r\n\r\n${hidden}`)),
  ...ODD_CODINGS.map(([what, lines]) => taken(what, withHead(lines, hiddenAsChunk), onlyHidden)),
  ...ODD_LENGTHS.map(([what, lines]) => taken(what, (places) => withHead(lines(places.hidden.length), onlyHidden)(places), onlyHidden)),
  ...['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'TRACE'].map((method) =>
    taken(`${method} with a body`, (places) => withHead(`Content-Length: ${places.hidden.length}`, onlyHidden, method)(places), onlyHidden)),
  ...['GET', 'HEAD', 'DELETE', 'OPTIONS'].map((method) => taken(`${method} with chunks`, withHead('Transfer-Encoding: chunked', hiddenAsChunk, method), onlyHidden)),
  ...ODD_CHUNKS.map(([what, body]) => taken(`chunks: ${what}`, withHead('Transfer-Encoding: chunked', () => body), () => 'hello')),
  taken('empty lines before the request', ({ target }) => `\r\n\r\nGET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`, nothing),
  taken('two spaces behind the target', ({ target }) => `GET ${target}  HTTP/1.1\r\nHost: localhost\r\n\r\n`, nothing),
  taken('an absolute target', ({ target }) => `GET http://localhost${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`, nothing),
  taken('a length of 0, written long', withHead(`Content-Length: ${'0'.repeat(12)}`, nothing), nothing),
];
