// Reading one figure off a gateway's /metrics.
import type { TestGateway } from './gateway.ts';

/** The sum of all series of a metric. @throws Error when it is not printed. */
export async function metric(gateway: Pick<TestGateway, 'url'>, name: string): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  if (values.length === 0) throw new Error(`/metrics does not print ${name}`);
  return values.reduce((sum, value) => sum + value, 0);
}
