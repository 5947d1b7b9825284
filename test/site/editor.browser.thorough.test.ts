import type { Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultDesign } from '../../site/shared/design.ts';
import { readLink, writeLink } from '../../site/shared/link.ts';
import { defaultLook } from '../../site/shared/look.ts';
import { assemble } from '../../src/isa/index.ts';
import { failureOf } from '../support/errors.ts';
import { needs } from '../support/needs.ts';
import { texts } from './editor/known.ts';
import { openPlayground } from './open-playground.ts';
import { axeFindings, type Visit, visit } from './site.ts';

const learn = 'programs/rules/learn.uc';
const text = texts[learn] ?? '';

/** The default design with so many epochs that the run never ends, however slow the browser is beside it. */
const endless = writeLink({
  version: '0.1.0',
  design: { ...defaultDesign, settings: { 'experiment.epochs': 1000 } },
  position: 0,
  isStill: false,
  look: defaultLook,
  pinned: undefined,
});

/** The words of the command line for a text of microcode. */
const wordsFor = (source: string, file: string) => failureOf(() => assemble(source, file)).describe();

describe('the editor in Chromium', needs('chromium'), () => {
  const playground = openPlayground();
  let visited: Visit;
  let page: Page;
  let editor: Locator;
  let content: Locator;

  beforeAll(async () => {
    await open({ fragment: endless });
  }, 60_000);

  afterEach(() => {
    // Breaches of the content policy are errors on the console.
    expect(visited.faults).toEqual([]);
  });

  async function open(options: Parameters<typeof visit>[1] = {}): Promise<void> {
    visited = await visit(playground, options);
    page = visited.page;
    page.setDefaultTimeout(20_000);
    editor = page.locator('#editor');
    content = editor.getByRole('textbox', { name: /^Text of / });
    await content.waitFor();
  }

  /** The text in the editor, without what the run says in it. */
  const shown = () =>
    content.evaluate((node) =>
      [...node.querySelectorAll('.cm-line')]
        .map((line) => {
          const copy = line.cloneNode(true);
          if (copy instanceof Element) for (const share of copy.querySelectorAll('.cm-share')) share.remove();
          return copy.textContent;
        })
        .join('\n'),
    );

  /** Puts the cursor at the end of a line, from 1. */
  async function toEndOf(line: number): Promise<void> {
    await content
      .locator('.cm-line')
      .nth(line - 1)
      .click();
    await page.keyboard.press('End');
  }

  /** The sample that the run is at, as the page tells it. */
  const sample = async () => {
    const words = (await page.locator('.progress').textContent()) ?? '';
    return Number(/sample ([\d\s,.]+) of/.exec(words)?.[1]?.replace(/\D/g, ''));
  };
  const slow = { timeout: 20_000 };

  test('shows the rule that learns, with the files of the design', async () => {
    expect(await shown()).toBe(text);
    const files = editor.getByRole('navigation', { name: 'Files' }).locator('> ul > li');
    expect(await files.allTextContents()).toEqual([
      'experiment mnist-snn',
      'program mnist-snn',
      'rule lif.uc',
      'rule three-factor.uc',
      'rule learn.uc',
      'rule feedback.uc',
      'rule traces.uc',
      'core reference',
    ]);
  });

  test('its style is a sheet that the shadow root adopts', async () => {
    const root = await editor.locator('.editor-code').evaluate((node) => ({
      sheets: node.shadowRoot?.adoptedStyleSheets.length ?? 0,
      elements: node.shadowRoot?.querySelectorAll('style').length,
    }));
    expect(root.sheets).toBeGreaterThan(0);
    expect(root.elements).toBe(0);
  });

  test('an error stands at its line and column in the words of the command line; mended, it runs on', async () => {
    const damaged = text.replace('  mul      r2, r0, r1', '  mul      r2, r0, r99');
    const words = wordsFor(damaged, learn);
    expect(words).toMatch(
      /^programs\/rules\/learn\.uc:7:20: there is no register 'r99'\n {2}registers are r0 to r15$/,
    );
    await toEndOf(7);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('99');
    await page.keyboard.press('Escape');
    const item = editor.getByRole('list', { name: 'Faults' }).getByRole('listitem');
    await expect.poll(() => item.textContent()).toBe(words);
    const underlined = content.locator('.cm-lintRange-error');
    await expect.poll(() => underlined.textContent()).toBe('r99');
    expect(await content.locator('.cm-line').nth(6).locator('.cm-lintRange-error').count()).toBe(1);
    expect(await editor.getByRole('status').textContent()).toBe('1 fault. What ran before runs on.');
    // What ran before runs on.
    const before = await sample();
    await expect.poll(sample, slow).toBeGreaterThan(before);
    expect(await axeFindings(page, '#editor')).toEqual([]);
    // The words lead to their place.
    await content.locator('.cm-line').nth(0).click();
    await item.getByRole('button').click();
    await page.keyboard.type('r1, ');
    expect((await shown()).split('\n')[6]).toBe('  mul      r2, r0, r1, r99');
    for (let each = 0; each < 'r1, '.length; each++) await page.keyboard.press('Backspace');
    await toEndOf(7);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('1');
    await item.waitFor({ state: 'detached' });
    expect(await shown()).toBe(text);
    await expect.poll(() => editor.getByRole('status').textContent()).toBe('It compiles, and runs.');
    expect(await underlined.count()).toBe(0);
    await expect.poll(sample, slow).toBeGreaterThan(0);
    expect(await editor.getByRole('button', { name: /edited/ }).count()).toBe(0);
  });

  test('completion offers mul, with what it does', async () => {
    await page.keyboard.press('Escape');
    await toEndOf(6);
    await page.keyboard.press('Enter');
    await page.keyboard.type('mu');
    const list = editor.getByRole('listbox', { name: 'Completions' });
    await list.waitFor();
    const option = list.getByRole('option').first();
    await expect.poll(() => option.textContent()).toMatch(/^mul\s*rd, a, b$/);
    await expect
      .poll(() => editor.locator('.cm-completionInfo').textContent())
      .toMatch(/a × b.*costs multiply/s);
    // By the pointer: a list takes no keys in its first 75 ms, so as not to catch those meant for the text.
    await option.click();
    expect((await shown()).split('\n')[6]).toBe('  mul      ');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Escape');
  });

  test('an edited file is marked, and reverted', async () => {
    const button = editor.getByRole('button', { name: /^Revert/ });
    await toEndOf(2);
    await page.keyboard.type(' Mine.');
    await button.waitFor();
    expect(await editor.getByRole('button', { name: 'rule learn.uc edited' }).count()).toBe(1);
    await button.click();
    expect(await shown()).toBe(text);
    expect(await button.count()).toBe(0);
  });

  test('a copy of a file takes its place under a name of its own, and is in the link', async () => {
    const files = editor.getByRole('navigation', { name: 'Files' }).locator('> ul');
    await editor.getByRole('button', { name: 'New: a copy of learn.uc' }).click();
    const name = page.locator('#new-name');
    expect(await name.inputValue()).toBe('learn-2');
    await name.fill('lif');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.locator('#new-fault').textContent())
      .toBe("the name 'lif' is taken by programs/rules/lif.uc: learn-2 is free");
    await name.fill('mine');
    expect(await axeFindings(page, '#editor')).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => files.textContent(), slow).toContain('rule mine.uc new');
    expect(await files.textContent()).toContain('program mnist-snn edited');
    expect(await files.textContent()).not.toContain('learn.uc');
    expect(await shown()).toBe(text);
    await expect
      .poll(() => Object.keys(readLink(new URL(page.url()).hash.slice(1))?.design.edits ?? {}).sort(), slow)
      .toEqual(['programs/mnist-snn.yaml', 'programs/rules/mine.uc']);
    await editor.getByRole('button', { name: 'program mnist-snn' }).click();
    await editor.getByRole('button', { name: 'Revert mnist-snn.yaml' }).click();
    await expect.poll(() => files.textContent(), slow).toContain('rule learn.uc');
    // What is not in use stays among the others, until it is deleted.
    const summary = editor.getByText('Other files');
    await summary.click();
    await editor.getByRole('button', { name: 'rule mine.uc new' }).click();
    await editor.getByRole('button', { name: 'Delete mine.uc' }).click();
    await expect.poll(() => editor.getByRole('button', { name: /mine/ }).count()).toBe(0);
    await summary.click();
    expect(await shown()).toBe(text);
  });

  test('a comment lets the run go on; another rule goes on with the weights, until Reset', async () => {
    const progress = () => page.locator('#progress').textContent();
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(progress, slow).toMatch(/^epoch [^·]*$/);
    const still = await sample();
    await toEndOf(2);
    await page.keyboard.type(' Mine.');
    await editor.getByRole('button', { name: /^Revert/ }).waitFor();
    await expect.poll(progress, slow).toMatch(/^epoch [^·]*$/);
    expect(await sample()).toBe(still);
    await toEndOf(7);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('0');
    await page.keyboard.press('Escape');
    await expect
      .poll(progress, slow)
      .toMatch(/began with the weights of [\d\s]+ samples learnt before the change/);
    expect(await sample()).toBe(0);
    await page.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(progress).not.toContain('began with');
    await editor.getByRole('button', { name: /^Revert/ }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
  });

  test('a fault in another file leads there', async () => {
    await toEndOf(1);
    await editor.getByRole('button', { name: 'program mnist-snn' }).click();
    await expect.poll(shown).toMatch(/name: mnist-snn/);
    // Microcode asks for a parameter that the program no longer has.
    const parameter = (await shown()).split('\n').findIndex((each) => each.includes('spikeTrace: 64'));
    await toEndOf(parameter + 1);
    for (let each = 0; each < ': 64'.length; each++) await page.keyboard.press('Backspace');
    await page.keyboard.type('s: 64');
    await page.keyboard.press('Escape');
    const item = editor.getByRole('list', { name: 'Faults' }).getByRole('button').first();
    await expect.poll(() => item.textContent()).toMatch(/^programs\/rules\/traces\.uc:.*spikeTrace/);
    const words = (await item.textContent()) ?? '';
    const [, line = '', column = ''] =
      /^programs\/rules\/traces\.uc:(\d+):(\d+): .*spikeTrace/.exec(words) ?? [];
    await item.click();
    await expect.poll(() => content.getAttribute('aria-label')).toBe('Text of programs/rules/traces.uc');
    const underlined = (await content.locator('.cm-lintRange-error').textContent()) ?? '';
    const rules = texts['programs/rules/traces.uc']?.split('\n') ?? [];
    expect(underlined).not.toBe('');
    expect(rules[Number(line) - 1]?.indexOf(underlined)).toBe(Number(column) - 1);
    await editor.getByRole('button', { name: 'program mnist-snn edited' }).click();
    await editor.getByRole('button', { name: 'Revert mnist-snn.yaml' }).click();
    await item.waitFor({ state: 'detached' });
  });

  test('the lines of the kernel in hand are coloured, and lines put their kernel in hand', async () => {
    await editor.getByRole('button', { name: 'rule lif.uc' }).click();
    await expect.poll(() => content.getAttribute('aria-label')).toBe('Text of programs/rules/lif.uc');
    // Rows stand still with the run: they are sorted by what they have taken.
    await expect.poll(sample, slow).toBeGreaterThan(100);
    await page.getByRole('button', { name: 'Pause' }).click();
    const row = page.locator('#kernels tbody tr', { hasText: 'fire(hidden)' });
    await row.hover();
    const held = content.locator('.cm-inHand');
    await expect.poll(() => held.first().textContent()).toMatch(/^kernel fire over neurons/);
    expect(await held.last().textContent()).toBe('end');
    expect(await held.count()).toBe(10);
    // A kernel below the lines that are seen comes into view, while the page stays where it is.
    const leak = content.locator('.cm-line', { hasText: 'kernel leak' });
    const below = page.locator('#kernels tbody tr', { hasText: 'leak(output)' });
    await below.scrollIntoViewIfNeeded();
    const above = await page.evaluate('scrollY');
    await below.hover();
    await expect.poll(() => held.first().textContent()).toMatch(/^kernel leak/);
    expect(await page.evaluate('scrollY')).toBe(above);
    const [box, line] = [await editor.locator('.editor-code').boundingBox(), await leak.boundingBox()];
    expect(line?.y).toBeGreaterThanOrEqual(box?.y ?? Number.NaN);
    expect(line?.y).toBeLessThan((box?.y ?? 0) + (box?.height ?? 0) - 20);
    // By the pointer, then by the cursor alone.
    await content.locator('.cm-line', { hasText: 'kernel integrate' }).hover();
    const rowInHand = page.locator('#kernels tbody tr.in-hand');
    await expect.poll(() => rowInHand.first().textContent()).toMatch(/^integrate\(/);
    await content.locator('.cm-line', { hasText: 'kernel leak' }).click();
    await page.mouse.move(0, 0);
    await expect.poll(() => rowInHand.first().textContent()).toMatch(/^leak\(/);
    expect(await content.locator('.cm-share').first().textContent()).toMatch(/^(?:< 1|\d+) % of the cycles$/);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
  });

  test('the pointer on a word tells what it does', async () => {
    await content.locator('.cm-line', { hasText: 'cmp.ge' }).getByText('cmp.ge').hover();
    const tooltip = editor.locator('.cm-tooltip-hover');
    await tooltip.waitFor();
    expect(await tooltip.textContent()).toMatch(/cmp\.ge rd, a, b/);
    await page.mouse.move(0, 0);
    await tooltip.waitFor({ state: 'detached' });
  });

  test('a file that does not run is checked, and the run is left alone', async () => {
    const stdp = 'programs/rules/stdp.uc';
    const original = texts[stdp] ?? '';
    await page.evaluate(`scrollTo(0, 0)`);
    await page.getByRole('button', { name: 'Reset' }).click();
    const summary = editor.getByText('Other files');
    await summary.click();
    await editor.getByRole('button', { name: 'rule stdp.uc' }).click();
    await expect.poll(() => content.getAttribute('aria-label')).toBe(`Text of ${stdp}`);
    const before = await sample();
    // At the start of the text, in front of its first word.
    await page.keyboard.press('Escape');
    await content.focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('kernel k over synapsis\n');
    const item = editor.getByRole('list', { name: 'Faults' }).getByRole('listitem');
    // Where typing is slow, a part of the word is checked first.
    await expect
      .poll(async () => (await item.allTextContents()).join('\n'))
      .toBe(wordsFor(`kernel k over synapsis\n${original}`, stdp));
    await expect.poll(() => content.locator('.cm-lintRange-error').first().textContent()).toBe('synapsis');
    await expect
      .poll(() => editor.getByRole('status').textContent())
      .toMatch(/^\d faults? in what does not run\.$/);
    await expect.poll(sample, slow).toBeGreaterThan(before);
    await editor.getByRole('button', { name: 'Revert stdp.uc' }).click();
    await item.first().waitFor({ state: 'detached' });
    await summary.click();
  });

  test('another experiment opens in it, and runs; so does another core', async () => {
    await editor.getByText('Other files').click();
    await editor.getByRole('button', { name: 'experiment mnist-stdp' }).click();
    await editor.getByRole('button', { name: 'Run this experiment' }).click();
    const files = editor.getByRole('navigation', { name: 'Files' }).locator('> ul');
    await expect.poll(() => files.textContent(), slow).toMatch(/rule stdp\.uc/);
    await editor.getByRole('button', { name: 'core large', exact: true }).click();
    await editor.getByRole('button', { name: 'Run mnist-stdp on this core' }).click();
    await expect.poll(() => files.textContent(), slow).toMatch(/core large\s*core reference/);
  });

  test('Tab writes; Escape, then Tab leaves; the keyboard reaches all', async () => {
    await editor.getByRole('button', { name: 'rule stdp.uc' }).click();
    await content.click();
    const focused = () => page.evaluate(`document.activeElement.className`);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('editor-code');
    await page.keyboard.press('Control+z');
    // Saving the page would be no help to anybody.
    await page.keyboard.press('Control+s');
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await focused()).not.toBe('editor-code');
    await page.keyboard.press('Shift+Tab');
    expect(await focused()).toBe('editor-code');
    const how = await content.evaluate((node) => {
      const root = node.getRootNode();
      const id = node.getAttribute('aria-describedby') ?? '';
      return root instanceof ShadowRoot ? root.getElementById(id)?.textContent : undefined;
    });
    expect(how).toMatch(/Escape, then Tab/);
  });

  test.each([
    [360, 'light'],
    [1280, 'dark'],
    [2560, 'light'],
  ] as const)(
    'at %i pixels, %s, nothing is wider than the page and axe finds nothing',
    async (width, colorScheme) => {
      await page.context().close();
      await open({ viewport: { width, height: 900 }, colorScheme });
      const over = await editor.evaluate((node) => node.scrollWidth - node.clientWidth);
      expect(over).toBe(0);
      await editor.getByText('Other files').click();
      expect(await axeFindings(page, '#editor')).toEqual([]);
    },
  );
});
