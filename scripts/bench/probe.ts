/** Loaded into a measured Node process with --import where there is no /proc: tells its CPU time and memory when asked. */
import type { ProbeAnswer } from './process-meter.ts';

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const answer: ProbeAnswer = {
    cpuUs: user + system,
    rssBytes: process.memoryUsage.rss(),
    // Kilobytes on every platform, since libuv converts.
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.send?.(answer);
});
// The channel alone must not keep the process alive, nor does it when the runner is gone.
process.channel?.unref();
process.on('disconnect', () => process.exit(0));
