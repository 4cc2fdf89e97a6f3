/**
 * CPU time and memory of a process. Where there is /proc (Linux) the kernel is asked; elsewhere the process itself, by
 * a probe that is loaded into it, which only works for those that run in Node.
 */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

export interface Memory {
  readonly rssBytes: number;
  /** Highest resident size since the start, or since resetPeak where that works. */
  readonly peakBytes: number;
}

export interface ProcessMeter {
  /** User and system time so far, in microseconds. */
  cpuUs(): Promise<number>;
  memory(): Promise<Memory>;
}

export type ProbeAnswer = { readonly cpuUs: number } & Memory;

const PROBE_DEADLINE_MS = 5000;
/** USER_HZ: the unit of /proc/<pid>/stat is fixed at 1/100 s on all platforms that Node runs on. proc(5) */
const TICK_US = 10_000;
const UTIME_FIELD = 11;

export const HAS_PROC: boolean = ((): boolean => {
  try {
    return readFileSync('/proc/self/stat').length > 0;
  } catch {
    return false;
  }
})();

export function createMeter(child: ChildProcess): ProcessMeter {
  const { pid } = child;
  if (pid === undefined) throw new Error('a process that has not started has no clock');
  if (!HAS_PROC) return probeMeter(child);
  return {
    cpuUs: () => Promise.resolve(readCpuUs(pid)),
    memory: () => Promise.resolve(readMemory(pid)),
  };
}

/** Nanoseconds on a CPU, summed over the threads, where the kernel keeps them; else clock ticks of 10 ms. */
function readCpuUs(pid: number): number {
  let sumUs = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      sumUs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1e3;
    }
  } catch {
    sumUs = 0;
  }
  if (sumUs > 0) return sumUs;
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The second field is the program's name in brackets, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME_FIELD]) + Number(fields[UTIME_FIELD + 1])) * TICK_US;
}

function readMemory(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
  return { rssBytes: kilobytes('VmRSS') * 1024, peakBytes: kilobytes('VmHWM') * 1024 };
}

/** Sets the peak back to what is resident now; without effect where the kernel does not allow it. proc(5), clear_refs */
export function resetPeak(pid: number): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // The peak then counts from the start.
  }
}

function probeMeter(child: ChildProcess): ProcessMeter {
  const ask = (): Promise<ProbeAnswer> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('a process did not tell its CPU time')), PROBE_DEADLINE_MS);
      child.once('message', (answer: ProbeAnswer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      child.send({ probe: true });
    });
  return {
    cpuUs: async () => (await ask()).cpuUs,
    memory: ask,
  };
}
