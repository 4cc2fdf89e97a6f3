/** The commands that set up and start clients. */
export { connect } from './connect.ts';
export { disconnect } from './disconnect.ts';
export { runClient } from './run.ts';
