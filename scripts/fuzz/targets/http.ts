// Pure functions over headers, targets, URLs and addresses.
import assert from 'node:assert/strict';
import { GatewayError } from '../../../src/errors.ts';
import { isDeniedAddress, isDeniedHost } from '../../../src/http/address-guard.ts';
import { parseAddressList, plainAddress } from '../../../src/http/address-list.ts';
import { requestHeaders, responseHeaders, trailerPairs } from '../../../src/http/headers.ts';
import { canonicalHost, parseHostList, splitHostPort } from '../../../src/http/host-list.ts';
import { leavesPrefix, parseUpstreamBase, upstreamTarget } from '../../../src/http/upstream-url.ts';
import { route, splitTarget } from '../../../src/router.ts';
import { parseTokenSegment, isToken } from '../../../src/tokens/token.ts';
import { wireOf } from '../../../src/wire/endpoint.ts';
import { orDeclared, type Dice, type FuzzTarget } from '../target.ts';
import { textOf } from '../texts.ts';

const HOP_BY_HOP = ['Connection', 'Keep-Alive', 'Proxy-Connection', 'Proxy-Authorization', 'Proxy-Authenticate', 'TE', 'Transfer-Encoding', 'Upgrade', 'Trailer'];
const NAMES = [...HOP_BY_HOP, 'Host', 'Content-Length', 'Content-Type', 'Content-Encoding', 'Accept-Encoding', 'Expect', 'Authorization', 'x-api-key', 'X-Aegis-Mode', 'x-a', 'X', 'Cookie', 'anthropic-beta'];

function caseOf(dice: Dice, name: string): string {
  return dice.pick([name, name.toLowerCase(), name.toUpperCase()]);
}

const headers: FuzzTarget = {
  name: 'headers',
  run(dice) {
    const raw = Array.from({ length: dice.below(12) }, () => [caseOf(dice, dice.pick(NAMES)), dice.pick(['keep-alive', 'close, x-a', 'X-API-KEY', 'host, content-length', 'chunked', '7', '', 'gzip', ', ,x-a ,', textOf(dice)])]).flat();
    const named = new Set<string>();
    for (let i = 0; i < raw.length; i += 2) if (raw[i]?.toLowerCase() === 'connection') for (const name of (raw[i + 1] ?? '').split(',')) named.add(name.trim().toLowerCase());
    for (const name of ['host', 'content-length', 'content-type', 'content-encoding']) named.delete(name);
    const framing = dice.pick([{ kind: 'none' }, { kind: 'length', bytes: 7 }, { kind: 'chunked' }] as const);
    const plan = { host: 'upstream.example', framing, identity: dice.chance(0.5), decoded: dice.chance(0.5) };
    const up = requestHeaders(raw, plan);
    const down = responseHeaders(raw, { length: dice.pick(['keep', 'omit', 5] as const), decoded: plan.decoded, trailers: dice.chance(0.5), added: ['x-aegis-request-id', 'r'] });
    for (const [way, out] of [['up', up], ['down', down]] as const) {
      assert.equal(out.length % 2, 0);
      for (let i = 0; i < out.length; i += 2) {
        const name = out[i]?.toLowerCase() ?? '';
        const own = way === 'up' && (name === 'host' || name === 'content-length' || name === 'transfer-encoding' || (name === 'accept-encoding' && plan.identity));
        if (own || name === 'trailer' || (way === 'down' && i === out.length - 2)) continue;
        assert.ok(!HOP_BY_HOP.some((hop) => hop.toLowerCase() === name), `${name} went ${way}`);
        assert.ok(!named.has(name), `${name}, which Connection names, went ${way}`);
        if (way === 'up') assert.ok(!name.startsWith('x-aegis-'), name);
      }
    }
    const count = (name: string): number => up.filter((text, i) => i % 2 === 0 && text.toLowerCase() === name).length;
    assert.equal(count('host'), 1);
    assert.equal(count('content-length'), framing.kind === 'length' ? 1 : 0);
    assert.equal(count('transfer-encoding'), framing.kind === 'chunked' ? 1 : 0);
    for (const [name] of trailerPairs(raw)) assert.ok(!/^(?:connection|te|host|content-length|transfer-encoding|x-aegis-.*)$/i.test(name));
  },
};

const PATH_PIECES = ['/', '/', '/', '.', '..', '%2e', '%2E', '%252e', '%2f', '%5c', '\\', ';', '%3b', 'v1', 'v1beta', 'messages', 'a', '?', '&', '=', '#', '%', '%00', 'é', ' ', '//', 'chat/completions', ':generateContent', '@', 'http://', 'http://h', 'x.example:8080'];

const targets: FuzzTarget = {
  name: 'targets',
  run(dice) {
    const upstream = parseUpstreamBase(dice.pick(['http://h.example', 'https://h.example/v1', 'http://h.example:8080/a/v1beta', 'https://h.example/deep/er']));
    const rest = dice.chance(0.9) ? `/${dice.join(PATH_PIECES, 0, 9)}` : '';
    const query = dice.chance(0.5) ? `?${dice.join(PATH_PIECES, 0, 5)}` : '';
    const target = upstreamTarget(upstream, rest, query);
    assert.ok(target.endsWith(rest + query), 'the client\'s bytes are kept');
    assert.ok(target.startsWith(upstream.pathAboveVersion ?? upstream.path), 'and stand below the base');
    wireOf(rest);
    // As a browser, and as most servers, would read it; backslashes too.
    const path = rest.split(/[?#]/)[0] ?? '';
    // Node's parser refuses a target with white space or control characters in it; the URL class takes them off.
    const url = /^[!-~\u0080-\uffff]*$/.test(path) && URL.canParse(`http://h/base/deeper${path}`) ? new URL(`http://h/base/deeper${path}`) : undefined;
    if (url !== undefined && !url.pathname.startsWith('/base/deeper') && path.startsWith('/')) assert.ok(leavesPrefix(path), `${JSON.stringify(path)} climbs to ${url.pathname}`);
    const token = dice.pick(['Ab3k9Qx7', 'a__redact', 'a__passthrough', 'a__x', '__', '', 'a_b', textOf(dice)]);
    const rawUrl = dice.pick([`/v1/__gw__/t/${token}${rest}${query}`, `http://h${rest}`, rest, `/${token}`, textOf(dice), '*']);
    const { path: inner } = splitTarget(rawUrl);
    const found = orDeclared(() => route(dice.pick(['GET', 'POST', 'HEAD', 'X']), inner), GatewayError);
    if (found?.kind === 'forward' || found?.kind === 'probe') {
      const { token: named, mode, rest: tail, query: asked } = found;
      assert.equal(`/v1/__gw__/t/${named}${mode === undefined ? '' : `__${mode}`}${tail}${asked}`, inner, 'no byte of a target is lost');
      assert.ok(!leavesPrefix(tail));
    }
    orDeclared(() => parseTokenSegment(token), GatewayError);
    assert.ok(!isToken(token) || /^[\w-]+$/.test(token));
  },
};

const HOST_PIECES = ['example', '.', 'com', '127.0.0.1', '169.254.169.254', '[', ']', '::', ':', 'ffff', '1', 'a9fe', '%eth0', '/', '8', '8080', '99999', '*.', ',', ' ', '@', 'u:p@', '０', 'é', 'xn--', '0x7f', '%31', '#', '?', '\\', 'http://', 'https://', 'ftp://', '\u0000', '..'];

const hosts: FuzzTarget = {
  name: 'hosts',
  run(dice) {
    const text = dice.join(HOST_PIECES, 0, 8);
    const upstream = orDeclared(() => parseUpstreamBase(dice.pick(['', 'http://', 'https://h/']) + text), GatewayError);
    if (upstream !== undefined) {
      const again = parseUpstreamBase(upstream.base);
      assert.deepEqual(again, upstream, 'the normal form is its own');
      assert.ok(!/[?#\s]/.test(upstream.base) && !upstream.hostHeader.includes('@'), upstream.base);
      assert.equal(isDeniedHost(upstream.hostname), isDeniedHost(`${upstream.hostname}.`), 'a dot at the end changes nothing');
    }
    const host = splitHostPort(text);
    if (host !== undefined) {
      assert.ok(host.port === undefined || (host.port >= 0 && host.port <= 65535));
      // The zone of an address is free text.
      if (!host.hostname.includes('%')) assert.equal(canonicalHost(host.hostname), host.hostname);
    }
    plainAddress(text);
    isDeniedAddress(text);
    // Their callers hand the message on, so any plain Error is declared; a TypeError or RangeError is none.
    for (const parse of [parseHostList, parseAddressList]) {
      try {
        parse(text).has('127.0.0.1', 80);
      } catch (error) {
        assert.equal((error as Error).constructor, Error, String(error));
      }
    }
    assert.ok(isDeniedAddress(spelled(dice, dice.pick([[169, 254, 169, 254], [0, 0, 0, 0], [100, 100, 100, 200], [224, 1, 2, 3]]))), 'a denied address, however it is spelled');
  },
};

/** An IPv4 address in one of the ways to write it that net.connect takes. */
function spelled(dice: Dice, [a = 0, b = 0, c = 0, d = 0]: readonly number[]): string {
  const hex = (high: number, low: number): string => dice.pick([(value: string) => value, (value: string) => value.padStart(4, '0'), (value: string) => value.toUpperCase()])(((high << 8) | low).toString(16));
  const dotted = `${a}.${b}.${c}.${d}`;
  const groups = `${hex(a, b)}:${hex(c, d)}`;
  const zone = dice.chance(0.2) ? '%1' : '';
  return dice.pick([dotted, `::ffff:${dotted}${zone}`, `::ffff:${groups}${zone}`, `0:0:0:0:0:ffff:${groups}`, `0000:0000::FFFF:${dotted}`, `64:ff9b::${groups}`, `64:ff9b::${dotted}`, `2002:${groups}::${dice.below(9)}`, `::ffff:0:${groups}`]);
}

export const HTTP_TARGETS: readonly FuzzTarget[] = [headers, targets, hosts];
