import { pathToFileURL } from 'node:url';
import { loadOdin, OdinController, type OdinStimulus, odinConfig } from '../../src/chips/kit.ts';
import type { Core } from '../../src/engine/index.ts';
import { odin } from '../chips/odin/model.ts';
import { goldenText } from '../support/golden.ts';

/**
 * Replays a trace of ODIN from the same start for a given number of seconds. Loading is not timed. Returns cycles per
 * second.
 */
export function odinSpeed(stimulus: OdinStimulus, engine: Core, seconds: number): number {
  loadOdin(stimulus, engine);
  const start = engine.save();
  const warmUps = 50;
  let elapsedMs = 0;
  let cycles = 0;
  const controller = new OdinController(engine, odinConfig(stimulus));
  for (let repeat = 0; elapsedMs < 1000 * seconds; repeat++) {
    engine.restore(start);
    const [before, cycle] = [performance.now(), controller.cycle];
    runEvents(stimulus, controller);
    if (repeat < warmUps) continue;
    elapsedMs += performance.now() - before;
    cycles += controller.cycle - cycle;
  }
  return (cycles * 1000) / elapsedMs;
}

/** Growth of the heap for each event of a trace that goes on and on: about nothing where events allocate nothing. */
export function odinBytesPerEvent(stimulus: OdinStimulus, engine: Core): number {
  loadOdin(stimulus, engine);
  const controller = new OdinController(engine, odinConfig(stimulus));
  for (let warmUp = 0; warmUp < 50; warmUp++) runEvents(stimulus, controller);
  const before = process.memoryUsage().heapUsed;
  const repeats = 500;
  for (let repeat = 0; repeat < repeats; repeat++) runEvents(stimulus, controller);
  return (process.memoryUsage().heapUsed - before) / (repeats * stimulus.events.length);
}

function runEvents({ events }: OdinStimulus, controller: OdinController): void {
  for (const [mode, address] of events) controller.send(address, mode === 0);
  controller.drain();
}

/** npx tsx test/bench/chips.ts */
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of ['odin-lif256', 'odin-sdsp256'] as const) {
    const stimulus = JSON.parse(goldenText(name)) as OdinStimulus;
    const speed = odinSpeed(stimulus, odin('fast'), 3);
    const bytes = odinBytesPerEvent(stimulus, odin('fast'));
    console.log(
      `${name}: ${(speed / 1e6).toFixed(0)} million cycles a second, ${bytes.toFixed(1)} bytes of heap an event`,
    );
  }
}
