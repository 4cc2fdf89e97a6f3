// What people write: the environment, the token file, the rules file, files of secrets. No message repeats a secret.
import assert from 'node:assert/strict';
import { ConfigError, readConfig, SETTING_NAMES } from '../../../src/config.ts';
import { UserRulesError } from '../../../src/detect/checked-fields.ts';
import { RULES } from '../../../src/detect/rules/index.ts';
import { isSecretValue, parseSecretFile, SecretFileError } from '../../../src/detect/secret-files.ts';
import { GUARD_TOPICS } from '../../../src/guards/rule-topics.ts';
import { parseRulesFile } from '../../../src/guards/rules-file.ts';
import { parseDocument, parseTable, printDocument } from '../../../src/tokens/table.ts';
import { orDeclared, type FuzzTarget } from '../target.ts';
import { mutated, textOf, valueOf } from '../texts.ts';

const CANARY = 'Canary4711Secret';

const config: FuzzTarget = {
  name: 'config',
  run(dice) {
    const value = (): string => dice.pick(['', '0', '1', '-1', '65536', '127.0.0.1', '0.0.0.0', '::1', '[::1]', 'http://p:1', 'high', 'json', 'a,b', '10.0.0.0/8', '9'.repeat(20), ' ', textOf(dice)]);
    const env: Record<string, string> = {};
    for (let count = dice.below(7); count > 0; count--) env[dice.pick(SETTING_NAMES)] = value();
    if (dice.chance(0.5)) env['AEGIS_GATEWAY_KEY'] = CANARY;
    if (dice.chance(0.3)) env[dice.pick(['AEGIS_UPSTREAM_PROXY', 'HTTPS_PROXY', 'http_proxy'])] = `${dice.pick(['http', 'socks5', ''])}://u:${CANARY}@${dice.pick(['h:1', '', 'h:99999'])}`;
    if (dice.chance(0.2)) env[`AEGIS_${textOf(dice)}`] = CANARY;
    try {
      const read = readConfig(env);
      assert.ok(Object.isFrozen(read) && read.port >= 0 && read.port <= 65535);
    } catch (error) {
      assert.ok(error instanceof ConfigError, String(error));
      assert.ok(error.problems.length > 0 && !error.message.includes(CANARY), error.message);
    }
  },
};

/** @throws AssertionError for an error that is not a plain one, or that repeats the canary. */
function assertPlain(error: unknown): void {
  assert.ok(error instanceof Error && (error.constructor === Error || error instanceof UserRulesError || error instanceof SecretFileError), String(error));
  assert.ok(!error.message.includes(CANARY), error.message);
}

const tokenFile: FuzzTarget = {
  name: 'token-file',
  run(dice) {
    const entry = (): unknown => (dice.chance(0.8) ? { upstream_base: dice.pick(['https://h.example/v1', `ftp://${CANARY}`, textOf(dice), 7]), ...(dice.chance(0.3) ? { mode: dice.pick(['full', 'redact', CANARY]) } : {}), ...(dice.chance(0.3) ? { level: dice.pick(['low', CANARY, 1]) } : {}), ...(dice.chance(0.3) ? { note: dice.pick([textOf(dice), 1]) } : {}) } : valueOf(dice, 1));
    const tokens = Object.fromEntries(Array.from({ length: dice.below(5) }, () => [dice.pick(['Ab3k9Qx7', CANARY, `${CANARY}__x`, '__proto__', 'constructor', textOf(dice)]), entry()]));
    const bytes = Buffer.from(JSON.stringify({ tokens, ...(dice.chance(0.3) ? { more: valueOf(dice, 2) } : {}) }, null, dice.pick([0, 2])));
    const text = (dice.chance(0.5) ? mutated(dice, bytes) : bytes).toString('utf8');
    try {
      const document = parseDocument(text);
      const table = parseTable(document);
      const printed = printDocument(document);
      assert.deepEqual([...parseTable(parseDocument(printed))], [...table], 'what is written is what was read');
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      assertPlain(error);
    }
  },
};

const TOPICS_OF_RULES = new Map([...RULES.map((rule) => [rule.id, rule.class] as const), ...GUARD_TOPICS]);
/** Pieces of patterns, good and bad: nested repetition, open brackets, look-behinds. */
const PATTERN_PIECES = ['acme', '-', '[0-9]', '[a-z]', '{8}', '{1,40}', '{1,99999}', '+', '*', '?', '(', ')', '(?:', '|', '.', '\\d', '\\b', '^', '$', '[', '\\', '(?=', '(?<=', '\\1', 'é', '(a+)+', '(?:a|aa)+', 'x{2,}'];

const rulesFile: FuzzTarget = {
  name: 'rules-file',
  run(dice) {
    const pattern = (): string => (dice.chance(0.3) ? CANARY : '') + dice.join(PATTERN_PIECES, 1, 6);
    const rule = (): unknown => ({ id: dice.pick(['acme-key', 'x', 'A b', CANARY]), pattern: pattern(), matches: dice.pick([['acme-12345678'], [textOf(dice)], [], [CANARY]]), ignores: dice.pick([[], ['acme'], 5]), ...(dice.chance(0.3) ? { keywords: dice.pick([['acme'], [CANARY], ['']]) } : {}), ...(dice.chance(0.2) ? { flags: dice.pick(['i', 'gg', 'u']) } : {}), ...(dice.chance(0.1) ? { [dice.pick(['kind', 'class', 'more', CANARY])]: dice.pick(['x', 'personal', CANARY]) } : {}) });
    const exceptions = (): Record<string, unknown> => ({ ...(dice.chance(0.5) ? { allow: [dice.pick([CANARY, { pattern: pattern() }, 5, '', { [CANARY]: 1 }])] } : {}), ...(dice.chance(0.3) ? { disable: [dice.pick(['iban', CANARY, 'no-such'])] } : {}), ...(dice.chance(0.3) ? { policy: dice.pick([{ injection: 'flag' }, { [CANARY]: 'off' }, { command: CANARY }, [], { iban: 'block' }]) } : {}), ...(dice.chance(0.3) ? { allow_hosts: [dice.pick(['a.example', `https://${CANARY}`, '*.x', ''])] } : {}) });
    const value: unknown = dice.chance(0.1) ? valueOf(dice) : { ...exceptions(), ...(dice.chance(0.6) ? { rules: Array.from({ length: dice.below(3) }, rule) } : {}), ...(dice.chance(0.3) ? { tokens: { [CANARY]: exceptions() } } : {}), ...(dice.chance(0.1) ? { [dice.pick(['ruels', CANARY])]: [] } : {}) };
    try {
      const read = parseRulesFile(JSON.parse(JSON.stringify(value)), TOPICS_OF_RULES);
      read.allows(textOf(dice));
      read.forToken(CANARY).allowsHost('a.example');
    } catch (error) {
      assertPlain(error);
    }
  },
};

const secretFile: FuzzTarget = {
  name: 'secret-file',
  run(dice) {
    const line = (): string => dice.join(['export ', 'NAME', '=', '"', "'", '`', '#', ' #', CANARY, '\\n', '\\', '\n', '\r\n', ' ', '$X', textOf(dice)], 0, 9);
    const text = Array.from({ length: dice.below(8) }, line).join('\n');
    const values = orDeclared(() => parseSecretFile(text, 'secrets.env'), SecretFileError);
    for (const value of values ?? []) assert.ok(isSecretValue(value));
    assert.equal(new Set(values).size, values?.length ?? 0);
    try {
      parseSecretFile(`${text}\nX="${CANARY}`, 'secrets.env');
    } catch (error) {
      assertPlain(error);
    }
  },
};

export const SETTING_TARGETS: readonly FuzzTarget[] = [config, tokenFile, rulesFile, secretFile];
