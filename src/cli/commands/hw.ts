import { offered } from '../../compiler/index.ts';
import { parseSettings } from '../../experiment/index.ts';
import { findFile } from '../../fs/index.ts';
import {
  coreArea,
  describeOtherShapes,
  type HwModel,
  loadHwModel,
  resolveForModel,
} from '../../hardware/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { defineCommand } from '../command.ts';
import { argument, jsonOption, setOption } from '../options.ts';
import { printModel } from './hw-tables.ts';

const hwSetOption = { ...setOption, describe: 'hw.path=value: replace any value of it, such as hw.lanes=32' };

export const hwShow = defineCommand({
  positionals: ['name'],
  options: {
    name: argument('A bundled hw-model by name, or the path of a file', ['hw-model']),
    set: hwSetOption,
    json: jsonOption,
  },
  examples: [
    ['hw show reference', 'our own core'],
    ['hw show loihi --set hw.chip.costs=sanafe', 'a chip of many cores, with another of its cost sets'],
    ['hw show ./chip.yaml --json', 'a chip of yours, as JSON'],
  ],
  run({ name, set, json }, terminal) {
    const model = load(name, set);
    if (json) terminal.print(JSON.stringify({ ...model, area: coreArea(model) }, null, 2));
    else printModel(model, terminal);
  },
});

export const hwCheck = defineCommand({
  positionals: ['file'],
  options: {
    file: argument('The path of a file, or a bundled name', ['hw-model']),
    set: hwSetOption,
    json: jsonOption,
  },
  examples: [['hw check chip.yaml', 'reports faults and their places, or that there are none']],
  run({ file, set, json }, terminal) {
    const model = load(file, set);
    const summary = {
      name: model.name,
      precisions: offered(model),
      areaUm2: coreArea(model).totalUm2,
      otherShapes: model.otherShapes,
      clockRemarks: model.clockRemarks,
    };
    if (json) terminal.print(JSON.stringify(summary, null, 2));
    else {
      terminal.print(
        `${file}: hw-model '${model.name}' is well formed: ${model.lanes} lanes, ${model.banks.length} banks, ` +
          `${model.fpga === undefined ? areaText(summary.areaUm2) : model.fpga.part}; precisions ${summary.precisions.join(', ')}`,
      );
      for (const text of [...describeOtherShapes(model.otherShapes), ...model.clockRemarks])
        terminal.print(`  ${text}`);
    }
  },
});

function areaText(um2: number): string {
  return um2 === 0 ? 'no area' : `${(um2 / 1e6).toPrecision(3)} mm2`;
}

function load(name: string, set: readonly string[] = []): HwModel {
  const { experiment, program, hw } = parseSettings(set);
  const [other] = [...experiment, ...program];
  if (other !== undefined)
    throw new PlasticoreError(
      'usage',
      'only an hw-model is read here: expected a path that begins with hw',
      other.place,
    );
  const { text, file } = findFile('hw-model', name, '');
  return loadHwModel(text, file, resolveForModel(findFile), hw);
}
