/**
 * Text as coding agents send it: sources, diffs, tool output, lockfile lines and prose in English and Chinese.
 * Nothing in it is a secret, but much of it comes near: hashes, ids, long base64, times, `key` and `token` as plain
 * words. That is what a filter meets all day, and a benchmark of `xxxx` would flatter it.
 */
import { BASE64, HEX, type Random } from './random.ts';

const NAMES = ['request', 'session', 'buffer', 'offset', 'parser', 'cache', 'worker', 'index', 'token', 'key', 'handler', 'config', 'retry', 'stream'] as const;
const VERBS = ['read', 'write', 'parse', 'merge', 'find', 'close', 'flush', 'load', 'count', 'split'] as const;
const TYPES = ['string', 'number', 'Buffer', 'Map<string, number>', 'Promise<void>', 'readonly string[]'] as const;
const FOLDERS = ['src', 'lib', 'tests', 'internal/server', 'packages/core/src', '文档'] as const;
const ENDINGS = ['ts', 'py', 'go', 'md', 'json', 'sql'] as const;
const ENGLISH = [
  'The failing test waits for a second event that never comes, because the stream is closed first.',
  'I will look at how the parser treats an empty line, then change the loop.',
  'Could you also keep the old name as an alias? Other packages still import it.',
  'That explains the 3% of slow requests: every one of them opens a connection of its own.',
  'Done. All 148 tests pass; the two that were skipped need a database.',
] as const;
const CHINESE = [
  '先看一下解析器怎么处理空行,再修改循环里的判断条件。',
  '这个函数在并发的时候会重复关闭连接,需要加一个状态标记。',
  '测试已经全部通过,其中两个因为没有数据库而跳过。',
  '请保留旧的接口名称,其他模块还在使用它。',
  '日志里显示超时发生在第三次重试之后,密钥轮换和这个问题没有关系。',
] as const;

function camel(random: Random): string {
  const second = random.pick(NAMES);
  return `${random.pick(VERBS)}${second.charAt(0).toUpperCase()}${second.slice(1)}`;
}

export function filePath(random: Random): string {
  return `${random.pick(FOLDERS)}/${random.pick(NAMES)}-${random.pick(VERBS)}.${random.pick(ENDINGS)}`;
}

export function sentence(random: Random): string {
  return random.below(3) === 0 ? random.pick(CHINESE) : random.pick(ENGLISH);
}

function codeLine(random: Random): string {
  const name = random.pick(NAMES);
  switch (random.below(9)) {
    case 0: return `export function ${camel(random)}(${name}: ${random.pick(TYPES)}, limit = ${random.below(4096)}): ${random.pick(TYPES)} {`;
    case 1: return `\tconst ${name} = ${camel(random)}("${random.pick(NAMES)}", { ${random.pick(NAMES)}: ${random.below(100)} });`;
    case 2: return `\tif (${name}.length > ${random.below(512)} && !${random.pick(NAMES)}.has(${name})) {`;
    case 3: return `\t\tthrow new Error(\`${name} \${${name}.id}: expected "${random.pick(NAMES)}" at line ${random.below(900)}\`);`;
    case 4: return `\t\treturn ${name}.replace(/\\s+"([^"]*)"/g, '\\n$1');`;
    case 5: return `\t// ${sentence(random)}`;
    case 6: return `\t\tprocess.env.${name.toUpperCase()}_PATH ?? path.join(root, '${filePath(random)}'),`;
    case 7: return '\t}';
    default: return `\tfor (let i = 0; i < ${name}.length; i++) total += ${name}[i] * 0.${random.below(1000)};`;
  }
}

function uuid(random: Random): string {
  const part = (length: number): string => random.text(HEX, length);
  return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(12)}`;
}

function outputLine(random: Random): string {
  switch (random.below(8)) {
    case 0: return `2026-11-0${1 + random.below(9)}T1${random.below(10)}:${10 + random.below(50)}:${10 + random.below(50)}.${100 + random.below(900)}Z INFO ${random.pick(NAMES)} request_id=${uuid(random)} took ${random.below(900)}ms`;
    case 1: return `commit ${random.text(HEX, 40)}`;
    case 2: return `      "integrity": "sha512-${random.text(BASE64, 86)}=="`;
    case 3: return `@@ -${random.below(400)},7 +${random.below(400)},9 @@ ${camel(random)}`;
    case 4: return `+${codeLine(random)}`;
    case 5: return `-${codeLine(random)}`;
    case 6: return `${filePath(random)}:${random.below(900)}:${random.below(80)}: warning: unused ${random.pick(NAMES)}`;
    default: return `  ✓ ${random.pick(VERBS)}s the ${random.pick(NAMES)} after a ${random.pick(NAMES)} (${random.below(50)} ms)`;
  }
}

function lines(line: (random: Random) => string, random: Random, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) text += `${line(random)}\n`;
  return text;
}

/** A source file or a part of one. */
export function sourceText(random: Random): string {
  return lines(codeLine, random, 20 + random.below(60));
}

/** What a command printed. */
export function outputText(random: Random): string {
  return lines(outputLine, random, 5 + random.below(30));
}

/** A few sentences. */
export function proseText(random: Random): string {
  return Array.from({ length: 1 + random.below(4) }, () => sentence(random)).join(' ');
}
