// Every spelling of every address that no upstream may have: refused at registration, and once more by the connection.
import type { TestContext } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { GatewayError } from '../../src/errors.ts';
import { createUpstreamClient } from '../../src/http/upstream.ts';
import { parseUpstreamBase, type Upstream } from '../../src/http/upstream-url.ts';
import { startGateway } from '../support/gateway.ts';
import { within } from '../support/until.ts';
import { DENIED_OCTETS, HOST_SPELLINGS, LOCAL_OCTETS, URL_SPELLINGS } from './address-spellings.ts';
import { eachAtOnce, type Figures } from './figures.ts';

const AT_ONCE = 8;
/** IPv6 and names, which have no octets to be spelled. */
const OTHERS: readonly string[] = [
  '[::]', '[0:0:0:0:0:0:0:0]', '[::0000]', '[::0.0.0.0]', '[fe80::1]', '[FE80::1]', '[febf::1]', '[fe80:0000::0001]', '[fe80::1%25eth0]', '[fe80::1%eth0]', '[fec0::1]', '[ff02::1]', '[fd00:ec2::254]', '[fd00:0ec2:0::0254]', '[fd00:ec2::23]', '[fd20:ce::254]',
  'metadata.google.internal', 'METADATA.GOOGLE.INTERNAL', 'metadata.google.internal.', 'ｍetadata.google.internal', 'metadata。google。internal', 'metadata%2egoogle.internal', 'meta\u00addata.google.internal', 'metadata.goog', 'metadata', 'instance-data',
  'instance-data.ec2.internal',
];

interface Try {
  readonly what: string;
  readonly base: string;
  readonly denied: boolean;
}

function tries(everyUrl: boolean): Try[] {
  const found: Try[] = [];
  for (const [urlName, url] of Object.entries(URL_SPELLINGS)) {
    if (!everyUrl && urlName !== 'plain' && urlName !== 'backslashes') continue;
    for (const [hostName, host] of Object.entries(HOST_SPELLINGS)) {
      // Behind a short prefix zeros are as likely the rest of a longer one, and lead nowhere.
      for (const octets of DENIED_OCTETS) if (octets[0] !== 0 || !hostName.endsWith(' bits')) found.push({ what: `${octets.join('.')}, ${hostName}, ${urlName}`, base: url(host(octets)), denied: true });
      if (urlName === 'plain') for (const octets of LOCAL_OCTETS) found.push({ what: `${octets.join('.')}, ${hostName}`, base: url(host(octets)), denied: false });
    }
    for (const host of OTHERS) found.push({ what: `${host}, ${urlName}`, base: url(host), denied: true });
  }
  return found;
}

/** @param everyUrl also in every spelling of the URL around it. */
export async function runAddresses(t: TestContext, { everyUrl }: { readonly everyUrl: boolean }): Promise<Figures> {
  const faults: string[] = [];
  const gateway = await startGateway(t, { env: { AEGIS_LOG_LEVEL: 'error' } });
  const client = createUpstreamClient({ proxy: readConfig({}).proxy, connectTimeoutMs: 2_000 });
  t.after(() => client.close());
  const all = tries(everyUrl);
  let leaked = 0;
  await eachAtOnce(all.filter(({ denied }) => denied), AT_ONCE, async ({ what, base }) => {
    const { status, body } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
    const code = (body['error'] as Record<string, unknown> | undefined)?.['code'];
    if (status !== 400 || code !== 'invalid_upstream') {
      leaked++;
      faults.push(`${what}: register answered ${status} ${JSON.stringify(body)}`);
    }
    const upstream = parsed(base);
    if (upstream === undefined) return;
    const error = await within(`${base} to be refused`, attempt(client, upstream));
    if (error === 'EADDRDENIED') return;
    leaked++;
    faults.push(`${what}: the connection ended with ${error}`);
  });
  // What local models are reached by is not refused, but for what is no address of theirs at all.
  for (const { what, base, denied } of all) {
    if (denied || /superscript|NAT64|6to4|Teredo|ISATAP|translated|compatible/.test(what)) continue;
    const { status, body } = await gateway.admin('register', { upstream_base: base, gateway_key: 'agent' });
    if (status !== 200) faults.push(`${what}: register answered ${status} ${JSON.stringify(body)}`);
  }
  return { part: 'spellings of denied addresses', tried: all.length, lost: 0, leaked, faults };
}

function parsed(base: string): Upstream | undefined {
  try {
    return parseUpstreamBase(base);
  } catch (error) {
    if (error instanceof GatewayError) return undefined;
    throw error;
  }
}

function attempt(client: ReturnType<typeof createUpstreamClient>, upstream: Upstream): Promise<string> {
  return new Promise((resolve) => {
    const request = client.request(upstream, { method: 'GET', target: '/', rawHeaders: ['Host', upstream.hostHeader], fresh: true });
    request.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    request.once('response', () => resolve('a response'));
    request.end();
  });
}
