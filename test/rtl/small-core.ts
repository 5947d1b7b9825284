const settings = [
  ...['hw.lanes=2', 'program.populations.hidden.size=64', 'hw.inferenceWeights=sliced'],
  ...['hw.banks.shadow.wordBits=32', 'hw.banks.shadow.ports={shared: 1}'],
].flatMap((setting) => ['--set', setting]);

/** The command of a core that fits a small FPGA: two lanes, and a bank of one port that takes many blocks. */
export const smallCore: readonly string[] = ['rtl', 'mnist-snn', '--precision', 'mp8-4', ...settings];
