/** The command line of the benchmark. */
import { parseArgs } from 'node:util';
import { SCENARIOS } from './scenarios.ts';
import { TARGET_NAMES, type TargetName } from './targets.ts';

const GROUPS = ['small', 'bodies', 'sse', 'paced', 'secrets', 'memory'] as const;
export type Group = (typeof GROUPS)[number];
const SCENARIO_IDS = SCENARIOS.map(({ id }) => id);

export const USAGE = `npm run bench -- [options]
  --rounds N        rounds (default 5; 2 with --quick)
  --quick           fewer and shorter rounds: under a minute, for a first look only
  --only A,B        of ${GROUPS.join(', ')};
                    or single ones of ${SCENARIO_IDS.join(', ')}
  --targets A,B     of ${TARGET_NAMES.join(', ')}; direct is always there
  --json            prints JSON instead of the table
  --record          appends the medians to scripts/bench/history.jsonl`;

const MAX_ROUNDS = 50;

export interface Options {
  readonly rounds: number;
  readonly quick: boolean;
  /** Names of groups and of single scenarios. */
  readonly only: ReadonlySet<string>;
  readonly targets: readonly TargetName[];
  readonly json: boolean;
  readonly record: boolean;
}

/** @throws an Error that says what is wrong with the arguments. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      targets: { type: 'string' },
      json: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > MAX_ROUNDS) throw new Error(`--rounds takes a number from 1 to ${MAX_ROUNDS}`);
  const chosen = listed('--targets', values.targets, TARGET_NAMES);
  return {
    rounds,
    quick: values.quick,
    only: new Set(values.only === undefined ? GROUPS : listed('--only', values.only, [...GROUPS, ...SCENARIO_IDS])),
    // What a proxy adds is told against `direct`.
    targets: TARGET_NAMES.filter((name) => name === 'direct' || chosen.includes(name)),
    json: values.json,
    record: values.record,
  };
}

function listed<T extends string>(option: string, value: string | undefined, known: readonly T[]): readonly T[] {
  if (value === undefined) return known;
  return value.split(',').map((word) => {
    const found = known.find((name) => name === word.trim());
    if (found === undefined) throw new Error(`${option} does not know "${word}"; it takes ${known.join(', ')}`);
    return found;
  });
}
