// The matrix of real programs: how it is written, and where in the page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { BEGIN, END, no, putBetweenMarkers, renderMatrix, skipped, skippedRow, summaryOf, verdictsOf, YES } from '../../../scripts/programs/matrix.ts';
import type { Row } from '../../../scripts/programs/matrix.ts';

const row: Row = { program: 'Agent', version: '1.2.3', protocol: 'Gemini', streamed: YES, hidden: YES, command: no('the file holds something else'), file: skipped('it has no such tool'), refused: YES };

describe('the matrix of programs', () => {
  it('is a Markdown table with a line for each program', () => {
    assert.deepEqual(renderMatrix([row]).split('\n'), [
      '| program | version | protocol | streamed answer | secret hidden | command acts on the real value | file holds the real value | refusal ends as a normal turn |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| Agent | 1.2.3 | Gemini | yes | yes | no: the file holds something else | skipped: it has no such tool | yes |',
    ]);
  });

  it('never says that what was not tried has passed', () => {
    const untried = skippedRow('Agent', '–', 'Gemini', 'the registry is out of reach');
    assert.ok(verdictsOf(untried).every(({ kind }) => kind === 'skipped'));
    assert.doesNotMatch(renderMatrix([untried]), /yes/);
    assert.match(renderMatrix([untried]), /\| skipped: the registry is out of reach \|/);
    assert.equal(summaryOf([row, untried]), '2 rows: 3 yes, 1 no, 6 skipped');
  });

  it('keeps its cells whatever a reason holds', () => {
    const rendered = renderMatrix([{ ...row, streamed: no(`it said: a|b\n\\ ${END} ${'x'.repeat(1000)}`) }]);
    assert.equal(rendered.split('\n').length, 3);
    assert.ok(!rendered.includes(END));
    assert.equal(rendered.split('\n')[2]?.split(/(?<!\\)\|/).length, 10);
    assert.ok(rendered.length < 1000);
  });
});

describe('the place of the matrix', () => {
  const page = `# Clients\n\nBefore.\n\n${BEGIN}\nold\n${END}\n\nAfter.\n`;

  it('is between two comments, and all else stays', () => {
    const once = putBetweenMarkers(page, 'new $& $1');
    assert.equal(once, `# Clients\n\nBefore.\n\n${BEGIN}\nnew $& $1\n${END}\n\nAfter.\n`);
    assert.equal(putBetweenMarkers(once, 'new $& $1'), once);
  });

  it('is refused where a comment is missing, doubled or misplaced', () => {
    for (const broken of ['', BEGIN, END, `${END}\n${BEGIN}`, `${BEGIN}${BEGIN}${END}`, `${BEGIN}${END}${END}`]) assert.throws(() => putBetweenMarkers(broken, 'x'), /programs:(?:begin|end)/, broken);
  });

  it('is in the page of the clients, with a row for each program that is tried', async () => {
    const text = readFileSync(new URL('../../../docs/clients/README.md', import.meta.url), 'utf8');
    assert.equal(putBetweenMarkers(text, 'x').includes('x'), true);
    const { PROGRAMS } = await import('../../../scripts/programs/catalogue.ts');
    const rows = text.slice(text.indexOf(BEGIN), text.indexOf(END)).split('\n').filter((line) => line.startsWith('|')).slice(2);
    assert.deepEqual(
      rows.map((line) => line.split(' | ').filter((_, column) => column !== 1).slice(0, 2).join(' | ')),
      PROGRAMS.map(({ title, protocol }) => `| ${title} | ${protocol}`),
    );
  });
});
