// Runs the tests in tests/browser, which attack a gateway from web pages in a real headless Chromium.
//
//   tsx scripts/browser.ts [--install] [words of the files' names]
//
// `--install` installs Debian's package chromium first where it is missing; that takes root. What else is installed, and
// when the run is skipped, stands in scripts/chromium.ts.
import { runBrowserTests } from './chromium.ts';

await runBrowserTests({ folder: 'browser', script: 'test:browser', deadlineMs: 180_000 });
