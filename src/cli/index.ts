/** The commands, in the order in which help lists them. */
import { connect, disconnect, runClient } from '../connect/index.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor.ts';
import { lookup } from './lookup.ts';
import { policy } from './policy.ts';
import { register } from './register.ts';
import { scan } from './scan.ts';
import { serve } from './serve.ts';
import { service } from '../service/command.ts';
import { tokens } from './tokens.ts';
import { unregister } from './unregister.ts';

export const COMMANDS: readonly Command[] = [serve, register, tokens, lookup, unregister, connect, disconnect, runClient, doctor, service, scan, policy];
