/** The program of an element of a job array: runs one cell. `node node-slurm-job.js FOLDER FIRST`. */
import { runTask } from '../node-task.ts';
import { Submission } from './node-submission.ts';

/** Milliseconds between two notes of progress: a file each. */
const progressMs = 1000;

const [folder = '', first = '0'] = process.argv.slice(2);
const cell = Number(first) + Number(process.env.SLURM_ARRAY_TASK_ID ?? 0);
const submission = new Submission(folder);

const stop = new AbortController();
// Slurm sends SIGTERM before it kills a job: at its time limit, on scancel, or when another job takes its
// place.
process.on('SIGTERM', () => stop.abort());

let told = 0;
const end = await runTask(submission.readTask(cell), stop.signal, (progress) => {
  const now = performance.now();
  if (now - told < progressMs) return;
  told = now;
  submission.writeProgress(cell, progress);
});
// Slurm may start a stopped job again; it then continues from its checkpoint.
if (end.is !== 'stopped') submission.writeEnd(cell, end.is === 'done' ? { is: 'done' } : end);
