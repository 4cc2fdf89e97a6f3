/** What the workers of one gateway have in common. A gateway of one process has all of it for itself. */
import type { Audit } from '../observe/audit.ts';
import type { Observer, Question, Seen } from '../observe/observer.ts';
import type { Remembered, Vault } from '../redaction/vault.ts';
import type { Places } from './places.ts';

export interface Shared {
  readonly audit: Audit;
  readonly places: Places;
  /** Tells the other workers' vaults. */
  remember(told: Remembered): void;
  /** Called once with the vault that is to learn what the others tell. */
  useVault(vault: Vault): void;
  /** Called once with what answers the others' questions. */
  useObserver(observer: Observer): void;
  /** What the other workers have seen; nothing where the primary does not answer. */
  ask(question: Question): Promise<readonly Seen[]>;
  /** Tells the other workers to look at the token file. */
  tokensChanged(): void;
  /**
   * The metrics of all workers, as Prometheus text.
   * @throws GatewayError when the primary does not answer.
   */
  metrics(): Promise<string>;
}
