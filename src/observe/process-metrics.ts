/** What every Prometheus client tells of its process, by the names that are usual for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface ProcessMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  read(): number;
}

/** In this order, where the system tells it: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics. */
export const PROCESS_METRICS: readonly ProcessMetric[] = [
  { name: 'process_cpu_seconds_total', help: 'User and system CPU time of the process.', type: 'counter', read: cpuSeconds },
  { name: 'process_resident_memory_bytes', help: 'Resident memory of the process.', type: 'gauge', read: () => process.memoryUsage.rss() },
  { name: 'process_start_time_seconds', help: 'When the process was started, in seconds since 1970.', type: 'gauge', read: () => Math.round(performance.timeOrigin) / 1000 },
  ...(process.platform === 'linux'
    ? [
        { name: 'process_open_fds', help: 'Open file descriptors.', type: 'gauge', read: () => readdirSync('/proc/self/fd').length } as const,
        { name: 'process_max_fds', help: 'The most file descriptors that a process may have open.', type: 'gauge', read: maxDescriptors } as const,
      ]
    : []),
  { name: 'nodejs_heap_size_used_bytes', help: 'Memory of JavaScript objects.', type: 'gauge', read: () => process.memoryUsage().heapUsed },
  { name: 'nodejs_eventloop_busy_seconds_total', help: 'Time in which the event loop had something to do.', type: 'counter', read: () => performance.eventLoopUtilization().active / 1000 },
];

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function maxDescriptors(): number {
  const soft = /^Max open files\s+(\d{1,15})\s/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return soft === undefined ? Infinity : Number(soft);
}

/** All of them in the text format. One that can't be read now is left out. */
export function printProcessMetrics(): string {
  let out = '';
  for (const { name, help, type, read } of PROCESS_METRICS) {
    let value: number;
    try {
      value = read();
    } catch {
      continue;
    }
    out += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value === Infinity ? '+Inf' : value}\n`;
  }
  return out;
}
