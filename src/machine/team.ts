import { CoreElsewhere, CoreFaultError, type Fault, type SharedCore } from '../engine/index.ts';
import { numberAt, wordAt } from '../text/index.ts';
import { CoreGroup, type GroupTraffic, type JobPart } from './core-group.ts';
import type { Tick } from './threads/crew.ts';

/** The data with which a thread runs a group of a machine's cores: a tick of it is a job. */
export interface GroupWork {
  readonly is: 'cores';
  /** The group's cores, each with its index in the machine. */
  readonly cores: readonly { readonly index: number; readonly core: SharedCore }[];
  readonly parts: readonly JobPart[];
  /** See {@link CoreGroup}: all threads share them. */
  readonly counts: Int32Array;
  readonly traffic: GroupTraffic | undefined;
  readonly desk: Desk;
}

/** Memory that all threads share, with the data of the current job. */
export interface Desk {
  /** Its spikes, and in `count[0]` their number. */
  readonly spikes: Uint32Array;
  readonly count: Int32Array;
  /** In `drawn[0]` what decides which of them are lost. */
  readonly drawn: Uint32Array;
  /** By thread: the fault of a core in a job, see {@link noteFault}. */
  readonly faults: Int32Array;
}

const wordsOfFault = 5;

/** @param neurons of a spiking population: more than twice as many spikes are left to one thread */
export function makeDesk(neurons: number, threads: number): Desk {
  return {
    spikes: new Uint32Array(sharedBytes(4 * Math.max(1024, 2 * neurons))),
    count: new Int32Array(sharedBytes(4)),
    drawn: new Uint32Array(sharedBytes(4)),
    faults: new Int32Array(sharedBytes(4 * wordsOfFault * threads)),
  };
}

export function sharedBytes(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes);
}

/** Starts to run a group's part of jobs on another thread. */
export function groupTick({ cores, parts, counts, traffic, desk }: GroupWork): Tick {
  const own: CoreElsewhere[] = [];
  for (const { index, core } of cores) own[index] = new CoreElsewhere(core, index);
  const group = new CoreGroup(own, parts, counts, traffic);
  return (thread, job) => {
    try {
      group.run(job, desk.spikes, numberAt(desk.count, 0), wordAt(desk.drawn, 0));
    } catch (error) {
      if (!(error instanceof CoreFaultError)) throw error;
      noteFault(desk, thread, error);
    }
  };
}

/** Tells the first thread, which knows the names, which core has stopped, and why. */
function noteFault({ faults }: Desk, thread: number, { core, fault }: CoreFaultError): void {
  const { kernel = -1, field = 0, item = 0 } = fault ?? {};
  faults.set([1, core, kernel, field, item], wordsOfFault * thread);
}

/** The first core that has stopped in a job, and why. */
export function takeFault({ faults }: Desk): { readonly core: number; readonly fault: Fault } | undefined {
  for (let word = 0; word < faults.length; word += wordsOfFault) {
    if (faults[word] === 0) continue;
    const [core = 0, kernel = 0, field = 0, item = 0] = faults.subarray(word + 1, word + wordsOfFault);
    faults.fill(0);
    return { core, fault: kernel < 0 ? undefined : { kernel, field, item } };
  }
  return undefined;
}
