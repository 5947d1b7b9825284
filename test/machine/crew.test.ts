import { afterEach, describe, expect, test } from 'vitest';
import { ModuleCores } from '../../src/chips/kit.ts';
import { Mesh } from '../../src/hardware/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import { startCrew, type WorkerCrew } from '../../src/machine/node.ts';
import { i32, ModuleBuilder } from '../../src/wasm/index.ts';
import { truenorthOn, wildContents } from '../chips/truenorth/model.ts';
import { expectError } from '../support/errors.ts';

const crews: WorkerCrew[] = [];

async function crewOf(threads: number, patienceMs?: number): Promise<WorkerCrew> {
  const crew = await startCrew(threads, patienceMs);
  crews.push(crew);
  return crew;
}

afterEach(async () => {
  for (const crew of crews.splice(0)) await crew.close();
});

test('any number of threads does the same', async () => {
  // Five rows of three: neither two threads nor three have the same number of cores each.
  const { image, model } = truenorthOn(5, 3);
  const mesh = new Mesh(model.mesh);
  const contents = wildContents(model.mesh, 21, {
    connected: 128,
    threshold: 255,
    leak: [-3, 9],
    leastWeight: -256,
  });
  const alone = new ModuleCores(coreImageOf(image), mesh, contents);
  const together = new ModuleCores(coreImageOf(image), mesh, contents, await crewOf(2));
  for (const sample of [0, 1]) {
    const [expected, found] = [alone, together].map((cores) => {
      cores.begin(sample);
      cores.run(30);
      cores.run(1);
      const potentials = Array.from({ length: mesh.cores }, (_, core) => cores.potentialsOf(core));
      return { activity: cores.activity(), potentials };
    });
    expect(found).toEqual(expected);
  }
  expect(Math.max(...Array.from(alone.activity().spikes))).toBeGreaterThan(5);
});

/** A chip whose thread `thread` fails in a tick: it reads beyond the memory. */
function failing(thread: number, tick: number): { module: WebAssembly.Module; memory: WebAssembly.Memory } {
  const builder = new ModuleBuilder();
  builder.importMemory('host', 'memory', 1, 1);
  const type = { params: ['i32', 'i32'], results: [] } as const;
  builder.export(
    'tick',
    builder.function('tick', type, (f, own, now) =>
      f.if(own.equals(thread).and(now.equals(tick)), () => f.drop(i32.load(i32.const(-4)))),
    ),
  );
  return {
    module: new WebAssembly.Module(builder.toBytes()),
    memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
  };
}

describe('nobody waits for ever', () => {
  test('a thread that fails ends the run, and further ones', async () => {
    const crew = await crewOf(3);
    const { module, memory } = failing(2, 3);
    crew.join(() => ({ is: 'chip', module, memory }));
    const ticks: number[] = [];
    const run = (): void => crew.run(0, 10, (now) => ticks.push(now));
    expectError(run, 'system', 'a thread has failed: RuntimeError: memory access out of bounds');
    expect(ticks).toEqual([0, 1, 2, 3]);
    expectError(run, 'system', 'a thread has failed');
  });

  test('an error of the present thread passes, and the others end', async () => {
    const crew = await crewOf(2);
    const { module, memory } = failing(-1, 0);
    crew.join(() => ({ is: 'chip', module, memory }));
    const fail = (now: number): void => {
      if (now === 2) throw new Error('here');
    };
    expect(() => crew.run(0, 10, fail)).toThrow('here');
    await crew.close();
  });

  test('a thread that does not answer is given up', async () => {
    // It was handed no chip.
    const crew = await crewOf(2, 200);
    expectError(() => crew.run(0, 1, () => undefined), 'system', 'a thread has not answered');
  });

  test('threads that wait for work can be closed, twice', async () => {
    const crew = await crewOf(2);
    const { module, memory } = failing(-1, 0);
    crew.join(() => ({ is: 'chip', module, memory }));
    crew.run(0, 100, () => undefined);
    await crew.close();
    await crew.close();
  });
});
