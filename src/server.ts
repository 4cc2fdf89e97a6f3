/** The entry. Nothing else. */
import { startGateway } from './start.ts';

void startGateway(process.env, 'text');
