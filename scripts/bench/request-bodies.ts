/** Request bodies of an exact length in the shape of Anthropic's messages API: https://docs.anthropic.com/en/api/messages */
import { filePath, outputText, proseText, sourceText } from './agent-text.ts';
import { BASE62, HEX, createRandom, type Random } from './random.ts';

const SEED = 20_261_101;
const TOOLS = [
  { name: 'Bash', description: 'Runs a command in a shell and returns what it printed.', input_schema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'] } },
  { name: 'Read', description: 'Reads a file of the project.', input_schema: { type: 'object', properties: { file_path: { type: 'string' }, limit: { type: 'integer' } }, required: ['file_path'] } },
];
/** Below this a body has no tools and no earlier turns: it stands for a count_tokens or title request. */
const SMALL_BODY_BYTES = 8 * 1024;

/** An invented credential in the shape of a GitHub token, made here so that none stands in a file. */
export const PLANTED_SECRET = `ghp_${createRandom(SEED).text(BASE62, 36)}`;

/** Ends every text, so that the load can make texts new without another body. */
const STAMP = '[run aaaaaaaa]';
const STAMP_LETTERS_AT = '[run '.length;
const STAMP_LETTERS = 8;
const LETTERS = 26;

/** Where in a request the letters of its stamps are, in order. */
export function stampsOf(request: Buffer): number[] {
  const places: number[] = [];
  for (let at = request.indexOf(STAMP); at !== -1; at = request.indexOf(STAMP, at + STAMP.length)) places.push(at + STAMP_LETTERS_AT);
  return places;
}

/** Writes a number's letters over a stamp's. */
export function writeStamp(request: Buffer, at: number, number: number): void {
  let rest = number;
  for (let i = STAMP_LETTERS - 1; i >= 0; i--) {
    request[at + i] = 0x61 + (rest % LETTERS);
    rest = Math.floor(rest / LETTERS);
  }
}

const stamped = (text: string): string => `${text} ${STAMP}`;

function turn(random: Random): unknown[] {
  const id = `toolu_${random.text(HEX, 24)}`;
  const reads = random.below(2) === 0;
  const input = reads ? { file_path: filePath(random), limit: random.below(2000) } : { command: `git diff --stat && npm test -- ${filePath(random)}` };
  return [
    { role: 'assistant', content: [{ type: 'text', text: stamped(proseText(random)) }, { type: 'tool_use', id, name: reads ? 'Read' : 'Bash', input }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: stamped(reads ? sourceText(random) : outputText(random)) }, { type: 'text', text: stamped(proseText(random)) }] },
  ];
}

/** The sizes in use are few, and making ten megabytes takes longer than measuring them. */
const made = new Map<string, Buffer>();

/**
 * A body of exactly `bytes` bytes (512 at least), the same for the same arguments.
 *
 * @param secrets how many times PLANTED_SECRET stands in it, spread over the turns.
 */
export function requestBody(bytes: number, secrets = 0): Buffer {
  const key = `${bytes} ${secrets}`;
  let body = made.get(key);
  if (!body) made.set(key, (body = makeBody(bytes, secrets)));
  return body;
}

function makeBody(bytes: number, secrets: number): Buffer {
  const random = createRandom(SEED + bytes);
  const small = bytes < SMALL_BODY_BYTES;
  const head = JSON.stringify({
    model: 'claude-sonnet-4-5',
    max_tokens: 32_000,
    stream: true,
    system: [{ type: 'text', text: small ? 'You answer in one word.' : `You are a coding agent.\n${proseText(random)}` }],
    ...(small ? {} : { tools: TOOLS }),
  });
  const parts: string[] = [];
  // The end of the body is the last user turn, whose text is cut to reach the length.
  const open = '{"role":"user","content":"';
  const close = ` ${STAMP}"}]}`;
  let length = Buffer.byteLength(head) - 1 + Buffer.byteLength(',"messages":[') + open.length + close.length;
  let planted = 0;
  while (!small) {
    const due = secrets > 0 && planted < secrets && length >= (planted * bytes) / secrets;
    const messages = turn(random);
    if (due) messages.push({ role: 'user', content: [{ type: 'text', text: `export GITHUB_TOKEN=${PLANTED_SECRET}` }] });
    const text = `${messages.map((message) => JSON.stringify(message)).join(',')},`;
    const textBytes = Buffer.byteLength(text);
    if (length + textBytes > bytes) break;
    if (due) planted++;
    parts.push(text);
    length += textBytes;
  }
  const body = `${head.slice(0, -1)},"messages":[${parts.join('')}${open}${lastText(random, bytes - length)}${close}`;
  const result = Buffer.from(body);
  if (result.length !== bytes) throw new Error(`a body of ${result.length} bytes was made instead of ${bytes}`);
  return result;
}

/** JSON string content of exactly `bytes` bytes. */
function lastText(random: Random, bytes: number): string {
  if (bytes < 0) throw new Error('the body is too small for its frame');
  let text = '';
  let length = 0;
  for (;;) {
    const piece = JSON.stringify(`${proseText(random)}\n${sourceText(random)}`).slice(1, -1);
    const pieceBytes = Buffer.byteLength(piece);
    if (length + pieceBytes > bytes) {
      for (const character of piece) {
        // Cut before an escape or a character that would not fit whole.
        const size = Buffer.byteLength(character);
        if (character === '\\' || length + size > bytes) break;
        text += character;
        length += size;
      }
      return text + '.'.repeat(bytes - length);
    }
    text += piece;
    length += pieceBytes;
  }
}
