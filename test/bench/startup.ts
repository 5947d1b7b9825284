import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from './format.ts';

/*
 * tsx test/bench/startup.ts
 *
 * Time from starting the installed `plasticore run mnist-snn` to its first sample: run `npm run build` first.
 */

const rounds = 11;
const aimMs = 500;

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
if (!existsSync(command)) throw new Error(`${command} is missing: npm run build`);

/**
 * Runs in the process that is timed, before the command line: when the fast engine is given its first sample, writes
 * the time on the wall clock and the processor's time that the process has taken, in milliseconds.
 */
function watchForSample(write: (text: string) => void): void {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      const { begin, ...others } = this.exports;
      if (typeof begin !== 'function') return;
      let isSeen = false;
      const watched = (...parameters: unknown[]): unknown => {
        const { user, system } = process.cpuUsage();
        if (!isSeen) write(`${performance.timeOrigin + performance.now()} ${(user + system) / 1000}`);
        isSeen = true;
        return begin(...parameters);
      };
      Object.defineProperty(this, 'exports', { value: { ...others, begin: watched } });
    }
  };
}

// As text it is plain JavaScript: what runs this file has taken the types out. It may have named functions by a helper.
const marker = `import { writeSync } from 'node:fs';
const __name = (named) => named;
(${watchForSample.toString()})((text) => writeSync(3, text));`;

interface Taken {
  readonly wallMs: number;
  /** Of all threads of the process. */
  readonly processorMs: number;
}

/** From the start of the process to the first sample. */
function timeFirstSample(): Taken {
  const started = performance.timeOrigin + performance.now();
  const imports = ['--import', `data:text/javascript,${encodeURIComponent(marker)}`];
  const run = [command, 'run', 'mnist-snn', '--epochs', '1', '--limit', '20', '--quiet'];
  const { status, stderr, output } = spawnSync(process.execPath, [...imports, ...run], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [at = 0, processorMs = 0] = (output[3] ?? '').split(' ').map(Number);
  if (status !== 0 || !(at > 0)) throw new Error(`no first sample: ${stderr}`);
  return { wallMs: at - started, processorMs };
}

const taken = Array.from({ length: rounds }, timeFirstSample);
const wallMs = median(taken.map((each) => each.wallMs));
const processorMs = median(taken.map((each) => each.processorMs));
const load = loadavg()[0]?.toFixed(1);
console.log(
  `from start to first sample: ${wallMs.toFixed(0)} ms, ${processorMs.toFixed(0)} ms of the processor; medians of ${rounds}, load ${load}; aim: below ${aimMs} ms: ${wallMs < aimMs ? 'reached' : 'missed'}`,
);
