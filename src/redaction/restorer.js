/** What both restorers share: their options, and the seam they fill. */
export { createJsonRestorer } from './json-restorer.js';
export { createSseRestorer } from './sse-restorer.js';
