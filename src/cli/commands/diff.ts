import { join } from 'node:path';
import { readReport, runFiles } from '../../experiment/node.ts';
import { statIfThere } from '../../fs/index.ts';
import { type Image, kernelText } from '../../image/index.ts';
import {
  coreReport,
  type DesignFeatures,
  difference,
  memoryOf,
  type Report,
  scoredPhase,
} from '../../report/index.ts';
import { differenceTables } from '../../report/node.ts';
import { isBareName, PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { argument, jsonOption } from '../options.ts';
import { subjectOf } from '../subject.ts';
import type { Terminal } from '../terminal.ts';

const describe =
  'The folder of a run, an image, or an experiment or a program, which is compiled as it stands';

export const diff = defineCommand({
  positionals: ['one', 'other'],
  options: {
    one: argument(describe, ['experiment', 'program']),
    other: argument(describe, ['experiment', 'program']),
    json: jsonOption,
  },
  examples: [
    ['diff runs/first runs/second', 'accuracy, cycles and energy by unit of two runs'],
    ['diff mnist-snn ./recent.yaml', 'memory, microcode and kernels of two programs'],
    ['diff before.pcore after.pcore --json', 'two images, as JSON'],
  ],
  async run({ one, other, json }, terminal) {
    const [first, second] = [await comparedAt(one, terminal), await comparedAt(other, terminal)];
    const parts = difference(first, second);
    if (json) {
      const schema = 'plasticore/diff/1';
      terminal.print(JSON.stringify({ schema, one: first.name, other: second.name, parts }, null, 2));
    } else terminal.print(differenceTables([first.name, second.name], parts, terminal.style));
  },
});

/** One side of a comparison: the folder of a run or its report, or an image, an experiment or a program to compile. */
export async function comparedAt(path: string, terminal: Terminal): Promise<DesignFeatures> {
  const isFolder = !isBareName(path) && statIfThere(path)?.isDirectory() === true;
  const file = isFolder ? join(path, runFiles.report) : path;
  if (file.endsWith('.json')) {
    const report = readReport(file);
    if (report !== undefined) return ofRun(path, report);
    throw new PlasticoreError('file', 'no such file: the report of a run is expected', {
      file,
      hint: 'plasticore run EXPERIMENT --out DIR makes one',
    });
  }
  return ofImage(path, (await subjectOf(path, {}, terminal)).image);
}

type Sources = Report['provenance']['sources'];

/** The files of a program, and the module of the controller under which it runs. */
function withModule(sources: Sources, module: Sources[number] | undefined): Sources {
  return module === undefined ? sources : [...sources, module];
}

function ofRun(name: string, report: Report): DesignFeatures {
  const { memory, core, train, provenance } = report;
  const { on, phase } = scoredPhase(report);
  const { program, hwModel, precision, seed, epochs, encoder, limit, settings, data } = provenance;
  const sources = withModule(provenance.sources, provenance.controller);
  return {
    name,
    facts: new Map([
      ['made from', factsOf({ program, hwModel, precision, seed }, sources)],
      [
        'run',
        new Map([
          ['epochs', String(epochs)],
          ['encoder', encoder],
          ['limit', limit === null ? 'none' : String(limit)],
          ['data', `${data.name}, SHA-256 ${short(data.sha256)}`],
          ...settings.map(settingOf),
        ]),
      ],
    ]),
    memory,
    core,
    phases: new Map([
      ['training', train],
      [on, phase],
    ]),
  };
}

function ofImage(name: string, image: Image): DesignFeatures {
  const { program, core, seed, provenance, kernels, work } = image;
  const { hwModel, precision } = core;
  return {
    name,
    facts: new Map([
      [
        'made from',
        factsOf({ program, hwModel, precision, seed }, withModule(provenance.sources, core.controllerModule)),
      ],
    ]),
    code: new Map(
      kernels.map((kernel, index) => {
        const { header, lines } = kernelText(image, kernel);
        const texts = [header, ...lines.map(({ text }) => text)];
        return [work[index] ?? kernel.name, texts.map((text) => text.replaceAll(/ +/g, ' '))];
      }),
    ),
    memory: memoryOf(image),
    core: coreReport(image),
  };
}

function factsOf(
  named: Readonly<Record<'program' | 'hwModel' | 'precision' | 'seed', string | number>>,
  sources: readonly { readonly file: string; readonly sha256: string }[],
): ReadonlyMap<string, string> {
  return new Map([
    ['program', String(named.program)],
    ['hw-model', String(named.hwModel)],
    ['precision', String(named.precision)],
    ['seed', String(named.seed)],
    ...sources.map(({ file, sha256 }): [string, string] => [file, `SHA-256 ${short(sha256)}`]),
  ]);
}

/** `path=value`, as a report states it. */
function settingOf(setting: string): [string, string] {
  const split = setting.indexOf('=');
  return [setting.slice(0, split), setting.slice(split + 1)];
}

function short(digest: string): string {
  return digest.slice(0, 12);
}
