import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Chromium's path by CHROMIUM, or as Debian calls it; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  if (CHROMIUM !== undefined && CHROMIUM !== '') return CHROMIUM;
  const folders = PATH.split(delimiter);
  return ['chromium', 'chromium-browser', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** `describe` for tests in a real browser: skipped with the reason where there is none, and with CI=true a failure. */
export function describeInBrowser(title: string, body: (open: () => Promise<Browser>) => void): void {
  const executablePath = chromiumPath();
  if (executablePath !== undefined) {
    describe(title, () => body(() => chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })));
    return;
  }
  const reason = 'there is no Chromium in PATH, and CHROMIUM names none';
  if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(reason);
    });
    return;
  }
  process.stderr.write(`skipped "${title}": ${reason}\n`);
  const skipped = describe.skip;
  skipped(`${title} (skipped: ${reason})`, () => body(() => Promise.reject(new Error(reason))));
}
