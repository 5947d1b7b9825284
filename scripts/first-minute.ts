/**
 * `npx tsx scripts/first-minute.ts`: runs the first command of the README and keeps what it counted.
 *
 * The picture of that run, `docs/images/first-minute.svg`, is then made of these counts by `npm run generate`, so that
 * its energies are those of the figures of now.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import type { Report, RunCounts } from '../src/report/index.ts';
import { runTables } from '../src/report/node.ts';
import { at } from '../src/text/index.ts';
import { escaped } from './core-picture.ts';
import { keep, keptOf, keptRuns, pricedRun } from './results/kept.ts';

const kept = 'first-minute';
export const firstCommand = 'npx plasticore run experiments/mnist-snn.yaml';

const letter = { width: 8.43, height: 18, size: 14 };
const margin = 16;
/** The bar of the window. */
const bar = 30;
const colours = { paper: '#0d1117', bar: '#161b22', text: '#c9d1d9', bold: '#ffffff', dim: '#8b949e' };

/** The tables of the run that the picture shows, by how they begin; dots stand for the others. */
const shown = /^( +accuracy|memory|energy by unit|operations)/;

/** What the run prints, as a terminal in colour gets it. */
function firstTables(): string {
  const style = pc.createColors(true);
  const tables = runTables(pricedRun(at(keptRuns(kept), 0)), style).split('\n\n');
  const isShown = tables.map((table) => shown.test(plain(table)));
  return tables
    .flatMap((table, index) => {
      if (isShown[index] === true) return [table];
      return isShown[index - 1] === true ? [style.dim('...')] : [];
    })
    .join('\n\n');
}

/** A terminal with a command and what it has printed, as SVG: text of one width, in the styles that the text sets. */
export function terminalPicture(command: string, printed: string): string {
  const lines = printed.split('\n');
  const columns = Math.max(...lines.map((line) => plain(line).length));
  const width = Math.ceil(columns * letter.width + 2 * margin);
  const height = bar + 2 * margin + (lines.length + 2) * letter.height;
  const row = (index: number): number => bar + margin + (index + 1) * letter.height - 5;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', monospace" font-size="${letter.size}">`,
    `<title>a terminal: ${escaped(command)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${colours.paper}"/>`,
    `<path d="M0 ${bar}V8a8 8 0 0 1 8-8H${width - 8}a8 8 0 0 1 8 8V${bar}z" fill="${colours.bar}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${20 + 20 * index}" cy="${bar / 2}" r="6" fill="${fill}"/>`,
    ),
    textLine(row(0), [
      ['dim', '$ '],
      ['bold', command],
    ]),
    ...lines.flatMap((line, index) => (line === '' ? [] : [textLine(row(index + 2), spansOf(line))])),
    '</svg>',
  ].join('\n')}\n`;
}

type Span = readonly [style: 'text' | 'bold' | 'dim', text: string];

/** What begins a style: an escape character, `[`, its number and `m`. */
const styles = new RegExp(`${String.fromCharCode(27)}\\[(\\d+)m`);
const styleOf: Readonly<Record<string, Span[0]>> = { 1: 'bold', 2: 'dim' };

/** A line of a terminal, cut where its style changes: the numbers of styles stand between the texts. */
function spansOf(line: string): Span[] {
  const parts = ['0', ...line.split(styles)];
  return parts.flatMap((text, index): Span[] =>
    index % 2 === 0 || text === '' ? [] : [[styleOf[parts[index - 1] ?? ''] ?? 'text', text]],
  );
}

const plain = (text: string): string =>
  text
    .split(styles)
    .filter((_, index) => index % 2 === 0)
    .join('');

/** Each span begins in its column, so that a font of another width moves none. */
function textLine(y: number, spans: readonly Span[]): string {
  let column = 0;
  const parts = spans.map(([style, text]) => {
    const x = (margin + column * letter.width).toFixed(1);
    column += text.length;
    const length = (text.length * letter.width).toFixed(1);
    const weight = style === 'bold' ? ' font-weight="bold"' : '';
    return `<text x="${x}" y="${y}" fill="${colours[style]}"${weight} textLength="${length}" xml:space="preserve">${escaped(text)}</text>`;
  });
  return parts.join('');
}

/** The picture of the README. */
export const firstMinute = (): string => terminalPicture(firstCommand, firstTables());

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-first-'));
  const words = firstCommand.split(' ').slice(2);
  // Not for those who only want the picture.
  const { runCommandLine } = await import('../src/cli/command-line.ts');
  process.exitCode = await runCommandLine([...words, '--out', join(folder, 'run')]);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, 'run', name), 'utf8'));
  keep(kept, [keptOf(read('report.json') as Report, read('counts.json') as RunCounts)]);
  rmSync(folder, { recursive: true });
}
