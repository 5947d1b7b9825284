// One sample of each speaker.
const strangers = [
  'experiment.speakers={known: [0], stranger: [1]}',
  'experiment.life.0.passes=2',
  ...[3, 4, 5].map((stage) => `experiment.life.${stage}.samplesPerClass=1`),
];

/** What an experiment is set to where a limit leaves less than its stages take. */
export const withFewSamples: Readonly<Record<string, readonly string[]>> = {
  'lifetime-few': ['experiment.life=[{classes: [0, 1]}, {classes: [8, 9], samplesPerClass: 1}]'],
  'lifetime-speakers': strangers,
  'lifetime-speakers-delays': strangers,
};
