import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Debian puts the services here, which is not in every user's PATH. */
const path = `/usr/sbin:${process.env.PATH ?? ''}`;

/** Tenths of a second until services are given up: they may be slow where others compute. */
const mostWaits = 600;

/** Whether a Slurm can be started: its programs are there, and it may serve as root. */
export const hasSlurm =
  process.getuid?.() === 0 &&
  ['munged', 'slurmctld', 'slurmd', 'sbatch'].every(
    (program) =>
      spawnSync(program, ['--version'], { env: { ...process.env, PATH: path } }).error === undefined,
  );

/** A Slurm of this computer alone, with a queue of its own. */
export interface OneMachine {
  /** The environment in which its commands find it. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs one of its commands. */
  ask(command: string, ...args: readonly string[]): string;
  stop(): Promise<void>;
}

/**
 * Starts Slurm and the service by which its parts trust each other, on free ports, with all their files in a folder of
 * their own.
 */
export async function startSlurm(): Promise<OneMachine> {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-slurm-'));
  const at = (name: string): string => join(folder, name);
  for (const name of ['state', 'spool']) mkdirSync(at(name));
  const socket = at('munge.socket');
  const config = at('slurm.conf');
  const [control = 0, node = 0] = await freePorts(2);
  const env = { ...process.env, PATH: path, SLURM_CONF: config };
  const ask = (command: string, ...args: readonly string[]): string =>
    execFileSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  writeFileSync(
    config,
    `ClusterName=plasticore
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${control}
SlurmdPort=${node}
AuthType=auth/munge
AuthInfo=socket=${socket}
SlurmUser=root
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
KillWait=10
SchedulerParameters=batch_sched_delay=0,sched_interval=1
NodeName=${hostname()} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`,
  );
  const services = ['slurmd', 'slurmctld', 'munged'];
  const stop = async (): Promise<void> => {
    const processes = services.flatMap((name) => processOf(at(`${name}.pid`)));
    for (const pid of processes) process.kill(pid, 'SIGTERM');
    for (let wait = 0; wait < mostWaits && processes.some(isAlive); wait++) await setTimeout(100);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    ask('mungekey', '--create', `--keyfile=${at('munge.key')}`);
    const files = ['key', 'seed'].map((kind) => `--${kind}-file=${at(`munge.${kind}`)}`);
    ask(
      'munged',
      '--force',
      `--socket=${socket}`,
      `--pid-file=${at('munged.pid')}`,
      `--log-file=${at('munged.log')}`,
      ...files,
    );
    // They stay in the background, and would keep what they inherit open.
    for (const service of ['slurmctld', 'slurmd'])
      execFileSync(service, ['-f', config], { env, stdio: 'ignore' });
    for (let wait = 0; !ask('sinfo', '--noheader', '--format=%T').includes('idle'); wait++) {
      if (wait === mostWaits) throw new Error(`no node: ${readFileSync(at('slurmctld.log'), 'utf8')}`);
      await setTimeout(100);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, ask, stop };
}

function processOf(file: string): number[] {
  const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN;
  return Number.isInteger(pid) && isAlive(pid) ? [pid] : [];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Ports that nobody listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
