import { precisionOf } from '../compiler/index.ts';
import type { HwModel } from '../hardware/index.ts';
import type { NirGraph } from '../nir/index.ts';
import type { Find } from '../text/index.ts';
import { cheapest } from './choose.ts';
import { compiledFrom } from './compiled.ts';
import type { Decision } from './decision.ts';
import { filesOf } from './files.ts';
import { type ImportOptions, importNir } from './import.ts';
import type { InputData } from './input-data.ts';
import type { InputNumbers } from './input-numbers.ts';
import { checkGraph } from './layout.ts';
import { type Mapping, mappingsOf } from './mappings.ts';
import type { ImportContext } from './record.ts';

/** A graph with its samples, and all that was decided before it is put on a core. */
interface CoreReading {
  readonly graph: NirGraph;
  readonly rules: ImportOptions['rules'];
  readonly input: InputNumbers;
  /** Samples that decide on the scales, those that are checked, and all of both. */
  readonly calibration: InputData | undefined;
  readonly checked: InputData | undefined;
  readonly data: readonly InputData[];
  readonly steps: number;
  readonly delivery: 'same' | 'next';
  readonly context: ImportContext;
}

interface CoreChoices {
  readonly name: string;
  readonly accumulatorBits: number;
  /** Whether weights were trained as integers times a scale, and are not rounded again. */
  readonly areIntegers: boolean;
  readonly readout?: string | undefined;
  readonly learning?: ImportOptions['learning'];
  readonly onCalibrated?: ((done: number) => void) | undefined;
}

/**
 * Makes a network a program of its own: the cheapest of several.
 *
 * @param find finds the rules that its program names
 * @throws PlasticoreError `data` or `fit` for what the core cannot do
 */
export function importOnCore(reading: CoreReading, hw: HwModel, choices: CoreChoices, find: Find) {
  const { graph, rules, input, calibration, checked, data, steps, delivery, context } = reading;
  const { name, accumulatorBits, areIntegers, readout, learning, onCalibrated } = choices;
  checkGraph(graph, rules, input, readout, hw);
  const { source, precision } = context;
  const make = ({ entry, gains }: Mapping) => {
    const imported = importNir(graph, {
      name,
      file: source.name,
      rules,
      widths: { weightBits: precisionOf(precision, hw).weightBits, accumulatorBits },
      steps,
      delivery,
      input,
      entry,
      gains,
      areIntegers,
      calibration: calibration && (() => calibration),
      onCalibrated: calibration && onCalibrated,
      mostInput: checked && (() => checked.most),
      learning,
      output: readout,
    });
    return {
      imported,
      image: compiledFrom(imported, filesOf(imported, context), source.name, hw, precision, find),
    };
  };
  const { imported, image, decisions } = cheapest(
    mappingsOf(graph, rules, input, areIntegers).map((mapping) => ({
      ...mapping,
      make: () => make(mapping),
    })),
    data[0],
    steps,
  );
  const all: readonly Decision[] = [...context.decisions, ...decisions];
  return { imported, image, decisions, files: filesOf(imported, { ...context, decisions: all }) };
}
