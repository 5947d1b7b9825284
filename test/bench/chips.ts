import { pathToFileURL } from 'node:url';
import type { DataController } from '../../src/chips/kit.ts';
import { chipAfter, recorded } from '../chips/replayed.ts';
import type { RecordedTrace } from '../golden/plain/recorded-trace.ts';

/**
 * Sends the inputs of a recording of ODIN from the same start for a given number of seconds. Loading is not timed.
 * Returns cycles per second.
 */
export function odinSpeed(trace: RecordedTrace, seconds: number): number {
  const chip = chipAfter(trace, 'fast', []);
  const core = chip.cores[0];
  if (core === undefined) throw new Error('a chip without a core');
  const start = core.save();
  const send = sender(chip, trace);
  const warmUps = 50;
  let elapsedMs = 0;
  let cycles = 0;
  for (let repeat = 0; elapsedMs < 1000 * seconds; repeat++) {
    core.restore(start);
    const [before, cycle] = [performance.now(), chip.cycle];
    send();
    if (repeat < warmUps) continue;
    elapsedMs += performance.now() - before;
    cycles += chip.cycle - cycle;
  }
  return (cycles * 1000) / elapsedMs;
}

/** Growth of the heap for each event of a trace that goes on and on: about nothing where events allocate nothing. */
export function odinBytesPerEvent(trace: RecordedTrace): number {
  const send = sender(chipAfter(trace, 'fast', []), trace);
  for (let warmUp = 0; warmUp < 50; warmUp++) send();
  const before = process.memoryUsage().heapUsed;
  const repeats = 500;
  for (let repeat = 0; repeat < repeats; repeat++) send();
  return (process.memoryUsage().heapUsed - before) / (repeats * trace.inputs.length);
}

/** Sends all inputs, by the functions of the controller, as a host does. */
function sender(chip: DataController, { inputs }: RecordedTrace): () => void {
  const [event, drain] = [chip.input('event'), chip.input('drain')];
  return () => {
    for (const [name, mode = 0, address = 0] of inputs)
      if (name === 'event') event(mode, address);
      else drain();
  };
}

/** npx tsx test/bench/chips.ts */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of ['odin-lif256', 'odin-sdsp256'] as const) {
    const trace = recorded(name);
    const speed = odinSpeed(trace, 3);
    const bytes = odinBytesPerEvent(trace);
    console.log(
      `${name}: ${(speed / 1e6).toFixed(0)} million cycles a second, ${bytes.toFixed(1)} bytes of heap an event`,
    );
  }
}
