// Loaded into a gateway's process with --import: on SIGUSR2 it collects garbage and writes what the process uses to the
// file that MEMORY_PROBE_PATH names.
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const path = process.env.MEMORY_PROBE_PATH ?? '';

/** Buffers are freed beside the program, some time after they were found to be garbage. */
const FREED_AFTER_MS = 100;

process.on('SIGUSR2', () => {
  const { rss } = process.memoryUsage();
  collect();
  setTimeout(() => {
    collect();
    setTimeout(() => {
      const { heapUsed, external, rss: rssAfter } = process.memoryUsage();
      writeFileSync(`${path}.draft`, JSON.stringify({ rss, rssAfter, heapUsed, external }));
      renameSync(`${path}.draft`, path);
    }, FREED_AFTER_MS);
  }, FREED_AFTER_MS);
});
