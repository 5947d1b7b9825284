import { join } from 'node:path';
import { findResults } from '../../experiment/node.ts';
import { checkWritable, makeFolder, writeAtomically } from '../../fs/index.ts';
import { amount, objectiveNames, reportPage } from '../../report/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { chipsOf } from '../open-experiment.ts';
import { argument, chipOption, listOption, objectivesNamed, outOption, textOption } from '../options.ts';

export const report = defineCommand({
  positionals: ['folder'],
  options: {
    folder: argument('The --out folder of a run, a sweep or a search, or a folder that holds several'),
    out: outOption('The page to write; by default report.html in the folder'),
    svg: textOption('A folder for every picture of the page as a file, for papers and slides'),
    csv: textOption('A folder for the figures behind every picture'),
    latex: textOption(
      'A file for a table of the designs in LaTeX, with standard errors; of a search, of its front',
    ),
    objectives: listOption(
      `The figures of that table, joined by commas: ${objectiveNames.join(', ')}; by default all that there are`,
    ),
    chip: chipOption,
  },
  examples: [
    ['report runs/precisions', 'runs/precisions/report.html, from a sweep'],
    [
      'report runs/designs --svg figures --csv figures',
      'from a search, with every picture and its figures for a paper',
    ],
    ['report runs/precisions --latex designs.tex', 'a table of its designs for a paper'],
    ['report runs/precisions --latex designs.tex --objectives accuracy,energy', 'of two figures'],
    ['report runs/first -o first.html', 'from one run; with --record spikes:* it has spike rasters'],
  ],
  async run({ folder, out = join(folder, 'report.html'), svg, csv, latex, objectives, chip }, terminal) {
    const figures = objectivesNamed(objectives);
    if (figures !== undefined && latex === undefined)
      throw new PlasticoreError(
        'usage',
        '--objectives: these are the figures of a table: --latex FILE writes it',
      );
    const { runs, ...rest } = findResults(folder);
    if (runs.length > 0) checkWritable(out);
    const chips = await chipsOf(chip, terminal);
    const page = await reportPage({
      folders: runs,
      ...rest,
      published: chips.flatMap(({ published = [] }) => published),
    }).catch((error: unknown) => {
      throw error instanceof PlasticoreError ? within(folder, error) : error;
    });
    writeAtomically(out, page.text);
    const { pictures } = page;
    if (svg !== undefined) save(svg, 'svg', pictures, (picture) => picture.svg());
    if (csv !== undefined) save(csv, 'csv', pictures, (picture) => picture.csv());
    if (latex !== undefined) writeAtomically(latex, page.latex(figures));
    const also = svg === undefined && csv === undefined ? '' : `, ${pictures.length} pictures`;
    terminal.note(
      `${out}: ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, ${amount(Buffer.byteLength(page.text) / 1000)} kB${also}`,
    );
  },
});

/** Writes a file for each picture. */
function save<Each extends { readonly id: string }>(
  folder: string,
  ending: string,
  pictures: readonly Each[],
  textOf: (picture: Each) => string,
): void {
  makeFolder(folder);
  for (const picture of pictures) writeAtomically(join(folder, `${picture.id}.${ending}`), textOf(picture));
}

/** The same error with its file's path relative to here instead of to the folder. */
function within(folder: string, error: PlasticoreError): PlasticoreError {
  const { file, line, column } = error;
  return error.at({ file: file === undefined ? folder : join(folder, file), line, column });
}
