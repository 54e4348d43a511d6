import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher, type Page } from 'playwright-core';

/** Why no browser runs here; the tests are then not run, and say so. */
export class NoBrowser extends Error {
  override readonly name = 'NoBrowser';
}

/** Playwright sets the first itself; in a single process the end of one page is the end of all. */
const unwanted = /^--(headless|single-process|no-zygote)/;

/** A real Chromium: the one of the npm package, or the installed one that CHROME_PATH names. */
export async function startBrowser(): Promise<Browser | NoBrowser> {
  try {
    const installed = process.env.CHROME_PATH;
    return await launcher.launch({
      executablePath: installed ?? (await chromium.executablePath()),
      args: [
        ...(installed === undefined ? chromium.args.filter((flag) => !unwanted.test(flag)) : []),
        '--no-sandbox',
        '--disable-background-networking',
        // A microphone that beeps, and nobody who has to allow it.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
      headless: true,
    });
  } catch (cause) {
    const [reason] = cause instanceof Error ? cause.message.split('\n') : [String(cause)];
    return new NoBrowser(`no browser can run here: ${reason}`, { cause });
  }
}

/** What the page wrote to its console as errors or threw. */
export function errorsOf(page: Page): readonly string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  return errors;
}

/**
 * What cannot be read in full at the page's width: the document when it scrolls sideways, and each element that
 * reaches over the window's edge or whose text is cut off.
 */
export function clippedElements(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`(() => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push('the document is ' + root.scrollWidth + ' px wide');
    for (const element of document.body.querySelectorAll('*')) {
      const { left, right, width, height } = element.getBoundingClientRect();
      const isShown = element.checkVisibility() && width > 1 && height > 1;
      // A link for the keyboard waits above the window until it has the focus.
      if (!isShown || element.matches('.skip, option')) continue;
      // A cut that shows itself by an ellipsis is meant, such as of a preview in a list.
      if ([element, element.parentElement].some((each) => getComputedStyle(each).textOverflow === 'ellipsis')) continue;
      const name = element.tagName.toLowerCase() + (element.id ? '#' + element.id : '') + '.' + element.className;
      if (left < -0.5 || right > root.clientWidth + 0.5) found.push(name + ' reaches over the edge');
      const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
      const isInline = getComputedStyle(element).display === 'inline';
      if (isCut && !isInline && !element.matches('input')) {
        found.push(name + ' is cut off: ' + element.scrollWidth + ' of ' + element.clientWidth + ' px');
      }
    }
    return found;
  })()`);
}
