/** The commands, in the order in which help lists them. */
import type { Command } from './command.ts';
import { policy } from './policy.ts';
import { scan } from './scan.ts';
import { serve } from './serve.ts';

export const COMMANDS: readonly Command[] = [serve, scan, policy];
