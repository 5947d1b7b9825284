import { spawnSync } from 'node:child_process';
import { PlasticoreError } from '../../src/text/index.ts';
import type { Utterance } from './spoken-twenty.ts';
import { readWave } from './wave.ts';

const program = 'espeak-ng';
/** Sound that is quieter than this share of the loudest moment, at either end, is left out but for a margin. */
const quiet = 0.01;
const marginSeconds = 0.01;

/** The version of the synthesiser: other versions may speak otherwise. */
export function synthesiserVersion(): string {
  const text = new TextDecoder().decode(run(['--version'])).trim();
  return /eSpeak NG text-to-speech: (\S+)/.exec(text)?.[1] ?? text;
}

/** Lets the synthesiser speak, without silence before and after. */
export function speak({ text, voice, pitch, pace }: Utterance): {
  readonly samples: Float64Array;
  readonly sampleRate: number;
} {
  // -D: without it, breath is noise that the second of the clock seeds (from version 1.52 on).
  const bytes = run(['-D', '-v', voice, '-p', String(pitch), '-s', String(pace), '-z', '--stdout', text]);
  const { samples, sampleRate } = readWave({ name: `${program} -v ${voice}`, bytes });
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (loudest === 0)
    throw new PlasticoreError('system', `${program} says nothing for '${text}' in voice '${voice}'`);
  const isHeard = (value: number): boolean => Math.abs(value) >= quiet * loudest;
  const margin = Math.round(marginSeconds * sampleRate);
  const first = Math.max(0, samples.findIndex(isHeard) - margin);
  const end = Math.min(samples.length, samples.findLastIndex(isHeard) + 1 + margin);
  return { samples: samples.slice(first, end), sampleRate };
}

function run(options: readonly string[]): Uint8Array {
  const { status, stdout, stderr, error } = spawnSync(program, options, { maxBuffer: 2 ** 24 });
  if (error !== undefined) {
    const isMissing = 'code' in error && error.code === 'ENOENT';
    throw new PlasticoreError(
      'system',
      isMissing
        ? `there is no synthesiser of speech: ${program}`
        : `${program} does not run: ${error.message}`,
      isMissing ? { hint: `on Debian, \`apt-get install ${program}\`` } : {},
    );
  }
  if (status === 0) return stdout;
  const reason = new TextDecoder().decode(stderr).trim().split('\n')[0] ?? '';
  throw new PlasticoreError('system', `${program} ${options.join(' ')} fails: ${reason}`);
}
