// Every fenced snippet of README and docs, taken out of the Markdown and executed, or read by what would read it. One that
// no kind below knows fails.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../../src/cli/index.ts';
import { readConfig } from '../../src/config.ts';
import type { Client, ClientWire, Snippet } from '../../src/connect/client.ts';
import { CLIENTS } from '../../src/connect/clients.ts';
import { EDITORS } from '../../src/connect/edit/editor.ts';
import { parseYaml } from '../../src/connect/edit/yaml-blocks.ts';
import { allFences, fencesIn, type Fence } from '../support/fences.ts';
import { openSnippetBench, type SnippetBench } from '../support/snippet-bench.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const skip = process.platform === 'win32' && 'the stand-ins are scripts for Unix';
const FENCES = allFences();

type Executed = 'executed' | `skipped: ${string}` | `read: ${string}`;

interface Kind {
  readonly name: string;
  fits(fence: Fence): boolean;
  run(fence: Fence, bench: SnippetBench): Promise<Executed> | Executed;
}

interface KnownSnippet {
  readonly client: Client;
  readonly snippet: Snippet;
}

const KNOWN: readonly KnownSnippet[] = CLIENTS.flatMap((client) => client.snippets('BASE').map((snippet) => ({ client, snippet })));
const knownAs = (fence: Fence): KnownSnippet | undefined => KNOWN.find(({ snippet }) => snippet.language === fence.language && snippet.text === fence.text);

const PATHS: Readonly<Record<ClientWire, readonly string[]>> = {
  anthropic: ['/messages', '/v1/messages'],
  openai: ['/chat/completions', '/v1/chat/completions', '/responses'],
  gemini: ['/v1beta/models/gemini-2.5-pro:generateContent'],
};

/** Sends what a client would to a base URL, and sees it arrive. */
async function assertReaches(base: string, wire: ClientWire, bench: SnippetBench): Promise<void> {
  for (const path of PATHS[wire]) {
    bench.asked();
    const response = await fetch(base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"model":"m","messages":[]}' });
    assert.equal(response.status, 200, `${base}${path}: ${await response.text()}`);
    assert.equal(bench.asked().length, 1, path);
  }
}

const commandsOf = (fence: Fence): readonly string[] => fence.text.replaceAll('\\\n', ' ').split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter((line) => line !== '');
const firstWords = (fence: Fence): readonly string[] => commandsOf(fence).flatMap((line) => line.split(/&&|\|\||;|\|/)).map((part) => part.trim().split(/\s+/)[0] ?? '');

/** The same for this bench: its gateway, a provider that needs no name service, no question, nothing but the loopback. */
function forBench(text: string, { base, gateway }: SnippetBench): string {
  return text
    .replace(/(?<![A-Z_])BASE(?![A-Z_])/g, base)
    .replaceAll('http://127.0.0.1:18080', gateway)
    .replace(/https:\/\/(?=[\w.-]+\.(?:com|ai|org)\b)/g, 'http://')
    .replace(/(aegisgate (?:connect|disconnect)\b[^\n|&;]*)/g, (call) => (/--write|disconnect/.test(call) ? `${call} --yes` : call))
    .replace(/(aegisgate doctor\b[^\n|&;]*)/g, '$1 --offline')
    .replace(/(aegisgate service (?:install|uninstall)\b[^\n|&;]*)/g, '$1 --dry-run')
    .replaceAll('…', 'invented');
}

async function runJavaScript(fence: Fence, { client, snippet }: KnownSnippet, bench: SnippetBench): Promise<Executed> {
  const [, name = ''] = /from '([^']+)'/.exec(fence.text) ?? [];
  const installed = ['tests/clients/node_modules', 'tests/clients/programs/node_modules'].map((folder) => join(root, folder)).find((folder) => existsSync(join(folder, name)));
  const folder = join(bench.home, `js-${client.id}-${snippet.wire}`);
  mkdirSync(folder);
  if (installed === undefined) {
    // A stand-in with the same names, so that at least the lines themselves are run.
    const path = join(folder, 'node_modules', name, 'index.mjs');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(join(dirname(path), 'package.json'), '{"exports":"./index.mjs"}');
    writeFileSync(path, 'class Client { constructor(options) { this.baseURL = options.baseURL; } }\nexport default Client;\nexport const createAnthropic = (options) => new Client(options);\nexport const createOpenAI = createAnthropic;\n');
  } else {
    symlinkSync(installed, join(folder, 'node_modules'));
  }
  const call = {
    'anthropic-sdk': 'await client.messages.create({ model: "m", max_tokens: 1, messages: [{ role: "user", content: "hi" }] });',
    'openai-sdk': 'await client.chat.completions.create({ model: "m", messages: [{ role: "user", content: "hi" }] });',
  }[client.id];
  const last = installed !== undefined && call !== undefined ? call : `console.log(${client.id === 'ai-sdk' ? `${snippet.wire}.baseURL ?? typeof ${snippet.wire}` : 'client.baseURL'});`;
  const path = join(folder, 'app.mjs');
  writeFileSync(path, `${forBench(fence.text, bench)}\n${last}\n`);
  bench.asked();
  const { code, out, err } = await bench.run(process.execPath, [path], { ANTHROPIC_API_KEY: 'invented', OPENAI_API_KEY: 'invented' });
  assert.equal(code, 0, err);
  if (last === call) assert.equal(bench.asked().length, 1, 'the SDK has reached the mock');
  else assert.ok(out.includes(bench.base) || out.includes('function'), out);
  return installed === undefined ? `read: with a stand-in, ${name} is not installed` : 'executed';
}

/** A file's snippet is read by the editor of its format, and where it leads is asked. */
async function readFile(fence: Fence, { client, snippet }: KnownSnippet, bench: SnippetBench): Promise<Executed> {
  const around = { env: {}, home: '~', platform: 'linux' } as const;
  const file = client.files.find((known) => known.places(around).includes(snippet.where));
  assert.ok(file, `${client.id} has no file ${snippet.where}`);
  const text = forBench(fence.text, bench);
  for (const { path, value } of file.settings(bench.base, snippet.wire, 'https://api.anthropic.com/v1')) {
    const found = EDITORS[file.format].readPath(text, path);
    assert.ok(found, JSON.stringify(path));
    if (typeof value !== 'object') assert.equal(found.value, value);
  }
  if (text.includes(bench.base)) await assertReaches(bench.base, snippet.wire, bench);
  return 'executed';
}

function pwsh(script: string, bench: SnippetBench): Promise<Executed> | Executed {
  if (spawnSync('pwsh', ['-Version']).status !== 0) return 'skipped: no pwsh';
  return bench.run('pwsh', ['-NoProfile', '-NonInteractive', '-Command', script]).then(({ code, err }) => {
    assert.equal(code, 0, err);
    return 'executed';
  });
}

const SHELL_WORDS = new Set(['claude', 'codex', 'opencode', 'gemini', 'qwen', 'export', 'node', 'aegisgate', 'curl']);

const KINDS: readonly Kind[] = [
  {
    name: 'a client\'s program',
    fits: (fence) => fence.language === 'js' && knownAs(fence) !== undefined,
    run: (fence, bench) => runJavaScript(fence, knownAs(fence) as KnownSnippet, bench),
  },
  {
    name: 'a client\'s file',
    fits: (fence) => {
      const known = knownAs(fence);
      return known !== undefined && known.client.files.length > 0 && known.snippet.where.startsWith('~');
    },
    run: (fence, bench) => readFile(fence, knownAs(fence) as KnownSnippet, bench),
  },
  {
    name: 'a form in a program',
    fits: (fence) => fence.language === 'text' && knownAs(fence) !== undefined,
    async run(fence, bench): Promise<Executed> {
      const { snippet } = knownAs(fence) as KnownSnippet;
      const [address = ''] = /http\S+/.exec(forBench(fence.text, bench)) ?? [];
      await assertReaches(address, snippet.wire, bench);
      return 'executed';
    },
  },
  {
    name: 'a registration by curl',
    fits: (fence) => fence.language === 'sh' && /^curl .*__gw__\/register/.test(fence.text),
    async run(fence, bench): Promise<Executed> {
      const { code, out, err } = await bench.sh(forBench(fence.text, bench));
      assert.equal(code, 0, err);
      const { baseUrl } = JSON.parse(out) as { baseUrl: string };
      await assertReaches(baseUrl, 'anthropic', bench);
      return 'executed';
    },
  },
  {
    name: 'PowerShell',
    fits: (fence) => fence.language === 'powershell' && (knownAs(fence) !== undefined || /^Invoke-RestMethod .*__gw__\/register/.test(fence.text)),
    run: (fence, bench) => pwsh(forBench(fence.text, bench), bench),
  },
  {
    name: 'work on the source',
    fits: (fence) => fence.language === 'sh' && firstWords(fence).every((word) => ['npm', 'git', 'cd', 'node', 'aegisgate'].includes(word)) && firstWords(fence).includes('npm'),
    run(fence) {
      const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
      for (const [, name = ''] of fence.text.matchAll(/npm run ([\w:-]+)/g)) assert.ok(scripts[name] !== undefined, `there is no npm run ${name}`);
      for (const [, name = ''] of fence.text.matchAll(/node dist\/([\w-]+)\.js/g)) assert.ok(existsSync(join(root, 'src', `${name}.ts`)), name);
      for (const [, name = ''] of fence.text.matchAll(/^aegisgate ([\w-]+)/gm)) assert.ok(COMMANDS.some((command) => command.name === name), `there is no aegisgate ${name}`);
      return 'read: installs and builds, which other tests do';
    },
  },
  {
    name: 'commands',
    fits: (fence) => fence.language === 'sh' && firstWords(fence).every((word) => SHELL_WORDS.has(word)),
    async run(fence, bench): Promise<Executed> {
      for (const [, name = ''] of fence.text.matchAll(/^aegisgate ([\w-]+)/gm)) assert.ok(COMMANDS.some((command) => command.name === name), `there is no aegisgate ${name}`);
      bench.asked();
      // Cline's entry is Cline's to make; a service's state is not this machine's.
      const script = forBench(fence.text, bench);
      const { code, out, err } = await bench.sh(script);
      const isMissing = /connect cline .*--write/.test(script) && /cline auth/.test(err);
      assert.ok(code === 0 || isMissing || (/aegisgate service/.test(script) && code === 1), `${script}: exit code ${code}\n${out}\n${err}`);
      if (/^(?:claude|gemini|qwen|codex|opencode|node app\.js|aegisgate run)\b/m.test(script)) assert.equal(bench.asked().length, 1, 'the client has reached the mock');
      return 'executed';
    },
  },
  {
    name: 'settings of the gateway',
    fits: (fence) => fence.language === 'sh' && commandsOf(fence).every((line) => /^AEGIS_[A-Z_]+=\S*$/.test(line)),
    run(fence) {
      const settings = Object.fromEntries(commandsOf(fence).map((line) => line.split(/=(.*)/s, 2) as [string, string]));
      assert.ok(readConfig(settings));
      return 'executed';
    },
  },
  {
    name: 'settings of other programs that other tests use',
    fits: ({ file, language }) => file === 'docs/scaling.md' && ['nginx', 'haproxy', 'yaml', 'text'].includes(language),
    run({ language }) {
      const user = language === 'nginx' || language === 'haproxy' ? 'tests/gateway/scaling.test.ts' : 'tests/gateway/kubernetes.test.ts';
      assert.match(readFileSync(join(root, user), 'utf8'), /docs\/scaling\.md/);
      return `read: ${user}`;
    },
  },
  {
    name: 'YAML of other programs',
    fits: ({ file, language }) => file === 'docs/metrics.md' && language === 'yaml',
    run(fence) {
      assert.ok(parseYaml(fence.text));
      return 'read: as YAML';
    },
  },
  {
    name: 'a rules file',
    fits: (fence) => fence.language === 'json' && /"(?:rules|policy)":/.test(fence.text),
    async run(fence, bench): Promise<Executed> {
      const path = join(bench.home, 'rules.json');
      writeFileSync(path, fence.text);
      const { code, err } = await bench.run('aegisgate', ['policy'], { AEGIS_RULES_PATH: path, PATH: `${join(bench.home, 'bin')}:/usr/bin:/bin` });
      assert.equal(code, 0, err);
      return 'executed';
    },
  },
  {
    name: 'an answer',
    fits: (fence) => fence.language === 'json' && /^\{"(?:token|type)":/.test(fence.text),
    async run(fence, bench): Promise<Executed> {
      const shown = JSON.parse(fence.text) as Record<string, unknown>;
      const call = 'token' in shown ? { url: `${bench.gateway}/__gw__/register`, body: { upstream_base: 'http://api.anthropic.com/v1', gateway_key: 'agent' } } : { url: `${bench.gateway}/v1/__gw__/t/none/messages`, body: {} };
      const response = await fetch(call.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(call.body) });
      const answer = (await response.json()) as Record<string, unknown>;
      for (const key of Object.keys(shown)) assert.ok(key in answer, `the gateway's answer has no ${key}`);
      return 'executed';
    },
  },
];

/** The same text in two languages is one. */
const DIFFERENT = [...new Map(FENCES.map((fence) => [`${fence.language}\n${fence.text}`, fence])).values()];

test('every snippet of README and docs is of a kind that is known', () => {
  assert.ok(FENCES.length > 40, `only ${FENCES.length} were found`);
  const unknown = FENCES.filter((fence) => !KINDS.some((kind) => kind.fits(fence)));
  assert.deepEqual(unknown.map(({ file, line, language, text }) => `${file}:${line} ${language} ${text.split('\n', 1)[0]}`), []);
});

test('a snippet that is not known is found, and a fence that does not end', () => {
  const [fence] = fencesIn('x.md', '# X\n\n  ```sh\n  sudo rm x\n  ```\n');
  assert.deepEqual(fence, { file: 'x.md', line: 3, language: 'sh', text: 'sudo rm x\n' });
  assert.ok(fence !== undefined && !KINDS.some((kind) => kind.fits(fence)));
  assert.throws(() => fencesIn('x.md', '```sh\nx\n'));
});

for (const client of CLIENTS) {
  test(`the page of ${client.id} shows what connect prints, all of it and nothing else`, () => {
    const file = `docs/clients/${client.id}.md`;
    const fences = FENCES.filter((fence) => fence.file === file);
    const shown = fences.filter((fence) => !commandsOf(fence).every((line) => line.startsWith('aegisgate ')));
    assert.deepEqual(shown.map(({ language, text }) => ({ language, text })), client.snippets('BASE').map(({ language, text }) => ({ language, text })));
    const commands = fences.flatMap(commandsOf).filter((line) => line.startsWith('aegisgate '));
    assert.ok(commands.some((line) => line.startsWith(`aegisgate connect ${client.id}`)), 'it says how to connect');
    assert.equal(commands.some((line) => line.startsWith(`aegisgate run ${client.id}`)), client.launch !== undefined, 'it says how to run, where that can be');
    const page = readFileSync(join(root, file), 'utf8');
    for (const heading of ['## Where the setting is', '## By hand', '## What was seen to work', '## What can\'t work']) assert.ok(page.includes(`\n${heading}\n`), heading);
    assert.ok(readFileSync(join(root, 'docs/clients/README.md'), 'utf8').includes(`(${client.id}.md)`), 'the list has it');
  });
}

test('every snippet does what it is there for', { skip }, async (t: TestContext) => {
  const bench = await openSnippetBench(t);
  const counts = new Map<string, number>();
  for (const fence of DIFFERENT) {
    const kind = KINDS.find((known) => known.fits(fence));
    if (kind === undefined) continue;
    let outcome: Executed;
    try {
      outcome = await kind.run(fence, bench);
    } catch (error) {
      throw new Error(`${fence.file}:${fence.line} (${kind.name}): ${(error as Error).message}`, { cause: error });
    }
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  for (const [outcome, count] of counts) t.diagnostic(`${count} ${outcome}`);
  assert.ok((counts.get('executed') ?? 0) > 25);
});
