// What tests read out of the Markdown pages that users read.

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  /** The heading that it stands below. */
  readonly heading: string;
}

export interface Page {
  /** Level and text. */
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  readonly blocks: readonly CodeBlock[];
  /** Rows of cells, the head first and without the row of dashes; code keeps its marks. */
  readonly tables: readonly (readonly (readonly string[])[])[];
  /** Targets of links, in their order. */
  readonly links: readonly string[];
}

/** Reads the plain Markdown of this project: fenced code without indentation, tables with bars at both ends. */
export function readPage(markdown: string): Page {
  const headings: { level: number; text: string }[] = [];
  const blocks: CodeBlock[] = [];
  const tables: string[][][] = [];
  const links: string[] = [];
  let fence: { language: string; lines: string[] } | undefined;
  let table: string[][] | undefined;
  for (const line of markdown.split(/\r?\n/)) {
    if (fence !== undefined) {
      if (line === '```') {
        blocks.push({ language: fence.language, text: fence.lines.join('\n'), heading: headings.at(-1)?.text ?? '' });
        fence = undefined;
      } else {
        fence.lines.push(line);
      }
      continue;
    }
    const opening = /^```(\w*)$/.exec(line);
    if (opening) fence = { language: opening[1] ?? '', lines: [] };
    const heading = /^(#+) (.+)$/.exec(line);
    if (heading) headings.push({ level: (heading[1] ?? '').length, text: heading[2] ?? '' });
    if (line.startsWith('|')) {
      if (table === undefined) tables.push((table = []));
      const cells = line.slice(1, line.lastIndexOf('|')).split('|').map((cell) => cell.trim());
      if (!cells.every((cell) => /^:?-+:?$/.test(cell))) table.push(cells);
    } else {
      table = undefined;
    }
    for (const [, target = '', plain = ''] of line.matchAll(/\]\(([^)\s]+)\)|<(https?:[^>\s]+)>/g)) links.push(target || plain);
  }
  if (fence !== undefined) throw new Error('a fence of code does not end');
  return { headings, blocks, tables, links };
}

/** Code spans of a text, without their marks. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** A shell block without comments and what they were set apart by. */
export function withoutComments(text: string): string {
  return text.replaceAll(/[ \t]*(?:^|[ \t])#.*$/gm, '').trim();
}
