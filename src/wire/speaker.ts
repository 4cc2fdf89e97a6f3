/**
 * Whose words a string of a request is, told by the keys above it and by the `role` beside them: the user's own turn, or
 * text that came from elsewhere (tool results, documents, retrieved text), which may hold instructions of a stranger.
 *
 * Anthropic Messages: `messages[].content`; whatever lies under a block's `content`, `source` or `title` is a result or a
 * document. https://platform.claude.com/docs/en/api/messages
 * Chat Completions: `messages[]` of role `tool` or `function`. https://platform.openai.com/docs/api-reference/chat/create
 * Responses: `input[].output` and `.results`. https://platform.openai.com/docs/api-reference/responses/create
 * The Codex CLI declares its tools in `input[]` (`additional_tools`, role `developer`): those are the operator's.
 * Gemini: `contents[].parts[].functionResponse`. https://ai.google.dev/api/generate-content
 */
import type { ObjectPath } from '../json/key-path.ts';

/** `none`: the assistant's own words, the operator's, or nobody's. */
export type Speaker = 'untrusted' | 'user' | 'none';

/** Keys that hold the turns. Batches wrap a request once or twice (`requests[].params`, `body`). */
const TURNS = new Set(['messages', 'input', 'contents']);
const MOST_WRAPPERS = 3;
/** Under a turn of Anthropic's or Chat's: strings of a block's own. */
const BLOCK_TEXT = new Set(['text']);
/** Under a content block: what came from elsewhere. */
const BLOCK_SOURCES = new Set(['content', 'source', 'title', 'context', 'search_results']);
/** Under an item of a Responses request. */
const ITEM_SOURCES = new Set(['output', 'results', 'outputs', 'tools']);
/** What a server said of its tools (`mcp_list_tools`), and what the program itself declares in a turn of the developer's. */
const ITEM_TOOLS = 'tools';
const PART_SOURCES = new Set(['functionResponse', 'function_response', 'codeExecutionResult', 'code_execution_result', 'toolResponse']);
const USER_ROLES = new Set(['user', 'human']);
const OTHER_ROLES = new Set(['assistant', 'model', 'system', 'developer']);
const ROLE_MAX_CHARS = 32;

/** The roles of one request, as they are read. */
export class Speakers {
  /** The role read last, and the turn it belongs to. */
  #role = '';
  #turn = 0;
  #reading = '';

  /** A string that may be a turn's role, or a piece of it. */
  role(path: ObjectPath, bytes: Buffer, start: number, end: number, last: boolean): void {
    if (this.#reading.length <= ROLE_MAX_CHARS) this.#reading += bytes.toString('latin1', start, Math.min(end, start + ROLE_MAX_CHARS));
    if (!last) return;
    const level = turnsAt(path);
    if (level >= 0 && path.depth === level + 2) {
      this.#role = this.#reading;
      this.#turn = path.objectAt(level + 1);
    }
    this.#reading = '';
  }

  of(path: ObjectPath): Speaker {
    const level = turnsAt(path);
    if (level < 0) return 'none';
    const { depth } = path;
    const below = depth - 1 - level;
    const turns = path.at(below);
    // `input` may be one text: the user's.
    if (below === 0) return turns === 'input' ? 'user' : 'none';
    const first = path.at(below - 1) ?? '';
    const second = path.at(below - 2) ?? '';
    if (turns === 'contents') {
      if (first !== 'parts') return 'none';
      if (PART_SOURCES.has(second)) return 'untrusted';
      return second === 'text' && below === 2 ? this.#byRole(path, level, 'user') : 'none';
    }
    if (turns === 'input' && ITEM_SOURCES.has(first)) return first === ITEM_TOOLS ? this.#byRole(path, level, 'untrusted') : 'untrusted';
    if (first === 'text' && below === 1) return turns === 'input' ? 'user' : 'none';
    if (first !== 'content') return 'none';
    if (below === 1 || (below === 2 && BLOCK_TEXT.has(second))) return this.#byRole(path, level, 'untrusted');
    return BLOCK_SOURCES.has(second) ? 'untrusted' : 'none';
  }

  /** The words of a turn itself. Where its role comes only after them, they are not taken for the user's. */
  #byRole(path: ObjectPath, level: number, unknown: Speaker): Speaker {
    if (path.objectAt(level + 1) !== this.#turn || this.#role === '') return unknown;
    if (USER_ROLES.has(this.#role)) return 'user';
    return OTHER_ROLES.has(this.#role) ? 'none' : 'untrusted';
  }
}

/** How many keys lead to the one that holds the turns; -1 outside of them. */
function turnsAt(path: ObjectPath): number {
  const { depth } = path;
  for (let level = 0; level < depth && level <= MOST_WRAPPERS; level++) {
    if (TURNS.has(path.at(depth - 1 - level) ?? '')) return level;
  }
  return -1;
}
