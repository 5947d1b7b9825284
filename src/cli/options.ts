import type { Options } from 'yargs';
import { encoderNames } from '../data/index.ts';
import { defaultEngine, engineNames } from '../engine/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** Options that several commands share. */
export const hwOption = {
  type: 'string',
  requiresArg: true,
  describe: 'hw-model: a bundled one by name, or the path of a file',
} as const satisfies Options;

export const precisionOption = {
  type: 'string',
  requiresArg: true,
  describe: 'mpS-W: S-bit shadow weights, W-bit inference weights; fp32 runs on the hw-model’s baseline',
} as const satisfies Options;

export const seedOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Seed of initial weights, order of samples, encoder and rounding',
} as const satisfies Options;

export const dataOption = {
  type: 'string',
  requiresArg: true,
  describe:
    'IDX files in a directory, a .npz file, or HDF5 in the layout of SHD; otherwise the experiment’s, or the embedded digits',
} as const satisfies Options;

export const encoderOption = {
  choices: encoderNames,
  requiresArg: true,
  describe: 'How samples become spikes: features by bernoulli or phase, spikes by bins of 10 ms',
} as const satisfies Options;

export const epochsOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Passes over the training set; 0 only tests',
} as const satisfies Options;

export const limitOption = {
  type: 'string',
  requiresArg: true,
  describe: 'At most so many samples, of training and of testing: a stratified prefix of a fixed shuffle',
} as const satisfies Options;

export const engineOption = {
  type: 'string',
  choices: engineNames,
  default: defaultEngine,
  requiresArg: true,
  describe: 'What runs it; all give the same answer',
} as const satisfies Options;

export const setOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  nargs: 1,
  describe: 'path=value: replace anything, such as program.parameters.gain=2 or hw.lanes=32',
} as const satisfies Options;

export const resumeOption = {
  type: 'boolean',
  default: false,
  describe: 'Go on with what is in --out; what is finished is not run again',
} as const satisfies Options;

export const overwriteOption = {
  type: 'boolean',
  default: false,
  describe: 'Remove earlier results from --out first',
} as const satisfies Options;

export const checkpointOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Seconds between two checkpoints in --out, otherwise 60; the end of an epoch always is one',
} as const satisfies Options;

export const recordOption = {
  type: 'string',
  requiresArg: true,
  describe:
    'Record fields and spikes of the first 10 samples scored into record.npz, such as v:hidden,spikes:*',
} as const satisfies Options;

/** Without a value, which is then '', the experiment's fraction. */
export const validateOption = {
  type: 'string',
  describe:
    'Hold out a part of the training set, otherwise a sixth, and score it instead of the test set, after each epoch too',
} as const satisfies Options;

export const jsonOption = {
  type: 'boolean',
  default: false,
  describe: 'Print JSON instead of tables',
} as const satisfies Options;

/** A whole number given to an option. */
export function wholeOption(
  name: string,
  text: string | undefined,
  low: number,
  high = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  const range = high === Number.MAX_SAFE_INTEGER ? `at least ${low}` : `${low} to ${high}`;
  throw new PlasticoreError('usage', `--${name}: expected a whole number, ${range}, found '${text}'`);
}

/** A number of seconds, from 0. */
export function secondsOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new PlasticoreError('usage', `--${name}: expected a number of seconds, found '${text}'`);
}

/** What `--validate` asks for: a fraction, or that of the experiment. */
export function validateChoice(text: string | undefined): number | true | undefined {
  if (text === undefined) return undefined;
  if (text === '') return true;
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new PlasticoreError(
    'usage',
    `--validate: expected a fraction of the training set between 0 and 1, found '${text}'`,
  );
}

export const largestSeed = 2 ** 32 - 1;
