import { noFigures, type StudyDesign, type StudyReport } from '../../../src/report/index.ts';

const lanes = [4, 8, 16, 32, 64] as const;
const hidden = [32, 64, 128, 256, 512] as const;
const words = [64, 128, 256, 512] as const;
const precisions = ['mp8-4', 'mp8-8', 'mp16-4', 'mp16-8', 'mp16-16'] as const;

/**
 * A search of 500 designs, 5 x 5 x 4 x 5, by formulas: accuracy grows with the hidden layer and the weights; energy
 * with both, and less with the words; latency falls with the lanes, and area grows with them. The last has no figures.
 *
 * @param most only so many of them
 */
export function manyDesigns(most = 500): StudyReport {
  const designs = precisions.flatMap((precision, p) =>
    lanes.flatMap((lane, l) =>
      words.flatMap((word, w) =>
        hidden.map((neurons, h): StudyDesign => {
          const name = `${precision}_lanes=${lane}_weightWord=${word}_hidden=${neurons}`;
          const energyPj = 1000 * neurons * (1 + p / 4) * (1 + 1 / (w + 1)) + 10 * lane;
          const areaUm2 = 1e6 + 2000 * lane + 100 * word + 500 * neurons;
          return {
            name,
            precision,
            values: {
              'hw.lanes': lane,
              'hw.banks.weight.wordBits': word,
              'program.populations.hidden.size': neurons,
            },
            settings: [`hw.lanes=${lane}`, `hw.banks.weight.wordBits=${word}`],
            status: 'done',
            reason: null,
            run: null,
            figures: {
              accuracy: 0.8 + 0.03 * h + 0.005 * p + 0.0001 * l,
              energyPj,
              trainingEnergyPj: 3 * energyPj,
              latencyNs: (1e6 * neurons) / lane,
              powerMw: (energyPj * lane) / (1e6 * neurons),
              cycles: null,
              trainingCycles: null,
              trainingUpdates: null,
              trainingLatencyNs: (3e6 * neurons) / lane,
              areaUm2,
              bits: 784 * neurons * 16,
              inferenceBits: 784 * neurons * 8,
            },
            n: 1,
            parts: {
              energyPj: { byUnit: { 'state bank': energyPj / 2, add: energyPj / 2 }, bySource: {} },
              trainingEnergyPj: { byUnit: { 'shadow bank': 3 * energyPj }, bySource: {} },
              areaUm2: { byUnit: { 'banks.weight': areaUm2 / 2, control: areaUm2 / 2 }, bySource: {} },
              bound: lane <= 16 ? { issue: 0.83, 'integer add': 0.17 } : { 'weight bank read ports': 1 },
              trainingBound: { 'integer multiply': 1 },
            },
            remarks: [],
            onFront: false,
            frontShare: 0,
            accuracyError: 0.01,
            standing: 'not' as const,
            constraintShare: 1,
          };
        }),
      ),
    ),
  );
  const worse = (one: StudyDesign, other: StudyDesign) => {
    const [a, b] = [one, other].map(({ figures }) => [
      -(figures.accuracy ?? 0),
      figures.energyPj ?? 0,
      figures.areaUm2 ?? 0,
    ]);
    return (b ?? []).every((cost, at) => cost <= (a?.[at] ?? 0)) && b?.join() !== a?.join();
  };
  const kept = designs.slice(0, most);
  const last = kept.at(-1);
  const whole = kept.slice(0, -1).map((design, _, all) => {
    const onFront = !all.some((other) => worse(design, other));
    return {
      ...design,
      onFront,
      frontShare: onFront ? 0.9 : 0,
      standing: onFront ? ('perhaps' as const) : ('not' as const),
    };
  });
  return {
    schema: 'plasticore/study/1',
    experiment: 'many',
    scoredOn: 'test',
    axes: [
      { name: 'precision', path: 'precision', values: precisions },
      { name: 'lanes', path: 'hw.lanes', values: lanes },
      { name: 'weightWord', path: 'hw.banks.weight.wordBits', values: words },
      { name: 'hidden', path: 'program.populations.hidden.size', values: hidden },
    ],
    objectives: [
      { name: 'accuracy', figure: 'accuracy', unit: 'share', better: 'more' },
      { name: 'energy', figure: 'energyPj', unit: 'pJ', better: 'less' },
      { name: 'area', figure: 'areaUm2', unit: 'um2', better: 'less' },
    ],
    constraints: [],
    search: { name: 'grid', seed: 1, designs: null },
    seeds: [1],
    runs: 0,
    intervals: {},
    designs: [
      ...whole,
      ...(last === undefined
        ? []
        : [
            {
              ...last,
              status: 'misfit' as const,
              reason: 'weight bank: too small',
              figures: noFigures,
              n: 0,
              parts: null,
              frontShare: null,
              standing: null,
              constraintShare: null,
              accuracyError: null,
            },
          ]),
    ],
    front: whole.filter(({ onFront }) => onFront).map(({ name }) => name),
    draws: 1000,
  };
}

/** A sweep of one design that has no result. */
export function sweepWith(precision: string, reason: string): StudyReport {
  const design = {
    precision,
    values: {},
    status: 'misfit',
    reason,
    figures: noFigures,
    remarks: [],
  } as const;
  return {
    ...manyDesigns(1),
    axes: [{ name: 'precision', path: 'precision', values: [precision] }],
    objectives: [],
    designs: [],
    cells: [{ ...design, design: precision, seed: null, run: null }],
  };
}
