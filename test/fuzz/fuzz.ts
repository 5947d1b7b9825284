/**
 * Damages files of every kind except images and reads the result. Each file must be accepted or refused with a
 * `PlasticoreError`, within 1 GiB and 20 seconds.
 *
 *     npx tsx test/fuzz/fuzz.ts 10000 1 [KIND]
 *
 * The first number is the number of cases, the second the seed. A child process reads the files; this one watches its
 * memory and time, and starts another one if it has to be killed.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { damaged, type Fault, tryCase } from './case.ts';
import { specimens } from './kinds.ts';

const mostBytes = 2 ** 30;
const mostMs = 20_000;

const self = fileURLToPath(import.meta.url);
const [first = '1000', second = '1', kind = ''] = process.argv.slice(2).filter((arg) => arg !== '--child');
const [count, seed] = [Number(first), Number(second)];

type Message =
  | { readonly at: number; readonly kind: string }
  | { readonly fault: Fault }
  | { readonly counts: Readonly<Record<string, readonly [taken: number, refused: number]>> };

if (process.send !== undefined && process.argv.includes('--child'))
  await child(Number(process.env.FUZZ_FROM));
else await parent();

/** Reads case after case, and tells which one it is at. */
async function child(from: number): Promise<void> {
  const send = (message: Message) => process.send?.(message);
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-fuzz-'));
  const counts: Record<string, [number, number]> = {};
  try {
    const all = (await specimens(folder)).filter((specimen) => kind === '' || specimen.kind === kind);
    for (let index = from; index < count; index++) {
      const made = damaged(all, seed, index);
      send({ at: index, kind: made.specimen.kind });
      const result = await tryCase(made, index);
      const tally = counts[made.specimen.kind] ?? [0, 0];
      counts[made.specimen.kind] = tally;
      if (result === 'taken') tally[0] += 1;
      else if (result === 'refused') tally[1] += 1;
      else send({ fault: result });
      // So that messages leave, and the parent sees where it is.
      if (index % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    send({ counts });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.disconnect();
}

async function parent(): Promise<void> {
  const faults: string[] = [];
  let peak = 0;
  for (let from = 0; from < count; ) from = await watch(from);
  console.log(
    `${count} cases of seed ${seed}: ${faults.length} faults, at most ${Math.round(peak / 2 ** 20)} MiB`,
  );
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;

  /** Watches one child; returns the case at which the next one begins. */
  async function watch(from: number): Promise<number> {
    const process = fork(self, [first, second, kind, '--child'], {
      env: { ...globalThis.process.env, FUZZ_FROM: String(from) },
      execArgv: ['--import', import.meta.resolve('tsx'), '--max-old-space-size=1400'],
    });
    let at = from - 1;
    let what = 'start';
    let since = Date.now();
    let ended: string | undefined;
    let isDone = false;
    process.on('message', (message: Message) => {
      if ('at' in message) [at, what, since] = [message.at, message.kind, Date.now()];
      else if ('fault' in message) faults.push(describe(message.fault));
      else {
        isDone = true;
        console.table(
          Object.fromEntries(
            Object.entries(message.counts).map(([name, [taken, refused]]) => [name, { taken, refused }]),
          ),
        );
      }
    });
    const timer = setInterval(() => {
      const bytes = memoryOf(process.pid);
      peak = Math.max(peak, bytes);
      if (bytes > mostBytes) ended = `${Math.round(bytes / 2 ** 20)} MiB`;
      else if (at >= from && Date.now() - since > mostMs) ended = `more than ${mostMs / 1000} s`;
      if (ended !== undefined) process.kill('SIGKILL');
    }, 50);
    await new Promise((resolve) => process.once('exit', resolve));
    clearInterval(timer);
    if (isDone) return count;
    if (at < from)
      throw new Error(`the process that reads ended before its first case: ${ended ?? 'see above'}`);
    faults.push(`case ${at}, ${what}: ${ended ?? 'the process ended'}`);
    return at + 1;
  }
}

function describe({ index, kind: of, stack, text }: Fault): string {
  return `case ${index}, ${of}: ${stack}\n${text}`;
}

/** Resident bytes of a process (proc(5)). */
function memoryOf(pid: number | undefined): number {
  try {
    return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
