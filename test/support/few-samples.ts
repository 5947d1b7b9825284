// One sample of each speaker.
const strangers = [
  'experiment.speakers={known: [0], stranger: [1]}',
  'experiment.life.0.passes=2',
  ...[3, 4, 5].map((stage) => `experiment.life.${stage}.samplesPerClass=1`),
];

// The training set has at least one batch.
const batchesOfTwo = ['program.parameters.batch=2'];

/** What an experiment is set to where a limit leaves less than its stages take. */
export const withFewSamples: Readonly<Record<string, readonly string[]>> = {
  'gomez-tang': batchesOfTwo,
  'gomez-tang-conv': batchesOfTwo,
  'lifetime-few': ['experiment.life=[{classes: [0, 1]}, {classes: [8, 9], samplesPerClass: 1}]'],
  'lifetime-speakers': strangers,
  'lifetime-speakers-delays': strangers,
};

/** Whether an experiment reads spoken digits, which are not in the package. */
export const isSpoken = (name: string): boolean =>
  /^(shd|speech|spoken|twenty|codesign-spoken|lifetime-speakers)/.test(name);
