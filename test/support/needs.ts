import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pythonWith } from './python.ts';
import { hasSlurm } from './slurm.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What a skipped test needs, and how to get it. */
    needs?: string;
  }
}

interface Need {
  readonly isThere: () => boolean;
  readonly how: string;
}

const runs =
  (program: string, ...args: readonly string[]) =>
  (): boolean =>
    spawnSync(program, args).error === undefined;

const program = (name: string, apt: string, how = '--version'): Need => ({
  isThere: runs(name, how),
  how: `apt-get install ${apt}`,
});

/** A program of Debian at a path that a variable may change. */
const browser = (name: string, variable: string): Need => ({
  isThere: () => existsSync(process.env[variable] ?? `/usr/bin/${name}`),
  how: `apt-get install ${name}, or ${variable} names one`,
});

const folder = (variable: string, has: string): Need => ({
  isThere: () => process.env[variable] !== undefined,
  how: `${variable}=FOLDER: ${has}`,
});

const python = (apt: string, ...modules: readonly string[]): Need => ({
  isThere: () => pythonWith(...modules) !== undefined,
  how: `apt-get install ${apt}`,
});

/** What tests need beside Node, and how to get it. */
const needed = {
  chromium: browser('chromium', 'CHROMIUM'),
  firefox: browser('firefox-esr', 'FIREFOX'),
  iverilog: program('iverilog', 'iverilog', '-V'),
  verilator: program('verilator', 'verilator'),
  yosys: program('yosys', 'yosys', '-V'),
  'nextpnr-ecp5': program('nextpnr-ecp5', 'nextpnr-ecp5 fpga-trellis'),
  vcd2fst: program('vcd2fst', 'gtkwave', '--help'),
  'espeak-ng': program('espeak-ng', 'espeak-ng'),
  pdflatex: program('pdflatex', 'texlive-latex-extra'),
  gcc: program('gcc', 'gcc'),
  mypy: program('mypy', 'mypy'),
  slurm: { isThere: () => hasSlurm, how: 'apt-get install slurm-wlm munge, as root' },
  python3: python('python3', 'pty', 'termios'),
  numpy: python('python3-numpy', 'numpy'),
  h5py: python('python3-numpy python3-h5py', 'numpy', 'h5py'),
  python: python(
    'python3-numpy python3-setuptools python3-venv',
    ...['numpy', 'ensurepip', 'setuptools.command.bdist_wheel'],
  ),
  notebooks: python('python3-nbclient python3-ipykernel', 'nbclient', 'ipykernel'),
  mnist: folder('PLASTICORE_MNIST', 'the four files of MNIST, as .gz'),
  fsdd: folder('PLASTICORE_FSDD', 'spoken digits of FSDD as spikes, fsdd_train.h5 and fsdd_test.h5'),
  nir: folder('PLASTICORE_NIR', 'networks of test/nir/files/README.md'),
  'gomez-tang': folder('PLASTICORE_GOMEZ_TANG', 'the recordings of test/golden/README.md'),
  rockpool: folder('PLASTICORE_ROCKPOOL', 'synsense/rockpool at 42cee1c'),
  odin: folder('PLASTICORE_ODIN_RTL', 'src of github.com/ChFrenkel/ODIN'),
  tinyodin: folder('PLASTICORE_TINYODIN_RTL', 'the RTL of test/chips/tinyodin/README.md'),
  syntzula: folder('PLASTICORE_SYNTZULA', 'emg.npz, the recording of SYNtzulA as arrays'),
  fenn: folder('PLASTICORE_FENN', 'fenn.npz, the weights and the recording of FeNN as arrays'),
  sta: program('sta', 'opensta', '-version'),
  opensta: {
    isThere: () => process.env.PLASTICORE_OPENSTA !== undefined,
    how: 'PLASTICORE_OPENSTA=sta: OpenSTA 3.1.0, built from github.com/parallaxsw/OpenSTA',
  },
  liberty: folder(
    'PLASTICORE_LIBERTY',
    "IHP's sg13g2_stdcell_typ_1p20V_25C.lib.gz, of github.com/IHP-GmbH/IHP-Open-PDK",
  ),
  reckon: folder('PLASTICORE_RECKON_RTL', 'src of github.com/ChFrenkel/ReckOn'),
} satisfies Readonly<Record<string, Need>>;
export type Needed = keyof typeof needed;

const known = new Map<Needed, boolean>();

/** Whether something is there that tests need. It is looked for once. */
export function has(name: Needed): boolean {
  const found = known.get(name) ?? needed[name].isThere();
  known.set(name, found);
  return found;
}

/**
 * Options of a test or a suite that needs more than Node: it is skipped where something is missing, and the end of
 * the run says how to get it.
 *
 * @example
 * describe('a core in Icarus Verilog', needs('iverilog'), () => { ... });
 */
export function needs(...names: readonly Needed[]): { skip: boolean; meta: { needs?: string } } {
  const missing = names.find((name) => !has(name));
  return missing === undefined
    ? { skip: false, meta: {} }
    : { skip: true, meta: { needs: `${missing}: ${needed[missing].how}` } };
}
