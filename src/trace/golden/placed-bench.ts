import { at } from '../../arrays/index.ts';
import {
  type CoreDeed,
  HeardCore,
  neuronOf,
  populationOf,
  replayOf,
  type SampleStart,
} from '../../engine/index.ts';
import type { SpreadImage } from '../../image/index.ts';
import { createMachine } from '../../machine/index.ts';
import { placedStimulus, type SourceFile, startOf, stateLines } from '../../rtl/index.ts';
import { PlasticoreError } from '../../text/index.ts';
import { asksForState, benchSamples } from './bench.ts';
import type { CoreTrace } from './core-trace.ts';

/**
 * The stimulus of the bench of one core among several, and its expected observations. The samples run on the chip, and
 * the part of the core is written down: what the chip asks of it, and what it does then.
 *
 * @param number that of the core on its chip
 */
export function placedFiles(
  trace: CoreTrace,
  image: SpreadImage,
  number: number,
  engine: string,
): SourceFile[] {
  const samples = benchSamples(trace, image);
  const core = image.cores.findIndex((own) => own.number === number);
  if (image.chip === undefined) throw new PlasticoreError('fit', `${image.program} has no network of cores`);
  const stimulus: string[] = [];
  const expected: string[] = [];
  let interval = 0;
  const tell = (deed: CoreDeed): void => {
    stimulus.push(placedStimulus(deed, interval));
    if (deed.does === 'event')
      for (const address of deed.emitted)
        expected.push(`spike ${populationOf(address)} ${neuronOf(address)}`);
  };
  let heard: HeardCore | undefined;
  const machine = createMachine(image, {
    engine,
    watch: {
      core: () => ({}),
      around: (own, index) => {
        if (index !== core) return own;
        heard = new HeardCore(own, tell);
        return heard;
      },
      network: {
        sent: () => undefined,
        phase: () => undefined,
        arrived: (index, spikes) => {
          if (index === core) heard?.arrive(spikes);
        },
      },
    },
  });
  if (heard === undefined) throw new Error(`no core ${core}`);
  let before = heard.cycles;
  for (const [index, sample] of samples.entries()) {
    ({ interval } = sample);
    stimulus.push('1 0 0 0 0');
    expected.push('sample');
    machine.setEpoch(at(image.epochs, interval));
    let presented: SampleStart | undefined = startOf(sample);
    while (presented !== undefined) {
      machine.begin(presented);
      while (machine.stepsDone < sample.inputs.length) {
        machine.step();
        stimulus.push('7');
        expected.push(`step ${heard.cycles - before}`);
        before = heard.cycles;
      }
      presented = replayOf(machine, presented);
    }
    if (!asksForState(index, samples.length)) continue;
    stimulus.push('3');
    for (const line of stateLines(heard)) expected.push(line);
  }
  return [
    ['stimulus.txt', `${stimulus.join('\n')}\n`],
    ['expected.txt', `${[...expected, 'end'].join('\n')}\n`],
  ];
}
