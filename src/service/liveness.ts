/** Whether a gateway answers at an address. */

export interface Address {
  readonly host: string;
  readonly port: number;
}

const DEADLINE_MS = 2000;

/** True when `GET /health` is answered with 200. Never rejects. */
export async function answers({ host, port }: Address): Promise<boolean> {
  try {
    const response = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/health`, { signal: AbortSignal.timeout(DEADLINE_MS) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
