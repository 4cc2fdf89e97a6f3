// The judges of commands and of injected text: they never throw, tell places within the text, and take linear time.
import assert from 'node:assert/strict';
import { judgeCommand } from '../../../src/guards/command/judge.ts';
import type { Shell } from '../../../src/guards/command/language.ts';
import { networkUses } from '../../../src/guards/command/network-use.ts';
import { commandsInText } from '../../../src/guards/command-text.ts';
import { findHidden } from '../../../src/guards/hidden-text.ts';
import { judgeInjection } from '../../../src/guards/injection/judge.ts';
import { assertGrowth, type Dice, type FuzzTarget } from '../target.ts';
import { COMMAND_WORDS, textOf, WORDS } from '../texts.ts';

const SHELLS: readonly Shell[] = ['posix', 'powershell', 'cmd', 'unknown'];

function assertSpans(text: string, spans: readonly { readonly start: number; readonly end: number }[], ordered: boolean): void {
  let at = 0;
  for (const { start, end } of spans) {
    assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end} of ${text.length}`);
    if (ordered) assert.ok(start >= at, 'in order, without overlap');
    at = end;
  }
}

function commandOf(dice: Dice): string {
  return dice.join(dice.chance(0.8) ? COMMAND_WORDS : WORDS, 1, dice.pick([6, 30, 120]), dice.pick(['', ' ']));
}

const commands: FuzzTarget = {
  name: 'command-judge',
  run(dice) {
    const command = commandOf(dice);
    for (const shell of SHELLS) {
      const findings = judgeCommand(command, shell);
      assertSpans(command, findings, false);
      assert.deepEqual(judgeCommand(command, shell), findings, 'the same twice');
      for (const { sources } of networkUses(command, shell)) assertSpans(command, sources, true);
    }
    assertSpans(command, commandsInText(command), false);
  },
};

const injections: FuzzTarget = {
  name: 'injection-judge',
  run(dice) {
    const text = dice.chance(0.7) ? textOf(dice) : dice.join(WORDS, 1, 60) + String.fromCharCode(dice.below(65_536));
    for (const trust of ['untrusted', 'user'] as const) assertSpans(text, judgeInjection(text, trust), true);
    assertSpans(text, findHidden(text), true);
  },
};

const growth: FuzzTarget = {
  name: 'judge-growth',
  run(dice) {
    const unit = dice.join(dice.chance(0.6) ? COMMAND_WORDS : WORDS, 1, 5, dice.pick(['', ' ']));
    const make = (chars: number): string => unit.repeat(Math.ceil(chars / Math.max(1, unit.length)));
    const shell = dice.pick(SHELLS);
    assertGrowth(make, 8000, dice.pick([
      (text: string) => void judgeCommand(text, shell),
      (text: string) => void networkUses(text, shell),
      (text: string) => void judgeInjection(text, 'untrusted'),
      (text: string) => void findHidden(text),
      (text: string) => void commandsInText(text),
    ]));
  },
};

export const JUDGE_TARGETS: readonly FuzzTarget[] = [commands, injections, growth];
