// A short form of `npm run fuzz`: some cases of every target, with a new seed each time.
import { test } from 'node:test';
import { caseSeed, diceOf } from '../../scripts/fuzz/target.ts';
import { TARGETS } from '../../scripts/fuzz/targets/index.ts';
import { seededRandom } from '../support/random.ts';

const MOST_CASES = 60;
const MOST_MS = 400;

for (const target of TARGETS) {
  test(`what must hold of ${target.name} holds of what was made up`, (t) => {
    const { seed } = seededRandom();
    const end = performance.now() + MOST_MS;
    for (let index = 0; index < MOST_CASES && performance.now() < end; index++) {
      const own = caseSeed(seed, target.name, index);
      try {
        target.run(diceOf(seededRandom(own).random));
      } catch (error) {
        t.diagnostic(`npm run fuzz -- --target ${target.name} --case ${own}`);
        throw error;
      }
    }
  });
}
