import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { designsInLatex, inLatex } from '../../../src/report/html/design-latex.ts';
import type { DesignPoint, DesignSpace } from '../../../src/report/html/designs.ts';
import { noFigures } from '../../../src/report/index.ts';
import { expectError } from '../../support/errors.ts';
import { needs } from '../../support/needs.ts';
import { scratch } from '../../support/scratch.ts';

const point = (word: string, accuracy: number | null, error?: number): DesignPoint => ({
  name: `mp16-8_word=${word}`,
  choices: ['mp16-8', word],
  status: 'done',
  reason: null,
  figures: { ...noFigures, accuracy, energyPj: 2_345_678, areaUm2: 1_234_567 },
  seeds: error === undefined ? 1 : 3,
  standardErrors: error === undefined ? {} : { accuracy: error, energyPj: 12_345 },
  energyPj: {},
  trainingEnergyPj: {},
  areaUm2: {},
  bound: {},
  trainingBound: {},
  onFront: true,
  frontShare: 1,
  standing: 'surely',
  constraintShare: 1,
  settings: [],
});
const points = [point('read 1, write 1 & 50_% of ^~\\{}#$<', 0.8745, 0.0061), point('8', null)];
const space: DesignSpace = {
  experiment: 'codesign_mnist',
  scoredOn: 'test',
  axes: [
    { name: 'precision', values: ['mp16-8'] },
    { name: 'word', values: points.map(({ choices }) => choices[1] ?? '') },
  ],
  objectives: ['area', 'accuracy'],
  wanted: ['areaUm2', 'accuracy'],
  points,
  draws: 1000,
};
const text = designsInLatex(space, points);

// 2 345 678 pJ is 2.35 uJ, 12 345 pJ is 0.01; 1 234 567 um2 is 1.23 mm2. What does not tell designs apart is left out.
test('has what tells designs apart, the seeds, and figures with their standard errors, those wanted first', () => {
  const lines = text.split('\n');
  expect(lines).toContain(
    'design & $n$ & area (mm$^2$) & accuracy (\\%) & energy of an inference ($\\mu$J) \\\\',
  );
  expect(lines).toContain('word 8 & 1 & $1.23$ & -- & $2.35$ \\\\');
  expect(lines.find((line) => line.startsWith('read'))).toMatch(
    / & 3 & \$1\.23\$ & \$87\.45 \\pm 0\.61\$ & \$2\.35 \\pm 0\.01\$ \\\\$/,
  );
});

test('has the figures that are chosen, in their order', () => {
  const [, , , , head] = designsInLatex(space, points, ['energy', 'accuracy']).split('\n');
  expect(head).toBe('design & $n$ & energy of an inference ($\\mu$J) & accuracy (\\%) \\\\');
  expectError(
    () => designsInLatex(space, points, ['energy', 'latency']),
    'usage',
    'no design has latency',
    'there are area, accuracy, energy',
  );
});

test('spells what LaTeX takes for commands', () => {
  expect(inLatex('a_b & 5 % of $x^2$')).toBe('a\\_b \\& 5 \\% of \\$x\\textasciicircum{}2\\$');
  expect(inLatex('{\\}~#')).toBe('\\{\\textbackslash{}\\}\\textasciitilde{}\\#');
});

describe('LaTeX', needs('pdflatex'), () => {
  const { folder, path } = scratch();

  test('compiles the table', () => {
    const document = `\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n${text}\\end{document}\n`;
    writeFileSync(path('table.tex'), document);
    const log = execFileSync(
      'pdflatex',
      ['-draftmode', '-interaction=nonstopmode', '-halt-on-error', 'table.tex'],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
    expect(log).toMatch(/\[1\D/);
  });
});
