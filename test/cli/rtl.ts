/* Networks of which tests write the core as Verilog. */

const settings = (...all: string[]): string[] => all.flatMap((setting) => ['--set', setting]);

/** A network that learns, small enough for a slow simulator: 784 inputs, 8 hidden neurons, 4 lanes. */
export const small = settings('program.populations.hidden.size=8', 'program.steps=5', 'hw.lanes=4');

/** Two cores of eight neurons, each onto all of them: spikes travel in both directions. */
export const recurrent = [
  'recurrent-1024',
  ...settings(
    'program.populations.neurons.size=16',
    'program.placement.cores=2',
    'program.steps=12',
    'hw.lanes=4',
  ),
];
/** A network that learns on two cores: copies of traces are replayed, and sums of errors are sent. */
export const learning = [
  'many-cores',
  ...settings(
    'program.populations.hidden.size=16',
    'program.placement.cores=2',
    'program.steps=5',
    'hw.lanes=4',
  ),
];
