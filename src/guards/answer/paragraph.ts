/**
 * Where a text can be cut so that what belongs together stays together: behind a blank line, and behind a fenced code
 * block, within which blank lines do not count.
 *
 * CommonMark 0.31, "Fenced code blocks": three or more backticks or tildes, indented by at most three spaces, closed
 * by at least as many of the same. https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const BLANK = /^[ \t\r]*$/;
/** A longer line is neither blank nor a fence for us. */
const LINE_MAX_CHARS = 512;

/** Finds the ends of paragraphs in a text that grows. */
export class Paragraphs {
  /** Where the line begins that is not finished. */
  #line = 0;
  #fence = '';

  /** The end of the last paragraph that is complete in `text`; 0 without one. Lines seen before are not read again. */
  end(text: string): number {
    let found = 0;
    for (;;) {
      const lineEnd = text.indexOf('\n', this.#line);
      if (lineEnd < 0) return found;
      const line = lineEnd - this.#line > LINE_MAX_CHARS ? 'x' : text.slice(this.#line, lineEnd);
      this.#line = lineEnd + 1;
      if (this.#endsParagraph(line)) found = this.#line;
    }
  }

  /** The first `chars` of the text have gone. */
  forget(chars: number): void {
    this.#line = Math.max(0, this.#line - chars);
  }

  #endsParagraph(line: string): boolean {
    const fence = FENCE.exec(line)?.[1] ?? '';
    if (this.#fence === '') {
      this.#fence = fence;
      return fence === '' && BLANK.test(line);
    }
    const closes = fence !== '' && fence[0] === this.#fence[0] && fence.length >= this.#fence.length && BLANK.test(line.slice(line.indexOf(fence) + fence.length));
    if (closes) this.#fence = '';
    return closes;
  }
}
