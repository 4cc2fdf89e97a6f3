// Runs the tests in tests/console, which use the console's page as a person would, in a real headless Chromium. They need
// what `npm run build` writes. Pictures of every view are left in artefacts/console, for people to look at.
//
//   tsx scripts/console-tests.ts [--install] [words of the files' names]
//
// `--install` installs Debian's packages chromium and a font for Chinese first where Chromium is missing; that takes root.
// What else is installed, and when the run is skipped, stands in scripts/chromium.ts.
import { runBrowserTests } from './chromium.ts';

await runBrowserTests({ folder: 'console', script: 'test:console', deadlineMs: 600_000, fonts: ['fonts-wqy-microhei'] });
